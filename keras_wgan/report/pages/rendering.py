"""The rendering of templates, with the filters that write numbers on all pages."""

from __future__ import annotations

import base64
import importlib.metadata
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from keras_wgan.errors import MissingPackageError
from keras_wgan.report.tables.risks import RiskRow


def render(template: str, **content: Any) -> str:
    """Returns the text of one of the package's templates, with the content filled in."""
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError as error:
        raise MissingPackageError("The report page needs Jinja2: pip install jinja2") from error
    environment = Environment(
        loader=PackageLoader("keras_wgan.report.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = {"number": _number, "percent": _percent, "plainly": _plainly}
    environment.filters |= filters
    environment.globals["version"] = importlib.metadata.version("keras-wgan")
    return environment.get_template(template).render(content)


def data_address(kind: str, content: bytes) -> str:
    """Returns a picture as a `data:` address of a page."""
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"


def setting_rows(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Returns names and values as texts; an inner mapping's come after its own."""
    rows: list[tuple[str, str]] = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            rows += [(f"{name}: {inner}", text) for inner, text in setting_rows(value)]
        else:
            rows.append((str(name), _cell(value)))
    return rows


def _cell(value: Any) -> str:
    if isinstance(value, float | np.floating):
        return _number(float(value))
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_cell(each) for each in value)
    return "–" if value is None or value is pd.NA else str(value)  # noqa: RUF001 (an empty cell)


def _number(value: float | None) -> str:
    """Returns three digits, with a true minus, so that columns line up."""
    if value is None or math.isnan(value):
        return "–"  # noqa: RUF001 (an empty cell)
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"  # noqa: RUF001
    size = abs(value)
    if size >= 1000.0:
        text = f"{size:,.0f}"
    elif size != 0.0 and size < 0.001:
        text = f"{size:.2g}"
    else:
        text = f"{size:.3f}" if size < 1.0 else f"{size:.3g}"
    return ("−" if value < 0 else "") + text  # noqa: RUF001


def _percent(share: float, digits: int = 2) -> str:
    """Returns a share in percent, with a true minus."""
    return ("−" if share < 0 else "") + f"{abs(100.0 * share):.{digits}f}%"  # noqa: RUF001


def _plainly(row: RiskRow) -> str:
    """Returns a risk in money, for readers who do not know quantiles."""
    cases = "days" if row.days == 1 else f"spans of {row.days} days"
    left = [
        f"{100.0 * math.exp(value):.1f}"
        for value in (row.real_var, row.real_es, row.generated_var, row.generated_es)
    ]
    return (
        f"In history, 1 in {round(1.0 / row.level)} {cases} left {left[0]} or less of 100 "
        f"invested, about {left[1]} on average. In the scenarios: {left[2]} and {left[3]}."
    )
