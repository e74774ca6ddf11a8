"""A loaded model resumes exactly, also on another backend."""

import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import ops

from keras_wgan import WGANGP
from keras_wgan.latents import StudentT
from keras_wgan.penalties import MomentPenalty

from helpers.paths import TESTS
from helpers.tiny import conditional_model, table_data, table_model

layers = keras.layers
SAVED = TESTS / "saved"


def rich_model():
    """Returns a model with everything that has a state: averages, masks, momenta, noise."""
    generator = keras.Sequential(
        [keras.Input((3,)), layers.Dense(6), layers.BatchNormalization(), layers.Dense(2)]
    )
    critic = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(6),
            layers.LayerNormalization(),
            layers.LeakyReLU(),
            layers.Dropout(0.3, seed=3),  # PyTorch repeats masks only with a seed
            layers.Dense(1),
        ]
    )
    model = WGANGP(
        generator,
        critic,
        latent=StudentT(3, df=6),
        gp_weight=5.0,
        gp_target=0.5,
        one_sided=True,
        critic_steps=2,
        ema_momentum=0.9,
        generator_penalties=[MomentPenalty((1, 2), 0.1)],
        seed=7,
    )
    model.compile(
        generator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
        critic_optimizer=keras.optimizers.RMSprop(2e-3),
    )
    return model


@pytest.mark.slow
def test_a_loaded_model_resumes_exactly(tmp_path):
    model, data = rich_model(), table_data(24)
    model.fit(data, batch_size=8, shuffle=False, verbose=0)  # ends between generator updates
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.generate(5, seed=1), model.generate(5, seed=1))
    histories = [
        m.fit(data, batch_size=8, epochs=2, shuffle=False, verbose=0).history
        for m in (model, loaded)
    ]
    assert histories[0] == histories[1]
    for one, other in zip(_everything(model), _everything(loaded), strict=True):
        np.testing.assert_array_equal(one, other)


def test_settings_survive_the_round_trip(tmp_path):
    model = rich_model()
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    for name in ("gp_weight", "gp_target", "one_sided", "critic_steps", "seed"):
        assert getattr(loaded, name) == getattr(model, name), name
    assert repr(loaded.latent) == "StudentT(size=3, df=6.0)"
    assert loaded.average.momentum == 0.9
    assert loaded.generator_penalties[0].order == (1, 2)
    assert isinstance(loaded.optimizer.critic, keras.optimizers.RMSprop)
    assert loaded.optimizer.generator.beta_1 == 0.5


def test_learning_rate_schedules_survive_the_round_trip(tmp_path):
    model = table_model(compiled=False)
    decay = keras.optimizers.schedules.CosineDecay(1e-2, 10)
    model.compile(keras.optimizers.Adam(decay), keras.optimizers.Adam(1e-3))
    model.fit(table_data(16), batch_size=4, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    rates = [float(m.optimizer.generator.learning_rate) for m in (model, loaded)]
    assert rates[0] == pytest.approx(rates[1])
    assert rates[0] < 1e-2


def test_a_model_that_was_not_compiled_is_saved_without_optimizers(tmp_path):
    model = table_model(compiled=False)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert not loaded.compiled
    np.testing.assert_array_equal(loaded.generate(5, seed=1), model.generate(5, seed=1))


def test_a_conditional_model_survives_the_round_trip(tmp_path):
    model = conditional_model()
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    one, other = (m.generate(4, condition=1, seed=1) for m in (model, loaded))
    np.testing.assert_array_equal(one, other)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_a_model_saved_on_any_backend_predicts_the_same_here(backend):
    model = keras.saving.load_model(SAVED / f"{backend}.keras")
    stored = np.load(SAVED / f"{backend}.npz")
    found = model.predict(stored["latents"], verbose=0)
    np.testing.assert_allclose(found, stored["samples"], rtol=1e-5, atol=1e-6)
    assert int(model.optimizer.critic.iterations) == 3
    model.fit(table_data(8), verbose=0)  # and trains on
    assert int(model.optimizer.critic.iterations) == 4


def test_a_loaded_model_runs_no_code_of_the_file():
    with pytest.raises(ValueError, match="[Ll]ambda"):
        model = table_model(compiled=False)
        config = model.get_config()
        risky = keras.layers.Lambda(lambda x: x)
        config["generator"] = keras.saving.serialize_keras_object(
            keras.Sequential([keras.Input((3,)), risky, layers.Dense(2)])
        )
        keras.saving.deserialize_keras_object(
            {**keras.saving.serialize_keras_object(model), "config": config}, safe_mode=True
        )


def _everything(model):
    variables = [*model.variables, *model.optimizer.variables]
    return [ops.convert_to_numpy(variable) for variable in variables]


def make_saved_models():
    """Writes this backend's file of `tests/saved`; see its README."""
    model = rich_model()
    model.fit(table_data(24), batch_size=8, verbose=0)
    latents = np.random.default_rng(1).normal(size=(6, 3)).astype("float32")
    SAVED.mkdir(exist_ok=True)
    backend = keras.backend.backend()
    model.save(SAVED / f"{backend}.keras")
    np.savez(SAVED / f"{backend}.npz", latents=latents, samples=model.predict(latents, verbose=0))


@pytest.mark.slow
def test_the_markets_layers_and_penalties_are_known_after_a_bare_import():
    code = """
import keras, keras_wgan
for name in ("ShockMemory", "TwoSidedTail", "PathViews", "LeveragePenalty"):
    assert keras.saving.get_registered_object(f"keras_wgan>{name}") is not None, name
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


if __name__ == "__main__":
    make_saved_models()


@pytest.mark.parametrize("name", ["model.h5", "model.hdf5", "model", "model.weights.h5"])
def test_a_file_that_could_not_be_loaded_is_not_written(name, tmp_path):
    with pytest.raises(ValueError, match=r"must end in '.keras'.*Received.*model.keras'\."):
        table_model().save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_model_is_saved_as_a_folder_where_that_is_asked_for(tmp_path):
    model = table_model()
    model.save(tmp_path / "model", zipped=False)
    loaded = keras.saving.load_model(tmp_path / "model")
    np.testing.assert_array_equal(loaded.generate(3, seed=1), model.generate(3, seed=1))
