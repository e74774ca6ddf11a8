"""The copy rate against plain loops and bootstraps whose copies can be counted."""

import numpy as np
import pytest

from keras_wgan.metrics import copy_rate
from keras_wgan.metrics.returns import copies


def windows_of(returns, days):
    return np.lib.stride_tricks.sliding_window_view(returns, days)


def history(days=600, seed=0):
    return 0.01 * np.random.default_rng(seed).standard_t(4, size=days)


def bootstrapped(returns, length, count, seed=0, days=60):
    """Draws windows of blocks of a geometric length, `length` on average."""
    rng = np.random.default_rng(seed)
    places = rng.integers(len(returns), size=(count, days))
    goes_on = rng.uniform(size=(count, days)) >= 1.0 / length
    for day in range(1, days):
        after = (places[:, day - 1] + 1) % len(returns)
        places[:, day] = np.where(goes_on[:, day], after, places[:, day])
    return returns[places]


def rate_in_plain_loops(real, generated):
    days = real.shape[1]

    def distance(a, b):
        a, b = (x - x.mean() for x in (a, b))
        return np.linalg.norm(a / np.linalg.norm(a) - b / np.linalg.norm(b))

    usual = np.median(
        [
            min(distance(one, real[j]) for j in range(len(real)) if abs(i - j) >= days)
            for i, one in enumerate(real)
        ]
    )
    nearest = [min(distance(one, other) for other in real) for one in generated]
    return np.mean(np.array(nearest) < 0.5 * usual)


def test_the_rate_agrees_with_plain_loops():
    rng = np.random.default_rng(1)
    real = windows_of(history(60), 10)
    noise = 0.03 * rng.normal(size=(40, 10)) * rng.uniform(size=(40, 1))
    generated = real[rng.integers(len(real), size=40)] + noise
    rate = copy_rate(real, generated)
    assert rate == pytest.approx(rate_in_plain_loops(real, generated), abs=1e-12)
    assert 0.1 < rate < 0.9


def test_copies_are_found_whatever_their_size_and_drift():
    real = windows_of(history(), 60)
    assert copy_rate(real, real[::7]) == 1.0
    assert copy_rate(real, 0.1 * real[::7] + 0.02) == 1.0
    assert copy_rate(real, -real[::7]) == 0.0


def test_independent_returns_are_no_copies():
    assert copy_rate(windows_of(history(), 60), history(12_000, seed=1).reshape(-1, 60)) == 0.0


def test_long_blocks_of_the_real_market_are_called_copies():
    from arch.data import sp500

    returns = np.diff(np.log(sp500.load()["Adj Close"].to_numpy()))[-1500:]
    real = windows_of(returns, 60)
    # A window is one unbroken block with a probability of (1 - 1/L)^59: .67 and .05.
    assert copy_rate(real, bootstrapped(returns, 150, 1000)) > (1 - 1 / 150) ** 59 - 0.03
    assert 0.02 < copy_rate(real, bootstrapped(returns, 20, 1000)) < 0.25
    assert copy_rate(real, bootstrapped(returns, 1, 1000)) == 0.0


def test_the_rate_does_not_depend_on_the_rows_at_once(monkeypatch):
    real = windows_of(history(), 60)
    generated = bootstrapped(history(), 40, 200)
    at_once = copy_rate(real, generated)
    monkeypatch.setattr(copies, "ROWS_AT_ONCE", 7)
    assert copy_rate(real, generated) == at_once > 0.0


def test_windows_that_share_days_are_not_each_others_neighbours():
    # The windows repeat each 100 days. Were neighbours in time allowed, the usual distance would
    # still be 0; so it is found only where windows a whole window apart are compared.
    real = windows_of(np.tile(history(100), 3), 30)
    assert copy_rate(real, real + 1e-4 * np.arange(30)) == 0.0
    aperiodic = windows_of(history(300), 30)
    assert copy_rate(aperiodic, aperiodic + 1e-4 * np.arange(30)) > 0.9


@pytest.mark.parametrize("paths", [np.zeros((5, 60)), np.full((5, 60), 0.01)])
def test_a_window_that_never_moves_is_no_copy(paths):
    assert copy_rate(windows_of(history(), 60), paths) == 0.0


def test_huge_returns_have_a_shape_like_any_other():
    real = windows_of(history(), 60)
    assert copy_rate(real, 1e300 * real[:10]) == 1.0


def test_windows_of_other_days_are_refused():
    with pytest.raises(ValueError, match="windows of the same days"):
        copy_rate(windows_of(history(), 60), np.zeros((5, 30)))


def test_too_few_real_windows_are_refused():
    with pytest.raises(ValueError, match="at least 120 windows of 60 days"):
        copy_rate(windows_of(history(178), 60), np.zeros((5, 60)))
    assert copy_rate(windows_of(history(179), 60), np.zeros((5, 60))) == 0.0
