"""How does somebody who has never seen the project learn what its scenarios are worth?"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from keras_wgan.errors import InvalidInputError, MissingPackageError
from keras_wgan.io.files import write_atomically
from keras_wgan.report.pages.content import ReportContent
from keras_wgan.report.pages.figures import page_pictures
from keras_wgan.report.tables.facts import RiskRow

if TYPE_CHECKING:
    from jinja2 import Environment


def write_page(path: str | os.PathLike[str], content: ReportContent) -> Path:
    """Writes the report as one HTML page that needs nothing but a browser.

    Pictures are inside the page; there are no scripts, no fonts and nothing from elsewhere, and
    the page forbids the browser to fetch any. It reads on a phone, in the dark and in print. All
    or nothing: a reader of `path` sees the old page or the new one.

    Example:
    ```python
    import tempfile
    import numpy as np
    import pandas as pd
    from keras_wgan.metrics import return_facts
    from keras_wgan.report import write_page
    from keras_wgan.report import ReportContent

    rng = np.random.default_rng(0)
    days = pd.bdate_range("2023-01-02", periods=200)
    real, generated = 0.01 * rng.standard_t(4, size=(2, 150, 30))
    content = ReportContent(
        title="A first run",
        ticker="^GSPC",
        history=pd.Series(real.ravel()[:200], index=days),
        start_price=4769.83,
        real=real,
        generated=generated,
        real_memory=return_facts(real),
        generated_memory=return_facts(generated),
        verdict=["Close to real in all but its memory."],
    )
    with tempfile.TemporaryDirectory() as folder:
        page = write_page(f"{folder}/report.html", content).read_text(encoding="utf-8")
    assert "Close to real in all but its memory." in page
    ```

    Args:
        path: where to, ending in `.html`. Missing folders are made.
        content: what to show.

    Returns:
        The path written.

    Raises:
        ImportError: where Jinja2 or Matplotlib is missing.
        ValueError: where `path` does not end in `.html`, `content.verdict` is empty, or one of the
            pictures refuses the windows, such as fewer than 100.
    """
    target = Path(path)
    if target.suffix != ".html":
        raise InvalidInputError(f"`path` must end in .html. Received: path={str(target)!r}.")
    if not content.verdict:
        raise InvalidInputError(
            "`content.verdict` must hold at least one sentence, since the page opens with it. "
            f"Received: verdict={content.verdict!r}."
        )
    write_atomically(target, _render(content).encode())
    return target


def page_environment() -> Environment:
    """Returns Jinja2 with the package's templates, and numbers as its pages write them."""
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
    environment.filters |= {"number": _number, "percent": _percent, "plainly": _plainly}
    return environment


def _render(content: ReportContent) -> str:
    return (
        page_environment()
        .get_template("report.html.j2")
        .render(
            content=content,
            pictures=page_pictures(content),
            first_day=_day(content.history.index[0]),
            last_day=_day(content.history.index[-1]),
            shape=content.generated.shape,
            leaderboard=_leaderboard(content.leaderboard),
            settings=setting_rows(content.settings),
            protocol=setting_rows(content.protocol),
        )
    )


def _day(label: Any) -> str:
    return f"{label:%Y-%m-%d}" if isinstance(label, pd.Timestamp) else str(label)


def _leaderboard(table: pd.DataFrame | None) -> dict[str, Any] | None:
    if table is None:
        return None
    rows = [
        (str(name), [_cell(value) for value in values])
        for name, values in zip(table.index, table.to_numpy(object), strict=True)
    ]
    return {"columns": [str(column) for column in table.columns], "rows": rows}


def setting_rows(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Returns names and values to read; a mapping inside becomes names with a dot."""
    rows: list[tuple[str, str]] = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            rows += [(f"{name}.{inner}", text) for inner, text in setting_rows(value)]
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
    """Three digits, with a true minus, so that columns line up."""
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
    """A share in percent, with a true minus."""
    return ("−" if share < 0 else "") + f"{abs(100.0 * share):.{digits}f}%"  # noqa: RUF001


def _plainly(row: RiskRow) -> str:
    """A real risk in money, for somebody who has never met a quantile."""
    cases = "days" if row.days == 1 else f"spans of {row.days} days"
    left = [
        f"{100.0 * math.exp(value):.1f}"
        for value in (row.real_var, row.real_es, row.generated_var, row.generated_es)
    ]
    return (
        f"In history, 1 in {round(1.0 / row.level)} {cases} left {left[0]} or less of 100 "
        f"invested, about {left[1]} on average. In the scenarios: {left[2]} and {left[3]}."
    )
