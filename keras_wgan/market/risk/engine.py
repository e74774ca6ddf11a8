"""The risk of a portfolio over scenarios that are held or drawn chunk by chunk."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array
from keras_wgan.errors import InvalidInputError
from keras_wgan.market.risk.outcomes import Outcomes, Positions, measure
from keras_wgan.market.risk.portfolio import Portfolio
from keras_wgan.market.risk.result import PortfolioRisk
from keras_wgan.market.risk.settings import RiskSettings
from keras_wgan.market.risk.stress import Stress

DEFAULT_SETTINGS = RiskSettings()
NO_STRESS = Stress()
MIN_IN_TAIL = 10  # scenarios behind the smallest tail

Array = NDArray[np.float64]
Paths = ArrayLike | Iterator[ArrayLike]


def portfolio_risk(
    paths: Paths | Mapping[str, Paths],
    tickers: Sequence[str],
    portfolio: Portfolio,
    settings: RiskSettings = DEFAULT_SETTINGS,
    *,
    stress: Stress = NO_STRESS,
) -> PortfolioRisk:
    """Measures what a portfolio can lose, in scenarios of any model.

    Values are followed in simple returns: a weighted mean of log returns is the return of no
    portfolio.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market import Portfolio, portfolio_risk

    paths = np.random.default_rng(0).normal(scale=0.01, size=(5000, 60, 2))
    risk = portfolio_risk(paths, ["SPY", "TLT"], Portfolio({"SPY": 0.6, "TLT": 0.4}))
    table = risk.table().set_index(["days", "measure", "level"])
    assert -0.018 < table.loc[(1, "VaR", 0.01), "value"] < -0.015  # a loss of 1.7% in a day
    ```

    Args:
        paths: `(n, days, assets)` daily log returns, or `(n, days)` of one asset; or an iterator
            of such chunks, of which only one is in memory at a time. A mapping holds those of
            several models by name, whose spread is then measured.
        tickers: The name of each asset.
        portfolio: The weights, and how they are kept.
        settings: Horizons, levels and losses. Defaults to `RiskSettings()`.
        stress: Events and views that the scenarios are weighted by. Defaults to `Stress()`, none.

    Returns:
        The `PortfolioRisk`, whose tables are DataFrames.

    Raises:
        ValueError: If the paths have another shape or are too short, there are too few of them for
            the smallest level, also after a stress, or portfolio or stress name another asset.
        ImportError: If the stress has views, and skfolio is not installed.
        OverflowError: If the paths exceed the range of numbers.
    """
    models = paths if isinstance(paths, Mapping) else {"scenarios": paths}
    measured = RiskAccumulator(tuple(tickers), portfolio, settings, stress.named(tickers))
    return measured.risk(
        {name: measured.accumulate(_chunks(each)) for name, each in models.items()}
    )


@dataclass(frozen=True)
class RiskAccumulator:
    """What is measured of the scenarios of given assets; refuses what does not fit them.

    Args:
        tickers: The assets.
        portfolio: The weights, and how they are kept.
        settings: Horizons, levels and losses.
        stress: Events and views, with the assets' names.
    """

    tickers: tuple[str, ...]
    portfolio: Portfolio
    settings: RiskSettings
    stress: Stress

    @property
    def days(self) -> int:
        """The days of a path."""
        return max(self.settings.longest, self.stress.longest)

    def accumulate(self, chunks: Iterable[ArrayLike]) -> Outcomes:
        """Measures the portfolio in each chunk of scenarios, and joins what it makes in all."""
        positions = Positions(self.portfolio.aligned(self.tickers), self.portfolio.rebalance)
        observers = [
            functools.partial(
                each.measured,
                tickers=self.tickers,
                periods_per_year=self.settings.periods_per_year,
            )
            for each in self.stress.quantities
        ]
        return Outcomes.of(
            measure(
                _checked(chunk, len(self.tickers), self.days),
                positions,
                self.settings.horizons,
                observers,
            )
            for chunk in chunks
        )

    def risk(self, outcomes: Mapping[str, Outcomes]) -> PortfolioRisk:
        """Returns the risk over the outcomes of all models, weighted by the stress."""
        observed = np.concatenate([each.observed for each in outcomes.values()])
        probabilities = self.stress.probabilities(observed)
        risk = PortfolioRisk(
            self.portfolio, self.tickers, self.settings, outcomes, probabilities, self.stress
        )
        if probabilities is None:
            refuse_too_few(risk.scenarios, self.settings)
        elif not _enough(risk.effective_scenarios, self.settings):
            raise _too_rare(risk)
        return risk


def refuse_too_few(scenarios: int, settings: RiskSettings) -> None:
    """Refuses scenarios that leave too few in the smallest tail."""
    if not _enough(scenarios, settings):
        level = settings.levels[0]
        raise InvalidInputError(
            f"A tail of {100.0 * level:g}% needs at least {MIN_IN_TAIL / level:,.0f} scenarios, "
            f"{MIN_IN_TAIL} of them in the tail. Received: {scenarios:,}. Draw more, or ask for "
            "higher levels."
        )


def _enough(effective: float, settings: RiskSettings) -> bool:
    return effective * settings.levels[0] >= MIN_IN_TAIL - 1e-6


def _too_rare(risk: PortfolioRisk) -> InvalidInputError:
    effective, level = risk.effective_scenarios, risk.settings.levels[0]
    needed = MIN_IN_TAIL / level
    enough = (
        f"draw about {math.ceil(1.2 * risk.scenarios * needed / effective):,} in all"
        if effective >= 1.0
        else "draw more"
    )
    return InvalidInputError(
        f"Given {risk.stress}, {risk.scenarios:,} scenarios count as {effective:,.0f} equal ones, "
        f"and a tail of {100.0 * level:g}% needs {needed:,.0f}. To measure it, {enough}, start in "
        "a state where it is likelier, or ask for higher levels."
    )


def _chunks(paths: Paths) -> Iterator[ArrayLike]:
    if isinstance(paths, Iterator):
        yield from paths
    else:
        yield paths


def _checked(chunk: ArrayLike, assets: int, days: int) -> Array:
    paths = finite_array("paths", chunk)
    if paths.ndim == 2 and assets == 1:
        paths = paths[..., np.newaxis]
    if paths.ndim != 3 or paths.shape[2] != assets or paths.shape[1] < days:
        wanted = f"(n, days, {assets})" if assets > 1 else "(n, days)"
        raise InvalidInputError(
            f"`paths` must be {wanted} log returns of {days} days or more, the longest horizon. "
            f"Received: paths.shape={paths.shape}"
        )
    return paths[:, :days]
