"""The averaged generator against a NumPy average of the same weights."""

import keras
import numpy as np
import pytest

from keras_wgan import WGANGP
from keras_wgan._averaging import GeneratorAverage

from helpers.tiny import table_data

layers = keras.layers


def generator():
    """A generator with weights that are trained (Dense) and others that are not (BatchNorm)."""
    return keras.Sequential(
        [keras.Input((3,)), layers.Dense(4), layers.BatchNormalization(), layers.Dense(2)]
    )


def model(**arguments):
    critic = keras.Sequential([keras.Input((2,)), layers.Dense(4), layers.ReLU(), layers.Dense(1)])
    made = WGANGP(generator(), critic, latent=3, seed=1, **arguments)
    made.compile(keras.optimizers.Adam(0.02), keras.optimizers.Adam(0.02))
    return made


def values(network):
    return [keras.ops.convert_to_numpy(weight).copy() for weight in network.weights]


def noise(count=6, seed=0):
    return np.random.default_rng(seed).normal(size=(count, 3)).astype("float32")


def average_in_numpy(first, shown, momentum):
    """Returns what is averaged after each of the weights that were shown."""
    average, course = [weight.astype("float64") for weight in first], []
    for update, weights in enumerate(shown, start=1):
        kept = min(momentum, (1 + update) / (10 + update))
        average = [kept * a + (1 - kept) * w for a, w in zip(average, weights, strict=True)]
        course.append(average)
    return course


def assert_close(found, expected):
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_an_average_starts_as_a_copy_that_does_not_follow_by_itself():
    network = generator()
    average, first = GeneratorAverage(network, 0.9), values(network)
    network.set_weights([weight + 1 for weight in first])
    for a, b in zip(values(average), first, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.999])
def test_the_momentum_warms_up_exactly_as_the_formula_says(momentum):
    network, rng = generator(), np.random.default_rng(4)
    average, first = GeneratorAverage(network, momentum), values(network)
    shown = [[rng.normal(size=w.shape).astype("float32") for w in first] for _ in range(12)]
    course = average_in_numpy(first, shown, momentum)
    for update, weights in enumerate(shown, start=1):
        network.set_weights(weights)
        average.update(network, update)
        assert_close(values(average), course[update - 1])


def test_the_averages_of_batch_norm_are_averaged_too():
    network = generator()
    average = GeneratorAverage(network, 0.0)
    network.layers[1].moving_mean.assign([1.0, 2.0, 3.0, 4.0])
    average.update(network, 1)  # with (1 + 1) / (10 + 1) capped at a momentum of 0: a copy
    names = [weight.name for weight in network.weights]
    assert values(average)[names.index("moving_mean")].tolist() == [1.0, 2.0, 3.0, 4.0]


def test_samples_are_those_of_a_network_with_the_averaged_weights():
    network, rng = generator(), np.random.default_rng(4)
    average = GeneratorAverage(network, 0.5)
    network.set_weights([rng.uniform(1, 2, size=w.shape) for w in values(network)])
    average.update(network, 20)
    present = values(network)
    other = keras.models.clone_model(network)
    other.set_weights(values(average))
    samples = keras.ops.convert_to_numpy(average.generate(network, noise()))
    expected = keras.ops.convert_to_numpy(other(noise(), training=False))
    np.testing.assert_allclose(samples, expected, rtol=1e-5, atol=1e-6)
    for a, b in zip(values(network), present, strict=True):
        np.testing.assert_array_equal(a, b)


class Weights(keras.callbacks.Callback):
    """Notes the generator's and the averaged weights after each epoch."""

    def __init__(self):
        super().__init__()
        self.shown, self.averaged = [], []

    def on_epoch_end(self, epoch, logs=None):
        self.shown.append(values(self.model.generator))
        self.averaged.append(values(self.model.average))


@pytest.mark.slow
@pytest.mark.parametrize("critic_steps", [1, 2])
def test_training_averages_the_weights_after_each_update_of_the_generator(critic_steps):
    trained, course = model(ema_momentum=0.25, critic_steps=critic_steps), Weights()
    first = values(trained.generator)
    trained.fit(table_data(8), batch_size=8, epochs=6, callbacks=[course], verbose=0)
    expected = average_in_numpy(first, course.shown[critic_steps - 1 :: critic_steps], 0.25)
    assert not np.allclose(expected[-1][0], course.shown[-1][0], atol=1e-3)
    for after, average in enumerate(course.averaged, start=1):
        updates = after // critic_steps
        assert_close(average, expected[updates - 1] if updates else first)


def test_a_model_generates_and_predicts_with_the_average():
    trained, rng = model(ema_momentum=0.9), np.random.default_rng(4)
    trained.average.set_weights([rng.uniform(1, 2, size=w.shape) for w in values(trained.average)])
    present = values(trained.generator)
    averaged = keras.models.clone_model(trained.generator)
    averaged.set_weights(values(trained.average))
    expected = keras.ops.convert_to_numpy(averaged(noise(), training=False))
    predicted = trained.predict(noise(), verbose=0)
    np.testing.assert_allclose(predicted, expected, rtol=1e-4, atol=1e-6)
    latents = keras.ops.convert_to_numpy(
        trained.latent.sample(4096, keras.random.SeedGenerator(5))
    )[:7]
    expected = keras.ops.convert_to_numpy(averaged(latents, training=False))
    np.testing.assert_allclose(trained.generate(7, seed=5), expected, rtol=1e-4, atol=1e-6)
    for a, b in zip(values(trained.generator), present, strict=True):
        np.testing.assert_array_equal(a, b)


def test_without_a_momentum_the_generator_itself_makes_the_samples():
    trained = model()
    assert trained.average is None
    expected = keras.ops.convert_to_numpy(trained.generator(noise(), training=False))
    predicted = trained.predict(noise(), verbose=0)
    np.testing.assert_allclose(predicted, expected, rtol=1e-4, atol=1e-6)


def test_an_average_adds_nothing_that_an_optimizer_would_train():
    plain, averaged = model(), model(ema_momentum=0.9)
    assert len(averaged.trainable_variables) == len(plain.trainable_variables)
    extra = sum(weight.size for weight in values(averaged.generator))
    counted = 1  # how many updates there were
    assert averaged.count_params() == plain.count_params() + extra + counted


def quantize(network):
    network.quantize("int8")


def adapt(network):
    network.layers[0].enable_lora(1)


def quantize_and_adapt(network):
    quantize(network)
    adapt(network)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Layer .* does not have a `quantize`:UserWarning")  # Keras
@pytest.mark.parametrize("change", [quantize, adapt, quantize_and_adapt])
def test_the_average_follows_a_generator_whose_weights_change_in_number(change, tmp_path):
    trained = model(ema_momentum=0.9)
    trained.fit(table_data(16), batch_size=8, epochs=3, verbose=0)
    averaged = keras.models.clone_model(trained.generator)
    averaged.set_weights(trained.sampling_weights())
    change(trained.generator)
    change(averaged)
    expected = keras.ops.convert_to_numpy(averaged(noise(), training=False))
    np.testing.assert_allclose(trained.predict(noise(), verbose=0), expected, rtol=1e-4, atol=1e-5)
    trained.compile()
    trained.fit(table_data(16), batch_size=8, verbose=0)
    assert len(trained.average.weights) == len(trained.generator.weights)
    trained.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded.generate(5, seed=1), trained.generate(5, seed=1), atol=1e-5)
    loaded.fit(table_data(16), batch_size=8, verbose=0)
    assert np.isfinite(loaded.generate(5, seed=1)).all()


def test_new_weights_that_the_optimizer_does_not_know_ask_for_compile():
    trained = model(ema_momentum=0.9)
    adapt(trained.generator)
    with pytest.raises(ValueError, match="does not know the weight '.*lora.*`compile` again"):
        trained.fit(table_data(16), verbose=0)


def test_the_warm_up_goes_on_after_compile_and_in_a_model_that_loads_the_weights(tmp_path):
    trained, rest = model(ema_momentum=0.999), keras.optimizers.SGD
    for _ in range(5):
        trained.train_on_batch(table_data(8))
    trained.save_weights(tmp_path / "all.weights.h5")
    loaded = model(ema_momentum=0.999)
    loaded.load_weights(tmp_path / "all.weights.h5")
    for network in (trained, loaded):
        network.compile(rest(0.0), rest(0.0))
        before, latest = network.sampling_weights()[0], values(network.generator)[0]
        network.train_on_batch(table_data(8))
        moved = network.sampling_weights()[0] - latest
        np.testing.assert_allclose(moved, 7 / 16 * (before - latest), atol=1e-5)


def test_before_training_the_average_follows_weights_that_the_generator_is_given():
    pretrained, made = model(), model(ema_momentum=0.9)
    made.generator.set_weights(pretrained.generator.get_weights())
    np.testing.assert_array_equal(made.generate(4, seed=1), pretrained.generate(4, seed=1))


@pytest.mark.filterwarnings("ignore:The file holds the running average")
def test_a_model_with_an_average_and_one_without_load_each_others_weights(tmp_path):
    averaged, plain = model(ema_momentum=0.9), model()
    averaged.train_on_batch(table_data(8))
    averaged.save_weights(tmp_path / "averaged.weights.h5")
    plain.load_weights(tmp_path / "averaged.weights.h5")
    assert_close(values(plain.generator), values(averaged.generator))
    plain.train_on_batch(table_data(8))
    plain.save_weights(tmp_path / "plain.weights.h5")
    averaged.load_weights(tmp_path / "plain.weights.h5")
    np.testing.assert_array_equal(averaged.generate(4, seed=1), plain.generate(4, seed=1))


def test_an_average_that_a_model_has_no_place_for_is_named(tmp_path):
    averaged = model(ema_momentum=0.9)
    averaged.save_weights(tmp_path / "averaged.weights.h5")
    with pytest.warns(UserWarning, match="holds the running average .* `ema_momentum`"):
        model().load_weights(tmp_path / "averaged.weights.h5")
