"""The simulator follows scikit-learn's conventions, and skfolio uses it."""

import dataclasses
import pickle

import keras
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from keras_wgan import latents
from keras_wgan.experiments import recipes
from keras_wgan.experiments.estimator import MarketSimulator
from keras_wgan.networks import market_generator

from helpers.tiny_recipes import MARKET

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
ONE, OTHER = 0.01 * RNG.standard_t(5, size=(2, 300))
X = pd.DataFrame(
    {"SPY": ONE, "TLT": 0.5 * (0.6 * OTHER - 0.8 * ONE)},
    index=pd.bdate_range("2020-01-01", periods=300),
)


def tiny(**changes):
    """Returns a simulator that trains in a second or two."""
    return MarketSimulator(**{"epochs": 1, "history": 30, "random_state": 3, **changes})


def networks(history, assets):
    """Returns a market simulator and a linear critic, which compile quickly."""
    layers = keras.layers
    critic = keras.Sequential([keras.Input((60, assets)), layers.Flatten(), layers.Dense(1)])
    return market_generator(60, history=history, assets=assets), critic


def noise(history, assets):
    """Returns the noise of that simulator."""
    return latents.Normal((history + 60, assets))


@pytest.fixture(scope="module", autouse=True)
def small_recipe():
    """Puts a recipe without penalties in the place of `sp500`."""
    recipe = dataclasses.replace(
        MARKET, name="sp500", networks=networks, latent=noise, assets="any"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipes, "RECIPES", (recipe,))
        yield


@pytest.fixture(scope="module")
def fitted(small_recipe):
    return tiny().fit(X)


def test_parameters_are_kept_as_they_came_and_a_clone_has_them():
    simulator = tiny(batch_size=64)
    assert clone(simulator).get_params() == simulator.get_params()
    assert simulator.get_params() == {
        "epochs": 1,
        "batch_size": 64,
        "history": 30,
        "random_state": 3,
        "verbose": 0,
    }


def test_the_features_are_those_of_the_table(fitted):
    assert fitted.n_features_in_ == 2
    assert fitted.feature_names_in_.tolist() == ["SPY", "TLT"]
    assert len(fitted.losses_) == 1


def test_samples_are_days_of_paths_one_after_the_other(fitted):
    samples = fitted.sample(70, days=30)
    paths = fitted.sample_paths(3, days=30)
    assert samples.shape == (70, 2) and paths.shape == (3, 30, 2)
    np.testing.assert_array_equal(samples, paths.reshape(90, 2)[:70])


def test_samples_are_linear_returns_of_the_models_log_returns(fitted):
    seed = np.random.RandomState(3).randint(2**31 - 1)
    expected = np.expm1(fitted.market_.sample(2, 40, seed))
    np.testing.assert_allclose(fitted.sample_paths(2, 40), expected, rtol=1e-12)
    # A step after the start: about as wild as each asset is.
    spread = fitted.sample(5000).std(axis=0) / X.to_numpy().std(axis=0)
    assert ((spread > 0.4) & (spread < 2.5)).all()


def test_the_same_random_state_trains_and_draws_the_same(fitted):
    np.testing.assert_array_equal(tiny().fit(X).sample(50), fitted.sample(50))
    np.testing.assert_array_equal(fitted.sample(50), fitted.sample(50))


def test_a_pickled_simulator_draws_the_same(fitted):
    loaded = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_allclose(loaded.sample(50), fitted.sample(50), rtol=1e-5, atol=1e-7)


def test_samples_begin_with_the_correlation_of_the_data(fitted):
    drawn = np.corrcoef(fitted.sample(20_000), rowvar=False)[0, 1]
    assert drawn == pytest.approx(X.corr().iloc[0, 1], abs=0.08)  # -0.8


def test_a_single_asset_is_a_column_too():
    assert tiny().fit(X[["SPY"]]).sample(10).shape == (10, 1)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (X.iloc[:119], r"at least 120 days.*\(119, 2\)"),
        (100.0 * (1.0 + X).cumprod(), "daily linear returns.*pct_change"),
        (X.mask(X["SPY"].max() == X, -1.0), "all above -1"),
        (X.mask(X["SPY"].max() == X), "NaN"),
        (X.assign(TLT=0.0), "must vary"),
        (X["SPY"].to_numpy(), "2D array"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        tiny().fit(wrong)


def test_nothing_is_drawn_before_it_is_fitted():
    with pytest.raises(NotFittedError):
        tiny().sample(5)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"n_samples": 0}, "`n_samples` must be a whole number"),
        ({"n_samples": 5, "days": 0}, "`days` must be a whole number"),
        ({"n_samples": 5, "conditioning": {"SPY": -0.2}}, "`conditioning` is not supported"),
    ],
)
def test_what_cannot_be_drawn_is_refused(fitted, arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        fitted.sample(**arguments)


def test_skfolio_chooses_weights_on_simulated_days():
    pytest.importorskip("skfolio")
    from skfolio import RiskMeasure
    from skfolio.optimization import MeanRisk
    from skfolio.prior import SyntheticData

    prior = SyntheticData(distribution_estimator=tiny(), n_samples=600, sample_args={"days": 100})
    portfolio = MeanRisk(risk_measure=RiskMeasure.CVAR, prior_estimator=prior).fit(X)
    assert portfolio.weights_.sum() == pytest.approx(1.0)
    assert portfolio.weights_[1] > portfolio.weights_[0]  # half as wild
    drawn = portfolio.prior_estimator_.return_distribution_.returns
    assert drawn.shape == (600, 2)
