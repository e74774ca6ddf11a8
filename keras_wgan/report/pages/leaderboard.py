"""How does a run's page show what the run reaches beside other simulators?

`report.html` is written before there is a leaderboard, so the section is put into the page that
stands there, between two comments of its template.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from textwrap import shorten

import numpy as np

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.files import write_atomically
from keras_wgan.market.leaderboard import Leaderboard
from keras_wgan.market.reference import FLOOR, REAL
from keras_wgan.report.pages.figures import as_data_address
from keras_wgan.report.plots.leaderboard import leaderboard_picture
from keras_wgan.report.tables.leaderboard import (
    LEGEND,
    leaderboard_notes,
    leaderboard_protocol,
    leaderboard_table,
)

BEGIN, END = "<!-- leaderboards -->", "<!-- end of leaderboards -->"
FILES = ("leaderboard.json", "leaderboard-out-of-sample.json")
PAGE = "report.html"
MAX_BYTES = 2**24  # of a leaderboard's JSON, which takes about 100 KiB
DAMAGED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def show_leaderboards(folder: Path) -> list[Path]:
    """Puts the leaderboards of a run folder into its page; each that is there already is renewed.

    Args:
        folder: A run folder, with `report.html` or without.

    Returns:
        The page, or nothing where there is none.
    """
    page = folder / PAGE
    if not page.exists():
        return []
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        return []  # a page of an earlier version, which `evaluate` renews
    found = [folder / name for name in FILES if (folder / name).exists()]
    sections = "\n".join(read_section(path) for path in found)
    write_atomically(page, f"{before}{BEGIN}\n{sections}\n{END}{after}".encode())
    return [page]


def read_section(path: Path) -> str:
    """Reads a leaderboard's JSON and renders it as `leaderboard_section` does.

    Args:
        path: The file.

    Returns:
        HTML that needs nothing from elsewhere.

    Raises:
        ValueError: If the file holds no leaderboard.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidInputError(f"it takes more than {MAX_BYTES:,} bytes")
        board = Leaderboard.from_dict(json.loads(path.read_text(encoding="utf-8")))
        return leaderboard_section(board)
    except DAMAGED as error:  # it fails in as many ways as it has parts
        raise InvalidInputError(
            f"{path} is damaged: {type(error).__name__} {shorten(str(error), 200)}. Delete it, and "
            "make it anew with `keras-wgan leaderboard`."
        ) from error


def forget_leaderboards(folder: Path) -> None:
    """Removes the leaderboards of a run folder, whose model goes on to other weights.

    Args:
        folder: A run folder, with leaderboards or without.
    """
    for name in FILES:
        for suffix in (".json", ".md", ".png"):
            (folder / name).with_suffix(suffix).unlink(missing_ok=True)


def leaderboard_section(board: Leaderboard) -> str:
    """Renders a leaderboard as a piece of a page: a heading, the picture, the table, the legend.

    Example:
    ```python
    import pandas as pd
    from keras_wgan.market import Leaderboard
    from keras_wgan.report import leaderboard_section

    scores = pd.DataFrame(
        {"w1": [0.1, 0.05], "composite": [2.0, 0.9]}, index=["EGARCH-skewt", "my run"]
    )
    section = leaderboard_section(Leaderboard("in sample", scores, {}, {}, {}, {}, ("w1",)))
    assert "<h2>Beside other simulators, in sample</h2>" in section and "W1*" in section
    ```

    Args:
        board: the leaderboard; its last row is the run that the page is about.

    Returns:
        HTML that needs nothing from elsewhere.
    """
    table, own = leaderboard_table(board), str(board.scores.index[-1])
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    marked = ' class="own"'
    rows = [
        f'<tr{marked if name == own else ""}><th scope="row">{escape(str(name))}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for name, cells in zip(table.index, table.to_numpy(object), strict=True)
    ]
    return "\n".join(
        [
            f"<h2>Beside other simulators, {escape(board.protocol)}</h2>",
            f"<p>{escape(' '.join(leaderboard_protocol(board)))} A block bootstrap cuts history in "
            "pieces and joins them anew; it scores well because it copies.</p>",
            _picture(board, own),
            '<div class="scroll"><table class="board">\n'
            f'<thead><tr><th scope="col">Simulator</th>{head}</tr></thead>\n<tbody>',
            *rows,
            "</tbody></table></div>",
            f'<p class="note">{escape(" ".join([*LEGEND, *leaderboard_notes(board)]))}</p>',
        ]
    )


def _picture(board: Leaderboard, own: str) -> str:
    composites = board.scores["composite"].drop([REAL, FLOOR], errors="ignore").to_numpy(np.float64)
    if not (np.isfinite(composites) & (composites > 0.0)).any():
        return ""  # all exploded: there is no scale to draw them on
    caption = (
        "How far each simulator is from the real market. Good: far to the left; the dashed line is "
        "as far as history itself would be by luck."
    )
    source = as_data_address(leaderboard_picture(board, highlight=[own]))
    return (
        f'<figure>\n  <div class="picture"><img src="{source}" alt="{caption}"></div>\n'
        f"  <figcaption>{caption}</figcaption>\n</figure>"
    )
