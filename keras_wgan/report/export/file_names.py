"""File names made of tickers."""

import re
from collections.abc import Sequence

MAX_NAME = 64  # characters of a ticker in a file's name; file systems take 255 bytes in all


def file_names(tickers: Sequence[str]) -> list[str]:
    """Returns a name for each ticker that every file system accepts, all of them different.

    Example:
    ```python
    from keras_wgan.report import file_names

    assert file_names(["^GSPC", "BRK/B", "EURUSD=X"]) == ["GSPC", "BRK-B", "EURUSD-X"]
    ```

    Args:
        tickers: Symbols, as Yahoo Finance or a file names them.

    Returns:
        Names of at most 64 letters, digits, `.`, `_` and `-`, and a number where two were alike,
        in the order of the tickers.
    """
    names: list[str] = []
    taken: set[str] = set()  # some file systems take no notice of case
    for ticker in tickers:
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", ticker)[:MAX_NAME].strip("-.") or "asset"
        name, number = plain, 1
        while name.lower() in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name.lower())
        names.append(name)
    return names
