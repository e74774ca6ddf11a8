"""What does a reader of the report have to be shown?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.report.plots.autocorrelation import Memory
from keras_wgan.report.tables.facts import FactRow, RiskRow


@dataclass(frozen=True, eq=False)
class Together:
    """What a page of one of several assets shows of all of them.

    Args:
        history: real log returns under their dates, a column for each asset.
        generated: generated windows, `(n, days, assets)`.
        table: the links between the assets; see `dependence_table`.
        pages: name and address of each asset's page.
    """

    history: pd.DataFrame
    generated: NDArray[np.floating[Any]]
    table: pd.DataFrame
    pages: Sequence[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class ReportContent:
    """All that `write_page` puts on a page: plain arrays, tables and sentences.

    Log returns are per day. What is left out at its default is left out of the page, or said to be
    not measured.

    Args:
        title: headline, such as the run's name.
        ticker: whose prices these are.
        history: the whole real series of log returns, under its dates.
        start_price: the last real price, where scenarios begin.
        real: real windows, shape `(n, days)` or `(n, days, 1)`, at least 100.
        generated: generated windows, shape `(m, days)` or `(m, days, 1)`, at least 100.
        real_memory: autocorrelations and leverage of the real windows; `return_facts` gives them.
        generated_memory: those of the generated windows.
        verdict: what the figures come to, in sentences; the first is set large.
        facts: the table of facts; see `fact_rows`.
        risks: the table of risks; see `risk_rows`.
        composite: mean of the scores over their sampling floors. Defaults to `None`.
        leaderboard: one row a model, by name. Defaults to `None`.
        leaderboard_note: what its columns mean. Defaults to `""`.
        own_row: the name in `leaderboard` of the model that the page is about. Defaults to `None`.
        copy_rate: share of generated windows that are near copies, 0 to 1. Defaults to `None`.
        closest_pair: a real window and the generated one most like it, each of shape `(days,)`.
            Defaults to `None`.
        long_generated: one long generated series in one piece, shape `(days,)`. Defaults to
            `None`.
        losses: one row an epoch, as `losses_picture` takes it. Defaults to `None`.
        settings: the settings of the training, by name. Defaults to none.
        protocol: how the figures were measured, by name. Defaults to none.
        together: what binds this asset to others generated with it. Defaults to `None`.
    """

    title: str
    ticker: str
    history: pd.Series[Any]
    start_price: float
    real: NDArray[np.floating[Any]]
    generated: NDArray[np.floating[Any]]
    real_memory: Memory
    generated_memory: Memory
    verdict: Sequence[str]
    facts: Sequence[FactRow] = ()
    risks: Sequence[RiskRow] = ()
    composite: float | None = None
    leaderboard: pd.DataFrame | None = None
    leaderboard_note: str = ""
    own_row: str | None = None
    copy_rate: float | None = None
    closest_pair: tuple[NDArray[Any], NDArray[Any]] | None = None
    long_generated: NDArray[Any] | None = None
    losses: pd.DataFrame | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    protocol: Mapping[str, Any] = field(default_factory=dict)
    together: Together | None = None
