"""Calibration of forecasts given as samples: central intervals and the PIT."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array, in_range, whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.crps import ordered_samples


@dataclass(frozen=True, eq=False)
class CentralInterval:
    """Central intervals of forecasts.

    Args:
        level: The share of outcomes that should lie inside.
        lower: `(...)` lower ends.
        upper: `(...)` upper ends.
    """

    level: float
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]

    @property
    def width(self) -> NDArray[np.float64]:
        """The width of each interval."""
        return self.upper - self.lower

    def holds(self, observed: ArrayLike) -> NDArray[np.bool_]:
        """Says of each outcome whether it lies inside its interval, the ends included."""
        outcomes = finite_array("observed", observed, unit="outcomes")
        if outcomes.shape != self.lower.shape:
            raise InvalidInputError(
                f"`observed` must have one outcome for each interval, {self.lower.shape}. "
                f"Received: observed.shape={outcomes.shape}"
            )
        return (self.lower <= outcomes) & (outcomes <= self.upper)


def central_interval(samples: ArrayLike, *, level: float) -> CentralInterval:
    """Returns the central intervals of forecasts given as samples.

    The ends are quantiles at rank q (n + 1), so that another draw from the same distribution lies
    inside with exactly the probability `level`, however few samples there are (if n + 1 is at least
    2 / (1 - level)).

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import central_interval

    rng = np.random.default_rng(0)
    found = central_interval(rng.normal(size=(5000, 199)), level=0.9)
    assert abs(found.holds(rng.normal(size=5000)).mean() - 0.9) < 0.02
    ```

    Args:
        samples: `(..., n)` samples of each forecast.
        level: The share of outcomes that should lie inside, between 0 and 1.

    Returns:
        The `CentralInterval`.

    Raises:
        ValueError: If there is no sample, a number is not finite, or `level` does not lie between 0
            and 1.

    Reference:
        Gneiting, Balabdaoui and Raftery (2007), "Probabilistic forecasts, calibration and
        sharpness".
    """
    drawn = finite_array("samples", samples, unit="samples")
    level = in_range("level", level, above=0.0, below=1.0)
    if drawn.ndim == 0 or drawn.shape[-1] == 0:
        raise InvalidInputError(
            "`samples` must be (..., n) with one or more samples. "
            f"Received: samples.shape={drawn.shape}"
        )
    tail = (1.0 - level) / 2.0
    lower, upper = np.quantile(drawn, [tail, 1.0 - tail], axis=-1, method="weibull")
    return CentralInterval(level, np.asarray(lower), np.asarray(upper))


def probability_integral_transform(
    samples: ArrayLike, observed: ArrayLike, *, seed: int = 0
) -> NDArray[np.float64]:
    """Returns the place of each outcome among the samples of its forecast, between 0 and 1.

    Under a calibrated forecast it is uniform: exactly so, also for few samples and for samples that
    equal the outcome, because the place among equal ones is drawn at random.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import probability_integral_transform

    places = probability_integral_transform(np.zeros((1000, 9)), np.zeros(1000))  # all equal
    assert abs(places.mean() - 0.5) < 0.05 and places.std() > 0.25
    ```

    Args:
        samples: `(..., n)` samples of each forecast.
        observed: `(...)` outcomes.
        seed: Seed of the random places. Defaults to `0`.

    Returns:
        `(...)` numbers between 0 and 1.

    Raises:
        ValueError: If there is no sample, the shapes do not fit, or a number is not finite.

    Reference:
        Czado, Gneiting and Held (2009), "Predictive model assessment for count data".
    """
    ordered, outcomes = ordered_samples(samples, observed)
    below = (ordered < outcomes[..., np.newaxis]).sum(axis=-1)
    equal = (ordered == outcomes[..., np.newaxis]).sum(axis=-1)
    chance = np.random.default_rng(seed).uniform(size=outcomes.shape)
    return np.asarray((below + chance * (equal + 1.0)) / (ordered.shape[-1] + 1.0))


@dataclass(frozen=True)
class PITHistogram:
    """The histogram of a PIT.

    Args:
        counts: The number of outcomes in each of the equal bins from 0 to 1.
    """

    counts: tuple[int, ...]

    @property
    def density(self) -> tuple[float, ...]:
        """The height of each bin; 1 everywhere under a calibrated forecast."""
        total = max(sum(self.counts), 1)
        return tuple(len(self.counts) * count / total for count in self.counts)


def pit_histogram(places: ArrayLike, *, bins: int = 10) -> PITHistogram:
    """Counts the values of a PIT in equal bins.

    A histogram like a U is that of intervals that are too narrow, one like a hill of intervals that
    are too wide; a slope shows forecasts that are too low or too high.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import pit_histogram

    found = pit_histogram([0.05, 0.15, 0.95, 1.0], bins=10)
    assert found.counts == (1, 1, 0, 0, 0, 0, 0, 0, 0, 2)
    ```

    Args:
        places: Values between 0 and 1 of any shape, as `probability_integral_transform` returns.
        bins: The number of bins. Defaults to `10`.

    Returns:
        The `PITHistogram`.

    Raises:
        ValueError: If a value does not lie between 0 and 1, or `bins` is below 1.
    """
    values = finite_array("places", places)
    if ((values < 0.0) | (values > 1.0)).any():
        raise InvalidInputError(
            "`places` must lie between 0 and 1. "
            f"Received: values from {values.min():g} to {values.max():g}"
        )
    counts, _ = np.histogram(values, bins=whole_number("bins", bins), range=(0.0, 1.0))
    return PITHistogram(tuple(int(count) for count in counts))
