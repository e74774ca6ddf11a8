"""The penalty and training match exactly known values."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_wgan import WGANGP
from keras_wgan._batch import Batch

layers = keras.layers


@pytest.mark.parametrize(
    ("slope", "settings", "penalty"),
    [
        (2.0, {}, 9.0),  # D(x) = 2 * sum(x) of 4 numbers: a gradient of norm 4
        (2.0, {"gp_target": 2.0}, 1.0),
        (0.0, {}, 1.0),  # constant
        (0.5, {}, 0.0),  # a gradient of norm 1
        (0.25, {"one_sided": True}, 0.0),
        (0.25, {}, 0.25),
        (2.0, {"one_sided": True}, 9.0),
    ],
)
def test_the_penalty_of_a_linear_critic_is_exact(slope, settings, penalty):
    for shape in ((4,), (2, 2, 1), (4, 1)):
        model = _linear(slope, shape, **settings)
        real, fake, mixing = _batch(shape)
        _, details = model.critic_objective(Batch(real), fake, mixing, training=True)
        found = {name: ops.convert_to_numpy(ops.stop_gradient(details[name])) for name in details}
        assert found["gradient_penalty"] == pytest.approx(penalty, abs=1e-6)
        assert found["gradient_norm"] == pytest.approx(2 * slope, abs=1e-6)


def test_fit_and_evaluate_log_the_exact_penalty():
    model = _linear(2.0, (4,))
    data = np.random.default_rng(1).normal(size=(10, 4)).astype("float32")
    assert model.fit(data, batch_size=4, verbose=0).history["gradient_penalty"] == [9.0]
    held_out = model.evaluate(data, batch_size=4, verbose=0, return_dict=True)
    assert (held_out["gradient_penalty"], held_out["gradient_norm"]) == (9.0, 4.0)


@pytest.mark.parametrize("constant", ["zero kernel", "no way from input to output"])
def test_a_constant_critic_trains_with_finite_gradients(constant):
    first = [layers.Rescaling(0.0)] if constant != "zero kernel" else []
    critic = keras.Sequential([keras.Input((4,)), *first, layers.Dense(1)])
    critic.layers[-1].kernel.assign(np.zeros((4, 1)))
    generator = keras.Sequential([keras.Input((2,)), layers.Dense(4)])
    model = WGANGP(generator, critic, latent=2)
    model.compile()
    data = np.ones((8, 4), "float32")
    history = model.fit(data, batch_size=4, epochs=2, verbose=0).history
    assert history["gradient_penalty"][0] == pytest.approx(1.0, abs=1e-3)
    for weight in model.weights:
        assert np.isfinite(ops.convert_to_numpy(weight)).all(), weight.path


def test_the_wasserstein_estimate_is_the_gap_of_the_mean_scores():
    model = _linear(1.0, (4,))
    model.generator.set_weights([np.zeros((2, 4)), np.full(4, 0.5)])  # always makes 0.5
    data = np.full((6, 4), 2.0, "float32")
    result = model.evaluate(data, verbose=0, return_dict=True)
    assert result["wasserstein"] == pytest.approx(8.0 - 2.0)
    assert result["critic_loss"] == pytest.approx(-6.0 + 10.0 * (2.0 - 1.0) ** 2)
    assert result["generator_loss"] == pytest.approx(-2.0)
    assert result["loss"] == pytest.approx(result["critic_loss"] + result["generator_loss"])


def test_means_are_over_samples_also_with_a_smaller_last_batch():
    model = _linear(1.0, (4,))
    model.generator.set_weights([np.zeros((2, 4)), np.zeros(4)])
    data = np.repeat([[1.0] * 4, [2.0] * 4, [6.0] * 4], [2, 2, 1], axis=0).astype("float32")
    result = model.evaluate(data, batch_size=2, verbose=0, return_dict=True)
    assert result["wasserstein"] == pytest.approx((2 * 4 + 2 * 8 + 24) / 5)


@pytest.mark.slow
def test_fit_finds_a_shifted_gaussian():
    real = np.random.default_rng(3).normal(3.0, 1.0, (8192, 1)).astype("float32")
    narrow = layers.Dense(1, kernel_initializer=keras.initializers.Constant(0.5))
    generator = keras.Sequential([keras.Input((1,)), narrow])
    kinks = keras.initializers.RandomUniform(-4.0, 4.0, seed=3)  # where the data is
    weights = keras.initializers.GlorotUniform(seed=3)
    hidden = layers.Dense(64, "leaky_relu", kernel_initializer=weights, bias_initializer=kinks)
    critic = keras.Sequential(
        [keras.Input((1,)), hidden, layers.Dense(1, kernel_initializer=weights)]
    )
    model = WGANGP(
        generator,
        critic,
        latent=1,
        one_sided=True,
        critic_steps=2,
        ema_momentum=0.995,
        seed=3,
    )
    decay = keras.optimizers.schedules.CosineDecay
    model.compile(
        generator_optimizer=keras.optimizers.Adam(decay(2e-2, 640, alpha=0.1), 0.0, 0.9),
        critic_optimizer=keras.optimizers.Adam(
            decay(2e-2, 1280, alpha=0.1), 0.0, 0.9, weight_decay=0.2
        ),
    )
    model.fit(real, batch_size=256, epochs=40, verbose=0)
    samples = model.generate(20_000, seed=4, batch_size=4096)
    assert samples.mean() == pytest.approx(3.0, rel=0.05)
    assert samples.std() == pytest.approx(1.0, rel=0.05)


def _batch(shape):
    """Returns five real and generated samples and their mixing weights, as tensors."""
    random = np.random.default_rng(1)
    real, fake = random.normal(size=(2, 5, *shape))
    mixing = random.uniform(size=(5, *[1] * len(shape)))
    return [ops.convert_to_tensor(a.astype("float32")) for a in (real, fake, mixing)]


def _linear(slope, shape, **settings):
    """Returns a model whose critic is `slope` times the sum of its four inputs, never trained."""
    critic = keras.Sequential(
        [keras.Input(shape), layers.Flatten(), layers.Dense(1, use_bias=False)]
    )
    critic.layers[-1].kernel.assign(np.full((4, 1), slope))
    generator = keras.Sequential([keras.Input((2,)), layers.Dense(4), layers.Reshape(shape)])
    model = WGANGP(generator, critic, latent=2, **settings)
    model.compile("sgd", keras.optimizers.SGD(0.0))
    return model
