"""The content of the report page of one asset's scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data.frequency import BUSINESS_DAYS, Frequency
from keras_wgan.metrics import ReturnFacts, SamplingNoise
from keras_wgan.report.browser.content import BrowserMarket
from keras_wgan.report.tables.facts import FactRow
from keras_wgan.report.tables.risks import RiskRow
from keras_wgan.report.verdict import Grade


@dataclass(frozen=True, eq=False)
class AssetRow:
    """One of the assets of a portfolio, as its page lists it.

    Args:
        name: The asset.
        address: The address of its page.
        ratio: The mean over the families of scores, or `None` where none was measured.
        volatilities: The real and the generated volatility a year.
        risks: The real and the generated value at risk of the worst 1% of days, as log returns.
    """

    name: str
    address: str
    ratio: float | None
    volatilities: tuple[float, float]
    risks: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Together:
    """The part of the page of a portfolio that shows its assets.

    Args:
        history: Real log returns under their dates, a column for each asset.
        generated: Generated windows, `(n, days, assets)`.
        table: The dependence between the assets, as `dependence_table` gives it.
        assets: The assets, in their order.
    """

    history: pd.DataFrame
    generated: NDArray[np.floating[Any]]
    table: pd.DataFrame
    assets: Sequence[AssetRow]


@dataclass(frozen=True)
class Siblings:
    """The other pages of a run of several assets, for that of one of them.

    Args:
        overview: The address of the page of all assets.
        pages: Name and address of each asset's page.
    """

    overview: str
    pages: Sequence[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class TodayPaths:
    """The paths that begin in the state of the market on the last day.

    Args:
        generated: Their log returns a day, `(n, days)`.
        state: The volatility of that state in words.
        alike: The real windows that followed days as volatile, `(windows, days)`. Defaults to
            `None`, a history too short for them.
    """

    generated: NDArray[np.floating[Any]]
    state: str
    alike: NDArray[np.floating[Any]] | None = None


@dataclass(frozen=True, eq=False)
class ReportContent:
    """All content of a page that `write_page` writes.

    Log returns are per day. An argument left at its default has no section on the page.

    Args:
        title: Headline, such as the run's name.
        ticker: The asset whose prices these are.
        history: The whole real series of log returns, under its dates.
        start_price: The last real price, where scenarios start.
        real: Real windows, shape `(n, days)` or `(n, days, 1)`, at least 100.
        generated: Generated windows, shape `(m, days)` or `(m, days, 1)`, at least 100.
        real_memory: Autocorrelations and leverage of the real windows, from `return_facts`.
        generated_memory: Autocorrelations and leverage of the generated windows.
        verdict: Sentences about the result; the first one is set large.
        facts: The table of facts, from `fact_rows`. Defaults to no table.
        risks: The table of risks, from `risk_rows`. Defaults to no table.
        grade: The grade of the verdict, which colors it. Defaults to `None`, not graded.
        copy_rate: Share of generated windows that are near copies, 0 to 1. Defaults to `None`,
            not measured.
        losses: One row an epoch, as `losses_picture` takes it. Defaults to `None`.
        settings: The settings of the training, by name. Defaults to none.
        protocol: How the scores were measured, by name. Defaults to none.
        noise: The sampling noise of the history, from `sampling_noise`. Defaults to `None`, no
            band around autocorrelations.
        today: Paths from the state of the last day, which open the page. Defaults to `None`, for
            a model that cannot begin in a state.
        together: The assets of a portfolio, whose page this is. Defaults to `None`.
        siblings: The pages of other assets generated with this one. Defaults to `None`.
        frequency: The frequency of the returns. Defaults to business days.
        market: The simulator itself, which then runs in the page. Defaults to `None`.
        market_note: The reason why the page carries no simulator. Defaults to no reason.
        next_steps: Commands that continue from the folder RUN, by what they do. Defaults to none.
    """

    title: str
    ticker: str
    history: pd.Series[Any]
    start_price: float
    real: NDArray[np.floating[Any]]
    generated: NDArray[np.floating[Any]]
    real_memory: ReturnFacts
    generated_memory: ReturnFacts
    verdict: Sequence[str]
    facts: Sequence[FactRow] = ()
    risks: Sequence[RiskRow] = ()
    grade: Grade | None = None
    copy_rate: float | None = None
    losses: pd.DataFrame | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    protocol: Mapping[str, Any] = field(default_factory=dict)
    noise: SamplingNoise | None = None
    today: TodayPaths | None = None
    together: Together | None = None
    siblings: Siblings | None = None
    frequency: Frequency = BUSINESS_DAYS
    market: BrowserMarket | None = None
    market_note: str = ""
    next_steps: Mapping[str, str] = field(default_factory=dict)
