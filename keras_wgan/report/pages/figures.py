"""Which pictures stand on the page, and what should a reader look for in each?"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keras_wgan.report.pages.content import ReportContent
from keras_wgan.report.plots.autocorrelation import autocorrelation_picture
from keras_wgan.report.plots.copies import closest_pair_picture
from keras_wgan.report.plots.dependence import dependence_picture
from keras_wgan.report.plots.drawdown import drawdown_and_volatility_picture
from keras_wgan.report.plots.fan import fan_picture
from keras_wgan.report.plots.history import long_returns_picture
from keras_wgan.report.plots.paths import price_and_volatility_picture
from keras_wgan.report.plots.returns import histogram_picture
from keras_wgan.report.plots.tails import tails_picture
from keras_wgan.report.plots.training import losses_picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class PagePicture:
    """A picture inside a page.

    Args:
        source: the picture itself, as a `data:` address.
        caption: what to look for, and what good looks like.
    """

    source: str
    caption: str


CAPTIONS = {
    "fan": (
        "The last real prices, and the range of scenarios after them. Good: the shaded fan is as "
        "wide as the dashed lines, which are where real history went from any of its days."
    ),
    "paths": (
        "A few real windows to the left, generated ones to the right, on one scale. Good: you "
        "could not say which side is which, neither in price nor in how volatility rises and falls."
    ),
    "long": (
        "Every daily return as a line, real above and generated below. Good: calm years and short "
        "wild spells alternate in both, and the wildest days come in groups."
    ),
    "histogram": (
        "How often a daily return of each size occurs. Good: the orange line lies on the dark one, "
        "on the log scale too, where the rare days at both ends show."
    ),
    "tails": (
        "How often a day falls or rises by at least so much. Good: the orange line stays beside "
        "the dark one, and does not bend down with the dashed bell curve; the last real steps are "
        "a handful of days, so a gap there is chance."
    ),
    "memory": (
        "Upper row: how much the size of a return says about the sizes of later ones. Lower left: "
        "what its direction says. Lower right: whether falls make the days after them wilder. "
        "Good: high and slowly fading above, near zero lower left, below zero lower right."
    ),
    "drawdown": (
        "To the left, how many windows fall how deep from a peak; to the right, how many are calm "
        "or wild. Good: the two lines stay together, down to the rarest falls and out to the "
        "wildest windows."
    ),
    "together": (
        "Left: correlations and shared falls of each pair of assets, real across and generated "
        "up. Right: days of a pair as dots, those on which both fall hard in full color. Good: all "
        "marks on the dashed line, and two clouds alike, down to their lower left corners."
    ),
    "copy": (
        "The generated window that is most like a real one, beside that one. Good: two different "
        "stories. The same line twice would be a copy."
    ),
    "losses": (
        "How training went. Good: the distance that the critic sees shrinks and levels off, and "
        "its slope stays near 1."
    ),
}


def page_pictures(content: ReportContent) -> dict[str, PagePicture]:
    """Draws all pictures of a page, by name.

    Args:
        content: what the page shows.

    Returns:
        The pictures, one for each name of `CAPTIONS` that `content` has the data for.

    Raises:
        ValueError: for windows that one of the pictures refuses, such as fewer than 100.
    """
    return {
        name: PagePicture(as_data_address(figure), CAPTIONS[name])
        for name, figure in _figures(content).items()
    }


def as_data_address(figure: Figure) -> str:
    """Returns a figure as an SVG picture inside a `data:` address; the same figure, the same text.

    Args:
        figure: what to draw. Its letters become outlines, so no font is needed to show it.

    Returns:
        The address, for the `src` of an image.
    """
    import matplotlib

    buffer = io.BytesIO()
    # Names inside the SVG are drawn from this salt, and would otherwise differ from run to run.
    with matplotlib.rc_context({"svg.hashsalt": "keras-wgan", "svg.fonttype": "path"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return "data:image/svg+xml;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _figures(content: ReportContent) -> dict[str, Figure]:
    real, generated, price = content.real, content.generated, content.start_price
    figures = {
        "fan": fan_picture(generated, price, history=content.history, real=real),
        "paths": price_and_volatility_picture(real, generated, price),
        "histogram": histogram_picture(real, generated),
        "tails": tails_picture(real, generated),
        "memory": autocorrelation_picture(content.real_memory, content.generated_memory),
        "drawdown": drawdown_and_volatility_picture(real, generated),
    }
    if content.long_generated is not None:
        figures["long"] = long_returns_picture(content.history, content.long_generated)
    if content.closest_pair is not None:
        figures["copy"] = closest_pair_picture(*content.closest_pair)
    if content.together is not None:
        figures["together"] = dependence_picture(
            content.together.history, content.together.generated
        )
    if content.losses is not None:
        figures["losses"] = losses_picture(content.losses)
    return figures
