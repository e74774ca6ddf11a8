"""Leaderboards as a table, as text of 80 columns and as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap

import numpy as np
import pandas as pd

from keras_wgan.market.leaderboard import Leaderboard
from keras_wgan.market.reference import FLOOR, REAL
from keras_wgan.report.tables.text import WIDTH, shorten_name, table_lines

HEADINGS = {
    "families": "fam",
    "copies": "copy",
    "composite": "comp",
    "w1": "W1",
    "w5": "W5",
    "w20": "W20",
    "w60": "W60",
    "kurtosis": "kurt",
    "hill_left": "hill",
    "acf_abs": "|r|",
    "acf_square": "r²",
    "leverage": "lev",
    "var1_1d": "VaR",
    "es1_1d": "ES",
    "drawdown": "mdd",
    "volatility": "vol",
    "classifier": "c2st",
    "correlation": "corr",
    "correlation_20d": "cor20",
    "correlation_abs": "|cor|",
    "joint_worst": "worst",
    "first_eigenvalue": "eigen",
    "kurtosis_equal": "kurt",
    "portfolio_risk": "risk",
}
LEGEND = (
    "fam: mean of score over sampling floor after the level is matched, each ratio at",
    "most 4, and each of nine families of scores counted once. copy: share of paths",
    "that nearly copy a training window. comp: mean of score over sampling floor.",
    "W1-W60: Wasserstein distance of returns over 1 to 60 days. kurt, hill: excess",
    "kurtosis and left tail index as values. |r|, r², lev: gaps in autocorrelation",
    "and leverage. VaR, ES: relative error at 1%, one day. mdd, vol: distance of",
    "drawdowns and volatilities. c2st: a classifier's accuracy above one half. Best",
    "is 0 (kurt, hill: the real value); -: undefined.",
)
JOINT_LEGEND = (
    "comp: mean of score over sampling floor. copy: share of paths whose equal",
    "weights nearly copy a training window. corr, cor20, |cor|: correlations of",
    "returns of a day, of 20 days, and of |r|; worst: share of the worst 5% of days",
    "that two assets have in common; all as root mean square gaps over the pairs.",
    "eigen: first eigenvalue of the correlations, relative error. kurt: excess",
    "kurtosis of equal weights, as a value. risk: relative error of VaR and ES at 1%",
    "and 5%, over 1 and 20 days, mean of 200 random portfolios, half of them",
    "long-short. Best is 0 (kurt: the real value); -: undefined.",
)
MAX_NAME_WIDTH = 24
SIGNED = ("var1_1d", "es1_1d", "first_eigenvalue")
# Shown as they are, where the score is the gap to the real.
OFFSET = ("kurtosis", "hill_left", "kurtosis_equal")


def leaderboard_table(board: Leaderboard) -> pd.DataFrame:
    """Returns the main scores as short texts, with a row for each simulator.

    Example:
    ```python
    import pandas as pd
    from keras_wgan.market import Leaderboard
    from keras_wgan.report import leaderboard_table

    scores = pd.DataFrame({"w1": [0.0361], "kurtosis": [3.7]}, index=["EGARCH-skewt"])
    real = {"kurtosis": 10.3, "hill_left": 2.5}
    table = leaderboard_table(Leaderboard("in sample", scores, {}, real, {}, trained_on=("w1",)))
    assert table.loc["EGARCH-skewt"].to_dict() == {"W1*": ".036", "kurt": "14.0"}
    ```

    Args:
        board: The leaderboard.

    Returns:
        Texts of at most five characters: the columns that decide first, a row for the real market
        and the sampling floor, then the simulators, the best first. Excess kurtosis and tail index
        are shown as values, with `±` at the sampling floor; all others are scores. A heading ends
        in `*` where the score is also part of a training loss.
    """
    scores, columns = _best_first(board), {}
    for score, heading in HEADINGS.items():
        if score in scores:
            marked = heading + "*" * (score in board.trained_on)
            columns[marked] = [
                _cell(score, str(name), float(value), board)
                for name, value in scores[score].items()
            ]
    return pd.DataFrame(columns, index=scores.index.astype(str))


def leaderboard_text(board: Leaderboard) -> str:
    """Renders a leaderboard for a terminal, at most 80 columns wide.

    A table that is wider continues below itself, with the names again.

    Example:
    ```python
    import pandas as pd
    from keras_wgan.market import Leaderboard
    from keras_wgan.report import leaderboard_text

    scores = pd.DataFrame({"w1": [0.0361]}, index=["EGARCH-skewt"])
    text = leaderboard_text(Leaderboard("in sample", scores, {}, {}, {"count": 6000}))
    assert "EGARCH-skewt" in text and max(map(len, text.splitlines())) <= 80
    ```

    Args:
        board: The leaderboard.

    Returns:
        The protocol, the table, and its legend, with no newline at the end.
    """
    table = leaderboard_table(board)
    names = ["", *(shorten_name(str(name), MAX_NAME_WIDTH) for name in table.index)]
    columns = [[str(name), *table[name]] for name in table.columns]
    notes = [line for note in leaderboard_notes(board) for line in wrap(note, WIDTH)]
    protocol = [line for part in leaderboard_protocol(board) for line in wrap(part, WIDTH)]
    legend = leaderboard_legend(board)
    return "\n".join([*protocol, "", *table_lines(names, columns), "", *legend, *notes])


def leaderboard_markdown(board: Leaderboard) -> str:
    """Renders a leaderboard as a Markdown table, with the protocol above and the legend below.

    Example:
    ```python
    import pandas as pd
    from keras_wgan.market import Leaderboard
    from keras_wgan.report import leaderboard_markdown

    scores = pd.DataFrame({"w1": [0.0361]}, index=["EGARCH-skewt"])
    text = leaderboard_markdown(Leaderboard("in sample", scores, {}, {}, {"count": 6000}))
    assert "| EGARCH-skewt | .036 |" in text
    ```

    Args:
        board: The leaderboard.

    Returns:
        Markdown that ends in a newline.
    """
    table = leaderboard_table(board)
    # A bar would end the cell, and a bare star could make what follows italic.
    head = [name.replace("|", "\\|").replace("*", "\\*") for name in table.columns]
    rows = [head, *table.to_numpy(object).tolist()]
    first = ["", *(str(name).replace("|", "\\|") for name in table.index)]
    lines = [f"| {' | '.join([name, *row])} |" for name, row in zip(first, rows, strict=True)]
    lines.insert(1, "|---|" + "--:|" * len(head))
    below = " ".join([*leaderboard_legend(board), *leaderboard_notes(board)]).replace("*", "\\*")
    return "\n".join([" ".join(leaderboard_protocol(board)), "", *lines, "", below, ""])


def leaderboard_protocol(board: Leaderboard) -> list[str]:
    """Returns sentences that say which days were fitted, selected and scored on."""
    settings = board.settings
    names = (
        ("fitted_to", "Fitted to"),
        ("chosen_on", "selected on"),
        ("scored_on", "scored on"),
    )
    spans = [f"{words} {_span(settings[key])}" for key, words in names if key in settings]
    how = [f"Windows of {settings['days']} days"] if "days" in settings else []
    if "count" in settings:
        how.append(f"{settings['count']:,} paths for each simulator and seed, none left out")
    if "seeds" in settings:
        seeds = ", ".join(str(seed) for seed in settings["seeds"])
        several = len(settings["seeds"]) > 1
        how.append(f"means of the seeds {seeds}" if several else f"seed {seeds}")
    title = f"{board.protocol[:1].upper()}{board.protocol[1:]}."
    weights = [f"{name} has {what}." for name, what in settings.get("weights", {}).items()]
    return [title, *(f"{', '.join(part)}." for part in (spans, how) if part), *weights]


def leaderboard_legend(board: Leaderboard) -> tuple[str, ...]:
    """Returns what the headings mean, of one asset or of several."""
    return JOINT_LEGEND if "joint_worst" in board.scores else LEGEND


def leaderboard_notes(board: Leaderboard) -> list[str]:
    """Returns the notes below the table: the meaning of a star, and failed fits."""
    notes = []
    if board.trained_on:
        notes.append("* is also part of the training loss of a model, and so proves less.")
    failed = [name for name, fit in board.fits.items() if fit.get("converged", 1.0) == 0.0]
    if failed:
        notes.append(f"The fit did not converge: {', '.join(failed)}.")
    exploded = [name for name, found in board.by_seed.items() if any(map(_exploded, found))]
    if exploded:
        notes.append(f"The paths grew beyond the range of numbers: {', '.join(exploded)}.")
    return notes


def _best_first(board: Leaderboard) -> pd.DataFrame:
    """Returns the scores with the real market and the floor first, then the best simulators."""
    given = [name for name in (REAL, FLOOR) if name in board.scores.index]
    others = board.scores.drop(given)
    if board.ranked_by in others:
        others = others.sort_values(board.ranked_by, kind="stable", na_position="last")
    return pd.concat([board.scores.loc[given], others])


def _cell(score: str, name: str, value: float, board: Leaderboard) -> str:
    if np.isnan(value):
        return "-"
    if score == "copies":
        return f"{100.0 * value:.1f}%"
    if score in OFFSET:
        if name == FLOOR:
            return f"±{_short(value)}"
        return _short(board.real[score] + value)
    text = _short(value)
    signed = score in SIGNED and name not in (REAL, FLOOR) and value > 0.0 and text != "0"
    return "+" * signed + text


def _short(value: float) -> str:
    """At most five characters, and four where positive: .036, 1.25, 13.4, 2157, 1e6, inf."""
    if abs(value) < 0.9995:
        text = f"{value:.3f}"[-4:]  # without the zero before the point, which says nothing
        return "0" if text == ".000" else "-" * (value < 0.0) + text
    for digits in (2, 1, 0):
        text = f"{value:.{digits}f}"
        if len(text.lstrip("-")) <= 4:
            return text
    return f"{value:.0e}".replace("e+0", "e")


def _span(span: dict[str, object]) -> str:
    if "first" in span:
        return f"{span['first']} to {span['last']}"
    return f"{span['days']:,} days"


def _exploded(scores: Mapping[str, float]) -> bool:
    return bool(np.isinf(scores.get("composite", 0.0)))
