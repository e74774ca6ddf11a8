"""The continuous ranked probability score of a sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array
from keras_wgan.errors import InvalidInputError


def crps(samples: ArrayLike, observed: ArrayLike) -> NDArray[np.float64]:
    """Returns the CRPS of forecasts given as samples, unbiased by the size of the sample.

    The score of a distribution F at the outcome y is E|X - y| - E|X - X'| / 2 for independent X and
    X' from F, in the unit of y; lower is better. It is a proper score: in expectation none is lower
    than that of the true distribution. The second mean is taken over all pairs of different
    samples, so that the mean score does not depend on their number (the "fair" CRPS). A single
    score can be slightly negative.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import crps

    samples = np.random.default_rng(0).normal(size=(3, 2000))
    scores = crps(samples, observed=[0.0, 1.0, 3.0])
    np.testing.assert_allclose(scores, [0.234, 0.602, 2.437], atol=0.05)  # of a standard normal
    ```

    Args:
        samples: `(..., n)` samples of each forecast, two or more.
        observed: `(...)` outcomes.

    Returns:
        `(...)` scores.

    Raises:
        ValueError: If there are fewer than two samples, the shapes do not fit, or a number is not
            finite.

    Reference:
        Gneiting and Raftery (2007), "Strictly proper scoring rules, prediction, and estimation";
        Ferro (2014), "Fair scores for ensemble forecasts".
    """
    ordered, outcomes = ordered_samples(samples, observed, min_samples=2)
    n = ordered.shape[-1]
    return _distance(ordered, outcomes) - _pairs(ordered) / (n * (n - 1))


def empirical_crps(samples: ArrayLike, observed: ArrayLike) -> NDArray[np.float64]:
    """Returns the CRPS of the samples themselves, as the distribution that puts 1/n on each.

    This is the integral of the squared difference between the samples' distribution function and
    the step at the outcome. It exceeds `crps` by E|X - X'| / 2n in the mean, so it favors larger
    samples: compare with it only samples of the same size.

    Example:
    ```python
    from keras_wgan.metrics import empirical_crps

    assert empirical_crps([2.0], 5.0) == 3.0  # a point forecast: the absolute error
    assert empirical_crps([0.0, 1.0], 0.0) == 0.25
    ```

    Args:
        samples: `(..., n)` samples of each forecast, one or more.
        observed: `(...)` outcomes.

    Returns:
        `(...)` scores, never negative.

    Raises:
        ValueError: If there is no sample, the shapes do not fit, or a number is not finite.

    Reference:
        Gneiting and Raftery (2007), "Strictly proper scoring rules, prediction, and estimation".
    """
    ordered, outcomes = ordered_samples(samples, observed)
    return np.maximum(_distance(ordered, outcomes) - _pairs(ordered) / ordered.shape[-1] ** 2, 0.0)


def ordered_samples(
    samples: ArrayLike, observed: ArrayLike, *, min_samples: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns finite samples `(..., n)` in ascending order, and outcomes `(...)` that fit them."""
    drawn = finite_array("samples", samples, unit="samples")
    outcomes = finite_array("observed", observed, unit="outcomes")
    if drawn.ndim == 0 or drawn.shape[:-1] != outcomes.shape or drawn.shape[-1] < min_samples:
        raise InvalidInputError(
            f"`samples` must be (..., n) with {min_samples} or more samples for each of `observed` "
            f"(...). Received: samples.shape={drawn.shape}, observed.shape={outcomes.shape}. "
            "Put the samples of a forecast on the last axis."
        )
    return np.sort(drawn, axis=-1), outcomes


def _distance(ordered: NDArray[np.float64], observed: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.abs(ordered - observed[..., np.newaxis]).mean(axis=-1))


def _pairs(ordered: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns the sum of |x - x'| over all unordered pairs, from the ranks of the samples."""
    n = ordered.shape[-1]
    weights = 2.0 * np.arange(1, n + 1) - n - 1.0
    # Centered, so that a level far from zero costs no digits.
    return np.asarray((ordered - ordered[..., n // 2, np.newaxis]) @ weights)
