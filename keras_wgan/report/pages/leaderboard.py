"""The leaderboards of a run, as sections of its page.

`report.html` is written before there is a leaderboard, so that the sections are inserted between
two comments of its template.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten

import numpy as np
import pandas as pd

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import read_object
from keras_wgan.market.leaderboard import Leaderboard
from keras_wgan.market.reference import FLOOR, REAL
from keras_wgan.report.pages.rendering import render
from keras_wgan.report.pages.returns_figures import PagePicture
from keras_wgan.report.pages.vector import as_data_address
from keras_wgan.report.plots.leaderboard import leaderboard_picture
from keras_wgan.report.plots.style import narrow
from keras_wgan.report.tables.leaderboard import (
    leaderboard_legend,
    leaderboard_notes,
    leaderboard_protocol,
    leaderboard_table,
)
from keras_wgan.report.verdict import MAX_COPIES

BEGIN, END = "<!-- leaderboards -->", "<!-- end of leaderboards -->"
FILES = ("leaderboard.json", "leaderboard-out-of-sample.json")
PAGES = "report*.html"  # of several assets, one for each
DAMAGED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def show_leaderboards(folder: Path) -> list[Path]:
    """Puts the leaderboards of a run folder into its pages, instead of those that they show.

    Returns the pages, or nothing where there is no page to put them into.
    """
    found = [folder / name for name in FILES if (folder / name).exists()]
    sections = "\n".join(read_section(path) for path in found)
    pages = []
    for page in sorted(folder.glob(PAGES)):
        before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
        _, end, after = rest.partition(END)
        if not (begin and end):
            continue  # a page of an earlier version, which `evaluate` renews
        write_atomically(page, f"{before}{BEGIN}\n{sections}\n{END}{after}".encode())
        pages.append(page)
    return pages


def read_section(path: Path) -> str:
    """Reads a leaderboard's JSON and renders it as `leaderboard_section` does."""
    content = read_object(path)
    try:
        return leaderboard_section(Leaderboard.from_dict(content))
    except DAMAGED as error:  # it fails in as many ways as it has parts
        raise InvalidInputError(
            f"{path} is damaged: {type(error).__name__} {shorten(str(error), 200)}. Delete it, and "
            "make it again with `keras-wgan leaderboard`."
        ) from error


def forget_leaderboards(folder: Path) -> None:
    """Removes the leaderboards of a run folder whose model is trained further."""
    for name in FILES:
        for suffix in (".json", ".md", ".png"):
            (folder / name).with_suffix(suffix).unlink(missing_ok=True)


def leaderboard_section(board: Leaderboard) -> str:
    """Renders a leaderboard as a section of a page: a heading, the picture, the table, the legend.

    Example:
    ```python
    import pandas as pd
    from keras_wgan.market import Leaderboard
    from keras_wgan.report import leaderboard_section

    scores = pd.DataFrame(
        {"w1": [0.1, 0.05], "composite": [2.0, 0.9]}, index=["EGARCH-skewt", "my run"]
    )
    section = leaderboard_section(Leaderboard("in sample", scores, {}, {}, {}, {}, ("w1",)))
    assert "Comparison with other simulators, in sample" in section and "W1*" in section
    ```

    Args:
        board: The leaderboard; its last row is the run that the page is about.

    Returns:
        HTML that needs no other file.
    """
    own = str(board.scores.index[-1])
    return render(
        "leaderboard.html.j2",
        board=board,
        table=leaderboard_table(board),
        own=own,
        introduction=" ".join(leaderboard_protocol(board)),
        picture=_picture(board, own),
        legend=" ".join([*leaderboard_legend(board), *leaderboard_notes(board)]),
    )


def _picture(board: Leaderboard, own: str) -> PagePicture | None:
    ranked = board.scores[board.ranked_by].drop([REAL, FLOOR], errors="ignore")
    scores = ranked.to_numpy(np.float64)
    if not (np.isfinite(scores) & (scores > 0.0)).any():
        return None  # all exploded: there is no scale to draw them on
    wide = leaderboard_picture(board, highlight=[own])
    with narrow():
        on_a_phone = leaderboard_picture(board, highlight=[own])
    return PagePicture(
        as_data_address(wide), "Ranking", _caption(board), as_data_address(on_a_phone)
    )


def _caption(board: Leaderboard) -> str:
    """Says where the run stands among the simulators."""
    own = str(board.scores.index[-1])
    ranked = board.scores[board.ranked_by].drop([REAL, FLOOR], errors="ignore")
    place = 1 + int((ranked < ranked[own]).sum())
    # Rows of history have no number of copies, and older boards have it of none.
    copies = board.scores.get("copies", pd.Series(0.0, ranked.index)).reindex(ranked.index)
    honest = ranked[copies <= MAX_COPIES]
    best = str(honest.idxmin()) if len(honest) else own
    leader = ""
    if best != own:
        leader = f"; the nearest that does not copy history is {best} with {ranked[best]:.2f}"
    return (
        f"Distance of each simulator from the real market. This run, {own}, is number {place} "
        f"of {len(ranked)} with {ranked[own]:.2f}{leader}. Far to the left is good. The dashed "
        "line is the distance of another draw of history; hollow dots repeat pieces of it."
    )
