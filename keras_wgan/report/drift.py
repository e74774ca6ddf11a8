"""The drift of generated returns against that of history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from keras_wgan._validation import finite_array, in_range
from keras_wgan.metrics.returns.like_days import windows_after_like_days
from keras_wgan.metrics.returns.windows import as_windows

MEAN_SIZE = np.sqrt(2.0 / np.pi)  # of a standard normal number


@dataclass(frozen=True)
class Drift:
    """The mean log returns of a year, real and generated, which no family of scores compares.

    Example:
    ```python
    import numpy as np
    from keras_wgan.report import Drift

    history = 0.0003 + 0.01 * np.random.default_rng(0).normal(size=2520)
    drift = Drift.of(history, history.reshape(-1, 60) + 0.001, periods_per_year=252)
    assert abs(drift.generated - drift.real - 0.252) < 1e-12
    assert abs(drift.floor - np.sqrt(2 / np.pi) * 252 * history.std() / np.sqrt(2520)) < 1e-12
    ```

    Args:
        real: The mean log return of the history for a year.
        generated: The mean log return of the generated windows for a year.
        floor: The mean error of `real` that comes from the length of the history alone.
    """

    real: float
    generated: float
    floor: float

    @classmethod
    def of(cls, history: ArrayLike, generated: ArrayLike, *, periods_per_year: float) -> Drift:
        """Measures the drift of generated windows against a history of returns.

        Args:
            history: Log returns in chronological order, shape `(days,)`.
            generated: Generated windows of log returns, of any shape.
            periods_per_year: The number of returns in a year.

        Returns:
            The `Drift`.

        Raises:
            ValueError: If `history` is not finite, or `periods_per_year` is not above zero.
        """
        returns = finite_array("history", history, unit="returns")
        periods = in_range("periods_per_year", periods_per_year, above=0.0)
        error = MEAN_SIZE * returns.std() / np.sqrt(len(returns))
        return cls(
            periods * float(returns.mean()),
            periods * float(np.mean(np.asarray(generated, np.float64))),
            periods * float(error),
        )

    @classmethod
    def after_like_days(
        cls, history: ArrayLike, paths: ArrayLike, *, periods_per_year: float
    ) -> Drift:
        """Measures the drift of paths from today's state against what followed like days.

        Like days are those of `windows_after_like_days`. Their windows overlap, so that the floor
        counts only as many of them as fit side by side.

        Args:
            history: Log returns in chronological order, shape `(days,)`, up to today.
            paths: Log returns after today, shape `(paths, days)`.
            periods_per_year: The number of returns in a year.

        Returns:
            The `Drift`.

        Raises:
            ValueError: If `history` is not finite or too short, or `periods_per_year` is not above
                zero.
        """
        periods = in_range("periods_per_year", periods_per_year, above=0.0)
        made = as_windows(paths, "paths")
        days = made.shape[1]
        means = windows_after_like_days(history, days).mean(axis=1)
        error = MEAN_SIZE * means.std() / np.sqrt(max(len(means) / days, 1.0))
        return cls(
            periods * float(means.mean()), periods * float(made.mean()), periods * float(error)
        )

    @property
    def ratio(self) -> float:
        """The size of the difference over its floor."""
        gap = abs(self.generated - self.real)
        return gap / self.floor if np.isfinite(gap) else np.inf
