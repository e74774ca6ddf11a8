"""The words of pages and pictures for returns of another frequency than a day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from keras_wgan.data.frequency import Frequency, Unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DAYS = re.compile(r"\b(trading days?|days?|daily)\b", re.IGNORECASE)
_ADJECTIVES = {
    Unit.WEEK: "weekly",
    Unit.MONTH: "monthly",
    Unit.QUARTER: "quarterly",
    Unit.YEAR: "yearly",
}


def in_periods(text: str, frequency: Frequency) -> str:
    """Returns a text about days as one about the periods of a frequency."""
    return _DAYS.sub(lambda found: _like(found[0], _translated(found[0].lower(), frequency)), text)


def label_periods(figure: Figure, frequency: Frequency) -> Figure:
    """Changes all labels of a figure about days to the periods of a frequency; returns it."""
    from matplotlib.text import Text

    if frequency.unit != Unit.DAY or frequency.period == "day":
        for label in figure.findobj(Text):
            if changed := in_periods(label.get_text(), frequency):
                label.set_text(changed)
    return figure


def _translated(word: str, frequency: Frequency) -> str:
    if word == "daily":
        if frequency.unit == Unit.DAY:
            return word
        return _ADJECTIVES.get(frequency.unit, frequency.period.removesuffix(" period"))
    noun = frequency.period if word.startswith("trading") else frequency.short
    return noun + "s" * word.endswith("s")


def _like(original: str, word: str) -> str:
    return word[:1].upper() + word[1:] if original[:1].isupper() else word
