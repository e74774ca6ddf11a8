"""The facts of one set of windows against SciPy, plain loops and closed forms."""

import numpy as np
import pytest
import scipy.stats

from keras_wgan.metrics import return_facts, return_moments


def sp500_windows():
    """All 60-day windows of the S&P 500 of 1999-2018, which ships inside arch."""
    from arch.data import sp500

    returns = np.diff(np.log(sp500.load()["Adj Close"].to_numpy()))
    return np.lib.stride_tricks.sliding_window_view(returns, 60)


def student_windows(df=4, shape=(300, 60), seed=0):
    return 0.01 * np.random.default_rng(seed).standard_t(df, size=shape)


def test_the_real_market_shows_the_facts_it_is_known_for():
    facts = return_facts(sp500_windows())
    assert facts.std == pytest.approx(0.0120, abs=1e-4)
    # 8.18 for the series itself, where the quiet first and last days are in no fewer windows.
    assert facts.kurtosis[1] == pytest.approx(8.18, rel=0.03)
    assert facts.kurtosis[1] > facts.kurtosis[5] > facts.kurtosis[20] > facts.kurtosis[60] > 1.0
    assert 2.3 < facts.hill_left < 3.0 and 2.3 < facts.hill_right < 3.0
    assert facts.acf_abs.min() > 0.1 and np.abs(facts.acf[2:]).max() < 0.07
    assert facts.leverage[:10].mean() < -0.05 and facts.coarse_fine < -0.03


def test_the_moments_are_those_of_return_moments():
    windows = sp500_windows()
    facts, moments = return_facts(windows, lags=5), return_moments(windows, lags=5)
    assert (facts.mean, facts.std, facts.skew) == (moments.mean, moments.std, moments.skew)
    np.testing.assert_array_equal(facts.acf_abs, moments.acf_abs)


@pytest.mark.parametrize("horizon", [1, 5, 20, 60])
def test_returns_over_some_days_are_all_sums_within_a_window(horizon):
    windows = student_windows()
    facts = return_facts(windows)
    plain = [
        sum(window[day : day + horizon])
        for window in windows.tolist()
        for day in range(len(window) - horizon + 1)
    ]
    np.testing.assert_allclose(facts.sums[horizon], np.sort(plain), rtol=1e-9, atol=1e-12)
    kurtosis = scipy.stats.kurtosis(plain)
    assert facts.kurtosis[horizon] == pytest.approx(kurtosis, rel=1e-9)


@pytest.mark.parametrize("level", [0.01, 0.05])
def test_value_at_risk_and_shortfall_agree_with_numpy(level):
    windows = student_windows()
    facts = return_facts(windows)
    quantile = np.quantile(windows, level)
    assert facts.value_at_risk(level) == pytest.approx(quantile, rel=1e-12)
    shortfall = windows[windows <= quantile].mean()
    assert facts.expected_shortfall(level) == pytest.approx(shortfall, rel=1e-12)


def test_normal_returns_have_the_risks_of_the_normal_distribution():
    facts = return_facts(np.random.default_rng(0).normal(size=(5000, 60)))
    quantile = scipy.stats.norm.ppf(0.01)
    assert facts.value_at_risk(0.01) == pytest.approx(quantile, rel=0.01)
    shortfall = -scipy.stats.norm.pdf(quantile) / 0.01
    assert facts.expected_shortfall(0.01) == pytest.approx(shortfall, rel=0.01)
    assert facts.value_at_risk(0.01, horizon=20) == pytest.approx(20**0.5 * quantile, rel=0.03)
    assert facts.kurtosis[20] == pytest.approx(0.0, abs=0.1)


def test_a_power_law_has_its_exponent_as_its_tail_index():
    rng = np.random.default_rng(1)
    losses = rng.uniform(size=(2000, 60)) ** (-1 / 2.5)
    gains = rng.uniform(size=(2000, 60)) ** (-1 / 4.0)
    facts = return_facts(np.where(rng.uniform(size=losses.shape) < 0.5, -losses, gains))
    assert facts.hill_left == pytest.approx(2.5, rel=0.03)
    assert facts.hill_right == pytest.approx(4.0, rel=0.03)


def test_the_tail_index_takes_the_largest_five_per_cent():
    # 100 windows of 2 days: the 10 largest losses are e^2 times as large as the eleventh.
    losses = np.sort(np.concatenate([np.full(10, np.exp(2.0)), np.ones(40), np.zeros(150)]))
    facts = return_facts(-losses.reshape(100, 2), lags=1)
    assert facts.hill_left == pytest.approx(0.5, rel=1e-12)
    assert np.isnan(facts.hill_right)  # nothing was gained


def test_a_drawdown_counts_from_the_highest_point_and_from_the_start():
    rising, falling = [0.1, -0.2, 0.05, -0.1], [-0.3, 0.1, 0.1, 0.1]
    facts = return_facts(np.tile([rising, falling], (50, 1)), lags=1)
    np.testing.assert_allclose(facts.drawdowns, [0.25] * 50 + [0.3] * 50, rtol=1e-12)


def test_volatilities_are_one_a_window_and_sorted():
    windows = student_windows()
    facts = return_facts(windows)
    np.testing.assert_allclose(facts.volatilities, np.sort(np.std(windows, axis=1)), rtol=1e-12)


def test_a_garch_process_has_its_known_kurtosis_and_memory():
    from arch import arch_model

    alpha, beta = 0.2, 0.5
    model = arch_model(None, mean="Zero", vol="GARCH", p=1, q=1)
    model.distribution._generator = np.random.default_rng(0)  # simulate() takes no seed
    path = model.simulate([0.3, alpha, beta], nobs=360_000)["data"].to_numpy()
    facts = return_facts(path.reshape(-1, 60), lags=10)
    total = (alpha + beta) ** 2
    kurtosis = 3.0 * (1.0 - total) / (1.0 - total - 2.0 * alpha**2) - 3.0
    assert facts.kurtosis[1] == pytest.approx(kurtosis, rel=0.1)
    first = alpha * (1 - alpha * beta - beta**2) / (1 - 2 * alpha * beta - beta**2)
    expected = first * (alpha + beta) ** np.arange(10)
    np.testing.assert_allclose(facts.acf_square, expected, atol=0.015)
    np.testing.assert_allclose(facts.leverage, 0.0, atol=0.01)


def test_clustering_between_windows_is_seen_which_each_window_alone_would_hide():
    rng = np.random.default_rng(2)
    calm_or_wild = np.repeat([0.5, 2.0], 500)[:, np.newaxis]
    facts = return_facts(rng.normal(size=(1000, 60)) * calm_or_wild)
    # A mixture of two normals: variance of the variances over the variance of the squares.
    variances = np.array([0.25, 4.0])
    expected = variances.var() / (3.0 * np.mean(variances**2) - variances.mean() ** 2)
    np.testing.assert_allclose(facts.acf_square, expected, atol=0.03)


def test_the_shape_of_returns_does_not_depend_on_their_size():
    one, other = return_facts(student_windows()), return_facts(50.0 * student_windows())
    for name in ("skew", "hill_left", "acf", "acf_abs", "acf_square", "leverage", "coarse_fine"):
        np.testing.assert_allclose(getattr(other, name), getattr(one, name), rtol=1e-9)
    np.testing.assert_allclose(other.drawdowns, 50.0 * one.drawdowns, rtol=1e-9)


def test_the_order_of_the_windows_does_not_matter():
    windows = student_windows()
    one, other = return_facts(windows), return_facts(windows[::-1])
    np.testing.assert_allclose(other.leverage, one.leverage, rtol=1e-9)
    np.testing.assert_array_equal(other.sums[20], one.sums[20])


def test_horizons_beyond_the_windows_are_left_out():
    facts = return_facts(student_windows(shape=(100, 30)))
    assert facts.horizons == tuple(facts.kurtosis) == (1, 5, 20)
    assert np.isnan(return_facts(student_windows(shape=(100, 9)), lags=5).coarse_fine)


def test_returns_that_never_vary_have_no_shape():
    facts = return_facts(np.full((100, 30), 0.01))
    assert facts.std == 0.0 and facts.value_at_risk(0.01) == 0.01
    shapes = [facts.skew, facts.hill_left, facts.coarse_fine, *facts.kurtosis.values()]
    assert np.isnan([*shapes, *facts.acf_square, *facts.leverage]).all()


def test_a_single_window_is_refused_with_the_reason():
    with pytest.raises(ValueError, match="1.495.*10.27"):
        return_facts(student_windows(shape=(1, 60)))


def test_windows_no_longer_than_the_lags_are_refused():
    with pytest.raises(ValueError, match="Use longer windows, or lags=19"):
        return_facts(student_windows(shape=(100, 20)))


def test_returns_that_are_not_finite_are_refused():
    windows = student_windows()
    windows[0, 0] = np.nan
    with pytest.raises(ValueError, match="`windows` must be finite"):
        return_facts(windows)
