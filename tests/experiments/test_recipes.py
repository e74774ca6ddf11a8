"""The recipes have their documented settings, and the same seed builds the same model."""

import dataclasses
import functools
import subprocess
import sys

import keras
import numpy as np
import pytest

from keras_wgan import latents, penalties
from keras_wgan.data import ImageData, ImageFacts
from keras_wgan.experiments import recipes
from keras_wgan.networks import construction

from helpers.tiny_recipes import RETURNS

REAL = np.random.default_rng(0).uniform(-1, 1, size=(64, 60, 1)).astype("float32")


def compiled(recipe, seed=0, steps_per_epoch=1):
    """Returns the recipe's model, ready for steps."""
    model = recipe.build(seed)
    recipe.compile(model, steps_per_epoch)
    return model


@pytest.mark.parametrize("name", ["sp500-classic", "mnist-classic"])
def test_a_classic_recipe_has_exactly_the_classic_settings(name):
    assert dataclasses.asdict(recipes.get(name).settings) == {
        "epochs": 150,
        "batch_size": 256,
        "learning_rate": 1e-4,
        "critic_learning_rate": None,
        "final_rate": 1.0,
        "full_rate_epochs": None,
        "beta_1": 0.5,
        "beta_2": 0.999,
        "gp_weight": 10.0,
        "critic_steps": 1,
        "ema_momentum": None,
        "latent_size": 100,
        "penalty_warmup": 0,
        "precision": "float32",
        "window": None,
    }


def test_the_returns_recipe_compiles_two_adams_of_the_classic_settings():
    model = compiled(recipes.get("sp500-classic"))
    adams = (model.optimizer.generator, model.optimizer.critic)
    assert [type(adam).__name__ for adam in adams] == ["Adam", "Adam"]
    assert [float(adam.learning_rate) for adam in adams] == pytest.approx([1e-4, 1e-4])
    assert [(adam.beta_1, adam.beta_2) for adam in adams] == [(0.5, 0.999)] * 2
    assert (model.gp_weight, model.gp_target, model.critic_steps) == (10.0, 1.0, 1)
    assert repr(model.latent) == "Normal(size=100)"


def test_the_recipes_are_offered_under_their_names():
    assert recipes.names() == [
        "sp500",
        "portfolio",
        "sp500-classic",
        "mnist-classic",
        "mnist",
        "mnist-conditional",
        "series",
    ]


def test_a_changed_setting_reaches_the_model_and_leaves_the_recipe_as_it_was():
    changed = RETURNS.with_settings(
        {"gp_weight": 5, "critic_steps": 3, "ema_momentum": 0.9, "latent_size": 7, "beta_1": 0.0}
    )
    model = compiled(changed)
    assert (model.gp_weight, model.critic_steps, model.average.momentum) == (5, 3, 0.9)
    assert model.generator.input_shape == (None, 7)
    assert model.optimizer.critic.beta_1 == 0.0
    assert (RETURNS.settings.gp_weight, RETURNS.settings.latent_size) == (10.0, 3)


def test_an_unknown_setting_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="are epochs, batch_size, learning_rate.*Received: depth"):
        RETURNS.with_settings({"depth": 3})


def test_an_unknown_recipe_is_answered_with_the_known_ones():
    with pytest.raises(
        ValueError, match="mnist-classic, mnist, mnist-conditional, series. Received: celeba"
    ):
        recipes.get("celeba")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", 0),
        ("batch_size", 64.0),
        ("critic_steps", True),
        ("latent_size", "3"),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("learning_rate", "fast"),
        ("beta_1", 1.0),
        ("beta_2", -0.1),
        ("gp_weight", -1.0),
        ("gp_weight", float("inf")),
        ("ema_momentum", 1),
    ],
)
def test_a_setting_out_of_its_range_is_refused_by_name(name, value):
    with pytest.raises(ValueError, match=rf"`{name}` must be .* Received: {name}={value!r}"):
        RETURNS.with_settings({name: value})


@pytest.mark.slow
def test_the_same_seed_gives_the_same_weights_and_the_same_samples_after_a_step():
    one, other = compiled(RETURNS, seed=4), compiled(RETURNS, seed=4)
    assert_equal(one.get_weights(), other.get_weights())
    for model in (one, other):
        model.train_on_batch(REAL)
    assert_equal(one.get_weights(), other.get_weights())
    assert_equal([one.generate(5, seed=1)], [other.generate(5, seed=1)])


def test_another_seed_gives_other_weights_in_both_networks():
    one, other = RETURNS.build(seed=4), RETURNS.build(seed=5)
    for role in ("generator", "critic"):
        kernels = [getattr(model, role).get_weights()[0] for model in (one, other)]
        assert not np.any(kernels[0] == kernels[1])


def test_a_latent_put_in_by_replace_feeds_the_generator():
    heavy = dataclasses.replace(RETURNS, latent=functools.partial(latents.StudentT, df=5))
    assert repr(heavy.build(seed=0).latent) == "StudentT(size=3, df=5.0)"


@pytest.mark.slow
def test_a_generator_penalty_put_in_by_replace_is_added_to_the_generators_loss():
    def constant(real, fake):
        return 7.0

    plain = compiled(RETURNS)
    penalized = compiled(dataclasses.replace(RETURNS, generator_penalties=(constant,)))
    logs = [model.train_on_batch(REAL, return_dict=True) for model in (plain, penalized)]
    assert logs[1]["generator_loss"] == pytest.approx(logs[0]["generator_loss"] + 7.0, rel=1e-5)


def test_the_moment_penalty_of_a_recipe_is_the_one_the_model_holds():
    penalty = penalties.MomentPenalty(weight=0.1)
    model = dataclasses.replace(RETURNS, generator_penalties=(penalty,)).build(seed=0)
    assert model.generator_penalties == (penalty,)


def test_a_description_names_recipe_kind_and_numbers():
    assert RETURNS.describe() == {
        "recipe": "tiny-returns",
        "kind": "returns",
        "settings": dataclasses.asdict(RETURNS.settings),
    }


def test_importing_the_recipes_does_not_import_keras():
    code = "import sys, keras_wgan.experiments.recipes; print('keras' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def assert_equal(arrays, others):
    """Fails where two lists of arrays differ anywhere."""
    for array, other in zip(arrays, others, strict=True):
        np.testing.assert_array_equal(array, other)


def test_the_market_recipe_learns_with_two_rates_penalties_and_an_average():
    model = compiled(recipes.get("sp500").with_settings({"latent_size": 40}))
    rates = [float(side.learning_rate) for side in model.optimizer.optimizers]
    assert rates == pytest.approx([6e-3, 2e-3])
    names = [type(penalty).__name__ for penalty in model.generator_penalties]
    kinds = ("Quantile", "Extremes", "Autocorrelation", "Leverage", "CoarseFine")
    assert names == [f"{kind}Penalty" for kind in kinds]
    assert (model.latent.shape, model.average.momentum, model.penalty_warmup) == (
        (100, 1),
        0.99,
        60,
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"full_rate_epochs": 0}, "`full_rate_epochs` must be a whole number of at least 1"),
        ({"final_rate": 0.0}, "`final_rate` must be a finite number above 0 and at most 1"),
        ({"critic_learning_rate": -1.0}, "`critic_learning_rate` must be a finite number above 0"),
        ({"penalty_warmup": -1}, "`penalty_warmup` must be a whole number"),
        ({"precision": "float16"}, "`precision` must be one of float32, bfloat16, auto"),
    ],
)
def test_the_market_settings_have_ranges(changes, message):
    with pytest.raises(ValueError, match=message):
        recipes.get("sp500").with_settings(changes)


@pytest.mark.slow
def test_the_market_recipe_is_built_for_two_assets_with_penalties_on_what_binds_them():
    model = recipes.get("sp500").with_settings({"latent_size": 40}).build(seed=0, assets=2)
    assert model.generator.output_shape == (None, 60, 2)
    assert model.critic.input_shape == (None, 60, 2)
    single, *together = model.generator_penalties
    assert isinstance(single, penalties.PortfolioPenalty)
    names = [type(unbiased.penalty).__name__ for unbiased in together]
    assert names == ["CorrelationPenalty", "JointFallsPenalty"]
    assert model.generate(3, seed=1).shape == (3, 60, 2)


def test_networks_of_one_asset_refuse_two_and_name_the_recipe_that_takes_them():
    with pytest.raises(ValueError, match="are made for one asset.*assets=2. .*portfolio for"):
        recipes.get("sp500-classic").build(assets=2)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (30, 21, 1)])
def test_the_image_recipe_is_built_for_the_shape_of_the_data_and_trains_on_it(shape):
    real = np.random.default_rng(0).uniform(-1, 1, (4, *shape)).astype("float32")
    data = ImageData(real, np.zeros(4), ImageFacts("noise", 4, shape))
    model = recipes.get("mnist").with_settings({"precision": "float32"}).build_for(data, seed=0)
    logs = model.train_on_batch(real, return_dict=True)
    assert np.isfinite(list(logs.values())).all()
    assert model.generate(3, seed=1).shape == (3, *shape)


def test_the_precision_is_that_of_the_networks_and_not_of_their_pixels_scores_and_weights():
    before = keras.config.dtype_policy()
    model = recipes.get("mnist").with_settings({"precision": "bfloat16"}).build(seed=0)
    assert keras.config.dtype_policy() == before
    for network in (model.generator, model.critic):
        kinds = {layer.compute_dtype for layer in network.layers if layer.weights}
        assert "bfloat16" in kinds
        assert network.output.dtype == "float32"
        assert {weight.dtype for weight in network.trainable_weights} == {"float32"}


@pytest.mark.parametrize("quick", [True, False])
def test_automatic_precision_is_bfloat16_where_that_is_quick(quick, monkeypatch):
    monkeypatch.setattr(construction, "bfloat16_is_quick", lambda: quick)
    with construction.computing_in("auto"):
        assert (keras.config.dtype_policy().compute_dtype == "bfloat16") == quick
