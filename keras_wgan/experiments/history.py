"""The reader of a run's `history.csv`."""

import io
from pathlib import Path
from textwrap import shorten

import pandas as pd

from keras_wgan.data.price_checks import TO_THE_LAST_BIT
from keras_wgan.errors import InvalidInputError
from keras_wgan.io.files import reading
from keras_wgan.io.json import MAX_BYTES
from keras_wgan.report.plots.training import without_empty_validation


def read_history(path: Path) -> pd.DataFrame:
    """Reads a table with a column `epoch`, from 0, and one for each logged number."""
    if not path.exists() or not (size := path.stat().st_size):
        return pd.DataFrame({"epoch": []})
    if size > MAX_BYTES:
        raise InvalidInputError(f"{path} is damaged: it takes {size:,} bytes.")
    with reading(path):
        content = path.read_bytes()
    if not content.endswith(b"\n"):
        raise InvalidInputError(f"{path} is damaged: its last line is cut short.")
    try:
        history = pd.read_csv(io.BytesIO(content), **TO_THE_LAST_BIT)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise InvalidInputError(f"{path} is damaged: {shorten(str(error), 200)}") from error
    if "epoch" not in history:
        raise InvalidInputError(f"{path} is damaged: it has no column `epoch`.")
    for name, column in history.items():
        if len(history) and not pd.api.types.is_numeric_dtype(column):
            named = shorten(str(name), 80)
            raise InvalidInputError(f"{path} is damaged: `{named}` is not all numbers.")
    return without_empty_validation(history)


def refuse_missing_epochs(history: pd.DataFrame, done: int, path: Path, config: Path) -> None:
    """Refuses a history that lacks an epoch of those that a model was trained for."""
    missing = sorted(set(range(done)) - set(history["epoch"]))
    if missing or history["epoch"].duplicated().any():
        kept = f"only {done - len(missing)}" if missing else "more than"
        raise InvalidInputError(
            f"{path} is damaged: the model was trained for {done} epochs, and the file has {kept} "
            "of them. Bring back the whole file, or train again: keras-wgan train --config "
            f"{config}"
        )
