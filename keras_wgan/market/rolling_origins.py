"""Rolling origins: the years that simulators are fitted to and the next ones that score them."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from keras_wgan._validation import whole_number
from keras_wgan.errors import ExplosionError, InvalidInputError
from keras_wgan.io.json import number
from keras_wgan.market.baselines.fitted import as_history
from keras_wgan.market.baselines.simulator import Simulator
from keras_wgan.metrics import FamilyScores, LevelReference

HISTORY = "training history"
SCALED_HISTORY = "training history, scaled"
CONTROLS = (HISTORY, SCALED_HISTORY)
CHOOSING_SHARE = 0.2  # the last fifth of the fitted years
MIN_DAYS_A_YEAR = 200  # a year of daily prices has about 252
MIN_YEAR, MAX_YEAR = 1700, 2200


@dataclass(frozen=True)
class RollingPlan:
    """The origins, and how simulators are scored after each.

    Example:
    ```python
    from keras_wgan.market import RollingPlan

    plan = RollingPlan(first=1970, last=2018)
    assert len(plan.origins) == 13 and plan.origins[:3] == (1970, 1974, 1978)
    ```

    Args:
        first: The first test year of the first origin. Defaults to `1970`.
        last: The first test year of the last origin, at most. Defaults to `2018`.
        every: Years from one origin to the next. Defaults to `4`.
        fit_years: Calendar years before an origin that models are fitted to. Defaults to `20`.
        test_years: Calendar years from an origin on that score them once. Defaults to `4`.
        days: Days in a window. Defaults to `60`.
        paths: Paths of each model and origin. Defaults to `4000`.
        histories: Drawn histories behind the sampling floor of each origin. Defaults to `30`.
        seed: Seed of the paths, the training and the classifier. Defaults to `0`.

    Raises:
        ValueError: If a number is out of its range, or `last` is before `first`.
    """

    first: int = 1970
    last: int = 2018
    every: int = 4
    fit_years: int = 20
    test_years: int = 4
    days: int = 60
    paths: int = 4000
    histories: int = 30
    seed: int = 0

    def __post_init__(self) -> None:
        whole_number("first", self.first, minimum=MIN_YEAR, maximum=MAX_YEAR)
        whole_number("last", self.last, minimum=self.first, maximum=MAX_YEAR)
        for name in ("every", "fit_years", "test_years", "histories"):
            whole_number(name, getattr(self, name))
        whole_number("days", self.days, minimum=26)  # fewer have no classifier
        whole_number("paths", self.paths, minimum=100)
        whole_number("seed", self.seed, minimum=0)

    @property
    def origins(self) -> tuple[int, ...]:
        """The first test year of each origin."""
        return tuple(range(self.first, self.last + 1, self.every))


@dataclass(frozen=True, eq=False)
class RollingOrigin:
    """The returns before and after an origin.

    Args:
        year: The first test year.
        fit: Dated log returns of the years before it.
        test: Dated log returns of the test years.
    """

    year: int
    fit: pd.Series[Any]
    test: pd.Series[Any]

    @property
    def trained_until(self) -> str:
        """The last day that a network trains on; the last fifth of the years selects weights.

        The selection itself leaves out the 60 trading days after it.
        """
        days = round(len(self.fit) * (1.0 - CHOOSING_SHARE))
        return f"{self.fit.index[days - 1]:%Y-%m-%d}"

    @property
    def selected_until(self) -> str:
        """The last day that selects weights, and that baselines are fitted to."""
        return f"{self.fit.index[-1]:%Y-%m-%d}"


@dataclass(frozen=True)
class OriginScores:
    """The scores of one model at one origin.

    Args:
        mean: The mean over the families of scores, after the level is matched.
        median: The median over the families.
        level: The standard deviation of the paths over that of the test years, minus 1.
        level_ratio: |level| over its sampling floor.
        families: The score of each family.
    """

    mean: float
    median: float
    level: float
    level_ratio: float
    families: dict[str, float]

    @classmethod
    def of(cls, found: FamilyScores) -> OriginScores:
        """Returns what is kept of the scores of families."""
        families = dict(found.families)
        return cls(found.mean, found.median, found.level, found.level_ratio, families)

    @classmethod
    def from_dict(cls, form: Mapping[str, Any]) -> OriginScores:
        """Returns the scores whose fields JSON held."""
        return cls(
            mean=number(form["mean"]),
            median=number(form["median"]),
            level=number(form["level"]),
            level_ratio=number(form["level_ratio"]),
            families={str(name): number(value) for name, value in form["families"].items()},
        )


def cut_origins(returns: pd.Series[Any], plan: RollingPlan) -> list[RollingOrigin]:
    """Cuts a long history at each origin of a plan.

    Example:
    ```python
    from keras_wgan.data import load_prices, log_returns
    from keras_wgan.market import RollingPlan, cut_origins

    returns = log_returns(load_prices(start=None, end=None, source="bundled"))
    plan = RollingPlan(first=2009, last=2015, every=4, fit_years=9, test_years=4)
    first, second = cut_origins(returns, plan)
    assert (first.year, first.fit.index[-1].year, first.test.index[0].year) == (2009, 2008, 2009)
    ```

    Args:
        returns: Daily log returns under their dates, from one year before the first origin's
            fitted years to the end of the last origin's test years.
        plan: The origins.

    Returns:
        One `RollingOrigin` for each.

    Raises:
        ValueError: If the returns have no sorted dates, or a year has fewer than 200 days.
    """
    if not isinstance(returns, pd.Series) or not isinstance(returns.index, pd.DatetimeIndex):
        raise InvalidInputError(
            "`returns` must be a pandas Series with an index of dates. "
            f"Received: {type(returns).__name__}. Use log_returns(load_prices(...))."
        )
    if not returns.index.is_monotonic_increasing:
        raise InvalidInputError(
            "`returns` must be in chronological order. "
            "Received: dates out of order. Use returns.sort_index()."
        )
    years = returns.index.year
    counts = {
        int(year): int(days)
        for year, days in zip(*np.unique(years, return_counts=True), strict=True)
    }
    needed = range(plan.origins[0] - plan.fit_years, plan.origins[-1] + plan.test_years)
    lacking = [year for year in needed if counts.get(year, 0) < MIN_DAYS_A_YEAR]
    if lacking:
        raise InvalidInputError(
            f"`returns` must hold at least {MIN_DAYS_A_YEAR} days of each year from {needed[0]} to "
            f"{needed[-1]}, as the origins {plan.origins[0]} to {plan.origins[-1]} need. "
            f"Received: {counts.get(lacking[0], 0)} days of {lacking[0]}. Load a longer history, "
            "or move the origins, the years of fitting or those of the test."
        )
    return [
        RollingOrigin(
            year,
            returns[(years >= year - plan.fit_years) & (years < year)],
            returns[(years >= year) & (years < year + plan.test_years)],
        )
        for year in plan.origins
    ]


def origin_reference(origin: RollingOrigin, plan: RollingPlan) -> LevelReference:
    """Measures the test years of an origin, which takes most of the time of a fast model."""
    test = as_history(origin.test)
    return LevelReference.of(test, days=plan.days, histories=plan.histories, seed=plan.seed)


def score_simulator(
    simulator: Simulator, reference: LevelReference, plan: RollingPlan
) -> OriginScores:
    """Scores the paths of a simulator that was fitted before an origin."""
    try:
        paths = simulator.sample(plan.paths, plan.days, plan.seed)
    except ExplosionError:
        return OriginScores.of(reference.exploded())
    return OriginScores.of(reference.score(paths, seed=plan.seed))


def score_controls(
    origin: RollingOrigin, reference: LevelReference, plan: RollingPlan
) -> dict[str, OriginScores]:
    """Scores all windows of the training history, and the same scaled to the test's volatility.

    The scaled history has the level of the test, and all else is that of the history, because no
    family depends on the level.
    """
    windows = np.lib.stride_tricks.sliding_window_view(as_history(origin.fit), plan.days)
    itself = OriginScores.of(reference.score(windows, seed=plan.seed))
    return {HISTORY: itself, SCALED_HISTORY: replace(itself, level=0.0, level_ratio=0.0)}
