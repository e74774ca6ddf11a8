"""The page of a market that runs in the browser."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.io.files import write_atomically
from keras_wgan.report.browser.content import BrowserMarket
from keras_wgan.report.browser.script import MARKET, program_parts
from keras_wgan.report.frequency_words import in_periods, label_periods
from keras_wgan.report.pages.rendering import render
from keras_wgan.report.pages.returns_figures import PagePicture
from keras_wgan.report.pages.vector import as_data_address
from keras_wgan.report.plots.fan import fan_picture

WITHOUT_SCRIPT = "The picture below shows paths that were drawn before."
CAPTION = "The last real prices, and the range of paths after them."


def write_market_page(
    path: Path,
    market: BrowserMarket,
    scenarios: NDArray[np.floating[Any]],
    *,
    title: str,
    report: str | None = None,
    verdict: str | None = None,
) -> Path:
    """Writes one HTML page with a simulator in it, which needs only a browser.

    `scenarios`, `(n, periods)` log returns of the asset that is shown first, are drawn for readers
    whose browser runs no scripts. `report` is the address of the run's report, and `verdict` a
    sentence on how good the simulator is.
    """
    page = render(
        "explore.html.j2",
        **market_parts(market, WITHOUT_SCRIPT),
        title=title,
        report=report,
        verdict=verdict,
        picture=_picture(market, scenarios),
        first_day=market.first_day,
        last_day=_day(market.last_moment),
        in_periods=partial(in_periods, frequency=market.frequency),
    )
    write_atomically(path, page.encode())
    return path


def market_parts(market: BrowserMarket, instead: str) -> dict[str, Any]:
    """Returns what the template of a market needs; `instead` is for readers without JavaScript."""
    return {"market": market, **program_parts(MARKET, market.to_config(), instead)}


def _picture(market: BrowserMarket, scenarios: NDArray[np.floating[Any]]) -> PagePicture:
    history = None if market.today is None else market.history.iloc[:, market.shown]
    figure = fan_picture(scenarios, market.last_prices[market.shown], history=history)
    label_periods(figure, market.frequency)
    return PagePicture(as_data_address(figure), "Price scenarios", CAPTION)


def _day(label: Any) -> str:
    return f"{pd.Timestamp(label):%Y-%m-%d}"
