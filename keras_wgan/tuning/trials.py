"""What came of each trial of a search?"""

import json
import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from keras_wgan.errors import InvalidInputError

DIVERGED, OUT_OF_MEMORY, FAILED = "diverged", "out of memory", "failed"
PRINTED = 20  # rows that a person looks through; all are in the table's file


@dataclass(frozen=True)
class TrialResult:
    """One trial: the settings, and what came of them.

    Args:
        trial: Its number, from 0.
        score: The best number of its epochs, or NaN where there is none.
        status: `"done"`, `"diverged"`, `"out of memory"`, `"failed"`, or `"unfinished"` where the
            search was stopped in it.
        seconds: How long it took, or NaN.
        settings: By name.
        cause: Why it failed, in one line; empty where it did not.
    """

    trial: int
    score: float
    status: str
    seconds: float
    settings: dict[str, Any]
    cause: str = ""


def read_trials(folder: Path) -> list[TrialResult]:
    """Reads what KerasTuner keeps of each trial in a search's folder, by number."""
    found = [_tried(path) for path in folder.glob("trial_*/trial.json")]
    return sorted(found, key=operator.attrgetter("trial"))


def best_first(trials: Sequence[TrialResult]) -> list[TrialResult]:
    """Returns them by score, those without one last."""
    return sorted(trials, key=lambda tried: (tried.status != "done", tried.score, tried.trial))


def trials_table(trials: Sequence[TrialResult]) -> pd.DataFrame:
    """Returns a row for each trial: number, score, status, seconds, its settings, and the cause."""
    rows = [
        {
            "trial": tried.trial,
            "score": tried.score,
            "status": tried.status,
            "seconds": tried.seconds,
            **tried.settings,
            "cause": tried.cause,
        }
        for tried in trials
    ]
    return pd.DataFrame(rows)


def trials_text(trials: Sequence[TrialResult]) -> str:
    """Returns the best trials as lines for people, and how many more there are."""
    table = trials_table(best_first(trials)).drop(columns="cause")
    constant = [name for name in table.columns[4:] if table[name].nunique() == 1 < len(table)]
    text = (
        table.drop(columns=constant)
        .head(PRINTED)
        .to_string(index=False, float_format="{:.4g}".format)
    )
    more = len(table) - PRINTED
    return f"{text}\n... and {more} more." if more > 0 else text


def _tried(path: Path) -> TrialResult:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        score = math.nan if kept["score"] is None else float(kept["score"])
        status, cause = kept["status"], (kept["message"] or "").partition("\n")[0]
        if status == "COMPLETED" and not math.isfinite(score):
            status, cause = "FAILED", f"{DIVERGED}: no epoch gave a finite score"
        metrics = kept["metrics"]["metrics"]
        seconds = (
            metrics["seconds"]["observations"][-1]["value"][0] if "seconds" in metrics else math.nan
        )
        settings = dict(kept["hyperparameters"]["values"])
        return TrialResult(
            int(kept["trial_id"]),
            score,
            _status(status, cause),
            seconds,
            settings,
            cause,
        )
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise InvalidInputError(f"{path} is damaged: {error!r}") from error


def _status(status: str, cause: str) -> str:
    if status == "COMPLETED":
        return "done"
    if status != "FAILED":
        return "unfinished"
    kind = cause.partition(": ")[0]
    return kind if kind in (DIVERGED, OUT_OF_MEMORY) else FAILED
