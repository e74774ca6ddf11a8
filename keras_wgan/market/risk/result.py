"""The risk of a portfolio: tables of its tails, its contributions and its worst scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.market.risk.contributions import contributions
from keras_wgan.market.risk.distribution import Sample
from keras_wgan.market.risk.outcomes import Outcomes
from keras_wgan.market.risk.portfolio import Portfolio
from keras_wgan.market.risk.settings import RiskSettings
from keras_wgan.market.risk.stress import Stress, effective_number
from keras_wgan.market.risk.table import contribution_rows, risk_table

NO_STRESS = Stress()

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PortfolioRisk:
    """The risk of a portfolio over scenarios of one model or of several.

    Every number is of simple returns on today's value, as a share of it: a value at risk of -0.064
    is a loss of 6.4%. The scenarios of several models count as one set, in which each model has the
    same share.

    Args:
        portfolio: The portfolio.
        tickers: The assets of the scenarios.
        settings: What is measured.
        outcomes: What the portfolio makes in the scenarios of each model, by its name.
        probabilities: `(scenarios,)` weights of all scenarios, model by model. Defaults to `None`,
            equal ones.
        stress: The events and views behind them. Defaults to `Stress()`, none.
    """

    portfolio: Portfolio
    tickers: tuple[str, ...]
    settings: RiskSettings
    outcomes: Mapping[str, Outcomes]
    probabilities: Array | None = None
    stress: Stress = NO_STRESS

    @property
    def scenarios(self) -> int:
        """The number of scenarios of all models."""
        return sum(map(len, self.outcomes.values()))

    @property
    def effective_scenarios(self) -> float:
        """The number of equally likely scenarios that would estimate a mean as well."""
        if self.probabilities is None:
            return float(self.scenarios)
        return effective_number(self.probabilities)

    def distribution(self, days: int, part: str = "returns", model: str | None = None) -> Sample:
        """Returns the distribution of a part of the outcomes at one horizon.

        Args:
            days: One of the horizons.
            part: `"returns"`, `"drawdowns"`, `"under_water"` or `"longest_under_water"`. Defaults
                to `"returns"`.
            model: The model whose scenarios are taken. Defaults to `None`, those of all.
        """
        column = self._column(days)
        if model is not None and model not in self.outcomes:
            raise InvalidInputError(
                f"`model` must be one of {', '.join(self.outcomes)}. Received: model={model!r}"
            )
        if model is None:
            parts = [getattr(each, part)[:, column] for each in self.outcomes.values()]
            return Sample(np.concatenate(parts), self.probabilities)
        shares = None if self.probabilities is None else self._shares(model)
        return Sample(getattr(self.outcomes[model], part)[:, column], shares)

    def table(self) -> pd.DataFrame:
        """Returns all numbers, a row for each horizon, measure and level.

        Columns are `days`, `measure`, `level`, `value`, `error` (its Monte Carlo standard error)
        and `spread` (the standard deviation over the models; NaN for one model). The `level` of
        `"VaR"` and `"ES"` is the share of scenarios in the tail, that of `"P(loss)"` the loss that
        is exceeded, and that of drawdowns and of days under water a quantile.
        """
        models = [name for name in self.outcomes if self._mass(name) > 0.0]
        return risk_table(self.distribution, self.settings, models)

    def contributions(self) -> pd.DataFrame:
        """Returns what each asset contributes, a row for each horizon, level and asset.

        `component_var` and `component_es` add up to the value at risk and the expected shortfall,
        `es_share` to 1. `marginal_var` and `marginal_es` are those of a weight of 1.
        `component_es_error` is the Monte Carlo standard error.
        """
        weights = self.portfolio.aligned(self.tickers)
        pieces = []
        for days in self.settings.horizons:
            column, returns = self._column(days), self.distribution(days)
            profits = np.concatenate([each.profits[:, column] for each in self.outcomes.values()])
            for level in self.settings.levels:
                found = contributions(returns, profits, weights, level=level)
                pieces.append(contribution_rows(found, self.tickers, weights, days, level))
        return pd.concat(pieces, ignore_index=True)

    def worst(self, count: int = 10) -> pd.DataFrame:
        """Returns the worst scenarios of each horizon, the worst first.

        A row has the horizon, the model and the number of the scenario, from 0 in the order in
        which the model draws them, the return, the largest drawdown, the probability, and what each
        asset contributes to the return.

        Args:
            count: Scenarios for each horizon. Defaults to `10`.
        """
        count = whole_number("count", count)
        weights = self.portfolio.aligned(self.tickers)
        together = Outcomes.of(self.outcomes.values())
        numbers = [np.arange(len(each)) for each in self.outcomes.values()]
        number, lengths = np.concatenate(numbers), [len(each) for each in numbers]
        model = np.repeat(list(self.outcomes), lengths)
        shares = self.probabilities
        shares = np.ones(len(together)) if shares is None else shares
        shares = shares / shares.sum()
        pieces = []
        for days in self.settings.horizons:
            column = self._column(days)
            returns = np.where(shares > 0.0, together.returns[:, column], np.inf)
            rows = np.argsort(returns, kind="stable")[: min(count, int((shares > 0.0).sum()))]
            found = pd.DataFrame(
                {
                    "days": days,
                    "model": model[rows],
                    "scenario": number[rows],
                    "return": together.returns[rows, column],
                    "drawdown": together.drawdowns[rows, column],
                    "probability": shares[rows],
                }
            )
            profits = together.profits[rows, column] * weights
            pieces.append(pd.concat([found, pd.DataFrame(profits, columns=self.tickers)], axis=1))
        return pd.concat(pieces, ignore_index=True)

    def _column(self, days: int) -> int:
        if days not in self.settings.horizons:
            raise InvalidInputError(
                f"`days` must be one of {', '.join(map(str, self.settings.horizons))}. "
                f"Received: days={days}"
            )
        return self.settings.horizons.index(days)

    def _mass(self, model: str) -> float:
        return 1.0 if self.probabilities is None else float(self._shares(model).sum())

    def _shares(self, model: str) -> Array:
        assert self.probabilities is not None
        lengths = [len(each) for each in self.outcomes.values()]
        pieces = np.split(self.probabilities, np.cumsum(lengths)[:-1])
        return pieces[list(self.outcomes).index(model)]
