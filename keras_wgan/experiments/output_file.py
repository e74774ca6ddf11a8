"""The refusal of an output file before the work for it begins."""

from collections.abc import Sequence
from pathlib import Path

from keras_wgan.errors import InvalidInputError, OutputExistsError
from keras_wgan.io.parquet import require_pyarrow


def refuse_output(option: str, path: Path, suffixes: Sequence[str], purpose: str = "") -> None:
    """Refuses a file that exists, or whose suffix is none of these for the `purpose`."""
    if path.suffix not in suffixes:
        raise InvalidInputError(
            f"`{option}` must end in {', '.join(suffixes)}{purpose}. Received: {path}"
        )
    if path.suffix == ".parquet":
        require_pyarrow()  # before a million samples are drawn
    refuse_existing(option, path)


def refuse_existing(option: str, path: Path) -> None:
    """Refuses a file that exists."""
    if path.exists():
        raise OutputExistsError(f"`{option}` must be a new file, nothing is overwritten: {path}")
