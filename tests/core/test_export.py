"""Other programs make the samples that the model makes."""

import keras
import numpy as np
import pytest

from keras_wgan import WGANGP
from keras_wgan.networks import market_generator
from keras_wgan.networks.construction import computing_in

from helpers.exports import READERS, WRITTEN
from helpers.tiny import conditional_model, table_data, table_model, table_networks

layers = keras.layers
# tf2onnx and the exporters of PyTorch use names that NumPy and PyTorch are giving up.
pytestmark = pytest.mark.filterwarnings(
    "ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::UserWarning"
)
BACKEND = keras.backend.backend()
LATENTS = np.random.default_rng(5).normal(size=(6, 3)).astype("float32")


@pytest.mark.parametrize("format", WRITTEN)
def test_an_export_makes_the_samples_of_the_averaged_weights(format, tmp_path):
    model = table_model(ema_momentum=0.9)
    model.fit(table_data(16), verbose=0)
    latest = model.generator.get_weights()
    file, read, _ = READERS[format]
    model.export(tmp_path / file)
    for count in (1, 6):
        made = read(tmp_path / file, {"latents": LATENTS[:count]})
        expected = model.predict(LATENTS[:count], verbose=0)
        np.testing.assert_allclose(made, expected, atol=1e-5)
    for after, before in zip(model.generator.get_weights(), latest, strict=True):
        np.testing.assert_array_equal(after, before)
    assert [each.name for each in tmp_path.iterdir()] == [file]
    model.fit(table_data(16), verbose=0)


@pytest.mark.parametrize("format", WRITTEN)
def test_a_conditional_export_takes_latents_and_conditions(format, tmp_path):
    model = conditional_model()
    file, read, _ = READERS[format]
    model.export(tmp_path / file, format=format)
    labels = np.arange(6, dtype="int32") % 3
    made = read(tmp_path / file, {"latents": LATENTS, "condition": labels})
    np.testing.assert_allclose(made, model.predict([LATENTS, labels], verbose=0), atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(("format", "assets"), [*((name, 1) for name in WRITTEN), (WRITTEN[0], 2)])
def test_an_exported_market_makes_any_number_of_paths(format, assets, tmp_path):
    critic = keras.Sequential([keras.Input((5, assets)), layers.Flatten(), layers.Dense(1)])
    generator = market_generator(5, history=20, assets=assets)
    model = WGANGP(generator, critic, latent=(25, assets), seed=1, ema_momentum=0.9)
    file, read, _ = READERS[format]
    model.export(tmp_path / file)
    latents = np.random.default_rng(0).normal(size=(6, 25, assets)).astype("float32")
    for count in (1, 6):
        made = read(tmp_path / file, {"latents": latents[:count]})
        np.testing.assert_allclose(made, model.predict(latents[:count], verbose=0), atol=1e-5)


@pytest.mark.parametrize("format", WRITTEN[:1])
def test_a_generator_in_bfloat16_is_exported_in_float32(format, tmp_path):
    with computing_in("bfloat16"):
        generator, critic = table_networks()
    exact, _ = table_networks()
    exact.set_weights(generator.get_weights())
    file, read, _ = READERS[format]
    WGANGP(generator, critic, latent=3).export(tmp_path / file)
    made = read(tmp_path / file, {"latents": LATENTS})
    np.testing.assert_allclose(made, exact.predict(LATENTS, verbose=0), atol=1e-5)


class Subclassed(keras.Model):
    """A generator that does not tell its inputs."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(2)

    def call(self, inputs):
        return self.dense(inputs)


def test_a_subclassed_generator_is_exported_too(tmp_path):
    critic = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    model = WGANGP(Subclassed(), critic, latent=3, seed=1)
    file, read, _ = READERS[WRITTEN[0]]
    model.export(tmp_path / file)
    made = read(tmp_path / file, {"latents": LATENTS})
    np.testing.assert_allclose(made, model.predict(LATENTS, verbose=0), atol=1e-5)


@pytest.mark.parametrize(
    ("file", "format", "message"),
    [
        ("generator.h5", None, "`format` must be 'onnx'.*filepath=.*generator.h5"),
        ("generator.onnx", "tflite", "`format` must be 'onnx'.*format='tflite'"),
        ("generator.onnx", "litert", "`filepath` must end in '.tflite'"),
    ],
)
def test_a_format_that_is_not_known_is_refused_and_nothing_written(file, format, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        table_model().export(tmp_path / file, format=format)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("format", sorted(set(READERS) - set(WGANGP.export_packages)))
def test_what_a_backend_cannot_write_is_one_sentence(format, tmp_path):
    with pytest.raises(ValueError, match=f"on the {BACKEND} backend. Save the model as a .keras"):
        table_model().export(tmp_path / READERS[format][0], format=format)


def test_a_package_that_is_missing_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(WGANGP, "export_packages", {"onnx": "no_such_package"})
    with pytest.raises(ImportError, match="pip install no-such-package"):
        table_model().export(tmp_path / "generator.onnx")
