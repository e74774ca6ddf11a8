"""How is a file of prices read? CSV or Parquet, columns found by name."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import io
import warnings
from pathlib import Path

import pandas as pd

from .price_table import close_series

# In the order in which they are preferred; compared without case and outer spaces.
DATE_COLUMNS = ("date", "datetime", "timestamp")
PRICE_COLUMNS = ("close", "adj close", "adj_close", "price")
_NAMELESS = ("", "unnamed: 0", "index")  # how pandas writes an index without a name


def read_price_file(path: Path) -> pd.Series[float]:
    """Reads the closes of a `.csv` or `.parquet` file.

    Args:
        path: The file.

    Returns:
        (days,) float64, named "close", with a sorted index of dates named "date".

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is of another kind, broken, or a row is wrong.
        ImportError: If a Parquet file is asked for without pyarrow.
    """
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".parquet"):
        raise ValueError(
            '`source` must be "yahoo", "bundled", or the path of a .csv or .parquet file. '
            f"Received: source={str(path)!r}"
        )
    if not path.is_file():
        raise FileNotFoundError(
            f"There is no file of prices at `source`. Received: source={str(path)!r}"
        )
    if suffix == ".parquet":
        return _closes(_read_parquet(path), str(path), unit="row", first_row=1)
    try:
        text = path.read_text(encoding="utf-8-sig")  # spreadsheets put a mark before the text
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not a text file in UTF-8: {error}.") from error
    return parse_price_csv(text, str(path))


def parse_price_csv(text: str, origin: str) -> pd.Series[float]:
    """Reads the closes out of the text of a CSV file.

    Args:
        text: The whole text, with a header in its first line.
        origin: What to call it in messages.

    Returns:
        (days,) float64, named "close", with a sorted index of dates named "date".

    Raises:
        ValueError: If the text is not such a table; the sentence names the line.
    """
    try:
        with warnings.catch_warnings():
            # Rows longer than the header: pandas would drop what stands too far right, so that
            # "2000-01-03,1,399.42" reads as a price of 1.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            table = pd.read_csv(
                io.StringIO(text),
                dtype=str,
                keep_default_na=False,  # "NA" must reach the check, with its line
                skip_blank_lines=False,  # a blank line still counts as a line
                index_col=False,
            )
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise ValueError(
            f"{origin} is not a table with as many fields in each line as in its header: "
            f"{str(error).strip()}"
        ) from error
    except pd.errors.EmptyDataError as error:
        raise ValueError(f"{origin} is empty.") from error
    return _closes(table, origin, unit="line", first_row=2)


def _read_parquet(path: Path) -> pd.DataFrame:
    try:
        import pyarrow  # type: ignore[import-untyped]
    except ImportError as error:
        raise ImportError("Parquet files need pyarrow: pip install keras-wgan[parquet]") from error
    try:
        table = pd.read_parquet(path, engine="pyarrow")
    except (pyarrow.ArrowException, OSError) as error:
        raise ValueError(f"{path} is not a whole Parquet file: {error}") from error
    return table.reset_index(drop=isinstance(table.index, pd.RangeIndex))


def _closes(table: pd.DataFrame, origin: str, *, unit: str, first_row: int) -> pd.Series[float]:
    table.columns = [str(column) for column in table.columns]  # Parquet allows numbers
    date_column = _find(table, "date", DATE_COLUMNS, origin, or_else=_NAMELESS)
    price_column = _find(table, "price", PRICE_COLUMNS, origin)
    blank = (table.astype(str) == "").all(axis=1)
    kept = table.loc[~blank]
    if kept.empty:
        raise ValueError(f"{origin} holds no rows.")
    return close_series(
        kept[date_column],
        kept[price_column],
        where=lambda row: f"{unit} {int(kept.index[row]) + first_row} of {origin}",
    )


def _find(
    table: pd.DataFrame,
    kind: str,
    names: tuple[str, ...],
    origin: str,
    *,
    or_else: tuple[str, ...] = (),
) -> str:
    columns = {column.strip().lower(): column for column in reversed(list(table.columns))}
    for name in (*names, *or_else):
        if name in columns:
            return columns[name]
    raise ValueError(
        f"{origin} must have a {kind} column named {', '.join(names)} (in any case). "
        f"Its columns are: {', '.join(table.columns)}."
    )
