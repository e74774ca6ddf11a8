"""Rows of scores in families, each with the mean of its ratios."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from keras_wgan.report.tables.facts import FactRow


@dataclass(frozen=True)
class FamilyRows:
    """The rows of one family of scores, which count once.

    Args:
        family: Its name, or `""` for scores that are part of no family.
        rows: Its rows.
        ratio: The mean of their ratios, or `None` where none was measured.
    """

    family: str
    rows: tuple[FactRow, ...]
    ratio: float | None

    @property
    def trained(self) -> bool:
        """Whether a score of it is also part of the training loss."""
        return any(row.trained for row in self.rows)


def in_families(rows: Iterable[FactRow]) -> tuple[FamilyRows, ...]:
    """Returns rows grouped by family, in their order, each group with the mean of its ratios.

    Example:
    ```python
    from keras_wgan.report import FactRow, in_families

    rows = [FactRow("1 day", "", 0.1, ratio=1.0, family="sums"),
            FactRow("5 days", "", 0.3, ratio=2.0, family="sums")]
    assert [(group.family, group.ratio) for group in in_families(rows)] == [("sums", 1.5)]
    ```

    Args:
        rows: Rows in the order of their families, as `fact_rows` returns them.

    Returns:
        A group for each family.
    """
    groups = [(name, tuple(group)) for name, group in groupby(rows, lambda row: row.family)]
    return tuple(
        FamilyRows(name, group, mean_ratio([row.ratio for row in group])) for name, group in groups
    )


def mean_ratio(ratios: Iterable[float | None]) -> float | None:
    """Returns the mean of the ratios that were measured, or `None` if none was."""
    measured = [ratio for ratio in ratios if ratio is not None]
    return float(np.mean(measured)) if measured else None
