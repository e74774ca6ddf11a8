"""The result of a backtest: comparisons, coverage and tests of value at risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.html import html_table, short_number
from keras_wgan.market.backtesting.origins import Origins
from keras_wgan.market.backtesting.scores import INTERVALS, LEVELS, ForecastScores
from keras_wgan.market.backtesting.settings import BacktestSettings
from keras_wgan.metrics.returns.calibration import PITHistogram, pit_histogram
from keras_wgan.metrics.returns.christoffersen import ChristoffersenTest, christoffersen_test
from keras_wgan.metrics.returns.expected_shortfall import fissler_ziegel_loss
from keras_wgan.metrics.returns.kupiec import KupiecTest, kupiec_test
from keras_wgan.metrics.returns.paired_comparison import PairedComparison, paired_comparison

REFERENCE = "FHS-EGARCH"
WHOLE_PATH = ("energy", "variogram")
RISKS = ("volatility_crps", "drawdown_crps")
VAR_ES = tuple(f"var_es_{100 * level:g}%" for level in LEVELS)
SCORES = ("crps", *VAR_ES, *WHOLE_PATH, *RISKS)

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Backtest:
    """The scores of several forecasters on the same days.

    Args:
        settings: How they forecast.
        fitted: The number of days that they were fitted to, the first and the last of them.
        days: The last day that each forecast had seen, `"YYYY-MM-DD"`.
        outcomes: `(forecasts, horizons)` cumulative log returns that followed.
        scores: The scores by name of the forecaster.
        reference: The forecaster that all are compared with: FHS-EGARCH, or the first.
    """

    settings: BacktestSettings
    fitted: tuple[int, str, str]
    days: tuple[str, ...]
    outcomes: Array
    scores: Mapping[str, ForecastScores]
    reference: str

    @classmethod
    def of(
        cls, origins: Origins, settings: BacktestSettings, scores: Mapping[str, ForecastScores]
    ) -> Backtest:
        """Returns the result of forecasts from these origins."""
        ends = [horizon - 1 for horizon in settings.horizons]
        return cls(
            settings,
            (origins.fitted, origins.day(0), origins.day(origins.fitted - 1)),
            tuple(origins.day(int(start) - 1) for start in origins.starts),
            np.cumsum(origins.futures, axis=1)[:, ends],
            scores,
            REFERENCE if REFERENCE in scores else next(iter(scores)),
        )

    def _repr_html_(self) -> str:
        """Returns a table for notebooks: each mean score over that of the reference."""
        columns = [(score, days) for score in SCORES for days in self.days_of(score)]
        rows = [
            (
                name,
                *(
                    short_number(self.comparison(name, score, days).ratio)
                    for score, days in columns
                ),
            )
            for name in self.scores
        ]
        title = f"Backtest: {len(self.days)} forecasts, {self.days[0]} to {self.days[-1]}"
        note = f"Mean scores over those of {self.reference}; below 1 is better."
        header = ("forecaster", *(f"{score} {days} d" for score, days in columns))
        return html_table(title, header, rows, [note])

    def days_of(self, score: str) -> tuple[int, ...]:
        """Returns the days ahead that a score is of."""
        if score in WHOLE_PATH:
            return (self.settings.longest,)
        return self.settings.risk_days if score in RISKS else self.settings.horizons

    def series(self, name: str, score: str, days: int) -> Array:
        """Returns the scores of a forecaster, one for each forecast.

        Args:
            name: The forecaster.
            score: One of `"crps"`, `"var_es_1%"`, `"var_es_2.5%"`, `"var_es_5%"`, `"energy"`,
                `"variogram"`, `"volatility_crps"` and `"drawdown_crps"`.
            days: The days ahead, one of `days_of(score)`.

        Returns:
            `(forecasts,)` scores. Those of value at risk and expected shortfall are NaN where a
            forecast's expected shortfall is not a loss.

        Raises:
            ValueError: If there is no such forecaster, score or horizon.
        """
        found = self._scores(name)
        if score not in SCORES or days not in self.days_of(score):
            raise InvalidInputError(
                f"`score` must be one of {', '.join(SCORES)}, and `days` one of its days. "
                f"Received: score={score!r}, days={days}"
            )
        if score in WHOLE_PATH:
            return np.asarray(getattr(found, score))
        place = self.days_of(score).index(days)
        if score in VAR_ES:
            return self._losses(found, place, VAR_ES.index(score))
        return np.asarray(getattr(found, score)[:, place])

    def comparison(self, name: str, score: str, days: int) -> PairedComparison:
        """Compares a forecaster with the reference by one score; arguments as for `series`.

        The standard errors take in autocovariances over twice the days ahead.
        """
        lag = self.settings.lag(days)
        ours, theirs = self.series(name, score, days), self.series(self.reference, score, days)
        if not (np.isfinite(ours).all() and np.isfinite(theirs).all()):
            means = float(ours.mean()), float(theirs.mean())
            return PairedComparison(*means, np.nan, np.nan, len(ours), lag)
        return paired_comparison(ours, theirs, lag=lag)

    def coverage(self, name: str, days: int, *, level: float) -> float:
        """Returns the share of outcomes inside the central interval of a level, .5 or .9."""
        return float(self._of_interval("inside", name, days, level))

    def width(self, name: str, days: int, *, level: float) -> float:
        """Returns the mean width of the central interval of a level, .5 or .9."""
        return float(self._of_interval("width", name, days, level))

    def pit(self, name: str, days: int, *, bins: int = 10) -> PITHistogram:
        """Returns the PIT histogram of a forecaster; forecasts that exploded are left out."""
        places = self._scores(name).pit[:, self._horizon(days)]
        return pit_histogram(places[np.isfinite(places)], bins=bins)

    def risk_tests(
        self, name: str, days: int, *, level: float
    ) -> tuple[KupiecTest, ChristoffersenTest]:
        """Tests a value at risk on the forecasts that do not overlap.

        Args:
            name: The forecaster.
            days: The days ahead, one of the horizons.
            level: `0.01`, `0.025` or `0.05`.

        Returns:
            Kupiec's test of the rate, and Christoffersen's of independence and rate.
        """
        apart, place = -(-days // self.settings.every), self._horizon(days)
        column = self._place("level", level, LEVELS)
        threshold = self._scores(name).value_at_risk[::apart, place, column]
        outcomes = self.outcomes[::apart, place]
        return (
            kupiec_test(outcomes, threshold, level=level),
            christoffersen_test(outcomes, threshold, level=level),
        )

    def table(self) -> pd.DataFrame:
        """Returns all mean scores, a row for each forecaster, score and number of days ahead.

        Columns are `mean`, `ratio` to the reference and `difference` from it, both with a
        `_error`, the standard error.
        """
        rows = []
        for name in self.scores:
            for score in SCORES:
                for days in self.days_of(score):
                    found = self.comparison(name, score, days)
                    rows.append(
                        {
                            "forecaster": name,
                            "score": score,
                            "days": days,
                            "mean": found.mean,
                            "ratio": found.ratio,
                            "ratio_error": found.ratio_error,
                            "difference": found.difference,
                            "difference_error": found.standard_error,
                            "forecasts": found.count,
                        }
                    )
        return pd.DataFrame(rows)

    def calibration_table(self) -> pd.DataFrame:
        """Returns coverage, widths and the tests, a row for each forecaster and horizon."""
        rows = []
        for name in self.scores:
            for days in self.settings.horizons:
                row: dict[str, object] = {"forecaster": name, "days": days}
                for level in INTERVALS:
                    row[f"coverage_{level:.0%}"] = self.coverage(name, days, level=level)
                    row[f"width_{level:.0%}"] = self.width(name, days, level=level)
                for level in LEVELS:
                    kupiec, christoffersen = self.risk_tests(name, days, level=level)
                    var = f"var_{100 * level:g}%"
                    row |= {
                        f"{var}_hits": kupiec.hits,
                        f"{var}_forecasts": kupiec.days,
                        f"{var}_kupiec_p": kupiec.p_value,
                        f"{var}_independence_p": christoffersen.independence_p_value,
                        f"{var}_christoffersen_p": christoffersen.coverage_p_value,
                    }
                rows.append(row)
        return pd.DataFrame(rows)

    def _losses(self, found: ForecastScores, place: int, column: int) -> Array:
        threshold = found.value_at_risk[:, place, column]
        shortfall = found.expected_shortfall[:, place, column]
        losses = np.full(len(threshold), np.nan)
        valid = np.isfinite(threshold) & (shortfall < 0.0) & (shortfall <= threshold)
        if valid.any():
            losses[valid] = fissler_ziegel_loss(
                self.outcomes[valid, place],
                threshold[valid],
                shortfall[valid],
                level=LEVELS[column],
            )
        return losses

    def _of_interval(self, what: str, name: str, days: int, level: float) -> np.float64:
        values = getattr(self._scores(name), what)
        column = self._place("level", level, INTERVALS)
        return np.float64(values[:, self._horizon(days), column].mean())

    def _scores(self, name: str) -> ForecastScores:
        self._place("name", name, tuple(self.scores))
        return self.scores[name]

    def _horizon(self, days: int) -> int:
        return self._place("days", days, self.settings.horizons)

    @staticmethod
    def _place(name: str, value: object, known: tuple[object, ...]) -> int:
        if value not in known:
            raise InvalidInputError(
                f"`{name}` must be one of {', '.join(map(repr, known))}. Received: {name}={value!r}"
            )
        return known.index(value)
