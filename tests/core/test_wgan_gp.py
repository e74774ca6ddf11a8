"""`WGANGP` trains, evaluates and generates like any Keras model."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_wgan import WGANGP
from keras_wgan.penalties import MomentPenalty

from helpers.tiny import conditional_model, table_data, table_model

layers = keras.layers
LOGGED = {
    "loss",
    "critic_loss",
    "generator_loss",
    "wasserstein",
    "gradient_penalty",
    "gradient_norm",
}


def test_the_logged_names_are_the_documented_ones():
    history = table_model().fit(table_data(), validation_data=table_data(seed=1), verbose=0).history
    assert set(history) == LOGGED | {f"val_{name}" for name in LOGGED}


def test_metrics_names_are_those_of_what_evaluate_returns():
    model, data = table_model(), table_data()
    named = dict(zip(model.metrics_names, model.evaluate(data, verbose=0), strict=True))
    assert named == model.evaluate(data, verbose=0, return_dict=True)


def test_critic_steps_of_three_over_48_batches_make_48_and_16_updates():
    model = table_model(critic_steps=3)
    before = _weights(model.generator)
    model.fit(table_data(96), batch_size=4, epochs=2, verbose=0)
    assert int(model.optimizer.critic.iterations) == 48
    assert int(model.optimizer.generator.iterations) == 16
    assert not np.allclose(before[0], _weights(model.generator)[0])


def test_the_generator_rests_until_its_turn():
    model = table_model(critic_steps=3)
    before = _weights(model.generator)
    model.fit(table_data(8), batch_size=4, verbose=0)
    for then, now in zip(before, _weights(model.generator), strict=True):
        np.testing.assert_array_equal(then, now)


@pytest.mark.parametrize("shape", [(8,), (6, 1), (4, 4, 1), (2, 3, 4, 1)])
def test_data_of_any_rank_trains(shape):
    size = int(np.prod(shape))
    generator = keras.Sequential([keras.Input((3,)), layers.Dense(size), layers.Reshape(shape)])
    critic = keras.Sequential([keras.Input(shape), layers.Flatten(), layers.Dense(1)])
    model = WGANGP(generator, critic, latent=3)
    model.compile()
    data = np.random.default_rng(1).normal(size=(7, *shape)).astype("float32")
    history = model.fit(data, batch_size=4, verbose=0).history  # the last batch holds 3
    assert np.isfinite(history["critic_loss"][0])
    assert model.generate(3).shape == (3, *shape)


def test_a_latent_may_have_a_shape():
    generator = keras.Sequential(
        [keras.Input((6, 2)), layers.Conv1D(1, 3, padding="causal"), layers.Flatten()]
    )
    critic = keras.Sequential([keras.Input((6,)), layers.Dense(1)])
    from keras_wgan.latents import Normal

    model = WGANGP(generator, critic, latent=Normal((6, 2)))
    model.compile()
    model.fit(table_data(8, width=6), verbose=0)
    assert model.generate(2, seed=1).shape == (2, 6)


def test_networks_without_a_known_input_are_built():
    generator = keras.Sequential([layers.Dense(4), layers.Dense(2)])
    critic = keras.Sequential([layers.Dense(4), layers.Dense(1)])
    model = WGANGP(generator, critic, latent=3)
    assert generator.layers[0].kernel.shape == (3, 4)
    assert critic.layers[0].kernel.shape == (2, 4)
    model.compile()
    model.fit(table_data(8), verbose=0)


def test_subclassed_networks_train():
    class Half(keras.Model):
        def __init__(self, units):
            super().__init__()
            self.dense = layers.Dense(units)

        def call(self, inputs):
            return self.dense(inputs)

    model = WGANGP(Half(2), Half(1), latent=3)
    model.compile()
    model.fit(table_data(8), verbose=0)
    assert model.generate(4).shape == (4, 2)


def test_pairs_train_a_conditional_model():
    model = conditional_model()
    labels = np.arange(40) % 3
    history = model.fit(
        table_data(), labels, batch_size=16, verbose=0, validation_data=(table_data(), labels)
    ).history
    assert np.isfinite(history["val_critic_loss"][0])
    all_ones = model.generate(6, condition=1, seed=2)
    each = model.generate(6, condition=[1, 1, 1, 2, 2, 2], seed=2)
    np.testing.assert_allclose(all_ones[:3], each[:3], rtol=1e-6)
    assert not np.allclose(all_ones[3:], each[3:])


@pytest.mark.slow
def test_the_condition_reaches_both_networks():
    model = conditional_model()
    data = np.repeat([[0.0, 0.0], [5.0, 5.0]], 64, axis=0).astype("float32")
    labels = np.repeat([0, 2], 64)
    model.compile(keras.optimizers.Adam(2e-2, 0.5), keras.optimizers.Adam(2e-2, 0.5))
    model.fit(data, labels, batch_size=64, epochs=60, verbose=0)
    low, high = (model.generate(200, condition=c, seed=1).mean() for c in (0, 2))
    assert high - low > 2.0


def test_the_same_seed_gives_the_same_samples_whatever_the_batch_size():
    model = table_model()
    samples = model.generate(10, seed=3)
    assert isinstance(samples, np.ndarray)
    assert samples.dtype == np.float32
    for batch_size in (1, 4, 10, 100):
        again = model.generate(10, seed=3, batch_size=batch_size)
        np.testing.assert_allclose(again, samples, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(model.generate(4, seed=3), samples[:4], rtol=1e-5, atol=1e-6)
    assert not np.allclose(model.generate(10, seed=4), samples)
    assert not np.allclose(model.generate(10), model.generate(10))


def test_predict_is_the_generator():
    model = table_model()
    latents = np.random.default_rng(1).normal(size=(5, 3)).astype("float32")
    kernel, bias = _weights(model.generator)
    np.testing.assert_allclose(
        model.predict(latents, verbose=0), latents @ kernel + bias, rtol=1e-5, atol=1e-6
    )


def test_the_averaged_generator_makes_the_samples():
    model = table_model(ema_momentum=0.9)
    for average in model.average.weights:
        average.assign(np.full(average.shape, 0.5))
    latents = np.ones((1, 3), "float32")
    np.testing.assert_allclose(model.predict(latents, verbose=0), [[2.0, 2.0]], rtol=1e-6)
    before = _weights(model.generator)
    assert not np.allclose(before[0], 0.5)  # the trained weights are left alone


@pytest.mark.slow
def test_evaluate_draws_the_same_noise_every_time_and_leaves_training_alone():
    model, twin = table_model(), table_model()
    twin.set_weights(model.get_weights())
    data = table_data()
    first = model.evaluate(data, verbose=0, return_dict=True)
    assert model.evaluate(data, verbose=0, return_dict=True) == first
    model.fit(data, shuffle=False, verbose=0)
    twin.fit(data, shuffle=False, verbose=0)  # never evaluated
    for one, other in zip(_weights(model), _weights(twin), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_training():
    one, other, third = table_model(seed=5), table_model(seed=5), table_model(seed=6)
    for model in (other, third):
        model.set_weights(one.get_weights())
    losses = [
        m.fit(table_data(), shuffle=False, verbose=0).history["critic_loss"]
        for m in (one, other, third)
    ]
    assert losses[0] == losses[1]
    assert losses[0] != losses[2]


def test_held_out_noise_is_none_of_the_training_noise():
    for seed in (0, 1):
        model = table_model(seed=seed)
        draws = [
            ops.convert_to_numpy(model.latent.sample(4, noise))
            for noise in (model.training_noise, model.held_out_noise)
        ]
        assert not np.allclose(*draws)


def test_one_condition_in_an_array_applies_to_all():
    model = conditional_model()
    np.testing.assert_array_equal(
        model.generate(4, condition=[2], seed=1), model.generate(4, condition=2, seed=1)
    )


def test_train_on_batch_reports_the_same_names():
    model = table_model()
    logs = model.train_on_batch(table_data(8), return_dict=True)
    assert set(logs) == LOGGED
    assert int(model.optimizer.critic.iterations) == 1
    assert set(model.test_on_batch(table_data(8), return_dict=True)) == LOGGED


@pytest.mark.slow
def test_penalties_of_the_generator_move_it():
    free, held = table_model(), table_model(generator_penalties=[MomentPenalty((1,), 5.0)])
    held.set_weights(free.get_weights())
    data = table_data(64) + 3.0
    for model in (free, held):
        model.compile("sgd", keras.optimizers.SGD(0.0))
        model.fit(data, batch_size=64, epochs=1, shuffle=False, verbose=0)
    gap_free, gap_held = (abs(m.generate(500, seed=1).mean() - data.mean()) for m in (free, held))
    assert gap_held < gap_free


def test_penalties_grow_to_their_weight_over_the_warmup():
    model = table_model(penalty_warmup=4)
    shares = []
    for _ in range(5):
        shares.append(float(ops.convert_to_numpy(model.penalty_share())))
        model.train_on_batch(table_data(8))
    assert shares == [0.25, 0.5, 0.75, 1.0, 1.0]


def test_during_the_warmup_the_generator_pays_a_share_of_its_penalty():
    def step(**arguments):
        model = table_model(generator_penalties=[MomentPenalty((1,), 8.0)], **arguments)
        model.set_weights(weights)
        model.compile(keras.optimizers.SGD(0.01), keras.optimizers.SGD(0.0))
        model.train_on_batch(table_data(64) + 3.0)
        return [after - before for after, before in zip(made(model), start, strict=True)]

    def made(model):
        return [ops.convert_to_numpy(w) for w in model.generator.trainable_variables]

    first = table_model()
    weights, start = first.get_weights(), made(first)
    none, half, whole = step(penalty_warmup=10**9), step(penalty_warmup=2), step()
    for free, between, held in zip(none, half, whole, strict=True):
        np.testing.assert_allclose(between, (free + held) / 2, atol=1e-6)


def test_a_negative_warmup_is_refused():
    with pytest.raises(ValueError, match="`penalty_warmup`.* Received: penalty_warmup=-1"):
        table_model(penalty_warmup=-1)


def test_weight_regularizers_count():
    generator = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    critic = keras.Sequential(
        [keras.Input((2,)), layers.Dense(1, kernel_regularizer=keras.regularizers.L2(0.5))]
    )
    model = WGANGP(generator, critic, latent=3, gp_weight=0.0)
    data = np.zeros((4, 2), "float32")
    generator.set_weights([np.zeros((3, 2)), np.zeros(2)])  # makes the data: no other gradient
    critic.layers[0].kernel.assign([[1.0], [-2.0]])
    model.compile("sgd", keras.optimizers.SGD(0.1))
    model.fit(data, verbose=0)
    kernel = ops.convert_to_numpy(critic.layers[0].kernel)
    np.testing.assert_allclose(kernel, [[0.9], [-1.8]], rtol=1e-6)


def test_bfloat16_networks_keep_penalty_and_samples_in_float32():
    policy = "mixed_bfloat16"
    generator = keras.Sequential([keras.Input((3,)), layers.Dense(4, dtype=policy)])
    critic = keras.Sequential([keras.Input((4,)), layers.Dense(1, use_bias=False, dtype=policy)])
    critic.layers[0].kernel.assign(np.full((4, 1), 2.0))
    model = WGANGP(generator, critic, latent=3)
    model.compile("sgd", keras.optimizers.SGD(0.0))
    result = model.fit(table_data(8, width=4), verbose=0).history
    assert result["gradient_penalty"] == [9.0]
    assert model.generate(3).dtype == np.float32


def _weights(network):
    return [ops.convert_to_numpy(weight) for weight in network.trainable_weights]


@pytest.mark.parametrize(("n", "batch_size"), [(5, 2), (300, 256), (4500, 1000), (4097, 4096)])
def test_batches_are_the_samples_that_generate_returns(n, batch_size):
    model = table_model(compiled=False, ema_momentum=0.5)
    batches = list(model.generate_batches(n, seed=3, batch_size=batch_size))
    assert {len(batch) for batch in batches[:-1]} <= {batch_size}
    np.testing.assert_allclose(np.concatenate(batches), model.generate(n, seed=3), atol=1e-5)


def test_the_first_samples_are_the_same_however_many_are_generated():
    model = table_model(compiled=False)
    few, many = model.generate(10, seed=3), model.generate(5000, seed=3, batch_size=700)
    np.testing.assert_allclose(many[:10], few, atol=1e-5)


def test_batches_are_refused_before_the_first_is_drawn():
    with pytest.raises(ValueError, match="`batch_size` must be a whole number.*batch_size=0"):
        table_model(compiled=False).generate_batches(5, batch_size=0)


def test_batches_of_a_conditional_model_follow_their_conditions():
    model = conditional_model()
    conditions = np.arange(11) % 3
    batches = list(model.generate_batches(11, conditions, seed=3, batch_size=4))
    assert [len(batch) for batch in batches] == [4, 4, 3]
    expected = model.generate(11, conditions, seed=3)
    np.testing.assert_allclose(np.concatenate(batches), expected, atol=1e-5)
    with pytest.raises(ValueError, match="needs a `condition`"):
        model.generate_batches(11)


def test_an_epoch_without_a_generator_update_reports_the_loss_of_the_latest_one():
    model = table_model(critic_steps=3)
    data = {"x": table_data(8), "batch_size": 8, "verbose": 0}
    logged = model.fit(**data, epochs=5, validation_data=table_data(8)).history["generator_loss"]
    assert logged[2] == logged[3] == logged[4]  # the third batch alone updates it
    assert logged[0] == logged[1] != 0.0  # what the critic's first batch gave
    assert model.fit(**data).history["generator_loss"][0] != logged[4]


def test_a_penalty_that_is_no_single_number_is_refused():
    model = table_model(generator_penalties=[lambda real, fake: ops.mean(fake, axis=1)])
    with pytest.raises(ValueError, match=r"`generator_penalties` must return a scalar.*\(8,\)"):
        model.train_on_batch(table_data(8))
