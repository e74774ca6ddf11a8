"""Tests of the baselines for several assets against closed forms, `arch`, and made data."""

import dataclasses
import json
import sys
import warnings

import numpy as np
import pytest
import scipy.stats
from arch import arch_model

from keras_wgan.market import baselines
from keras_wgan.market.baselines import JOINT_BASELINES, DccGarch, GarchCopula, StatefulSimulator
from keras_wgan.market.baselines.copulas import CopulaLaw
from keras_wgan.market.baselines.dcc import DccLaw, _correlations, t_log_density
from keras_wgan.market.baselines.garch_margins import fit_margins

ASSETS = 3
FREEDOM = 4.0


def _t_shocks(days, correlation, seed=0):
    """Returns multivariate t shocks of unit variance, `(days, assets)`."""
    law = scipy.stats.multivariate_t(shape=correlation, df=FREEDOM)
    return law.rvs(days, random_state=seed) * np.sqrt((FREEDOM - 2) / FREEDOM)


EQUAL = np.full((ASSETS, ASSETS), 0.6) + 0.4 * np.eye(ASSETS)
HISTORY = 0.01 * _t_shocks(800, EQUAL)


@pytest.fixture(scope="module")
def fitted():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # constant volatility leaves GARCH little to converge to
        return {name: baselines.get(name).fit(HISTORY) for name in JOINT_BASELINES}


STATEFUL = [name for name in JOINT_BASELINES if isinstance(baselines.get(name), StatefulSimulator)]


@pytest.mark.parametrize("name", JOINT_BASELINES)
def test_a_baseline_of_several_assets_draws_a_column_for_each(fitted, name):
    model = fitted[name]
    paths = model.sample(400, 30, seed=0)
    assert paths.shape == (400, 30, ASSETS) and np.isfinite(paths).all()
    np.testing.assert_array_equal(paths, model.sample(400, 30, seed=0))
    assert json.loads(json.dumps(model.describe(), allow_nan=False)) == model.describe()
    np.testing.assert_allclose(paths.std(axis=(0, 1)), HISTORY.std(axis=0), rtol=0.25)
    found = np.corrcoef(paths.reshape(-1, ASSETS), rowvar=False)
    np.testing.assert_allclose(found, np.corrcoef(HISTORY, rowvar=False), atol=0.08)


@pytest.mark.parametrize("name", ["Gaussian copula", "t copula", "joint FHS-GJR", "DCC-GJR-t"])
def test_the_state_after_calm_days_is_calm(fitted, name):
    model = fitted[name]
    assert name in STATEFUL
    calm, usual = model.sample_after(0.2 * HISTORY, 500, 5, seed=0), HISTORY
    today = model.volatility_after(0.2 * HISTORY)
    assert calm.shape == (500, 5, ASSETS) and today.shape == (ASSETS,)
    np.testing.assert_allclose(calm[:, 0].std(axis=0), today, rtol=0.35)
    assert (today <= model.volatility_after(usual) + 1e-9).all()


def test_a_history_of_one_series_is_refused_by_those_of_several():
    with pytest.raises(ValueError, match="`returns` must be a table of a column for each asset"):
        GarchCopula("t").fit(HISTORY[:, 0])


def test_a_past_of_other_assets_is_refused(fitted):
    with pytest.raises(ValueError, match="must have the 3 assets that DCC-GJR-t was fitted to"):
        fitted["DCC-GJR-t"].sample_after(HISTORY[:, :2], 1, 1, seed=0)


def test_margins_are_those_of_arch():
    # `arch` starts a variance from the moves around the sample mean.
    mean = 100 * HISTORY[:, :1].mean(axis=0)
    margins = dataclasses.replace(fit_margins(HISTORY[:, :1], "test"), mean=mean)
    shocks, variances = margins.filter(HISTORY[:, :1])
    model = arch_model(100 * HISTORY[:, 0], mean="Constant", p=1, o=1, q=1, rescale=False)
    exact = model.fix(
        np.array([margins.mean, margins.omega, margins.alpha, margins.gamma, margins.beta]).ravel()
    )
    np.testing.assert_allclose(np.sqrt(variances[:-1, 0]), exact.conditional_volatility, rtol=1e-9)
    np.testing.assert_allclose(shocks[:, 0], exact.std_resid, rtol=1e-9)
    ahead = exact.forecast(horizon=1, reindex=False).variance.to_numpy()[-1, 0]
    assert variances[-1, 0] == pytest.approx(ahead, rel=1e-9)
    # The shocks of a history, simulated from its first day, give the history.
    again = margins.simulate(variances[0], shocks[None])
    np.testing.assert_allclose(again[0], HISTORY[:, :1], rtol=1e-9, atol=1e-15)


def test_joint_historical_simulation_draws_whole_days_of_the_history(fitted):
    model = fitted["joint FHS-GJR"]
    law, margins = model._found.law, model._found.margins
    path = model.sample_after(HISTORY, 1, 1, seed=3)[0, 0]
    shock = (path - margins.mean / 100) / model.volatility_after(HISTORY)
    assert np.isclose(law, shock, atol=1e-6).all(axis=1).any()


def test_a_copula_has_the_joint_tails_of_its_degrees_of_freedom():
    level, normal = 0.01, np.linspace(-7, 7, 2801)
    shares = {}
    for freedom in (np.inf, FREEDOM):
        law = CopulaLaw(EQUAL[:2, :2], freedom, np.stack([normal, normal]))
        draws = law.draw((400, 1000), np.random.default_rng(0)).reshape(-1, 2)
        low = draws < scipy.stats.norm.ppf(level)
        np.testing.assert_allclose(low.mean(axis=0), level, rtol=0.05)  # normal margins
        shares[freedom] = low.all(axis=1).mean()
    corner = np.full(2, scipy.stats.norm.ppf(level))
    exact = scipy.stats.multivariate_normal(cov=EQUAL[:2, :2]).cdf(corner)
    assert shares[np.inf] == pytest.approx(exact, rel=0.06)
    law = scipy.stats.multivariate_t(shape=EQUAL[:2, :2], df=FREEDOM)
    exact = law.cdf(np.full(2, scipy.stats.t(FREEDOM).ppf(level)), random_state=0)
    assert shares[FREEDOM] == pytest.approx(exact, rel=0.06)


def test_a_t_copula_finds_correlation_and_degrees_of_freedom_of_made_data():
    law = GarchCopula("t")._fit_law(_t_shocks(4000, EQUAL, seed=1))
    np.testing.assert_allclose(law.correlation, EQUAL, atol=0.04)
    assert law.freedom == pytest.approx(FREEDOM, rel=0.15)


def test_the_density_of_a_dcc_is_that_of_scipy_and_its_recursion_that_of_a_loop():
    shocks = _t_shocks(50, EQUAL, seed=2)
    reaction, decay, freedom = 0.05, 0.9, 7.0
    law = DccLaw(EQUAL, reaction, decay, freedom, np.empty((0, ASSETS, ASSETS)))
    states, state = law.filter(shocks), EQUAL
    density = t_log_density(shocks, _correlations(states[:-1]), freedom)
    for day, shock in enumerate(shocks):
        np.testing.assert_allclose(states[day], state, atol=1e-12)
        scale = np.sqrt(np.diag(state))
        correlation = state / np.outer(scale, scale)
        exact = scipy.stats.multivariate_t(shape=correlation * (freedom - 2) / freedom, df=freedom)
        assert density[day] == pytest.approx(exact.logpdf(shock), abs=1e-9)
        state = (1 - reaction - decay) * EQUAL + reaction * np.outer(shock, shock) + decay * state
    np.testing.assert_allclose(states[-1], state, atol=1e-12)


def test_dcc_finds_the_parameters_of_made_data():
    made = DccLaw(EQUAL, 0.06, 0.90, 8.0, np.empty((0, ASSETS, ASSETS)))
    shocks = made.draw(EQUAL[None], (1, 3000), np.random.default_rng(0))[0]
    np.testing.assert_allclose(shocks.std(axis=0), 1.0, atol=0.06)
    law = DccGarch()._fit_law(shocks)
    assert law.reaction == pytest.approx(0.06, abs=0.02)
    assert law.decay == pytest.approx(0.90, abs=0.05)
    assert law.freedom == pytest.approx(8.0, rel=0.2)


@pytest.mark.slow
def test_a_vine_copula_keeps_the_correlations_of_the_history():
    model = baselines.get("vine copula").fit(HISTORY[:400])
    paths = model.sample(200, 30, seed=0)
    np.testing.assert_array_equal(paths, model.sample(200, 30, seed=0))
    found = np.corrcoef(paths.reshape(-1, ASSETS), rowvar=False)
    np.testing.assert_allclose(found, np.corrcoef(HISTORY[:400], rowvar=False), atol=0.1)


def test_without_skfolio_a_vine_copula_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "skfolio.distribution", None)
    with pytest.raises(ImportError, match="pip install 'keras-wgan\\[skfolio\\]'"):
        baselines.get("vine copula").fit(HISTORY)


def test_a_vine_copula_of_two_assets_is_refused():
    with pytest.raises(ValueError, match="at least 3 assets for a vine copula"):
        baselines.get("vine copula").fit(HISTORY[:, :2])
