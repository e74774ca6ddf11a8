"""The comparison of two forecasters by their scores on the same days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array, whole_number
from keras_wgan.errors import InvalidInputError


@dataclass(frozen=True)
class PairedComparison:
    """The mean score of a forecaster next to that of another one on the same days.

    Args:
        mean: The mean score of the forecaster.
        reference_mean: The mean score of the other one.
        standard_error: The standard error of `difference`; NaN for fewer than three days.
        ratio_error: The standard error of `ratio`, by the delta method.
        count: The number of days.
        lag: The lags of the autocovariances in both errors.
    """

    mean: float
    reference_mean: float
    standard_error: float
    ratio_error: float
    count: int
    lag: int

    @property
    def difference(self) -> float:
        """The mean score minus that of the other one."""
        return self.mean - self.reference_mean

    @property
    def ratio(self) -> float:
        """The mean score over that of the other one; NaN where that is 0."""
        return self.mean / self.reference_mean if self.reference_mean else float(np.nan)


def paired_comparison(scores: ArrayLike, reference: ArrayLike, *, lag: int) -> PairedComparison:
    """Compares two forecasters by their scores on the same days, with errors that see dependence.

    Scores of overlapping forecasts are autocorrelated, and so are those of wild and calm years, so
    that n of them are worth less than n independent ones. The standard errors are Newey and West's:
    the autocovariances of the differences up to `lag`, with weights that fall linearly to 0.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import paired_comparison

    scores = np.random.default_rng(0).gamma(2.0, size=400)
    found = paired_comparison(0.98 * scores, scores, lag=8)
    assert abs(found.ratio - 0.98) < 1e-12 and found.ratio_error < 1e-12
    ```

    Args:
        scores: `(days,)` scores of a forecaster in the order of time.
        reference: `(days,)` scores of the other one on the same days.
        lag: The number of autocovariances, in days that were scored: at least the number of days
            whose forecasts overlap. At most the number of days minus one is used.

    Returns:
        The `PairedComparison`.

    Raises:
        ValueError: If the two have other shapes than `(days,)`, there is none, a score is not
            finite, or `lag` is negative.

    Reference:
        Diebold and Mariano (1995), "Comparing predictive accuracy"; Newey and West (1987), "A
        simple, positive semi-definite, heteroskedasticity and autocorrelation consistent covariance
        matrix".
    """
    ours, theirs = (
        finite_array(name, values, unit="scores")
        for name, values in (("scores", scores), ("reference", reference))
    )
    if ours.ndim != 1 or ours.shape != theirs.shape or not len(ours):
        raise InvalidInputError(
            "`scores` and `reference` must be (days,) of the same days. "
            f"Received: scores.shape={ours.shape}, reference.shape={theirs.shape}"
        )
    lag = min(whole_number("lag", lag, minimum=0), len(ours) - 1)
    mean, other = float(ours.mean()), float(theirs.mean())
    ratio_error = float(np.nan)
    if other:
        ratio_error = _standard_error(ours - mean / other * theirs, lag) / abs(other)
    return PairedComparison(
        mean, other, _standard_error(ours - theirs, lag), ratio_error, len(ours), lag
    )


def _standard_error(values: NDArray[np.float64], lag: int) -> float:
    count = len(values)
    if count < 3:
        return float(np.nan)
    centered = values - values.mean()
    variance = centered @ centered
    for distance in range(1, lag + 1):
        weight = 1.0 - distance / (lag + 1.0)
        variance += 2.0 * weight * (centered[distance:] @ centered[:-distance])
    # Positive in theory; rounding may leave -1e-20 where all differences are equal.
    return float(np.sqrt(max(variance, 0.0)) / count)
