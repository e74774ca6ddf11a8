"""What a callback cannot measure or draw is refused before the first step, with its cure."""

import keras
import numpy as np
import pytest

from keras_wgan import WGANGP
from keras_wgan.callbacks import FID, Moments, SampleImages, StylizedFacts
from keras_wgan.extractors import MnistClassifier

from helpers.tiny import conditional_model, table_data, table_model

layers = keras.layers
RETURNS = 0.01 * np.random.default_rng(1).standard_t(5, size=600)


def identity(samples):
    return samples


def begin(callback, model):
    callback.set_model(model)
    callback.on_train_begin()


def model_of(*shape):
    """A model whose samples have this shape."""
    generator = keras.Sequential(
        [keras.Input((2,)), layers.Dense(int(np.prod(shape))), layers.Reshape(shape)]
    )
    critic = keras.Sequential([keras.Input(shape), layers.Flatten(), layers.Dense(1)])
    return WGANGP(generator, critic, latent=2)


@pytest.mark.parametrize("make", [lambda folder: FID(table_data(), identity), SampleImages])
def test_a_conditional_model_needs_a_sampler_that_chooses_conditions(make, tmp_path):
    with pytest.raises(ValueError, match="`sampler` is needed for a conditional model"):
        begin(make(tmp_path), conditional_model())


@pytest.mark.parametrize(
    ("shape", "cure"),
    [
        ((5, 5), r"images\[..., None\]"),
        ((3, 5, 5), r"np.moveaxis\(images, 1, -1\)"),
        ((5, 5, 4), r"images\[..., :1\]"),
        ((2,), "cannot be drawn as images"),
    ],
)
def test_samples_that_are_no_images_are_refused_with_the_cure_for_their_shape(
    shape, cure, tmp_path
):
    with pytest.raises(ValueError, match=f"with 1 or 3 channels.*{cure}"):
        begin(SampleImages(tmp_path), model_of(*shape))


def test_windows_of_another_length_name_the_argument_of_the_callback():
    with pytest.raises(ValueError, match="`days` of `StylizedFacts`.*Pass days=30"):
        begin(StylizedFacts(RETURNS, days=60), model_of(30))
    with pytest.raises(ValueError, match="`Moments` compares.*20 days.*makes 15 days"):
        begin(Moments(RETURNS[:500].reshape(20, 25).repeat(5, axis=0)), model_of(15))


def test_a_history_or_a_window_that_is_too_short_names_the_argument_of_the_callback():
    with pytest.raises(ValueError, match="`returns` must hold at least 500 days.*300"):
        StylizedFacts(RETURNS[:300], days=30)
    with pytest.raises(ValueError, match="`days` must be a whole number of at least 21"):
        StylizedFacts(RETURNS, days=5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"samples": 1}, "`samples` must be a whole number of at least 2"),
        ({"batch_size": 0}, "`batch_size` must be a whole number"),
        ({"batch_size": -1}, "`batch_size` must be a whole number"),
        ({"seed": None}, "`seed` must be a whole number"),
    ],
)
def test_settings_of_fid_are_checked_at_once(arguments, message):
    with pytest.raises(ValueError, match=message):
        FID(table_data(), identity, **arguments)


def test_an_inverse_is_a_function():
    with pytest.raises(TypeError, match="`inverse` must be a function"):
        Moments(np.tile(RETURNS[:25], (100, 1)), inverse=3)


def two_outputs():
    inputs = keras.Input((2,))
    return keras.Model(inputs, [layers.Dense(2)(inputs), layers.Dense(2)(inputs)])


@pytest.mark.parametrize(
    ("extractor", "message"),
    [
        ("inception", "must be a Keras model or a function.*'inception'"),
        (None, "must be a Keras model or a function.*None"),
        (MnistClassifier, r"Pass an instance, `MnistClassifier\(\)`"),
        (two_outputs(), "must have a single output.*2 outputs"),
        (keras.Sequential([keras.Input((3,)), layers.Dense(2)]), r"shape of `real`.*\(3,\)"),
    ],
)
def test_what_is_no_extractor_of_these_samples_is_refused(extractor, message):
    with pytest.raises((TypeError, ValueError), match=f"`extractor`.*{message}"):
        FID(table_data(), extractor)


def test_an_extractor_returns_features_for_each_sample():
    with pytest.raises(ValueError, match=r"`extractor` must return features for each of the 40"):
        begin(FID(table_data(), np.sum), table_model())


def test_real_samples_of_any_kind_of_array_have_a_protocol():
    expected = FID(table_data(), identity).protocol
    as_tensor = FID(keras.ops.convert_to_tensor(table_data()), identity).protocol
    assert as_tensor == expected
    assert FID(table_data().tolist(), identity).protocol.real == 40
    with pytest.raises(TypeError, match="`real` must be an array of samples.*generator"):
        FID((row for row in table_data()), identity)


def test_an_extractor_in_bfloat16_has_a_protocol():
    extractor = keras.Sequential([keras.Input((2,)), layers.Dense(2, dtype="bfloat16")])
    assert len(FID(table_data(), extractor).protocol.extractor_hash) == 12
