"""Keras' trainers, callbacks and saving treat the pair of optimizers as one optimizer."""

import keras
import numpy as np
import pytest

from keras_wgan._optimizer_pair import GeneratorAndCritic

from helpers.tiny import table_data, table_model


def array(variable):
    return keras.ops.convert_to_numpy(variable).copy()


def rates(model):
    return [float(array(optimizer.learning_rate)) for optimizer in model.optimizer.optimizers]


def fit(model, epochs=1, callbacks=()):
    history = model.fit(
        table_data(8), batch_size=4, epochs=epochs, callbacks=list(callbacks), verbose=0
    )
    return history.history


def test_the_two_stand_in_order_under_names_that_say_whose_they_are():
    generator, critic = keras.optimizers.Adam(), keras.optimizers.SGD()
    model = table_model(compiled=False)
    model.compile(generator, critic)
    assert isinstance(model.optimizer, GeneratorAndCritic)
    assert model.optimizer.optimizers == [generator, critic]
    assert [generator.name, critic.name] == ["generator", "critic"]
    assert (model.optimizer.generator, model.optimizer.critic) == (generator, critic)


def test_the_variables_are_its_own_then_the_generators_then_the_critics():
    optimizer = table_model().optimizer
    own = len(optimizer.variables) - sum(len(one.variables) for one in optimizer.optimizers)
    expected = [*optimizer.generator.variables, *optimizer.critic.variables]
    assert [id(v) for v in optimizer.variables[own:]] == [id(v) for v in expected]
    assert optimizer.iterations is optimizer.variables[0]


def test_each_optimizer_keeps_moments_for_its_own_network_alone():
    model = table_model()
    for optimizer, network in (
        (model.optimizer.generator, model.generator),
        (model.optimizer.critic, model.critic),
    ):
        shapes = [tuple(v.shape) for v in network.trainable_variables for _ in range(2)]
        moments = [tuple(v.shape) for v in optimizer.variables[2:]]  # after count and rate
        assert sorted(moments) == sorted(shapes)  # Adam's two for each trained variable


def test_each_counts_its_own_updates_and_the_container_counts_batches():
    model = table_model(critic_steps=3)
    fit(model, epochs=4)  # of 2 batches each
    optimizer = model.optimizer
    counts = [optimizer.iterations, optimizer.critic.iterations, optimizer.generator.iterations]
    assert [int(array(count)) for count in counts] == [8, 8, 2]


def test_a_scheduler_sets_each_optimizers_own_rate_and_logs_both():
    model = table_model(compiled=False)
    model.compile(keras.optimizers.Adam(0.1), keras.optimizers.Adam(0.4))
    scheduler = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    history = fit(model, epochs=3, callbacks=[scheduler])
    assert history["learning_rate_generator"] == pytest.approx([0.05, 0.025, 0.0125])
    assert history["learning_rate_critic"] == pytest.approx([0.2, 0.1, 0.05])
    assert rates(model) == pytest.approx([0.0125, 0.05])


def test_reducing_on_a_plateau_reduces_both_and_logs_both():
    model = table_model(compiled=False)
    model.compile(keras.optimizers.Adam(0.1), keras.optimizers.Adam(0.4))
    plateau = keras.callbacks.ReduceLROnPlateau(
        monitor="wasserstein", mode="min", factor=0.1, patience=1, min_delta=1e9
    )
    history = fit(model, epochs=3, callbacks=[plateau])
    assert history["learning_rate_generator"] == pytest.approx([0.1, 0.1, 0.01])
    assert history["learning_rate_critic"] == pytest.approx([0.4, 0.4, 0.04])
    assert rates(model) == pytest.approx([0.001, 0.004])


def test_a_rate_that_a_callback_sets_is_the_one_that_is_trained_with():
    model, course = table_model(), []
    scheduler = keras.callbacks.LearningRateScheduler(lambda epoch: 0.0 if epoch else 0.01)

    class Weights(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            course.append([array(v) for v in self.model.trainable_variables])

    before = [array(v) for v in model.trainable_variables]
    fit(model, epochs=3, callbacks=[scheduler, Weights()])
    # But for the critic's last bias: a shift of all scores, which a difference does not see.
    moved = [not np.array_equal(a, b) for a, b in zip(before, course[0], strict=True)]
    assert sum(moved) >= len(moved) - 1
    for first, second, third in zip(*course, strict=True):
        np.testing.assert_array_equal(first, second)
        np.testing.assert_array_equal(first, third)


def test_a_saved_and_loaded_model_has_the_whole_state_of_both(tmp_path):
    model = table_model(critic_steps=2)
    fit(model, epochs=3)
    model.optimizer.generator.learning_rate = 0.02
    model.optimizer.critic.learning_rate = 0.03
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert len(loaded.optimizer.variables) == len(model.optimizer.variables)
    for after, before in zip(loaded.optimizer.variables, model.optimizer.variables, strict=True):
        np.testing.assert_array_equal(array(after), array(before))
    assert rates(loaded) == pytest.approx([0.02, 0.03])
    assert [one.name for one in loaded.optimizer.optimizers] == ["generator", "critic"]
    assert any(np.abs(array(v)).max() > 0 for v in loaded.optimizer.critic.variables[2:])


def test_two_optimizers_of_different_kinds_are_saved_each_as_its_own(tmp_path):
    model = table_model(compiled=False)
    model.compile(keras.optimizers.RMSprop(0.01, rho=0.8), keras.optimizers.SGD(0.02, momentum=0.5))
    model.save(tmp_path / "model.keras")
    generator, critic = keras.saving.load_model(tmp_path / "model.keras").optimizer.optimizers
    assert isinstance(generator, keras.optimizers.RMSprop) and generator.rho == 0.8
    assert isinstance(critic, keras.optimizers.SGD) and critic.momentum == 0.5


@pytest.mark.parametrize("network", ["generator", "critic"])
def test_an_optimizer_that_scales_the_loss_is_refused_under_its_own_name(network):
    scaled = keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam())
    with pytest.raises(ValueError, match=f"{network}_optimizer=LossScaleOptimizer"):
        table_model(compiled=False).compile(**{f"{network}_optimizer": scaled})


@pytest.mark.skipif(keras.backend.backend() != "torch", reason="PyTorch alone cannot do it")
def test_a_compiled_step_is_refused_at_once_on_pytorch():
    with pytest.raises(ValueError, match="`jit_compile` must be False or 'auto' on PyTorch"):
        table_model(compiled=False).compile(jit_compile=True)


def test_a_model_that_was_compiled_elsewhere_loads_without_on_pytorch(tmp_path):
    model = table_model()
    model._compiled_with["jit_compile"] = True
    model._compiled_with["steps_per_execution"] = 2
    model.save(tmp_path / "model.keras")
    if model.runs_compiled:
        loaded = keras.saving.load_model(tmp_path / "model.keras")
        assert loaded.jit_compile and loaded.steps_per_execution == 2
    else:
        with pytest.warns(UserWarning, match="jit_compile=True and steps_per_execution=2"):
            loaded = keras.saving.load_model(tmp_path / "model.keras")
        assert not loaded.jit_compile and loaded.steps_per_execution == 1


def test_an_optimizer_of_another_model_is_refused_by_its_argument():
    generators, critics = keras.optimizers.Adam(), keras.optimizers.Adam()
    model = table_model(compiled=False)
    model.compile(generators, critics)
    model.compile(generators, critics)  # its own again
    with pytest.raises(ValueError, match="`critic_optimizer` must be a new object"):
        table_model(compiled=False).compile(keras.optimizers.Adam(), critics)


@pytest.mark.parametrize("argument", ["optimizer", "loss", "metrics"])
def test_the_arguments_of_other_models_lead_to_the_two_optimizers(argument):
    with pytest.raises(TypeError, match=rf"no `{argument}`.*generator_optimizer=.*='adam'"):
        table_model(compiled=False).compile(**{argument: "adam"})


@pytest.mark.parametrize(
    ("given", "error"), [(1e-3, TypeError), (keras.optimizers.Adam, TypeError), ("adm", ValueError)]
)
def test_what_is_no_optimizer_is_refused_by_its_argument(given, error):
    with pytest.raises(error, match="`critic_optimizer` must be"):
        table_model(compiled=False).compile("adam", given)
