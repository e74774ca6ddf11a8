"""Pooled moments and autocorrelations of log returns, and the distance between two sets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError

# Fat tails lie mostly between windows, so a few windows cannot show them: the S&P 500 of 2000-2023
# has an excess kurtosis of 10.27 over all days, and 0.84 on average inside a 60-day window.
MIN_WINDOWS = 100


@dataclass(frozen=True, eq=False)
class ReturnMoments:
    """Pooled moments and autocorrelations of daily log returns.

    Returns that never vary have no shape and no memory: skew, kurtosis and both autocorrelations
    are then NaN beside a `std` of 0. In the same way `acf_abs` is NaN where all returns have the
    same size.

    Example:
    ```python
    import json

    import numpy as np
    from keras_wgan.metrics import return_moments

    moments = return_moments(np.random.default_rng(0).normal(size=(100, 60)), lags=2)
    print(json.dumps(moments.to_dict(), indent=2))
    assert moments.acf.shape == moments.acf_abs.shape == (2,)
    ```

    Args:
        mean: mean log return a day.
        std: population standard deviation (`ddof=0`) of the log returns, a day.
        skew: third standardized moment.
        excess_kurtosis: fourth standardized moment less 3; 0 for a normal distribution.
        acf: autocorrelations of r at lags 1 to `len(acf)`, shape `(lags,)`.
        acf_abs: the same for |r|, where volatility clustering is seen.
    """

    mean: float
    std: float
    skew: float
    excess_kurtosis: float
    acf: NDArray[np.float64]
    acf_abs: NDArray[np.float64]

    def to_dict(self) -> dict[str, float | list[float]]:
        """Plain floats and lists, ready for JSON or a table."""
        return {
            "mean": self.mean,
            "std": self.std,
            "skew": self.skew,
            "excess_kurtosis": self.excess_kurtosis,
            "acf": self.acf.tolist(),
            "acf_abs": self.acf_abs.tolist(),
        }


def return_moments(windows: ArrayLike, *, lags: int = 20) -> ReturnMoments:
    """Measures moments and autocorrelations over all windows together.

    The autocorrelation at lag k is the mean, over all pairs of days k apart in the same window, of
    (r_t - m)(r_{t+k} - m), divided by the variance. Mean m and variance are those of all returns.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import return_moments

    windows = np.random.default_rng(0).normal(scale=0.01, size=(200, 60))
    moments = return_moments(windows)
    print(moments.std, moments.excess_kurtosis)
    assert abs(moments.excess_kurtosis) < 0.2 and moments.acf.shape == (20,)
    ```

    Args:
        windows: log returns a day, shape `(windows, days)` or `(windows, days, 1)`, at least 100
            windows, each longer than `lags`.
        lags: how many autocorrelations to measure. Defaults to `20`.

    Returns:
        The `ReturnMoments`, worked out in float64.

    Raises:
        ValueError: for another shape, fewer than 100 windows, windows not longer than `lags`,
            `lags` below 1, or returns that are NaN or infinite.
    """
    returns = as_windows(windows, "windows")
    _refuse_too_few(returns, lags)
    mean, std, standard = _standardized(returns)
    _, _, standard_abs = _standardized(np.abs(returns))
    return ReturnMoments(
        mean=mean,
        std=std,
        skew=float(np.mean(standard**3)),
        excess_kurtosis=float(np.mean(standard**4) - 3.0),
        acf=_autocorrelations(standard, lags),
        acf_abs=_autocorrelations(standard_abs, lags),
    )


def moment_distance(real: ReturnMoments, generated: ReturnMoments) -> float:
    """One number for the gap between real and generated returns: lower is better.

    The mean of six gaps without a unit: of the means (in real standard deviations), of the log
    standard deviations, of the skews, of the excess kurtoses (as a share of the real kurtosis),
    and the root mean square gap of the autocorrelations of r and of |r|. A simple first score,
    cheap enough for every epoch; a fuller set of stylized facts is to replace it.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import moment_distance, return_moments

    rng = np.random.default_rng(0)
    real = return_moments(0.01 * rng.standard_t(5, size=(200, 60)))
    normal = return_moments(0.01 * rng.normal(size=(200, 60)))
    constant = return_moments(np.zeros((200, 60)))
    assert moment_distance(real, real) == 0.0
    assert 0.0 < moment_distance(real, normal) < moment_distance(real, constant) == float("inf")
    ```

    Args:
        real: moments of the real returns, the market_reference.
        generated: moments of the generated returns, with the same lags.

    Returns:
        Zero where all agree, else a positive number; `inf` where a generated moment is undefined,
        as for a generator that has collapsed to a constant. Never NaN, so it can be an objective.

    Raises:
        ValueError: where the real returns are constant (nothing to measure by) or the two were
            measured with different lags.
    """
    _refuse_incomparable(real, generated)
    if generated.std <= 0.0 or not _is_defined(generated):
        return float("inf")
    # A kurtosis is never below 1, so this division is safe for every real distribution.
    real_kurtosis = 3.0 + real.excess_kurtosis
    gaps = (
        abs(generated.mean - real.mean) / real.std,
        abs(np.log(generated.std / real.std)),
        abs(generated.skew - real.skew),
        abs(generated.excess_kurtosis - real.excess_kurtosis) / real_kurtosis,
        np.sqrt(np.mean((generated.acf - real.acf) ** 2)),
        np.sqrt(np.mean((generated.acf_abs - real.acf_abs) ** 2)),
    )
    return float(np.mean(gaps))


def as_windows(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Returns log returns as float64 of shape `(windows, days)`, or says what is wrong with them.

    Args:
        values: log returns of shape `(windows, days)` or `(windows, days, 1)`.
        name: what the caller's argument is called, for the error.

    Returns:
        Array of shape `(windows, days)`.

    Raises:
        ValueError: for another shape, an empty array, or returns that are NaN or infinite.
    """
    returns = np.asarray(values, dtype=np.float64)
    shape = returns.shape
    if returns.ndim == 3 and shape[-1] == 1:
        returns = returns[..., 0]
    if returns.ndim != 2 or returns.size == 0:
        raise InvalidInputError(
            f"`{name}` must have the shape (windows, days) or (windows, days, 1). "
            f"Received: {name}.shape={shape}. Cut a long series into windows first."
        )
    bad = int(returns.size - np.isfinite(returns).sum())
    if bad:
        raise InvalidInputError(
            f"`{name}` must be finite. Received: {bad} of {returns.size} returns NaN or infinite. "
            "Look for a gap in the prices or a generator that diverged."
        )
    return returns


def _refuse_too_few(returns: NDArray[np.float64], lags: int) -> None:
    count, days = returns.shape
    if count < MIN_WINDOWS:
        raise InvalidInputError(
            f"`windows` must hold at least {MIN_WINDOWS} windows, since a few windows say "
            "little about tails: one 60-day window of the S&P 500 in 2002 has an excess kurtosis "
            "of 1.495, all days of 2000-2023 have 10.27. "
            f"Received: windows.shape={returns.shape}. Cut or generate more windows."
        )
    if days <= whole_number("lags", lags):
        raise InvalidInputError(
            f"`windows` must be longer than `lags`, or no two days are that far apart. "
            f"Received: windows.shape={returns.shape}, lags={lags}. "
            f"Use longer windows, or lags={days - 1} at most."
        )


def _standardized(values: NDArray[np.float64]) -> tuple[float, float, NDArray[np.float64]]:
    # Mean and std are those of ALL windows. A mean and std of each window's own would delete the
    # differences between calm and wild windows, which are most of the clustering and of the tails.
    mean = float(values.mean())
    std = float(values.std())
    if values.min() == values.max() or std == 0.0:
        # Rounding can leave a constant a std of 1e-18, and dividing by it would invent a shape.
        return mean, 0.0, np.full_like(values, np.nan)
    return mean, std, (values - mean) / std


def _autocorrelations(standard: NDArray[np.float64], lags: int) -> NDArray[np.float64]:
    # Mean over the pairs that exist, not over all days: the pairs grow fewer with the lag, and in
    # a 60-day window the second would shrink lag 20 by a third.
    return np.array([np.mean(standard[:, :-k] * standard[:, k:]) for k in range(1, lags + 1)])


def _refuse_incomparable(real: ReturnMoments, generated: ReturnMoments) -> None:
    if len(real.acf) != len(generated.acf):
        raise InvalidInputError(
            "`real` and `generated` must be measured with the same `lags`. "
            f"Received: {len(real.acf)} and {len(generated.acf)} lags. "
            "Call return_moments on both with the same `lags`."
        )
    if real.std <= 0.0 or not _is_defined(real):
        raise InvalidInputError(
            "`real` must come from returns that vary, or there is nothing to measure by. "
            f"Received: real={real.to_dict()}. Look for a constant column in the data."
        )


def _is_defined(moments: ReturnMoments) -> bool:
    plain = (moments.mean, moments.std, moments.skew, moments.excess_kurtosis)
    return bool(np.isfinite(np.concatenate([plain, moments.acf, moments.acf_abs])).all())
