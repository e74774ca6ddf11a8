"""The penalties agree with NumPy and SciPy."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.stats import wasserstein_distance

from keras_wgan.penalties import (
    AutocorrelationPenalty,
    CoarseFinePenalty,
    CorrelationPenalty,
    ExtremesPenalty,
    LeveragePenalty,
    QuantilePenalty,
)

PENALTIES = [
    QuantilePenalty(horizons=(1, 5), weight=2.0),
    ExtremesPenalty(horizons=(1, 5), weight=2.0),
    AutocorrelationPenalty(lags=4, weight=2.0),
    LeveragePenalty(lags=4, weight=2.0),
    CoarseFinePenalty(weight=2.0),
]
by_name = pytest.mark.parametrize("penalty", PENALTIES, ids=lambda p: type(p).__name__)


def _windows(seed, scale=1.0):
    return (scale * np.random.default_rng(seed).standard_t(4, size=(40, 30, 1))).astype("float32")


def _number(tensor):
    return float(ops.convert_to_numpy(tensor))


def _correlations(earlier, later, lags):
    earlier, later = earlier - earlier.mean(), later - later.mean()
    scale = earlier.std() * later.std()
    return np.array([np.mean(earlier[:, :-k] * later[:, k:]) / scale for k in range(1, lags + 1)])


@by_name
def test_a_batch_against_itself_costs_nothing(penalty):
    windows = _windows(0)
    assert _number(penalty(windows, windows)) == 0.0


@by_name
def test_the_weight_multiplies(penalty):
    config = {**penalty.get_config(), "weight": 6.0}
    heavier = type(penalty).from_config(config)
    real, fake = _windows(0), _windows(1)
    assert _number(heavier(real, fake)) == pytest.approx(3 * _number(penalty(real, fake)), rel=1e-5)


@by_name
def test_a_saved_penalty_is_the_same_penalty(penalty):
    config = keras.saving.serialize_keras_object(penalty)
    loaded = keras.saving.deserialize_keras_object(config)
    assert type(loaded) is type(penalty) and loaded.get_config() == penalty.get_config()


@by_name
def test_a_negative_weight_is_refused(penalty):
    with pytest.raises(ValueError, match="`weight` must be a finite number at least 0"):
        type(penalty)(weight=-1.0)


def test_quantile_penalty_is_scipys_wasserstein_distance_in_standard_deviations():
    real, fake = _windows(0), _windows(1, scale=1.5)
    wanted = 0.0
    for days in (1, 5):
        sums = [w[..., 0].reshape(40, 30 // days, days).sum(axis=2).ravel() for w in (real, fake)]
        wanted += wasserstein_distance(*sums) / sums[0].std()
    found = _number(QuantilePenalty(horizons=(1, 5))(real, fake))
    assert found == pytest.approx(wanted, rel=1e-4)


def test_extremes_penalty_is_the_squared_wasserstein_2_distance_in_real_variances():
    # Stretched by b and moved by a standard deviations, a cloud is (b - 1)^2 + a^2 away.
    real = _windows(0) - _windows(0).mean()
    moved = 1.5 * real + 0.3 * real.std()
    assert _number(ExtremesPenalty((1,), weight=1.0)(real, moved)) == pytest.approx(
        0.5**2 + 0.3**2, rel=1e-4
    )


def test_extremes_penalty_sees_a_crash_that_the_quantile_penalty_hardly_sees():
    real = np.tile(np.array([[[-1.0]], [[1.0]]], "float32"), (500, 1, 1))
    crash = np.concatenate([real[:-1], [[[21.0]]]]).astype("float32")  # one gap of 20 in 1,000
    assert _number(QuantilePenalty((1,), 1.0)(real, crash)) == pytest.approx(0.02, rel=1e-4)
    assert _number(ExtremesPenalty((1,), 1.0)(real, crash)) == pytest.approx(0.4, rel=1e-4)


def test_autocorrelation_penalty_is_numpys_mean_squared_gap():
    real, fake = (_windows(seed)[..., 0] for seed in (0, 1))
    wanted = 0.0
    for share, view in ((1.0, np.abs), (1.0, np.square), (0.3, lambda r: r)):
        gap = _correlations(view(fake), view(fake), 4) - _correlations(view(real), view(real), 4)
        wanted += share * np.mean(gap**2)
    found = _number(AutocorrelationPenalty(lags=4, weight=1.0)(real[..., None], fake[..., None]))
    assert found == pytest.approx(wanted, rel=1e-3)


def test_leverage_penalty_is_numpys_mean_squared_gap():
    real, fake = (_windows(seed)[..., 0] for seed in (0, 1))
    gap = _correlations(fake, fake**2, 4) - _correlations(real, real**2, 4)
    found = _number(LeveragePenalty(lags=4, weight=1.0)(real[..., None], fake[..., None]))
    assert found == pytest.approx(np.mean(gap**2), rel=1e-3)


def _asymmetry(returns):
    """Returns the asymmetry of each week with the next, week by week."""
    starts = range(returns.shape[1] - 4)
    weeks = np.stack([returns[:, first : first + 5] for first in starts], axis=1)
    coarse, fine = np.abs(weeks.sum(axis=2)), np.abs(weeks).sum(axis=2)
    return _correlations(fine, coarse, 5)[-1] - _correlations(coarse, fine, 5)[-1]


def test_coarse_fine_penalty_is_numpys_squared_gap():
    real, fake = (_windows(seed)[..., 0] for seed in (0, 1))
    gap = _asymmetry(fake) - _asymmetry(real)
    found = _number(CoarseFinePenalty(weight=1.0)(real[..., None], fake[..., None]))
    assert found == pytest.approx(gap**2, rel=1e-3)


def test_coarse_fine_penalty_sees_time_run_backwards():
    # Volatility follows the size of last week's trend.
    rng, trends = np.random.default_rng(0), np.ones((4000, 1))
    weeks = []
    for _ in range(6):
        weeks.append(trends * rng.normal(size=(4000, 5)))
        trends = 0.3 + np.abs(weeks[-1].sum(axis=1, keepdims=True)) / 3
    forwards = np.concatenate(weeks, axis=1)[..., None].astype("float32")
    penalty = CoarseFinePenalty(weight=1.0)
    again, backwards = _number(penalty(forwards[::2], forwards[1::2])), forwards[:, ::-1]
    assert _number(penalty(forwards, backwards)) > 10 * again


def test_coarse_fine_penalty_needs_two_weeks():
    windows = _windows(0)[:, :9]
    with pytest.raises(ValueError, match="at least 10 days. Received: 9 days"):
        CoarseFinePenalty()(windows, windows)


def test_a_horizon_longer_than_the_windows_is_refused():
    windows = _windows(0)
    with pytest.raises(ValueError, match="`horizons` must not be longer than a window of 30 days"):
        QuantilePenalty(horizons=(60,))(windows, windows)


@pytest.mark.parametrize("horizons", [(), (0,), (1.5,)])
def test_horizons_are_whole_numbers_of_days(horizons):
    with pytest.raises(ValueError, match="`horizons` must hold one or more whole numbers"):
        QuantilePenalty(horizons=horizons)


def test_lags_are_whole_numbers_of_days():
    with pytest.raises(ValueError, match="`lags` must be a whole number of at least 1"):
        LeveragePenalty(lags=0)


def test_a_batch_of_one_window_costs_a_finite_number():
    real, fake = _windows(0)[:1], _windows(1)[:1]
    assert np.isfinite(_number(QuantilePenalty(horizons=(1, 30))(real, fake)))


@pytest.mark.parametrize("penalty", [AutocorrelationPenalty, LeveragePenalty])
def test_as_many_lags_as_days_are_refused(penalty):
    windows = _windows(0)
    with pytest.raises(ValueError, match="`lags` must be fewer than the 30 days of a window"):
        penalty(lags=30)(windows, windows)


def test_the_correlation_penalty_is_numpys_gap_over_all_pairs():
    rng = np.random.default_rng(3)
    mixed = [rng.normal(size=(40, 30, 3)) @ rng.normal(size=(3, 3)) for _ in range(2)]
    real, fake = (batch.astype("float32") for batch in mixed)
    pairs = np.triu_indices(3, k=1)
    expected = 0.0
    for view in (lambda r: r, np.abs):
        one, other = (np.corrcoef(view(b).reshape(-1, 3), rowvar=False)[pairs] for b in mixed)
        expected += np.mean((one - other) ** 2)
    penalty = CorrelationPenalty(weight=2.0)
    assert _number(penalty(real, fake)) == pytest.approx(2.0 * expected, rel=1e-4)
    assert _number(penalty(real, real)) == 0.0
    config = keras.saving.serialize_keras_object(penalty)
    assert keras.saving.deserialize_keras_object(config).weight == 2.0


def test_the_correlations_of_a_single_asset_cost_nothing():
    assert _number(CorrelationPenalty()(_windows(0), _windows(1))) == 0.0
