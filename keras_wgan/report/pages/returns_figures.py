"""The pictures of the report page of one asset's scenarios."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from keras_wgan.errors import InvalidInputError
from keras_wgan.report.frequency_words import in_periods, label_periods
from keras_wgan.report.pages import returns_captions as captions
from keras_wgan.report.pages.returns_content import ReportContent
from keras_wgan.report.pages.vector import as_data_address
from keras_wgan.report.plots.autocorrelation import autocorrelation_picture
from keras_wgan.report.plots.dependence import dependence_picture
from keras_wgan.report.plots.drawdown import drawdown_and_volatility_picture
from keras_wgan.report.plots.fan import fan_picture
from keras_wgan.report.plots.paths import price_and_volatility_picture
from keras_wgan.report.plots.returns import histogram_picture
from keras_wgan.report.plots.risks import risk_picture
from keras_wgan.report.plots.style import narrow
from keras_wgan.report.plots.tails import tails_picture
from keras_wgan.report.plots.training import losses_picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class PagePicture:
    """A picture as a `data:` address, its name for readers who do not see it, and its caption.

    `source` is empty where the picture could not be drawn, and the caption gives the reason.
    `narrow` is the same picture for a phone, where there is one.
    """

    source: str
    name: str
    caption: str
    narrow: str = ""


@dataclass(frozen=True)
class _Plan:
    name: str
    draw: Callable[[], Figure]
    caption: Callable[[], str]


def page_pictures(content: ReportContent) -> dict[str, PagePicture]:
    """Draws the pictures that `content` has the data for, each with its caption."""
    return {key: _drawn(plan, content) for key, plan in _plans(content).items()}


def _drawn(plan: _Plan, content: ReportContent) -> PagePicture:
    try:
        figure, caption = plan.draw(), plan.caption()
    except InvalidInputError as error:
        return PagePicture("", plan.name, f"This picture could not be drawn: {error}")
    with narrow():
        on_a_phone = plan.draw()
    return PagePicture(
        as_data_address(label_periods(figure, content.frequency)),
        plan.name,
        in_periods(caption, content.frequency),
        as_data_address(label_periods(on_a_phone, content.frequency)),
    )


def _plans(content: ReportContent) -> dict[str, _Plan]:
    real, generated, price = content.real, content.generated, content.start_price
    history, year = content.history, content.frequency.periods_per_year
    plans = {
        "fan": _Plan(
            "Fan of prices from any state",
            partial(
                fan_picture, generated, price, history=history, real=real, start="from any state"
            ),
            partial(captions.fan_caption, content),
        ),
        "paths": _Plan(
            "Real and generated price paths and their volatility",
            partial(price_and_volatility_picture, real, generated, price, periods_per_year=year),
            partial(captions.paths_caption, content),
        ),
        "histogram": _Plan(
            "Histogram of returns",
            partial(histogram_picture, real, generated),
            partial(captions.histogram_caption, content),
        ),
        "tails": _Plan(
            "Tails of falls and rises",
            partial(tails_picture, real, generated),
            partial(captions.tails_caption, content),
        ),
        "memory": _Plan(
            "Autocorrelations and leverage by lag",
            partial(
                autocorrelation_picture,
                content.real_memory,
                content.generated_memory,
                noise=content.noise,
            ),
            partial(captions.memory_caption, content),
        ),
        "drawdown": _Plan(
            "Drawdown and volatility of windows",
            partial(drawdown_and_volatility_picture, real, generated, periods_per_year=year),
            partial(captions.drawdown_caption, content),
        ),
    }
    return plans | _optional_plans(content)


def _optional_plans(content: ReportContent) -> dict[str, _Plan]:
    plans = {}
    if (today := content.today) is not None:
        plans["today"] = _Plan(
            "Fan of prices from today's state",
            partial(
                fan_picture,
                today.generated,
                content.start_price,
                history=content.history,
                real=today.alike,
                start="from today's state",
            ),
            partial(captions.today_caption, content, today),
        )
    if content.risks:
        plans["risks"] = _Plan(
            "Real and generated risks",
            partial(risk_picture, content.risks),
            partial(captions.risks_caption, content),
        )
    if (together := content.together) is not None:
        plans["together"] = _Plan(
            "Dependence between the assets",
            partial(dependence_picture, together.history, together.generated),
            partial(captions.together_caption, together),
        )
    if content.losses is not None:
        plans["losses"] = _Plan(
            "Losses over the epochs",
            partial(losses_picture, content.losses),
            partial(captions.losses_caption, content.losses),
        )
    return plans
