"""Generated samples lack the values that the real ones next to them lack."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_wgan import WGANGP
from keras_wgan.data import ShuffledBatches
from keras_wgan.penalties import MomentPenalty

from helpers.tiny import table_data, table_model

NAN = np.nan


def test_critic_and_gradient_penalty_see_zero_where_a_value_is_missing():
    model = _summing_model()  # D(x) = x1 + x2 of generated samples that are all (0.5, 0.5)
    data = np.array([[2.0, 2.0], [2.0, NAN], [NAN, 2.0], [NAN, NAN]], "float32")
    found = model.evaluate(data, verbose=0, return_dict=True)
    assert found["wasserstein"] == pytest.approx((4 + 2 + 2 + 0) / 4 - (1 + 0.5 + 0.5 + 0) / 4)
    norms = np.array([np.sqrt(2), 1.0, 1.0, 0.0])  # of the slope in what was observed
    assert found["gradient_norm"] == pytest.approx(norms.mean(), abs=1e-6)
    assert found["gradient_penalty"] == pytest.approx(np.square(norms - 1).mean(), abs=1e-6)


def test_a_penalty_compares_what_was_observed_alike():
    seen = []

    def penalty(real, fake):
        seen.append([ops.convert_to_numpy(ops.stop_gradient(side)) for side in (real, fake)])
        return ops.zeros(())

    model = table_model(missing_values=True, generator_penalties=[penalty], compiled=False)
    model.compile(run_eagerly=True, jit_compile=False)
    data = table_data(8)
    data[::2, 1] = NAN
    model.fit(data, batch_size=8, shuffle=False, verbose=0)
    ((real, fake),) = seen
    np.testing.assert_array_equal(real, np.nan_to_num(data))
    np.testing.assert_array_equal(fake == 0.0, np.isnan(data))


def test_a_column_that_is_never_observed_is_not_learned():
    model = table_model(missing_values=True, generator_penalties=[MomentPenalty()])
    before = _weights(model.generator)
    data = table_data(32)
    data[:, 1] = NAN
    model.fit(data, batch_size=8, epochs=2, verbose=0)
    kernel, bias = (
        np.subtract(*pair) for pair in zip(_weights(model.generator), before, strict=True)
    )
    assert np.all(kernel[:, 1] == 0.0) and bias[1] == 0.0
    assert np.all(kernel[:, 0] != 0.0) and bias[0] != 0.0


def test_complete_data_trains_as_without_the_option():
    plain, able = (
        table_model(missing_values=missing_values, generator_penalties=[MomentPenalty()])
        for missing_values in (False, True)
    )
    able.generator.set_weights(plain.generator.get_weights())
    able.critic.set_weights(plain.critic.get_weights())
    for model in (plain, able):
        model.fit(table_data(), batch_size=8, shuffle=False, epochs=2, verbose=0)
    for one, other in zip(_weights(plain), _weights(able), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)


def test_a_saved_model_still_takes_missing_values(tmp_path):
    table_model(missing_values=True).save(tmp_path / "model.keras")
    model = keras.models.load_model(tmp_path / "model.keras")
    data = table_data(8)
    data[0, 0] = NAN
    assert np.isfinite(model.fit(data, batch_size=4, verbose=0).history["loss"]).all()


def test_batches_hold_missing_values_only_where_asked():
    data = table_data(6)
    data[2, 1] = NAN
    with pytest.raises(ValueError, match="`missing_values=True`.*1 samples that are not"):
        ShuffledBatches(data, batch_size=3, seed=1)
    batches = ShuffledBatches(data, batch_size=3, seed=1, missing_values=True)
    assert np.isnan(np.concatenate(list(batches))).sum() == 1
    data[2, 1] = np.inf
    with pytest.raises(ValueError, match="must be finite or NaN"):
        ShuffledBatches(data, batch_size=3, seed=1, missing_values=True)


def test_a_sample_without_any_value_is_refused():
    data = table_data(6)
    data[4] = NAN
    with pytest.raises(ValueError, match="samples that have none, the first at index 4"):
        ShuffledBatches(data, batch_size=3, seed=1, missing_values=True)


def _summing_model():
    critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, use_bias=False)])
    critic.layers[-1].kernel.assign(np.ones((2, 1)))
    generator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    generator.set_weights([np.zeros((3, 2)), np.full(2, 0.5)])
    model = WGANGP(generator, critic, latent=3, missing_values=True)
    model.compile("sgd", keras.optimizers.SGD(0.0))
    return model


def _weights(model):
    return [ops.convert_to_numpy(weight) for weight in model.trainable_weights]
