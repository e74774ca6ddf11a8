"""The simulator follows scikit-learn's conventions, and skfolio uses it."""

import dataclasses
import pickle

import keras
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from keras_wgan import WGANGP, latents
from keras_wgan.experiments import recipes
from keras_wgan.experiments.day_sampling import DaySampling
from keras_wgan.experiments.estimator import MarketSimulator
from keras_wgan.experiments.synthetic_prior import synthetic_prior
from keras_wgan.market import noise_search
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
    """Puts recipes without penalties in the places of `sp500` and `portfolio`."""
    one = dataclasses.replace(MARKET, name="sp500", networks=networks, latent=noise, assets="any")
    several = dataclasses.replace(one, name="portfolio")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipes, "RECIPES", (one, several))
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
        "sampling": None,
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


def test_an_asset_may_begin_later_than_the_others():
    later = X.copy()
    later.iloc[:60, 1] = np.nan
    fitted = tiny().fit(later)
    assert fitted.model_.missing_values and np.isfinite(fitted.losses_).all(axis=None)
    assert fitted.market_.scaler.scale[1] == pytest.approx(np.log1p(X.iloc[60:, 1]).std(ddof=0))
    assert fitted.recent_.shape == (len(X) - 60, 2) and np.isfinite(fitted.sample(50)).all()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (X.iloc[:119], r"at least 120 days.*\(119, 2\)"),
        (100.0 * (1.0 + X).cumprod(), "daily linear returns.*pct_change"),
        (X.mask(X["SPY"].max() == X, -1.0), "all above -1"),
        (
            X.mask(X["SPY"].max() == X),
            "`X` may be NaN before the first return of an asset, and not",
        ),
        (X.assign(TLT=X["TLT"][-119:]), "`X` must hold at least 120 days of all assets"),
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
        ({"n_samples": 5, "conditioning": {"QQQ": -0.2}}, "which are SPY, TLT. Received: 'QQQ'"),
        ({"n_samples": 5, "conditioning": {2: -0.2}}, "Received: 2"),
        ({"n_samples": 5, "conditioning": {"SPY": [0.1, 0.2]}}, "a lower and an upper bound"),
        ({"n_samples": 5, "conditioning": {"SPY": (0.2, 0.1)}}, r"Received: \(0.2, 0.1\)"),
        ({"n_samples": 5, "conditioning": {"SPY": (5.0, None)}}, "on 0 of 11,000 days; 5 were"),
        ({"n_samples": 5, "start": "tomorrow"}, "`start` must be one of any, today, calm"),
    ],
)
def test_what_cannot_be_drawn_is_refused(fitted, arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        fitted.sample(**arguments)


def test_days_given_a_return_are_those_of_the_same_draw_on_which_it_happens(fitted):
    given = fitted.sample(40, conditioning={"SPY": (None, -0.01), 1: (0.0, None)}, days=50)
    days = fitted.sample_paths(360, days=50).reshape(-1, 2)
    happened = (days[:, 0] <= -0.01) & (days[:, 1] >= 0.0)
    np.testing.assert_allclose(given, days[happened][:40], rtol=1e-5, atol=1e-9)


def test_a_given_number_stands_for_returns_close_to_it(fitted):
    given = fitted.sample(20, conditioning={"SPY": -0.01}, days=50)
    assert np.abs(given[:, 0] + 0.01).max() <= 0.1 * X["SPY"].std()


def test_paths_begin_in_the_state_after_the_last_days(fitted, monkeypatch):
    monkeypatch.setattr(noise_search, "CANDIDATES", 2)
    seed = np.random.RandomState(3).randint(2**31 - 1)
    expected = fitted.market_.sample_after(np.log1p(X.to_numpy()), 3, 4, seed)
    drawn = fitted.sample_paths(3, 4, start="today")
    np.testing.assert_allclose(drawn, np.expm1(expected), rtol=1e-5, atol=1e-9)
    np.testing.assert_array_equal(fitted.sample(12, days=4, start="today"), drawn.reshape(12, 2))


@pytest.mark.parametrize(
    ("sampling", "sentence"),
    [
        (DaySampling(conditioning={"QQQ": (None, -0.1)}), "which are SPY, TLT. Received: 'QQQ'"),
        ({"start": "today"}, "`sampling` must be a DaySampling"),
    ],
)
def test_a_sampling_that_does_not_fit_is_refused_before_the_training(
    monkeypatch, sampling, sentence
):
    monkeypatch.setattr(WGANGP, "fit", lambda *_, **__: pytest.fail("it trained"))
    with pytest.raises(ValueError, match=sentence):
        tiny(sampling=sampling).fit(X)


def test_a_prior_refuses_a_missing_past_before_the_training():
    pytest.importorskip("skfolio")
    later = X.copy()
    later.iloc[:60, 1] = np.nan
    prior = synthetic_prior(tiny(), 100)
    with pytest.raises(ValueError, match="`X` must not have NaN for a prior of skfolio"):
        prior.fit(later)


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


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"dayz": 20}, "`sample_args` must hold start, days, conditioning.*Received: dayz"),
        ({"start": "boom"}, "`start` must be one of any, today"),
        ({"days": 0}, "`days` must be"),
    ],
)
def test_sample_arguments_that_are_unknown_are_refused_before_anything_is_fitted(
    arguments, sentence
):
    pytest.importorskip("skfolio")
    with pytest.raises(ValueError, match=sentence):
        synthetic_prior(tiny(), 100, arguments)


def test_an_unknown_asset_in_sample_arguments_is_refused_before_the_training(monkeypatch):
    pytest.importorskip("skfolio")
    prior = synthetic_prior(tiny(), 100, {"conditioning": {"nobody": (None, -0.02)}})
    monkeypatch.setattr(recipes, "get", None)  # nothing is built
    with pytest.raises(ValueError, match="`conditioning` must name assets of `X`"):
        prior.fit(X)


def test_the_prior_samples_with_its_arguments_and_leaves_the_simulator_as_it_was():
    pytest.importorskip("skfolio")
    simulator = tiny()
    prior = synthetic_prior(simulator, 100, {"days": 20})
    assert prior.n_samples == 100 and prior.distribution_estimator.sampling.days == 20
    assert simulator.sampling is None
