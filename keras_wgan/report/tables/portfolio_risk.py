"""The risk of a portfolio as text."""

from __future__ import annotations

import math
from collections.abc import Hashable
from textwrap import fill
from typing import Any

import pandas as pd

from keras_wgan.market.risk.result import PortfolioRisk
from keras_wgan.market.risk.streamed import StreamedRisk
from keras_wgan.report.tables.text import WIDTH, frame_lines

MAX_ASSETS = 10  # of the contributions in a terminal; contributions.csv holds all
WORST = 5


def portfolio_risk_text(risk: PortfolioRisk) -> str:
    """Returns the main numbers, the contributions and the worst scenarios for a terminal.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market import Portfolio, portfolio_risk
    from keras_wgan.report import portfolio_risk_text

    paths = np.random.default_rng(0).normal(scale=0.01, size=(2000, 60, 2))
    risk = portfolio_risk(paths, ["SPY", "TLT"], Portfolio({"SPY": 0.6, "TLT": 0.4}))
    text = portfolio_risk_text(risk)
    assert "VaR 1%" in text and "20 days" in text
    ```

    Args:
        risk: The risk.

    Returns:
        Lines with percents of today's value, in which a loss is negative.
    """
    several = len(risk.outcomes) > 1
    spread = ", and in brackets the standard deviation over the models" if several else ""
    heading = [
        f"Portfolio: {risk.portfolio}",
        f"Simple returns on today's value over {risk.scenarios:,} scenarios; a loss is negative. ± "
        f"is one Monte Carlo standard error{spread}.",
        *_stress_lines(risk),
    ]
    lines = [*(fill(line, WIDTH) for line in heading), "", *frame_lines(_main_table(risk)), ""]
    return "\n".join([*lines, *_cause_lines(risk, several)])


def by_model_text(risk: PortfolioRisk) -> str:
    """Returns the smallest tail by model, a row each, for a terminal.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market import Portfolio, portfolio_risk
    from keras_wgan.report import by_model_text

    paths = np.random.default_rng(0).normal(scale=0.01, size=(2000, 60))
    both = {"calm": paths / 2, "wild": paths}
    risk = portfolio_risk(both, ["SPY"], Portfolio({"SPY": 1.0}))
    assert "wild" in by_model_text(risk)
    ```

    Args:
        risk: The risk over the scenarios of several models.

    Returns:
        Lines with percents of today's value, in which a loss is negative.
    """
    level = risk.settings.levels[0]
    rows = {}
    for days in risk.settings.horizons:
        samples = [risk.distribution(days, model=name) for name in risk.outcomes]
        rows[_days(days)] = [
            f"{100.0 * each.quantile(level).value:.2f}% / "
            f"{100.0 * each.expected_shortfall(level).value:.2f}%"
            for each in samples
        ]
    table = pd.DataFrame(rows, index=pd.Index(list(risk.outcomes)))
    heading = f"VaR / ES {100.0 * level:g}% by model:"
    return "\n".join([heading, *frame_lines(table)])


def streamed_risk_text(risk: StreamedRisk) -> str:
    """Returns the main numbers of a risk whose scenarios were not kept, for a terminal."""
    heading = [
        f"Portfolio: {risk.measured.portfolio}",
        f"Simple returns on today's value over {risk.scenarios:,} scenarios, of which none is "
        "kept; a loss is negative. ± is one Monte Carlo standard error; quantiles and tail means "
        f"are also rounded, by at most {100.0 * risk.relative_error:g}% of themselves.",
    ]
    lines = [*(fill(line, WIDTH) for line in heading), "", *frame_lines(_main_table(risk)), ""]
    return "\n".join([*lines, *_cause_lines(risk, several=False)])


def _stress_lines(risk: PortfolioRisk) -> list[str]:
    if risk.probabilities is None:
        return []
    happened = float((risk.probabilities > 0.0).mean())
    return [
        f"Given {risk.stress}: {happened:.2%} of the scenarios, which count as "
        f"{risk.effective_scenarios:,.0f} equal ones."
    ]


def _main_table(risk: PortfolioRisk | StreamedRisk) -> pd.DataFrame:
    table = risk.table()
    columns: dict[str, list[str]] = {}
    names: list[str] = []
    for days in risk.settings.horizons:
        rows = table[table["days"] == days].to_dict("records")
        kept = [row for row in rows if _is_shown(row["measure"], row["level"])]
        names = [_name(row["measure"], row["level"]) for row in kept]
        columns[_days(days)] = [_text(row) for row in kept]
    return pd.DataFrame(columns, index=pd.Index(names))


def _is_shown(measure: str, level: float) -> bool:
    if measure in ("mean", "standard deviation"):
        return True
    if "under water" in measure:
        return math.isnan(level) if measure.startswith("days") else level in (0.5, 0.95)
    return not math.isnan(level)


def _name(measure: str, level: float) -> str:
    if math.isnan(level):
        return measure
    if measure == "P(loss)":
        return f"P(loss > {100.0 * level:g}%)"
    if measure in ("VaR", "ES"):
        return f"{measure} {100.0 * level:g}%"
    # Four horizons fit into 80 columns next to a short name.
    short = measure.replace("longest days under water", "longest spell")
    return f"{short}, {100.0 * level:g}%"


def _text(row: dict[Hashable, Any]) -> str:
    counts = "under water" in row["measure"]
    scale, digits, unit = (1.0, 1, "") if counts else (100.0, 2, "%")
    value, error, spread = (scale * row[name] for name in ("value", "error", "spread"))
    text = f"{value:.{digits}f}{unit} ± {error:.{digits}f}"
    return text if math.isnan(spread) else f"{text} ({spread:.{digits}f})"


def _cause_lines(risk: PortfolioRisk | StreamedRisk, several: bool) -> list[str]:
    """Returns what contributes to the risk, and the worst scenarios."""
    shares = [*_contribution_lines(risk), ""] if len(risk.tickers) > 1 else []
    return [*shares, *_worst_lines(risk, several)]


def _contribution_lines(risk: PortfolioRisk | StreamedRisk) -> list[str]:
    level = risk.settings.levels[len(risk.settings.levels) // 2]
    found = risk.contributions()
    found = found[found["level"] == level]
    shares = found.pivot(index="asset", columns="days", values="es_share")
    weights = found.drop_duplicates("asset").set_index("asset")["weight"]
    order = shares.iloc[:, -1].sort_values(ascending=False).index
    shown = [name for name in order if weights[name] != 0.0][:MAX_ASSETS]
    texts = shares.loc[shown].map(lambda share: f"{100.0 * share:.1f}%")
    texts.columns = pd.Index([_days(int(days)) for days in shares.columns])
    texts.insert(0, "weight", [f"{100.0 * weights[name]:.4g}%" for name in shown])
    texts.index.name = None
    held = int((weights != 0.0).sum())
    more = f", the {MAX_ASSETS} largest of {held}" if held > MAX_ASSETS else ""
    return [f"Shares of ES {100.0 * level:g}% by asset{more}:", *frame_lines(texts)]


def _worst_lines(risk: PortfolioRisk | StreamedRisk, several: bool) -> list[str]:
    longest = risk.settings.longest
    worst = risk.worst(WORST)
    worst = worst[worst["days"] == longest]
    lines = [f"Worst scenarios over {_days(longest)}:"]
    for _, row in worst.iterrows():
        name = f"{row['model']}, {row['scenario']}" if several else f"{row['scenario']}"
        parts = row[list(risk.tickers)].astype(float).sort_values()
        parts = parts[parts != 0.0].head(3)  # what is not held loses nothing
        causes = ", ".join(f"{asset} {100.0 * part:.1f}%" for asset, part in parts.items())
        lines.append(
            f"  scenario {name}: {100.0 * row['return']:.1f}%, drawdown "
            f"{100.0 * row['drawdown']:.1f}%" + (f" ({causes})" if len(risk.tickers) > 1 else "")
        )
    return lines


def _days(days: int) -> str:
    return f"{days} day" + "s" * (days > 1)
