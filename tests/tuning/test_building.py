"""The models of trials: what is searched, and what is built of it."""

from dataclasses import replace

import keras
import keras_tuner
import numpy as np
import pytest

from keras_wgan.experiments import recipes
from keras_wgan.networks import MarketGenerator
from keras_wgan.tuning.hypermodel import MARKET, NARROW, WIDE, Space, WGANGPHyperModel, usual
from keras_wgan.tuning.search import _RecipeHyperModel

from helpers import tiny_recipes
from helpers.tiny import table_networks
from helpers.tiny_recipes import IMAGES, PAIR, RETURNS, SHORT

TINY = tiny_recipes.MARKET
TABLES = Space((1e-3, 1e-2), (1.0, 10.0), (0.0, 0.9), (1,), (2, 3))
FEW = Space((1e-3, 1e-2), (1.0, 10.0), (0.5, 0.5), (1,), None, (1e-4, 1e-3))


def networks(latent_size):
    """Returns the networks of one trial."""
    return table_networks(latent=latent_size)


def test_learning_rate_and_penalty_weight_are_searched_on_a_log_scale():
    space = keras_tuner.HyperParameters()
    WGANGPHyperModel(networks, WIDE).settings(space)
    found = {entry.name: entry for entry in space.space}
    assert sorted(found) == ["beta_1", "critic_steps", "gp_weight", "latent_size", "learning_rate"]
    ranges = {
        name: (found[name].min_value, found[name].max_value, found[name].sampling)
        for name in ("learning_rate", "gp_weight", "beta_1")
    }
    assert ranges == {
        "learning_rate": (1e-5, 1e-2, "log"),
        "gp_weight": (1e-1, 1e2, "log"),
        "beta_1": (0.0, 0.99, "linear"),
    }
    assert found["critic_steps"].values == [1, 5]
    assert found["latent_size"].values == [32, 64, 100, 128]


def test_a_range_of_one_value_is_fixed_and_not_searched():
    space = keras_tuner.HyperParameters()
    settings = WGANGPHyperModel(networks, NARROW).settings(space)
    fixed = [entry.name for entry in space.space if type(entry).__name__ == "Fixed"]
    assert fixed == ["beta_1", "critic_steps", "latent_size"]
    assert [settings[name] for name in fixed] == [0.5, 1, 100]


def test_a_trials_settings_are_those_of_its_model():
    values = keras_tuner.HyperParameters()
    values.values = {
        "learning_rate": 0.005,
        "gp_weight": 2.5,
        "beta_1": 0.25,
        "critic_steps": 2,
        "latent_size": 3,
    }
    space = Space((1e-3, 1e-2), (1.0, 10.0), (0.0, 0.9), (1, 2), (2, 3))
    model = WGANGPHyperModel(networks, space).build(values)
    assert float(model.optimizer.generator.learning_rate) == pytest.approx(0.005)
    assert float(model.optimizer.critic.learning_rate) == pytest.approx(0.005)
    assert (model.optimizer.critic.beta_1, model.gp_weight, model.critic_steps) == (0.25, 2.5, 2)
    assert model.generator.input_shape == (None, 3)


def test_a_recipe_keeps_what_is_not_searched():
    recipe = RETURNS.with_settings({"ema_momentum": 0.75, "beta_2": 0.9})
    model = WGANGPHyperModel(recipe, TABLES).build(keras_tuner.HyperParameters())
    assert model.average.momentum == 0.75
    assert model.optimizer.generator.beta_2 == 0.9


def test_all_trials_start_from_the_same_seed():
    hypermodel = WGANGPHyperModel(networks, NARROW, seed=3)
    models = [hypermodel.build(keras_tuner.HyperParameters()) for _ in range(2)]
    for weight, other in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_array_equal(weight, other)


# ---- Markets -----------------------------------------------------------------------------------


def test_the_ranges_of_markets_hold_the_numbers_of_the_recipe():
    settings = recipes.get("sp500").settings
    for name in ("learning_rate", "critic_learning_rate", "gp_weight", "beta_1"):
        low, high = getattr(MARKET, name)
        assert low < getattr(settings, name) < high, name
    assert settings.critic_steps in MARKET.critic_steps


def test_a_market_keeps_its_history_and_gets_both_learning_rates():
    values = keras_tuner.HyperParameters()
    values.values = {"learning_rate": 2e-3, "critic_learning_rate": 4e-4}
    model = WGANGPHyperModel(TINY, FEW).build(values)
    assert model.generator.input_shape == (None, 30 + 60, 1)
    rates = [float(side.learning_rate) for side in model.optimizer.optimizers]
    assert rates == pytest.approx([2e-3, 4e-4])


def test_what_a_space_leaves_out_is_not_among_the_settings():
    space = keras_tuner.HyperParameters()
    assert set(WGANGPHyperModel(TINY, MARKET).settings(space)) == {
        "learning_rate",
        "gp_weight",
        "beta_1",
        "critic_steps",
        "critic_learning_rate",
    }
    assert "critic_learning_rate" not in WGANGPHyperModel(RETURNS, NARROW).settings(space)


def test_only_z_scored_returns_are_searched_as_markets():
    assert usual(TINY.with_settings({"epochs": 200})) == ("market", 50)
    assert usual(RETURNS) == usual(IMAGES) == ("narrow", 10)
    assert usual(recipes.get("series")) == ("narrow", 50)


def test_the_trials_of_two_assets_begin_with_their_correlation():
    pair = replace(SHORT, ticker="^GSPC,^IXIC")
    data = PAIR.task.load(pair)
    trials = _RecipeHyperModel(PAIR, FEW, seed=0, data=data)
    market = MarketGenerator(trials.build(keras_tuner.HyperParameters()).generator)
    factor = keras.ops.convert_to_numpy(market.form.correlation.factor())
    assert (factor @ factor.T)[0, 1] > 0.9
