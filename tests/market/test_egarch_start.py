"""Tests of the start from a fitted EGARCH."""

import keras
import numpy as np
import pytest
from arch import arch_model
from arch.univariate import SkewStudent
from keras import ops
from scipy.stats import norm

from keras_wgan.data import Source
from keras_wgan.experiments import fit as fit_module
from keras_wgan.experiments import recipes, training
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.market import egarch_projection
from keras_wgan.market.egarch_projection import project_egarch
from keras_wgan.market.egarch_start import set_egarch, start_from_egarch
from keras_wgan.networks import MarketGenerator, market_generator
from keras_wgan.networks.market_layers import TwoSidedTail

from helpers import tiny_recipes
from helpers.tiny_recipes import MARKET, PAIR, SHORT

# What `arch` finds in the S&P 500 of 2000 to 2023, in percent, rounded.
FIT = {
    "mu": 0.021,
    "omega": 0.0008,
    "alpha[1]": 0.14,
    "gamma[1]": -0.164,
    "beta[1]": 0.9775,
    "eta": 7.75,
    "lambda": -0.148,
}
SCALE = {"mean": 0.0002, "std": 0.0124}
YEARS = Source("bundled", start="2014-01-01", end="2018-12-31")


def numpy(tensor):
    """Returns a tensor's numbers."""
    return ops.convert_to_numpy(tensor)


def shock_of(normal):
    """Returns the skewed-t shock of the same rank as a normal, from `arch` itself."""
    return SkewStudent().ppf(norm.cdf(normal), np.array([FIT["eta"], FIT["lambda"]]))


def started(days=60, history=504):
    """Returns a market generator that was started from the fit."""
    market = MarketGenerator(market_generator(days, history=history))
    set_egarch(market, FIT, **SCALE)
    return market


def linear_part(market):
    """Returns the model of log volatility before floor and ceiling, where it is linear."""
    return keras.Model(market.model.input, market.form.log_volatility.input)


def drawn(model, windows, seed=0):
    """Returns what a model makes of standard normals."""
    shape = (windows, *model.input_shape[1:])
    noise = np.random.default_rng(seed).normal(size=shape).astype("float32")
    return np.concatenate([numpy(model(part)) for part in np.split(noise, 4)])


# ---- One shock ---------------------------------------------------------------------------------


def test_a_fall_fades_as_the_powers_of_beta_do_as_closely_as_the_half_lives_allow():
    model, noise = linear_part(started(days=400)), np.zeros((2, 904, 1), "float32")
    noise[1, 503] = -2.0  # on the day before the first
    quiet, shocked = numpy(model(noise))[..., 0].astype(float)
    faded = (shocked - quiet) / (shocked - quiet)[0]
    np.testing.assert_allclose(faded, FIT["beta[1]"] ** np.arange(400), atol=0.065)


def test_falls_and_rises_move_volatility_as_the_regression_of_egarchs_news_on_both():
    fit = {**FIT, "gamma[1]": -0.08}  # rises raise volatility too
    market = MarketGenerator(market_generator(1, history=504))
    set_egarch(market, fit, **SCALE)
    normals = np.random.default_rng(0).normal(size=400_000)
    columns = np.stack([np.ones_like(normals), normals, np.abs(normals)], axis=1)
    shocks = shock_of(normals)
    news = (fit["alpha[1]"] * np.abs(shocks) + fit["gamma[1]"] * shocks) / 2
    exact, *_ = np.linalg.lstsq(columns, news, rcond=None)
    model, noise = linear_part(market), np.zeros((3, 505, 1), "float32")
    noise[1:, 503, 0] = [1.0, -1.0]
    quiet, up, down = numpy(model(noise)).ravel().astype(float)
    assert up - quiet == pytest.approx(exact[2] + exact[1], rel=0.07)
    assert down - quiet == pytest.approx(exact[2] - exact[1], rel=0.07)


def test_a_rise_that_lowers_egarchs_volatility_leaves_the_generators_as_it_is():
    egarch = project_egarch({**FIT, "gamma[1]": -0.3}, [1, 3, 8, 20, 60, 150])
    falls, rises = np.split(egarch.moves, 2)
    assert falls.sum() > 0.5 and (rises == 0.0).all()


def test_the_tails_have_the_quantiles_of_egarchs_shocks():
    ranks = norm.ppf([0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999])
    tail = started().form.tail
    found = numpy(tail(ranks[None, :, None].astype("float32"))).ravel()
    np.testing.assert_allclose(found, shock_of(ranks), atol=0.03)


def test_normal_shocks_need_hardly_a_tail():
    egarch = project_egarch({**FIT, "eta": 200.0, "lambda": 0.0}, [1.0, 30.0])
    left, right, skew = egarch.tail
    assert max(left, right) < 0.005 and abs(skew) < 1e-6


def test_the_projection_transforms_shocks_as_the_layer_does():
    tail, shape = TwoSidedTail(), (0.1, 0.05, -0.2)
    tail.build((None, 1, 1))
    for weight, value in zip((tail.left, tail.right), shape, strict=False):
        weight.assign([-np.log(0.45 / value - 1.0)])
    tail.skew.assign([shape[2]])
    found = numpy(tail(egarch_projection.NORMALS[None, :, None].astype("float32"))).ravel()
    np.testing.assert_allclose(found, egarch_projection._tail(shape), rtol=1e-3, atol=1e-3)


# ---- The whole market --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def simulated():
    """Returns 400,000 days of `arch`'s own simulation of the fit, in log returns."""
    model = arch_model(None, vol="EGARCH", p=1, o=1, q=1, dist="skewt")
    model.distribution = SkewStudent(seed=np.random.default_rng(0))
    days = model.simulate(list(FIT.values()), 400_000, burn=2000)
    return days["data"].to_numpy() / 100, np.log(days["volatility"].to_numpy() / 100)


@pytest.fixture(scope="module")
def warm():
    """Returns 8,000 windows of the started generator: returns and log volatility."""
    market = started()
    outputs = [market.model.output, market.form.log_volatility.output]
    moves, log_volatility = (
        drawn(keras.Model(market.model.input, output), 8_000)[..., 0] for output in outputs
    )
    returns = SCALE["mean"] + SCALE["std"] * moves
    return returns, log_volatility + np.log(SCALE["std"])


@pytest.mark.slow
def test_volatility_has_the_quantiles_of_archs_simulation(simulated, warm):
    ranks = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
    found, exact = (np.quantile(logs[1], ranks) for logs in (warm, simulated))
    np.testing.assert_allclose(found[:-1], exact[:-1], atol=0.03)
    # The very largest shocks count a little less: |z| grows more slowly than |e|.
    assert exact[-1] - 0.07 < found[-1] < exact[-1]


def test_volatility_is_as_persistent_as_egarchs(warm):
    logs = warm[1] - warm[1].mean()
    for lag in (1, 20, 59):
        found = (logs[:, lag:] * logs[:, :-lag]).mean() / logs.var()
        # Half-lives of 20 and 60 days stand for one of 30.
        assert found == pytest.approx(FIT["beta[1]"] ** lag, abs=0.04)


def test_returns_have_the_quantiles_of_archs_simulation(simulated, warm):
    ranks = [0.005, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.995]
    found, exact = (np.quantile(each[0], ranks) for each in (warm, simulated))
    np.testing.assert_allclose(found, exact, rtol=0.05, atol=1e-4)


def test_sizes_of_returns_are_as_correlated_as_in_archs_simulation(simulated, warm):
    windows = simulated[0][: 6_600 * 60].reshape(-1, 60)
    for lag in (1, 5, 20):
        found, exact = (correlation_of_sizes(each, lag) for each in (warm[0], windows))
        assert found == pytest.approx(exact, abs=0.03)


def correlation_of_sizes(windows, lag):
    """Returns the autocorrelation of |r| with the mean and variance of all windows."""
    sizes = np.abs(windows) - np.abs(windows).mean()
    return (sizes[:, lag:] * sizes[:, :-lag]).mean() / sizes.var()


def test_floor_and_ceiling_leave_the_usual_range_alone():
    market = started()
    band = market.form.log_volatility
    deviation = project_egarch(FIT, market.half_lives).deviation
    inputs = norm.ppf([0.01, 0.5, 0.99]) * deviation
    found = numpy(band(inputs[None, :, None].astype("float32"))).ravel()
    np.testing.assert_allclose(found - numpy(band.level), inputs, atol=0.011)


def test_drift_and_trends_stay_at_zero_and_no_weight_is_large():
    generator = started(history=40).model
    for name in ("drift", "volatility_from_trends"):
        assert not numpy(generator.get_layer(name).kernel).any()
    assert max(np.abs(weight).max() for weight in generator.get_weights()) < 10.0


# ---- A run -------------------------------------------------------------------------------------


@pytest.fixture
def offered(monkeypatch):
    """Offers the tiny market, and scores few samples."""
    monkeypatch.setattr(recipes, "RECIPES", (*recipes.RECIPES, MARKET))
    monkeypatch.setattr(fit_module, "SCORED", 100)


def test_the_averaged_generator_begins_where_the_generator_does():
    model, data = MARKET.build(seed=0), MARKET.task.load(YEARS)
    start_from_egarch(model, data.history, data.facts)
    for average, weight in zip(model.average.weights, model.generator.weights, strict=True):
        np.testing.assert_array_equal(numpy(average), numpy(weight))
    assert numpy(MarketGenerator(model.generator).form.volatility_from_moves.kernel).any()


@pytest.mark.slow
def test_a_run_trains_on_from_egarch_and_its_config_says_so(tmp_path, offered):
    run = Run.create(tmp_path / "run")
    training.train(ExperimentSpec(MARKET, YEARS, 1, warm_start="egarch"), run, verbose=0)
    assert run.config.experiment.warm_start == "egarch"
    fit = run.config.egarch["^GSPC"]
    assert fit["converged"] == 1.0 and fit["gamma[1]"] < 0.0 and fit["response_error"] < 0.1
    kernel = numpy(MarketGenerator(run.model().generator).form.volatility_from_moves.kernel)
    fresh, data = MARKET.build(seed=1), MARKET.task.load(YEARS)
    start_from_egarch(fresh, data.history, data.facts)
    begun = numpy(MarketGenerator(fresh.generator).form.volatility_from_moves.kernel)
    assert 0.0 < np.abs(kernel - begun).max() < 0.1
    training.resume(run, epochs=2, verbose=0)
    assert Run.open(run.path).config.experiment.warm_start == "egarch"


@pytest.mark.slow
def test_a_run_starts_cold_where_nothing_is_said(tmp_path, offered):
    run = Run.create(tmp_path / "run")
    training.train(ExperimentSpec(MARKET, SHORT, 1), run, verbose=0)
    assert run.config.experiment.warm_start is None and run.config.egarch is None


@pytest.mark.parametrize(
    ("recipe", "start", "message"),
    [
        (
            tiny_recipes.RETURNS,
            "egarch",
            "must be a `market_generator`, as the recipe sp500 trains it",
        ),
        (MARKET, "garch", "`--warm-start` must be egarch, or left out.*Received: garch"),
    ],
)
def test_a_start_that_cannot_be_had_is_refused_and_leaves_no_folder(
    tmp_path, recipe, start, message
):
    run = Run.create(tmp_path / "run")
    with pytest.raises(ValueError, match=message):
        training.train(ExperimentSpec(recipe, SHORT, 0, warm_start=start), run, verbose=0)
    assert not run.path.exists()


def test_several_assets_share_weights_and_have_no_such_start():
    source = Source("bundled", ticker="^GSPC,^IXIC", start="2014-01-01", end="2018-12-31")
    data = MARKET.task.load(source)
    with pytest.raises(ValueError, match="is for a generator of one asset.*Received: 2 assets"):
        start_from_egarch(PAIR.build(seed=0, assets=2), data.history, data.facts)


def test_a_fit_that_is_not_stationary_is_refused():
    with pytest.raises(ValueError, match=r"must be stationary.*beta=1\.0"):
        project_egarch({**FIT, "beta[1]": 1.0}, [1.0])
