"""Tables of prices in JSON files, as services answer with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from keras_wgan.data.price_columns import Column, columns_of
from keras_wgan.data.price_grid import RawTable
from keras_wgan.errors import InvalidInputError

_LEVELS = 4  # of tables inside tables
# Names of a table inside others; else it is the longest.
_NAMES = ("prices", "candles", "bars", "results", "observations", "historical", "data", "values")


def json_table(text: str, path: Path) -> RawTable:
    """Returns the longest list of records or rows, or table of columns, in a JSON text."""
    try:
        body = _table(json.loads(text), _LEVELS)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"{path} is not a JSON file of a table: {error}.") from error
    if body is None or body.empty:
        raise InvalidInputError(f"{path} holds no table of dates and prices.")
    names = [str(name) for name in body.columns]
    columns = columns_of([[name] for name in names])
    if all(isinstance(name, int) for name in body.columns):
        columns = [Column(at, str(at + 1), "unknown") for at in range(len(names))]
    body = body.set_axis(range(len(names)), axis=1).set_axis(range(1, len(body) + 1), axis=0)
    return RawTable(path, columns, body, "row")


def _table(value: Any, levels: int) -> pd.DataFrame | None:
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        return pd.DataFrame(value, dtype=object)
    if isinstance(value, list) and value and all(isinstance(each, list) for each in value):
        return pd.DataFrame(value, dtype=object)
    if not isinstance(value, dict) or not value or not levels:
        return None
    kinds = {type(each) for each in value.values()}
    cells = [cell for each in value.values() if isinstance(each, dict) for cell in each.values()]
    if kinds == {dict} and not any(isinstance(cell, dict | list) for cell in cells):
        return pd.DataFrame.from_dict(value, orient="index", dtype=object).reset_index()
    lists = {name: each for name, each in value.items() if isinstance(each, list)}
    flat = {
        name: each for name, each in lists.items() if each and not isinstance(each[0], dict | list)
    }
    if len(flat) > 1 and len({len(each) for each in flat.values()}) == 1:
        return pd.DataFrame(flat, dtype=object)
    tables = {name: _table(each, levels - 1) for name, each in value.items()}
    found = {name: table for name, table in tables.items() if table is not None}
    named = next((found[name] for name in _NAMES if name in found), None)
    return named if named is not None else max(found.values(), key=len, default=None)
