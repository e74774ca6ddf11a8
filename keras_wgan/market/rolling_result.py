"""The scores of several models over rolling origins: means, standard errors and wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.html import html_table, short_number
from keras_wgan.market.rolling_origins import OriginScores

TIE = 1e-9  # below this, two scores differ by rounding alone


@dataclass(frozen=True, eq=False)
class RollingScores:
    """The scores of each model at each origin.

    Example:
    ```python
    from keras_wgan.market import OriginScores, RollingScores

    def scores(mean):
        return OriginScores(mean, mean, 0.0, 0.0, {"sums": mean})

    found = RollingScores({
        "calm": {1970: scores(1.0), 1974: scores(2.0)},
        "wild": {1970: scores(2.0), 1974: scores(2.5)},
    })
    assert found.wins().loc["calm", "wild"] == 2
    assert found.table().loc["calm", "mean"] == 1.5
    ```

    Args:
        by_model: The `OriginScores` by name of the model and by origin, the same origins for all.
            A lower score is better.

    Raises:
        ValueError: If there is no model or no origin, or the origins of two models differ.
    """

    by_model: Mapping[str, Mapping[int, OriginScores]]

    def __post_init__(self) -> None:
        origins = {tuple(sorted(found)) for found in self.by_model.values()}
        if len(origins) != 1 or origins == {()}:
            raise InvalidInputError(
                "`by_model` must hold one or more models, each with scores at the same origins. "
                f"Received: { ({name: sorted(found) for name, found in self.by_model.items()}) }."
            )

    def _repr_html_(self) -> str:
        """Returns a table for notebooks, the best model first."""
        table = self.table()
        rows = [
            (
                str(name),
                f"{short_number(row['mean'])} ± {short_number(row['standard_error'])}",
                *(short_number(value) for value in row.iloc[2:]),
            )
            for name, row in table.iterrows()
        ]
        title = f"Rolling origins {', '.join(map(str, self.origins))}"
        note = "Ratios to the sampling floor, means over the origins; the lowest is the best."
        return html_table(title, ("model", "mean", *map(str, table.columns[2:])), rows, [note])

    @property
    def origins(self) -> tuple[int, ...]:
        """The origins in the order of time."""
        return tuple(sorted(next(iter(self.by_model.values()))))

    def means(self) -> pd.DataFrame:
        """Returns the mean over the families: a row for each origin, a column for each model."""
        return self._frame("mean")

    def table(self) -> pd.DataFrame:
        """Returns a row for each model, from the best to the worst mean.

        The columns are `mean` and `standard_error` over the origins, `median` (of the families,
        its mean over the origins), `level` (the mean of the ratio of the level), and the mean over
        the origins of each family.
        """
        means = self.means()
        families = {
            name: pd.DataFrame([found[year].families for year in self.origins]).mean()
            for name, found in self.by_model.items()
        }
        table = pd.DataFrame(
            {
                "mean": means.mean(),
                "standard_error": [_standard_error(means[name]) for name in means],
                "median": self._frame("median").mean(),
                "level": self._frame("level_ratio").mean(),
            }
        ).join(pd.DataFrame(families).T)
        return table.sort_values("mean", kind="stable")

    def wins(self) -> pd.DataFrame:
        """Returns at how many origins the model of a row is better than that of a column.

        A tie is a win of neither.
        """
        means = self.means()
        return pd.DataFrame(
            [[int((means[a] < means[b] - TIE).sum()) for b in means] for a in means],
            index=means.columns,
            columns=means.columns,
        )

    def difference(self, first: str, second: str) -> tuple[float, float]:
        """Returns the mean of one model's score minus another's, and its standard error.

        Both are paired by origin. Below zero, the first model is better.
        """
        means = self.means()
        gaps = means[first] - means[second]
        return float(gaps.mean()), _standard_error(gaps)

    def _frame(self, name: str) -> pd.DataFrame:
        return pd.DataFrame(
            {
                model: [getattr(found[year], name) for year in self.origins]
                for model, found in self.by_model.items()
            },
            index=list(self.origins),
            dtype=np.float64,
        )


def _standard_error(values: pd.Series[float]) -> float:
    count = len(values)
    return float(values.std(ddof=1) / np.sqrt(count)) if count > 1 else float("nan")
