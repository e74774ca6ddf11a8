"""The risk of a portfolio over any number of scenarios, of which none is kept."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from numpy.typing import ArrayLike

from keras_wgan.errors import InvalidInputError
from keras_wgan.market.risk.engine import RiskAccumulator, refuse_too_few
from keras_wgan.market.risk.sketch import DistributionSketch
from keras_wgan.market.risk.table import risk_table

PARTS = ("returns", "drawdowns", "under_water", "longest_under_water")


class StreamedRisk:
    """The distributions of what happens to a portfolio, in memory that depends on no count.

    It does not depend on the order in which scenarios are added, or on how they are grouped: the
    merged risks of shards are the risk of all scenarios, to the last bit.

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

    @property
    def relative_error(self) -> float:
        """The largest error of a quantile or a tail mean, as a share of it."""
        return next(iter(self._sketches.values())).relative_error

    @property
    def scenarios(self) -> int:
        """The number of scenarios."""
        return next(iter(self._sketches.values())).count

    def add(self, chunks: Iterable[ArrayLike]) -> None:
        """Measures the portfolio in chunks of scenarios.

        Args:
            chunks: `(n, days, assets)` daily log returns, a few scenarios at a time.
        """
        for chunk in chunks:
            found = self.measured.accumulate([chunk])
            for part in PARTS:
                for number, days in enumerate(self.settings.horizons):
                    self._sketches[days, part].add(getattr(found, part)[:, number])

    def merge(self, other: StreamedRisk) -> None:
        """Adds all scenarios of another risk of the same portfolio and settings."""
        if other.measured != self.measured:
            raise InvalidInputError(
                "`other` must measure the same portfolio with the same settings. Received: "
                f"{other.measured.portfolio} and {self.measured.portfolio}"
            )
        for name, sketch in self._sketches.items():
            sketch.merge(other._sketches[name])

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
