"""Weights of a portfolio as users write them: in words, in a list, or in a file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from keras_wgan.data.price_numbers import decimal_mark, is_number, read_numbers
from keras_wgan.errors import InvalidInputError
from keras_wgan.io.files import reading
from keras_wgan.market.risk.portfolio import Portfolio
from keras_wgan.market.risk.rebalancing import Rebalancing

EQUAL = "equal"
MAX_BYTES = 2**20
FORMS = "equal, NAME=WEIGHT,... such as SPY=0.6,TLT=0.4, or a CSV file of names and weights"


def read_portfolio(
    text: str, tickers: Sequence[str], rebalance: Rebalancing = "daily"
) -> Portfolio:
    """Returns the portfolio of `equal`, of a list such as `SPY=0.6,TLT=40%`, or of a CSV file.

    A file has a row for each asset, its name and its weight, with or without a header; or one row
    of weights under the names. Upper and lower case of a name is the same if no other asset has it.

    Example:
    ```python
    from keras_wgan.market import read_portfolio

    portfolio = read_portfolio("SPY=60%,TLT=-10%", ["SPY", "TLT"])
    assert dict(portfolio.weights) == {"SPY": 0.6, "TLT": -0.1}
    ```

    Args:
        text: The weights.
        tickers: The assets of the scenarios.
        rebalance: As for `Portfolio`. Defaults to `"daily"`.

    Returns:
        The `Portfolio`.

    Raises:
        ValueError: If the weights cannot be read, name another asset or one twice, or are refused
            by `Portfolio`.
        FileNotFoundError: If there is no such file.
        OSError: If the file cannot be read.
    """
    if text.strip().lower() == EQUAL:
        return Portfolio.equal(tickers, rebalance)
    if "=" in text and not Path(text).is_file():
        pairs = [_pair(part, text) for part in text.split(",")]
    else:
        pairs = _in_file(Path(text))
    return Portfolio(_named(pairs, tickers, text), rebalance)


def _pair(part: str, text: str) -> tuple[str, str]:
    # From the right: symbols such as EURUSD=X hold the sign too.
    name, sign, weight = part.rpartition("=")
    if not sign or not name.strip():
        raise InvalidInputError(f"`--weights` must be {FORMS}. Received: {part.strip()} in {text}")
    return name.strip(), weight.strip()


def _in_file(path: Path) -> list[tuple[str, str]]:
    if not path.exists():
        raise InvalidInputError(f"`--weights` must be {FORMS}. Received: {path}, which is no file")
    with reading(path):
        if path.stat().st_size > MAX_BYTES:
            raise InvalidInputError(
                f"{path} is too long for weights of assets: {path.stat().st_size:,} bytes."
            )
        content = path.read_bytes()
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path} must be a CSV file in UTF-8: {error}") from error
    lines = [line for line in lines if line.strip(" ,;\t")]
    mark = max(";\t,", key=lambda each: lines[0].count(each)) if lines else ","
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=mark)]
    if len(rows) == 2 and len(rows[0]) == len(rows[1]) and all(map(is_number, rows[1])):
        return list(zip(*rows, strict=True))  # names above, weights below
    if rows and len(rows[0]) == 2 and not is_number(rows[0][1]):
        rows = rows[1:]  # a header
    wrong = next((row for row in rows if len(row) != 2), None)
    if wrong is not None or not rows:
        found = "no weights" if wrong is None else f"the row {mark.join(wrong)}"
        raise InvalidInputError(
            f"{path} must have two columns, the names of the assets and their weights. "
            f"Received: {found}"
        )
    return [(name, weight) for name, weight in rows]


def _named(pairs: list[tuple[str, str]], tickers: Sequence[str], text: str) -> dict[str, float]:
    """Returns the weights under the names of the scenarios' assets, each once."""
    cells = pd.Series([weight for _, weight in pairs], dtype=object)

    def refuse(row: int, problem: str) -> InvalidInputError:
        return InvalidInputError(f"The weight of {pairs[row][0]} in {text} {problem}")

    numbers = read_numbers(cells, decimal_mark([cells], continental=False) or ".", refuse)
    weights: dict[str, float] = {}
    for (given, cell), number in zip(pairs, numbers, strict=True):
        alike = [ticker for ticker in tickers if ticker.casefold() == given.casefold()]
        name = alike[0] if given not in tickers and len(alike) == 1 else given
        if name in weights:
            raise InvalidInputError(
                f"`--weights` must name each asset once. Received: {name} twice"
            )
        weights[name] = number / 100.0 if cell.endswith("%") else float(number)
    missing = [name for name, weight in weights.items() if weight != weight]
    if missing:
        raise InvalidInputError(f"`--weights` must have a weight of {missing[0]}. Received: none")
    return weights
