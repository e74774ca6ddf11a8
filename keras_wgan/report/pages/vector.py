"""Figures as SVG pictures inside a page."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from keras_wgan.report.pages.rendering import data_address

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOTS_PER_INCH = 200  # of what a figure draws as pixels, such as thousands of points
# In this order: what no browser draws; names of groups; digits beyond a hundredth of a point, but
# not of a scale; line breaks; spaces that separate nothing.
SHORTER = (
    (r"(?s)<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>|<!--.*?-->", ""),
    (r'(<g) id="[^"]*"', r"\1"),
    (r"(scale\([^)]*\)|\.\d\d)\d*", r"\1"),
    (r"\s*\n\s*", " "),
    (r'^ |(?<=>) (?=<)| (?=")|(?<=\d) (?=[LQCMz])|(?<=[LQCM]) (?=[\d-])| $', ""),
)


def as_data_address(figure: Figure) -> str:
    """Returns a figure as an SVG picture inside a `data:` address; equal figures, equal texts.

    Letters become outlines, so that no font is needed.
    """
    import matplotlib

    buffer = io.BytesIO()
    # Names inside the SVG are drawn from this salt, and would otherwise differ from run to run.
    with matplotlib.rc_context({"svg.hashsalt": "keras-wgan", "svg.fonttype": "path"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None}, dpi=DOTS_PER_INCH)
    return data_address("svg+xml", compact(buffer.getvalue().decode()).encode())


def compact(svg: str) -> str:
    """Returns a shorter SVG that looks the same."""
    for pattern, shorter in SHORTER:
        svg = re.sub(pattern, shorter, svg)
    return svg
