"""A model that a recipe builds trains by plain `fit` exactly as `keras-wgan train` trains it.

Bit for bit on TensorFlow with determinism on, to 1e-6 of the largest weight on the others.
"""

import dataclasses

import keras
import numpy as np
import pytest
from keras import ops

from keras_wgan import networks
from keras_wgan._schedules import EpochCosine
from keras_wgan.data import Source
from keras_wgan.experiments import fit, recipes, training
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks import image_evaluation

from helpers.tiny_recipes import RETURNS, SHORT, BrightnessExtractor, image_networks

pytestmark = pytest.mark.slow

ON_TENSORFLOW = keras.backend.backend() == "tensorflow"
DIGITS = Source("digits")


@pytest.fixture(scope="module", autouse=True)
def determinism():
    """Turns TensorFlow's determinism on for these tests."""
    if not ON_TENSORFLOW:
        yield
        return
    from tensorflow.python.framework import config

    config.enable_op_determinism()
    yield
    config.disable_op_determinism()


def narrow_images(latent_size, shape=(28, 28, 1), classes=None):
    """Returns the networks of the recipe `mnist` with few channels."""
    generator = networks.image_generator(latent_size, shape, width=4, classes=classes)
    return generator, networks.image_critic(shape, width=4, classes=classes)


TINY = {  # the settings, and the networks where the recipe's own are slow
    "sp500": ({"latent_size": 30, "critic_steps": 2}, None),
    "sp500-classic": ({}, None),
    "mnist-classic": ({}, image_networks),
    # The recipe mnist is this one without labels.
    "mnist-conditional": ({"full_rate_epochs": 1}, narrow_images),
}
PAIR = dataclasses.replace(SHORT, ticker="^GSPC,^IXIC")  # which is also what one asset is
SOURCES = {"sp500": PAIR, "sp500-classic": SHORT}
CASES = [(name, SOURCES.get(name, DIGITS)) for name in TINY]
if not ON_TENSORFLOW:  # one recipe of each task; what others add is NumPy, or in networks/
    CASES = [case for case in CASES if case[0] in ("sp500", "mnist-conditional")]


@pytest.mark.parametrize(("name", "source"), CASES)
def test_fit_by_hand_ends_with_the_weights_of_the_command(tmp_path, monkeypatch, name, source):
    monkeypatch.setattr(image_evaluation, "DigitClassifier", BrightnessExtractor)
    monkeypatch.setattr(fit, "SCORED", 100)
    changes, own_networks = TINY[name]
    size = {"epochs": 2, "batch_size": 96 if source is not DIGITS else 700}
    recipe = recipes.get(name).with_settings({**changes, **size})
    if own_networks is not None:
        recipe = dataclasses.replace(recipe, networks=own_networks)

    run = Run.create(tmp_path / "run")
    training.train(ExperimentSpec(recipe, source, 3), run, verbose=0)
    data = recipe.task.load(source)
    model = recipe.build_for(data, seed=3)
    model.fit(recipe.batches(data, seed=3), shuffle=False, epochs=2, verbose=0)

    trained = run.model()
    # Keras makes a subclass of its own on PyTorch.
    assert all(isinstance(each, keras.optimizers.Adam) for each in trained.optimizer.optimizers)
    for one, other in zip(variables(trained), variables(model), strict=True):
        if ON_TENSORFLOW:
            np.testing.assert_array_equal(one, other)
        else:
            largest = np.abs(one).max(initial=1e-3)
            np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6 * largest)


def variables(model):
    """Returns the values of everything that training changes."""
    every = [*model.variables, *model.optimizer.variables]
    return [ops.convert_to_numpy(variable) for variable in every]


def test_two_assets_begin_with_the_correlation_of_the_data():
    recipe = recipes.get("sp500").with_settings({"latent_size": 30})
    data = recipe.task.load(dataclasses.replace(SHORT, ticker="^GSPC,^IXIC"))
    layer = networks.MarketGenerator(recipe.build_for(data, seed=0).generator).form.correlation
    factor = ops.convert_to_numpy(layer.factor())
    assert (factor @ factor.T)[0, 1] > 0.9


# ---- The learning rates --------------------------------------------------------------------------


def rates_of(recipe, steps_per_epoch, updates):
    """Returns the generator's learning rate after each number of its updates."""
    model = recipe.build(seed=0)
    recipe.compile(model, steps_per_epoch)
    adam, rates = model.optimizer.generator, []
    for count in updates:
        adam.iterations.assign(count)
        rates.append(float(adam.learning_rate))
    return rates


def test_a_rate_falls_along_half_a_cosine_in_steps_of_whole_epochs():
    recipe = RETURNS.with_settings({"epochs": 3, "learning_rate": 1.0, "final_rate": 0.2})
    rates = rates_of(recipe, 4, [0, 3, 4, 7, 8, 11, 50])
    assert rates == pytest.approx([1.0, 1.0, 0.6, 0.6, 0.2, 0.2, 0.2])


def test_the_generators_rate_counts_the_batches_between_its_updates():
    changes = {"epochs": 3, "learning_rate": 1.0, "final_rate": 0.2, "critic_steps": 3}
    # Of batches 0 to 11, four an epoch, the generator is updated in 2, 5, 8 and 11.
    rates = rates_of(RETURNS.with_settings(changes), 4, [0, 1, 2, 3])
    assert rates == pytest.approx([1.0, 0.6, 0.2, 0.2])


@pytest.mark.parametrize(("epochs", "first"), [(10, 1.0), (20, 1.0), (80, 0.25)])
def test_a_longer_training_than_the_rates_are_for_starts_lower(epochs, first):
    changes = {"learning_rate": 1.0, "final_rate": 0.1, "full_rate_epochs": 20}
    recipe = RETURNS.with_settings({"epochs": epochs, **changes})
    rates = rates_of(recipe, 5, [0, 5 * epochs - 1])
    assert rates == pytest.approx([first, 0.1 * first])


def test_a_rate_that_stays_is_a_number_that_callbacks_can_set():
    model = RETURNS.build(seed=0)
    RETURNS.compile(model, 3)
    model.optimizer.critic.learning_rate = 0.5
    assert float(model.optimizer.critic.learning_rate) == 0.5


def test_a_schedule_comes_back_from_its_config():
    schedule = EpochCosine(0.1, 0.2, epochs=5, steps_per_epoch=7, batches_per_update=2)
    config = keras.saving.serialize_keras_object(schedule)
    loaded = keras.saving.deserialize_keras_object(config)
    assert loaded.get_config() == schedule.get_config()
    assert float(loaded(20)) == float(schedule(20))
