"""The scores of one forecaster: a row for each forecast."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from keras_wgan.market.backtesting.settings import BacktestSettings
from keras_wgan.metrics.returns.calibration import (
    central_interval,
    probability_integral_transform,
)
from keras_wgan.metrics.returns.crps import crps
from keras_wgan.metrics.returns.drawdowns import largest_drawdowns
from keras_wgan.metrics.returns.path_scores import energy_score, variogram_score

LEVELS = (0.01, 0.025, 0.05)  # of value at risk and expected shortfall
INTERVALS = (0.5, 0.9)

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ForecastScores:
    """The scores of the forecasts of one forecaster, of cumulative log returns and of paths.

    Args:
        crps: `(forecasts, horizons)` CRPS.
        pit: `(forecasts, horizons)` place of the outcome among the samples; NaN where the paths of
            a forecast exploded.
        inside: `(forecasts, horizons, 2)` one where the outcome lies in the central 50% and 90%
            interval, else zero.
        width: `(forecasts, horizons, 2)` widths of these intervals.
        value_at_risk: `(forecasts, horizons, 3)` log returns that 1, 2.5 and 5% of the samples fall
            below.
        expected_shortfall: `(forecasts, horizons, 3)` means of the samples below them.
        energy: `(forecasts,)` energy score of the path of cumulative log returns.
        variogram: `(forecasts,)` variogram score of the same path.
        volatility_crps: `(forecasts, risk days)` CRPS of realized volatility, the root mean square
            of daily log returns.
        drawdown_crps: `(forecasts, risk days)` CRPS of the largest drawdown, as a log loss.
    """

    crps: Array
    pit: Array
    inside: Array
    width: Array
    value_at_risk: Array
    expected_shortfall: Array
    energy: Array
    variogram: Array
    volatility_crps: Array
    drawdown_crps: Array

    @classmethod
    def stacked(cls, rows: Sequence[Self]) -> Self:
        """Returns the scores of single forecasts as one."""
        return cls(*(np.stack([getattr(row, each.name) for row in rows]) for each in fields(cls)))

    def arrays(self) -> dict[str, Array]:
        """Returns the scores by name, to be written."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> Self:
        """Returns the scores whose `arrays` were written."""
        return cls(*(np.asarray(arrays[each.name], np.float64) for each in fields(cls)))


def score_forecast(
    paths: Array, future: Array, settings: BacktestSettings, *, seed: int
) -> ForecastScores:
    """Scores one forecast, `(n, days)` paths of log returns, by the `(days,)` that followed."""
    if not np.isfinite(paths).all():
        return exploded(settings)
    levels, happened = np.cumsum(paths, axis=1), np.cumsum(future)
    ends = [horizon - 1 for horizon in settings.horizons]
    samples, outcomes = levels[:, ends].T, happened[ends]
    intervals = [central_interval(samples, level=level) for level in INTERVALS]
    threshold = np.quantile(samples, LEVELS, axis=-1, method="weibull").T
    return ForecastScores(
        crps=crps(samples, outcomes),
        pit=probability_integral_transform(samples, outcomes, seed=seed),
        inside=np.stack([found.holds(outcomes) for found in intervals], axis=-1).astype(float),
        width=np.stack([found.width for found in intervals], axis=-1),
        value_at_risk=threshold,
        expected_shortfall=_means_below(samples, threshold),
        energy=np.asarray(energy_score(levels, happened)),
        variogram=np.asarray(variogram_score(levels, happened)),
        volatility_crps=_crps_of(realized_volatilities, paths, future, settings.risk_days),
        drawdown_crps=_crps_of(largest_drawdowns, paths, future, settings.risk_days),
    )


def exploded(settings: BacktestSettings) -> ForecastScores:
    """Returns the scores of a forecast whose paths exceed the range of numbers."""
    horizons, risks = len(settings.horizons), len(settings.risk_days)
    infinite = np.full((horizons, len(LEVELS)), -np.inf)
    return ForecastScores(
        crps=np.full(horizons, np.inf),
        pit=np.full(horizons, np.nan),
        inside=np.zeros((horizons, len(INTERVALS))),
        width=np.full((horizons, len(INTERVALS)), np.inf),
        value_at_risk=infinite,
        expected_shortfall=infinite,
        energy=np.asarray(np.inf),
        variogram=np.asarray(np.inf),
        volatility_crps=np.full(risks, np.inf),
        drawdown_crps=np.full(risks, np.inf),
    )


def realized_volatilities(paths: Array) -> Array:
    """Returns the root mean square of `(..., days)` log returns."""
    return np.asarray(np.sqrt(np.mean(paths**2, axis=-1)))


def _means_below(samples: Array, threshold: Array) -> Array:
    """Returns the means of `(horizons, n)` samples at or below `(horizons, levels)` thresholds."""
    below = samples[:, np.newaxis, :] <= threshold[..., np.newaxis]
    total = np.where(below, samples[:, np.newaxis, :], 0.0).sum(axis=-1)
    return np.asarray(total / below.sum(axis=-1))


def _crps_of(
    statistic: Callable[[Array], Array], paths: Array, future: Array, days: Sequence[int]
) -> Array:
    return np.stack([crps(statistic(paths[:, :d]), statistic(future[:d])) for d in days])
