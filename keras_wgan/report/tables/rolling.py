"""The scores over rolling origins as text and as Markdown."""

from __future__ import annotations

import pandas as pd

from keras_wgan.market.rolling_origins import RollingPlan
from keras_wgan.market.rolling_result import RollingScores
from keras_wgan.report.tables.text import frame_lines

LEGEND = (
    "Each score is over the noise of sampling, capped at 4 and averaged in its family; a lower one "
    "is better. The level is matched: windows and paths are in units of their own standard "
    "deviation. `level`, the ratio of the standard deviations themselves, is in no mean."
)


def rolling_table(found: RollingScores) -> pd.DataFrame:
    """Returns means, standard errors and wins as short texts, with a row for each model.

    Example:
    ```python
    from keras_wgan.market import OriginScores, RollingScores
    from keras_wgan.report import rolling_table

    one = OriginScores(1.25, 1.0, 0.1, 2.0, {"sums": 1.25})
    found = RollingScores({"PDV": {1970: one, 1974: one}})
    assert rolling_table(found).loc["PDV", "mean"] == "1.25 ± 0.00"
    ```

    Args:
        found: The scores.

    Returns:
        A table of texts: the mean over the origins with its standard error, the median of the
        families, the level, and each family.
    """
    table = found.table()
    errors = table.pop("standard_error")
    texts = table.map(lambda value: f"{value:.2f}")
    texts["mean"] = [
        f"{mean:.2f} ± {error:.2f}" if error == error else f"{mean:.2f}"
        for mean, error in zip(table["mean"], errors, strict=True)
    ]
    return texts


def rolling_text(found: RollingScores) -> str:
    """Returns the main columns and the wins for a terminal, at most 80 columns wide.

    Example:
    ```python
    from keras_wgan.market import OriginScores, RollingScores
    from keras_wgan.report import rolling_text

    one = OriginScores(1.25, 1.0, 0.1, 2.0, {"sums": 1.25})
    assert "PDV" in rolling_text(RollingScores({"PDV": {1970: one}}))
    ```

    Args:
        found: The scores.

    Returns:
        Plain text.
    """
    table, wins = rolling_table(found)[["mean", "median", "level"]], _wins(found)
    shown, won = ("\n".join(frame_lines(each)) for each in (table, wins))
    return f"{shown}\n\nWins of a row over a column:\n{won}"


def rolling_markdown(found: RollingScores, plan: RollingPlan) -> str:
    """Returns the tables of means, of wins and of each origin as Markdown.

    Example:
    ```python
    from keras_wgan.market import OriginScores, RollingPlan, RollingScores
    from keras_wgan.report import rolling_markdown

    one = OriginScores(1.25, 1.0, 0.1, 2.0, {"sums": 1.25})
    page = rolling_markdown(RollingScores({"PDV": {1970: one}}), RollingPlan(1970, 1970))
    assert "| PDV | 1.25 |" in page
    ```

    Args:
        found: The scores.
        plan: The origins, for the heading.

    Returns:
        The page.
    """
    first, last = found.origins[0], found.origins[-1]
    origins = f"{len(found.origins)} origins, {first} to {last}" if last > first else f"{first}"
    means = found.means().map(lambda value: f"{value:.2f}")
    parts = [
        "# Rolling origins",
        f"{origins}: fitted to the {plan.fit_years} years before, scored on the {plan.test_years} "
        f"years after; {plan.paths:,} paths of {plan.days} days, seed {plan.seed}.",
        LEGEND,
        _markdown(rolling_table(found), "model"),
        "## Wins",
        "At how many origins the model of a row is better than that of a column:",
        _markdown(_wins(found), "better"),
        "## Each origin",
        _markdown(means, "origin"),
    ]
    return "\n\n".join(parts) + "\n"


def _wins(found: RollingScores) -> pd.DataFrame:
    best_first = list(found.table().index)
    return found.wins().loc[best_first, best_first]


def _markdown(table: pd.DataFrame, corner: str) -> str:
    lines = [[corner, *map(str, table.columns)], ["---", *["---:"] * len(table.columns)]]
    lines += [
        [str(name), *map(str, row)] for name, row in zip(table.index, table.to_numpy(), strict=True)
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
