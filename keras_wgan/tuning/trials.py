"""The results of the trials of a search, read from KerasTuner's files."""

import math
import operator
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from keras_tuner.engine.trial import Trial

from keras_wgan.errors import InvalidInputError
from keras_wgan.report.tables.text import frame_lines

DIVERGED, OUT_OF_MEMORY, FAILED = "diverged", "out of memory", "failed"
MAX_PRINTED = 20  # rows printed; the file of the table holds all


@dataclass(frozen=True)
class TrialResult:
    """The result of one trial."""

    trial: int  # its number, from 0
    score: float  # the best of its epochs; NaN if there is none
    status: str  # "done", "unfinished", "failed", or why: "diverged" or "out of memory"
    seconds: float  # NaN if it did not end
    settings: dict[str, Any]
    cause: str = ""  # of a failure, in one line


def read_trials(folder: Path) -> list[TrialResult]:
    """Returns the trials that KerasTuner keeps in a search's folder, by number."""
    results = [_result(path) for path in folder.glob("trial_*/trial.json")]
    return sorted(results, key=operator.attrgetter("trial"))


def best_first(trials: Sequence[TrialResult]) -> list[TrialResult]:
    """Returns the trials by score, those without a score last."""
    return sorted(trials, key=lambda trial: (trial.status != "done", trial.score, trial.trial))


def trials_table(trials: Sequence[TrialResult]) -> pd.DataFrame:
    """Returns a row for each trial: number, score, status, seconds, its settings, the cause."""
    rows = []
    for trial in trials:
        row = asdict(trial)
        settings, cause = row.pop("settings"), row.pop("cause")
        rows.append({**row, **settings, "cause": cause})
    return pd.DataFrame(rows)


def trials_text(trials: Sequence[TrialResult]) -> str:
    """Returns the best trials as lines of 80 columns, and how many more there are."""
    table = trials_table(best_first(trials)).drop(columns="cause")
    constant = [name for name in table.columns[4:] if table[name].nunique() == 1 < len(table)]
    shown = table.drop(columns=constant).head(MAX_PRINTED).set_index("trial")
    texts = shown.map(lambda value: f"{value:.4g}" if isinstance(value, float) else str(value))
    text = "\n".join(frame_lines(texts, corner="trial"))
    more = len(table) - MAX_PRINTED
    return f"{text}\n... and {more} more." if more > 0 else text


def _result(path: Path) -> TrialResult:
    try:
        trial = Trial.load(str(path))
        score = math.nan if trial.score is None else float(trial.score)
        status, cause = trial.status, (trial.message or "").partition("\n")[0]
        if status == "COMPLETED" and not math.isfinite(score):
            status, cause = "FAILED", f"{DIVERGED}: no epoch gave a finite score"
        timed = trial.metrics.exists("seconds")
        return TrialResult(
            trial=int(trial.trial_id),
            score=score,
            status=_status(status, cause),
            seconds=trial.metrics.get_last_value("seconds") if timed else math.nan,
            settings=dict(trial.hyperparameters.values),
            cause=cause,
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise InvalidInputError(f"{path} is damaged: {error!r}") from error


def _status(status: str, cause: str) -> str:
    if status == "COMPLETED":
        return "done"
    if status != "FAILED":
        return "unfinished"
    kind = cause.partition(": ")[0]
    return kind if kind in (DIVERGED, OUT_OF_MEMORY) else FAILED
