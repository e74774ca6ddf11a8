"""Distances between two sets of facts against SciPy and closed forms."""

import dataclasses

import numpy as np
import pytest
import scipy.stats

from keras_wgan.metrics import fact_scores, return_facts, score_ratios


def sp500_windows():
    """All 60-day windows of the S&P 500 of 1999-2018, which ships inside arch."""
    from arch.data import sp500

    returns = np.diff(np.log(sp500.load()["Adj Close"].to_numpy()))
    return np.lib.stride_tricks.sliding_window_view(returns, 60)


def student_windows(seed=0, shape=(300, 60), df=4):
    return 0.01 * np.random.default_rng(seed).standard_t(df, size=shape)


RISKS = [
    f"{kind}{level}_{days}d" for days in (1, 5, 20) for kind in ("var", "es") for level in (1, 5)
]


def test_the_real_market_against_itself_scores_zero():
    facts = return_facts(sp500_windows())
    scores = fact_scores(facts, facts)
    assert set(scores.values()) == {0.0}
    assert set(scores) == {
        *("w1", "w5", "w20", "w60", "std", "skew"),
        *("kurtosis", "kurtosis5", "kurtosis20", "kurtosis60", "hill_left", "hill_right"),
        *("acf", "acf_abs", "acf_square", "leverage", "coarse_fine"),
        *RISKS,
        *("drawdown", "volatility"),
    }


@pytest.mark.parametrize("horizon", [1, 5, 20, 60])
def test_the_distance_of_returns_agrees_with_scipy(horizon):
    real, generated = return_facts(student_windows()), return_facts(student_windows(1, (170, 60)))
    plain = scipy.stats.wasserstein_distance(real.sums[horizon], generated.sums[horizon])
    score = fact_scores(real, generated)[f"w{horizon}"]
    assert score == pytest.approx(plain / real.sums[horizon].std(), rel=1e-9)


def test_the_distance_agrees_with_scipy_where_values_are_tied():
    real = np.round(student_windows(0, (100, 30)), 2)
    generated = np.round(student_windows(1, (130, 30)), 2)
    score = fact_scores(return_facts(real), return_facts(generated))["w1"]
    plain = scipy.stats.wasserstein_distance(real.ravel(), generated.ravel())
    assert score == pytest.approx(plain / real.std(), rel=1e-9)


def test_drawdown_and_volatility_agree_with_scipy():
    real, generated = student_windows(), student_windows(1, (170, 60), df=8)
    scores = fact_scores(return_facts(real), return_facts(generated))
    plain = scipy.stats.wasserstein_distance(real.std(axis=1), generated.std(axis=1))
    assert scores["volatility"] == pytest.approx(plain / real.std(axis=1).mean(), rel=1e-9)
    one, other = return_facts(real).drawdowns, return_facts(generated).drawdowns
    plain = scipy.stats.wasserstein_distance(one, other)
    assert scores["drawdown"] == pytest.approx(plain / one.mean(), rel=1e-9)


def test_returns_a_tenth_larger_are_a_tenth_off_in_every_size_and_equal_in_shape():
    windows = student_windows()
    real = return_facts(windows)
    scores = fact_scores(real, return_facts(1.1 * windows))
    for name in ("std", "drawdown", "volatility", *RISKS):
        assert scores[name] == pytest.approx(0.1, rel=1e-9), name
    mean_size = np.mean(np.abs(windows)) / windows.std()
    assert scores["w1"] == pytest.approx(0.1 * mean_size, rel=1e-9)
    for name in ("skew", "kurtosis20", "hill_left", "acf_abs", "leverage", "coarse_fine"):
        assert scores[name] == pytest.approx(0.0, abs=1e-9), name


def test_a_drift_moves_the_distance_by_its_days():
    windows = student_windows()
    real = return_facts(windows)
    scores = fact_scores(real, return_facts(windows + 0.001))
    for days in (1, 5, 20, 60):
        expected = 0.001 * days / real.sums[days].std()
        assert scores[f"w{days}"] == pytest.approx(expected, rel=1e-9)
    assert scores["volatility"] == pytest.approx(0.0, abs=1e-12)


def test_losses_turned_to_gains_swap_the_tails():
    real = return_facts(student_windows() ** 3)  # lopsided by chance, and fat
    mirrored = return_facts(-(student_windows() ** 3))
    scores = fact_scores(real, mirrored)
    assert scores["hill_left"] == pytest.approx(real.hill_right - real.hill_left, rel=1e-9)
    assert scores["hill_left"] == pytest.approx(-scores["hill_right"], rel=1e-9)
    assert scores["skew"] == pytest.approx(-2.0 * real.skew, rel=1e-9)
    assert scores["leverage"] > scores["acf"] == scores["acf_abs"] == scores["std"] == 0.0


def test_a_normal_model_of_fat_tails_is_wrong_by_the_ratio_of_the_quantiles():
    rng = np.random.default_rng(3)
    fat = return_facts(rng.standard_t(5, size=(5000, 60)))
    normal = return_facts(rng.normal(scale=np.sqrt(5 / 3), size=(5000, 60)))
    expected = np.sqrt(5 / 3) * scipy.stats.norm.ppf(0.01) / scipy.stats.t.ppf(0.01, df=5) - 1
    score = fact_scores(fat, normal)["var1_1d"]
    assert score == pytest.approx(expected, abs=0.01)
    assert score < 0.0  # too calm


def test_shuffled_days_keep_the_returns_and_lose_the_memory():
    windows = sp500_windows()
    real = return_facts(windows)
    shuffled = np.random.default_rng(4).permutation(windows.ravel()).reshape(windows.shape)
    scores = fact_scores(real, return_facts(shuffled))
    for name in ("w1", "std", "kurtosis", "hill_left", "var1_1d", "es1_1d"):
        assert scores[name] == pytest.approx(0.0, abs=1e-9)
    memory = np.sqrt(np.mean(real.acf_abs**2))
    assert scores["acf_abs"] == pytest.approx(memory, abs=0.005) and memory > 0.2


@pytest.mark.parametrize(
    "collapsed",
    [
        np.zeros((100, 60)),
        np.full((100, 60), 0.01),
        np.tile(student_windows(shape=(1, 60)), (100, 1)),
        1e200 * student_windows(shape=(100, 60)),
        1e308 * np.sign(student_windows(shape=(100, 60))),
    ],
    ids=["zeros", "constant", "one path", "huge", "largest"],
)
def test_a_generator_that_collapsed_scores_infinity_and_never_nan(collapsed):
    scores = fact_scores(return_facts(student_windows()), return_facts(collapsed))
    assert not np.isnan(list(scores.values())).any()
    assert float("inf") in scores.values()


def test_short_windows_leave_out_what_they_cannot_show():
    real, generated = (return_facts(student_windows(seed, (100, 9)), lags=5) for seed in (0, 1))
    scores = fact_scores(real, generated)
    assert {"w1", "w5", "var1_5d"} <= set(scores)
    assert not {"w20", "kurtosis20", "var1_20d", "coarse_fine"} & set(scores)


@pytest.mark.parametrize("other", [{"lags": 5}, {"days": 30}])
def test_facts_that_were_measured_otherwise_are_refused(other):
    real = return_facts(student_windows())
    shape = (100, other.get("days", 60))
    generated = return_facts(student_windows(shape=shape), lags=other.get("lags", 20))
    with pytest.raises(ValueError, match="windows of the same days, measured with the same `lags`"):
        fact_scores(real, generated)


def test_real_returns_that_never_vary_are_refused():
    flat = return_facts(np.zeros((100, 60)))
    with pytest.raises(ValueError, match="`real` must come from returns that vary"):
        fact_scores(flat, return_facts(student_windows()))


def test_one_undefined_real_fact_is_enough_to_be_refused():
    real = dataclasses.replace(return_facts(student_windows()), hill_right=float("nan"))
    with pytest.raises(ValueError, match="hill_right=nan"):
        fact_scores(real, real)


def test_a_ratio_is_the_size_of_the_score_over_its_floor():
    scores = {"std": -0.2, "w1": 0.03, "skew": float("inf"), "copies": 0.5}
    ratios = score_ratios(scores, {"std": 0.1, "w1": 0.06, "skew": 0.1, "other": 1.0})
    assert ratios == {"std": 2.0, "w1": 0.5, "skew": float("inf")}


@pytest.mark.parametrize("floor", [0.0, -0.1, float("inf"), float("nan")])
def test_a_floor_that_cannot_be_divided_by_is_refused(floor):
    with pytest.raises(ValueError, match="`floor` must be above zero and finite"):
        score_ratios({"w1": 0.1}, {"w1": floor})


def test_a_floor_of_other_scores_is_refused():
    with pytest.raises(ValueError, match="at least one of the scores"):
        score_ratios({"w1": 0.1}, {"std": 0.1})
