"""Tables in HTML, as notebooks show the objects of the package."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

# Opacity instead of colors, so that the tables fit light and dark notebooks.
_MUTED = "opacity:.75;font-size:.9em"
_CELL = "text-align:{side};padding:.2em .7em;white-space:nowrap"


def html_table(
    title: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    notes: Sequence[str] = (),
) -> str:
    """Returns a table with a title above and notes below; all texts are escaped.

    The first column is on the left, the others are on the right, as numbers are.
    """
    head = "".join(_cell("th", text, column) for column, text in enumerate(header))
    body = "".join(
        f"<tr>{''.join(_cell('td', text, column) for column, text in enumerate(row))}</tr>"
        for row in rows
    )
    below = "".join(f'<div style="{_MUTED}">{escape(note)}</div>' for note in notes)
    return (
        f"<div><strong>{escape(title)}</strong>"
        f'<div style="overflow-x:auto"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>{below}</div>"
    )


def html_facts(title: str, facts: Sequence[tuple[str, str]], notes: Sequence[str] = ()) -> str:
    """Returns names and texts in two columns, with a title above and notes below."""
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left;vertical-align:top">{escape(name)}</th>'
        f'<td style="text-align:left">{escape(text)}</td></tr>'
        for name, text in facts
    )
    below = "".join(f'<div style="{_MUTED}">{escape(note)}</div>' for note in notes)
    return f"<div><strong>{escape(title)}</strong><table><tbody>{rows}</tbody></table>{below}</div>"


def short_number(value: float) -> str:
    """Returns three digits: 0.048, 1.25, 13.4, 2157; a dash for NaN."""
    if math.isnan(value):
        return "-"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if abs(value) >= 1000.0:
        return f"{value:.0f}"
    return f"{value:.3f}" if abs(value) < 1.0 else f"{value:.3g}"


def _cell(tag: str, text: str, column: int) -> str:
    style = _CELL.format(side="right" if column else "left")
    return f'<{tag} style="{style}">{escape(text)}</{tag}>'
