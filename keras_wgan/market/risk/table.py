"""The table of a portfolio's risk, from the distributions of what happens to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.market.risk.contributions import Contributions
from keras_wgan.market.risk.distribution import Distribution, Estimate
from keras_wgan.market.risk.settings import RiskSettings

PATH_QUANTILES = (0.5, 0.95, 0.99)  # of drawdowns and of days under water
COLUMNS = ("days", "measure", "level", "value", "error", "spread")

Array = NDArray[np.float64]
Measure = Callable[[Distribution], Estimate]


class Distributions(Protocol):
    """Anything that has the distributions of the parts of `Outcomes`."""

    def __call__(self, days: int, part: str, model: str | None = None, /) -> Distribution:
        """Returns the distribution of a part at a horizon, of one model or of all."""


def risk_table(
    distribution: Distributions, settings: RiskSettings, models: Sequence[str]
) -> pd.DataFrame:
    """Returns all numbers, a row for each horizon, measure and level; see `PortfolioRisk.table`."""
    rows = []
    for days in settings.horizons:
        for part, measures in _measures(settings).items():
            every = distribution(days, part)
            each = [distribution(days, part, name) for name in models] if len(models) > 1 else []
            for measure, level, estimate in measures:
                found = estimate(every)
                own = [estimate(one).value for one in each]
                spread = float(np.std(own, ddof=1)) if own else np.nan
                rows.append((days, measure, level, found.value, found.error, spread))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def contribution_rows(
    found: Contributions, tickers: Sequence[str], weights: Array, days: int, level: float
) -> pd.DataFrame:
    """Returns a row for each asset; see `PortfolioRisk.contributions`."""
    return pd.DataFrame(
        {
            "days": days,
            "level": level,
            "asset": tickers,
            "weight": weights,
            "component_var": found.component_var,
            "marginal_var": found.marginal_var,
            "component_es": found.component_es,
            "component_es_error": found.component_es_error,
            "marginal_es": found.marginal_es,
            "es_share": found.component_es / found.component_es.sum(),
        }
    )


def _measures(settings: RiskSettings) -> dict[str, list[tuple[str, float, Measure]]]:
    """Returns the measures of each part of the outcomes, with their levels."""
    returns: list[tuple[str, float, Measure]] = [
        ("mean", np.nan, lambda found: found.mean()),
        ("standard deviation", np.nan, lambda found: found.standard_deviation()),
        *(("VaR", level, _quantile(level)) for level in settings.levels),
        *(("ES", level, _shortfall(level)) for level in settings.levels),
        *(("P(loss)", loss, _share_below(-loss)) for loss in settings.losses),
    ]
    return {
        "returns": returns,
        "drawdowns": list(_of_path("drawdown")),
        "under_water": list(_of_path("days under water")),
        "longest_under_water": list(_of_path("longest days under water")),
    }


def _of_path(name: str) -> Iterator[tuple[str, float, Measure]]:
    yield name, np.nan, lambda found: found.mean()
    for level in PATH_QUANTILES:
        yield name, level, _quantile(level)


def _quantile(level: float) -> Measure:
    return lambda found: found.quantile(level)


def _shortfall(level: float) -> Measure:
    return lambda found: found.expected_shortfall(level)


def _share_below(bound: float) -> Measure:
    return lambda found: found.share_below(bound)
