"""The pictures of the report page of one asset's scenarios, and their captions."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keras_wgan.report.frequency_words import in_periods, label_periods
from keras_wgan.report.pages.rendering import data_address
from keras_wgan.report.pages.returns_content import ReportContent
from keras_wgan.report.plots.autocorrelation import autocorrelation_picture
from keras_wgan.report.plots.dependence import dependence_picture
from keras_wgan.report.plots.drawdown import drawdown_and_volatility_picture
from keras_wgan.report.plots.fan import fan_picture
from keras_wgan.report.plots.paths import price_and_volatility_picture
from keras_wgan.report.plots.returns import histogram_picture
from keras_wgan.report.plots.tails import tails_picture
from keras_wgan.report.plots.training import losses_picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class PagePicture:
    """A picture as a `data:` address, and the caption that says what good looks like."""

    source: str
    caption: str


CAPTIONS = {
    "fan": (
        "The last real prices, and the range of the scenarios after them. Good: the shaded fan is "
        "as wide as the dashed lines, the range of real history from any of its days."
    ),
    "paths": (
        "Real windows on the left and generated ones on the right, on one scale. Good: the two "
        "sides cannot be told apart, neither in price nor in how volatility rises and falls."
    ),
    "histogram": (
        "Frequency of daily returns by size. Good: the orange line lies on the dark one, also on "
        "the log scale, which shows the rare days at both ends."
    ),
    "tails": (
        "Share of days that fall or rise by at least a given size. Good: the orange line stays "
        "close to the dark one and does not bend down with the dashed bell curve. The last real "
        "steps are a handful of days, so that a gap there is chance."
    ),
    "memory": (
        "Upper row: correlation of the size of a return with the sizes of later ones. Lower left: "
        "the same for signed returns. Lower right: whether falls are followed by larger moves. "
        "Good: high and slowly fading above, near zero lower left, below zero lower right."
    ),
    "drawdown": (
        "Left: share of windows by their largest fall from a peak. Right: share of windows by "
        "volatility. Good: the two lines stay close, down to the deepest falls and out to the most "
        "volatile windows."
    ),
    "together": (
        "Left: correlations and shared falls of each pair of assets, real on the horizontal axis "
        "and generated on the vertical one. Right: the days of a pair as dots, in full color where "
        "both fall hard. Good: all marks lie on the dashed line, and the two clouds look alike, "
        "down to their lower left corners."
    ),
    "losses": (
        "The training. Good: the distance that the critic sees shrinks and levels off, and its "
        "slope stays near 1."
    ),
}


def page_pictures(content: ReportContent) -> dict[str, PagePicture]:
    """Draws the pictures of `CAPTIONS` that `content` has the data for."""
    return {
        name: PagePicture(
            as_data_address(label_periods(figure, content.frequency)),
            in_periods(CAPTIONS[name], content.frequency),
        )
        for name, figure in _figures(content).items()
    }


def as_data_address(figure: Figure) -> str:
    """Returns a figure as an SVG picture inside a `data:` address; equal figures, equal texts.

    Letters become outlines, so that no font is needed.
    """
    import matplotlib

    buffer = io.BytesIO()
    # Names inside the SVG are drawn from this salt, and would otherwise differ from run to run.
    with matplotlib.rc_context({"svg.hashsalt": "keras-wgan", "svg.fonttype": "path"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return data_address("svg+xml", buffer.getvalue())


def _figures(content: ReportContent) -> dict[str, Figure]:
    real, generated, price = content.real, content.generated, content.start_price
    year = content.frequency.periods_per_year
    figures = {
        "fan": fan_picture(generated, price, history=content.history, real=real),
        "paths": price_and_volatility_picture(real, generated, price, periods_per_year=year),
        "histogram": histogram_picture(real, generated),
        "tails": tails_picture(real, generated),
        "memory": autocorrelation_picture(content.real_memory, content.generated_memory),
        "drawdown": drawdown_and_volatility_picture(real, generated, periods_per_year=year),
    }
    if content.together is not None:
        figures["together"] = dependence_picture(
            content.together.history, content.together.generated
        )
    if content.losses is not None:
        figures["losses"] = losses_picture(content.losses)
    return figures
