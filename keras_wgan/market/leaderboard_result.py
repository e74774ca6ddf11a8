"""The result of a leaderboard, and its form in JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from keras_wgan.io.html import html_table, short_number
from keras_wgan.io.json import number, plain
from keras_wgan.market.reference import FLOOR, REAL

DECIDING = ("families", "composite", "copies")  # the first columns that a notebook shows


@dataclass(frozen=True, eq=False)
class Leaderboard:
    """The scores of several simulators by one protocol, with all that is needed to repeat them.

    `keras_wgan.report.tables.leaderboard` renders it for a terminal and as Markdown.

    Example:
    ```python
    import pandas as pd
    from keras_wgan.market import Leaderboard

    scores = pd.DataFrame({"w1": [0.07, 0.20]}, index=["sampling floor", "iid normal"])
    board = Leaderboard("in sample", scores, {}, {"kurtosis": 10.3, "hill_left": 2.5}, {})
    assert board.to_dict()["scores"]["iid normal"] == {"w1": 0.20}
    ```

    Args:
        protocol: `"in sample"` or `"out of sample"`.
        scores: A table of mean scores over the seeds: a row for each simulator after the rows
            `real` and `sampling floor`, a column for each score. NaN where a score has no
            meaning, such as the copies of the real row; infinite where a simulator exploded.
        by_seed: The scores of each seed, in the order of the seeds, by name of the simulator.
        real: Excess kurtosis and left tail index of the real windows. The scores of both are
            differences from these.
        settings: Days, paths, seeds and spans of dates.
        fits: What each baseline found, by name of the baseline. Defaults to none.
        trained_on: Scores that are also part of a model's training loss, and so prove less.
            Defaults to `()`.
    """

    protocol: str
    scores: pd.DataFrame
    by_seed: Mapping[str, Sequence[Mapping[str, float]]]
    real: Mapping[str, float]
    settings: Mapping[str, Any]
    fits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    trained_on: tuple[str, ...] = ()

    @property
    def ranked_by(self) -> str:
        """The score that simulators are ranked by: `families`, or `composite` on an older board."""
        return "families" if "families" in self.scores else "composite"

    def _repr_html_(self) -> str:
        """Returns a table for notebooks, the best simulator first."""
        controls = [name for name in (REAL, FLOOR) if name in self.scores.index]
        first = [name for name in DECIDING if name in self.scores]
        columns: list[Any] = [*first, *(name for name in self.scores if name not in DECIDING)]
        ranked = self.scores.drop(index=controls)
        if self.ranked_by in ranked:
            ranked = ranked.sort_values(self.ranked_by, kind="stable")
        rows = [
            (str(name), *(short_number(float(row[column])) for column in columns))
            for name, row in pd.concat([self.scores.loc[controls], ranked]).iterrows()
        ]
        marked = [f"{name}*" if name in self.trained_on else str(name) for name in columns]
        notes = [f"Ranked by {self.ranked_by}, the lowest first; 0 is the real market."]
        if self.trained_on:
            notes.append("* is also part of the training loss of a model, and so proves less.")
        return html_table(f"Leaderboard, {self.protocol}", ("", *marked), rows, notes)

    def to_dict(self) -> dict[str, Any]:
        """Returns plain values for JSON: `None` for NaN, `"inf"` for an infinity."""
        form: dict[str, Any] = plain(
            {
                "protocol": self.protocol,
                "settings": self.settings,
                "trained_on": self.trained_on,
                "real": self.real,
                "scores": self.scores.to_dict("index"),
                "by_seed": self.by_seed,
                "fits": self.fits,
            }
        )
        return form

    @classmethod
    def from_dict(cls, form: Mapping[str, Any]) -> Leaderboard:
        """Returns the leaderboard whose `to_dict` gave `form`, also one read from JSON."""
        return cls(
            protocol=form["protocol"],
            scores=pd.DataFrame.from_dict(
                {name: _numbers(scores) for name, scores in form["scores"].items()}, orient="index"
            ).astype(np.float64),
            by_seed={
                name: [_numbers(scores) for scores in found]
                for name, found in form["by_seed"].items()
            },
            real=_numbers(form["real"]),
            settings=form["settings"],
            fits={name: _numbers(fit) for name, fit in form["fits"].items()},
            trained_on=tuple(form["trained_on"]),
        )


def _numbers(values: Mapping[str, Any]) -> dict[str, float]:
    return {name: number(value) for name, value in values.items()}
