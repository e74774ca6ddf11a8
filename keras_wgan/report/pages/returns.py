"""The report page of one asset's scenarios."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.files import write_atomically
from keras_wgan.report.browser.script import WITHOUT_SCRIPTS
from keras_wgan.report.frequency_words import in_periods
from keras_wgan.report.pages.market import market_parts
from keras_wgan.report.pages.rendering import render, setting_rows
from keras_wgan.report.pages.returns_content import ReportContent
from keras_wgan.report.pages.returns_figures import PagePicture, page_pictures
from keras_wgan.report.tables.families import in_families, mean_ratio
from keras_wgan.report.verdict import CHANCE


def write_page(path: str | os.PathLike[str], content: ReportContent) -> Path:
    """Writes the report as one HTML page that needs only a browser.

    Pictures are inside the page, and so is the script of a simulator that the content holds; it
    forbids the browser to fetch anything. It suits phones, dark mode and print.

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
        verdict=["Close to real except for its autocorrelation."],
    )
    with tempfile.TemporaryDirectory() as folder:
        page = write_page(f"{folder}/report.html", content).read_text(encoding="utf-8")
    assert "Close to real except for its autocorrelation." in page
    ```

    Args:
        path: A file that ends in `.html`. Missing folders are made.
        content: The content of the page.

    Returns:
        The path written.

    Raises:
        ImportError: If Jinja2 or Matplotlib is missing.
        OSError: If the page cannot be written.
        ValueError: If `path` does not end in `.html`, or `content.verdict` is empty. A picture that
            refuses the windows, such as fewer than 100, leaves its reason on the page.
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


def _render(content: ReportContent) -> str:
    families, pictures = in_families(content.facts), page_pictures(content)
    market = {"market": None, "policy": WITHOUT_SCRIPTS}
    if content.market is not None:
        market = market_parts(content.market, "The rest of this page does not.")
    return render(
        "returns.html.j2",
        **market,
        content=content,
        pictures=pictures,
        sections=_sections(content, pictures),
        families=families,
        chance=CHANCE,
        composite=mean_ratio(group.ratio for group in families if group.family),
        by_training={
            trained: mean_ratio(
                group.ratio for group in families if group.family and group.trained == trained
            )
            for trained in (True, False)
        },
        first_day=_day(content.history.index[0]),
        last_day=_day(content.history.index[-1]),
        shape=content.generated.shape,
        settings=setting_rows(content.settings),
        protocol=setting_rows(content.protocol),
        in_periods=partial(in_periods, frequency=content.frequency),
    )


def _sections(content: ReportContent, pictures: Mapping[str, PagePicture]) -> dict[str, str]:
    """Returns the heading of each section under its anchor, in the order of the page."""
    what = "Price" if content.together is None else "Portfolio"
    shown = {
        "today": (f"{what} scenarios from today on", "today" in pictures),
        "simulate": ("Simulate this market", content.market is not None),
        "any-state": (f"{what} scenarios from any state", True),
        "paths": ("Real and generated paths", True),
        "returns": ("Daily returns", True),
        "memory": ("Autocorrelation and leverage", True),
        "drawdown": ("Drawdowns and volatility", True),
        "risks": ("Risk: value at risk and expected shortfall", bool(content.risks)),
        "facts": ("Stylized facts", bool(content.facts)),
        "together": ("Dependence between the assets", content.together is not None),
        "assets": ("The assets", content.together is not None),
        "copies": ("Copy check", True),
        "training": ("Training", "losses" in pictures),
        "next": ("What to do next", bool(content.next_steps)),
        "protocol": ("Settings and protocol", bool(content.settings or content.protocol)),
        "glossary": ("Glossary", True),
    }
    return {
        anchor: in_periods(heading, content.frequency)
        for anchor, (heading, wanted) in shown.items()
        if wanted
    }


def _day(label: Any) -> str:
    return f"{label:%Y-%m-%d}" if isinstance(label, pd.Timestamp) else str(label)
