"""The risk of a portfolio over any number of scenarios, of which none is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.market.risk.engine import RiskAccumulator, refuse_too_few
from keras_wgan.market.risk.sketch import DistributionSketch
from keras_wgan.market.risk.table import contribution_rows, risk_table
from keras_wgan.market.risk.tail_profits import TailProfits, WorstScenarios

PARTS = ("returns", "drawdowns", "under_water", "longest_under_water")
MODEL = "scenarios"  # as `portfolio_risk` names those of one model
WORST = 10  # scenarios of each horizon that are kept


class StreamedRisk:
    """What happens to a portfolio in any number of scenarios, in memory that depends on no count.

    It keeps the distributions, the sums behind the contributions of the assets, and the worst ten
    scenarios of each horizon. It does not depend on the order in which scenarios are added, or on
    how they are grouped: the merged risks of shards are the risk of all scenarios, to the last bit.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market import Portfolio, RiskAccumulator, RiskSettings, StreamedRisk, Stress

    settings = RiskSettings(horizons=(1, 20))
    measured = RiskAccumulator(("SPY",), Portfolio({"SPY": 1.0}), settings, Stress())
    risk = StreamedRisk(measured)
    for seed in range(3):
        risk.add([np.random.default_rng(seed).normal(scale=0.01, size=(1000, 20, 1))])
    assert risk.scenarios == 3000
    table = risk.table().set_index(["days", "measure", "level"])
    assert -0.026 < table.loc[(1, "VaR", 0.01), "value"] < -0.021  # a loss of 2.3% in a day
    ```

    Args:
        measured: What is measured of the scenarios; without a stress.

    Raises:
        ImportError: If `ddsketch` is missing.
        ValueError: If there is a stress, which needs all scenarios at once.
    """

    def __init__(self, measured: RiskAccumulator) -> None:
        if measured.stress.quantities:
            raise InvalidInputError(
                "Events and views weight all scenarios at once, so they cannot be used while "
                f"streaming. Received: {measured.stress}. Draw at most a million scenarios."
            )
        self.measured, self.settings = measured, measured.settings
        self._sketches = {
            (days, part): DistributionSketch() for part in PARTS for days in self.settings.horizons
        }
        assets = len(measured.tickers)
        self._profits = {days: TailProfits(assets) for days in self.settings.horizons}
        self._worst = {days: WorstScenarios(WORST, assets) for days in self.settings.horizons}
        self._next = 0  # the number of the next scenario

    @property
    def relative_error(self) -> float:
        """The largest error of a quantile or a tail mean, as a share of it."""
        return next(iter(self._sketches.values())).relative_error

    @property
    def scenarios(self) -> int:
        """The number of scenarios."""
        return next(iter(self._sketches.values())).count

    @property
    def tickers(self) -> tuple[str, ...]:
        """The names of the assets."""
        return self.measured.tickers

    def add(self, chunks: Iterable[ArrayLike], first: int | None = None) -> None:
        """Measures the portfolio in chunks of scenarios.

        Args:
            chunks: `(n, days, assets)` daily log returns, a few scenarios at a time.
            first: The number of the first scenario, by which the worst are named. Defaults to
                `None`, the next one.
        """
        if first is not None:
            self._next = whole_number("first", first, minimum=0)
        for chunk in chunks:
            found = self.measured.accumulate([chunk])
            number = self._next + np.arange(len(found))
            self._next += len(found)
            for column, days in enumerate(self.settings.horizons):
                for part in PARTS:
                    self._sketches[days, part].add(getattr(found, part)[:, column])
                returns, profits = found.returns[:, column], found.profits[:, column]
                self._profits[days].add(returns, profits)
                self._worst[days].add(number, returns, found.drawdowns[:, column], profits)

    def merge(self, other: StreamedRisk) -> None:
        """Adds all scenarios of another risk of the same portfolio and settings."""
        if other.measured != self.measured:
            raise InvalidInputError(
                "`other` must measure the same portfolio with the same settings. Received: "
                f"{other.measured.portfolio} and {self.measured.portfolio}"
            )
        for name, sketch in self._sketches.items():
            sketch.merge(other._sketches[name])
        for days in self.settings.horizons:
            self._profits[days].merge(other._profits[days])
            self._worst[days].merge(other._worst[days])
        self._next = max(self._next, other._next)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Returns all that was kept of the scenarios, as plain arrays by name."""
        arrays: dict[str, NDArray[Any]] = {}
        for (days, part), sketch in self._sketches.items():
            arrays |= {f"{days}.{part}.{name}": each for name, each in sketch.to_arrays().items()}
        for days in self.settings.horizons:
            arrays[f"{days}.profits"] = self._profits[days].to_array()
            arrays[f"{days}.worst"] = self._worst[days].to_array()
        return arrays

    @classmethod
    def from_arrays(cls, measured: RiskAccumulator, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Returns the risk whose arrays these are.

        Args:
            measured: What was measured of the scenarios.
            arrays: What `to_arrays` returned.
        """
        risk, assets = cls(measured), len(measured.tickers)
        for days, part in risk._sketches:
            own = {name: arrays[f"{days}.{part}.{name}"] for name in ("bins", "sum", "squares")}
            risk._sketches[days, part] = DistributionSketch.from_arrays(own)
        for days in risk.settings.horizons:
            risk._profits[days] = TailProfits.from_array(assets, arrays[f"{days}.profits"])
            risk._worst[days] = WorstScenarios.from_array(WORST, arrays[f"{days}.worst"])
        return risk

    def distribution(
        self, days: int, part: str = "returns", model: str | None = None
    ) -> DistributionSketch:
        """Returns the distribution of a part of the outcomes at one horizon."""
        del model  # all scenarios are of one model
        return self._sketches[days, part]

    def table(self) -> pd.DataFrame:
        """Returns all numbers, with the columns of `PortfolioRisk.table`."""
        refuse_too_few(self.scenarios, self.settings)
        return risk_table(self.distribution, self.settings, [])

    def contributions(self) -> pd.DataFrame:
        """Returns what each asset contributes, with the columns of `PortfolioRisk.contributions`.

        Scenarios whose returns differ by less than 1% are summed together, and the tail ends inside
        such a group, so that the components add up to the expected shortfall within the bound of
        its own error.
        """
        refuse_too_few(self.scenarios, self.settings)
        weights = self.measured.portfolio.aligned(self.tickers)
        pieces = []
        for days, profits in self._profits.items():
            returns = self.distribution(days)
            for level in self.settings.levels:
                found = profits.contributions(
                    weights, level=level, value_at_risk=returns.quantile(level).value
                )
                pieces.append(contribution_rows(found, self.tickers, weights, days, level))
        return pd.concat(pieces, ignore_index=True)

    def worst(self, count: int = WORST) -> pd.DataFrame:
        """Returns the worst scenarios of each horizon, with the columns of `PortfolioRisk.worst`.

        Args:
            count: Scenarios for each horizon, at most 10. Defaults to `10`.
        """
        count = whole_number("count", count, maximum=WORST)
        weights = self.measured.portfolio.aligned(self.tickers)
        pieces = []
        for days, kept in self._worst.items():
            found = pd.DataFrame(
                {
                    "days": days,
                    "model": MODEL,
                    "scenario": kept.number,
                    "return": kept.returns,
                    "drawdown": kept.drawdowns,
                    "probability": 1.0 / self.scenarios,
                }
            )
            profits = pd.DataFrame(kept.profits * weights, columns=list(self.tickers))
            pieces.append(pd.concat([found, profits], axis=1)[:count])
        return pd.concat(pieces, ignore_index=True)
