"""Backtests as tables, as text of 80 columns and as Markdown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from keras_wgan.market.backtesting.result import RISKS, VAR_ES, WHOLE_PATH, Backtest
from keras_wgan.market.backtesting.scores import LEVELS
from keras_wgan.metrics.returns.paired_comparison import PairedComparison

NAME_WIDTH = 24
CELL_WIDTH = 11
LARGEST = 999  # ratio that is shown
TESTED = 2  # horizons whose value at risk is shown; calibration.csv has all
HEADINGS = {
    "energy": "energy",
    "variogram": "variogram",
    "volatility_crps": "vol",
    "drawdown_crps": "mdd",
}


@dataclass(frozen=True)
class _Section:
    """A table of texts under a title, with a row for each forecaster."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def backtest_text(result: Backtest) -> str:
    """Renders a backtest for a terminal, at most 80 columns wide.

    Example:
    ```python
    from keras_wgan.data import load_prices, log_returns
    from keras_wgan.market import BacktestSettings, BacktestSpan, backtest, baselines
    from keras_wgan.report import backtest_text

    returns = log_returns(load_prices(start="2014-01-01", end=None, source="bundled"))
    span, settings = BacktestSpan("2016-12-31", "2018-01-01"), BacktestSettings(20, 100)
    text = backtest_text(backtest(returns, [baselines.get("iid normal")], span, settings))
    assert "iid normal" in text and max(map(len, text.splitlines())) <= 80
    ```

    Args:
        result: The backtest.

    Returns:
        The protocol and the tables, with no newline at the end.
    """
    blocks = ["\n".join(backtest_protocol(result))]
    for section in _sections(result):
        cells = [section.columns, *(cells for _, cells in section.rows)]
        width = max(CELL_WIDTH, *(len(cell) + 1 for row in cells for cell in row))
        lines = [section.title, _line("", section.columns, width)]
        lines += [_line(name, row, width) for name, row in section.rows]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def backtest_markdown(result: Backtest) -> str:
    """Renders a backtest as Markdown tables, each with its title above.

    Example:
    ```python
    from keras_wgan.data import load_prices, log_returns
    from keras_wgan.market import BacktestSettings, BacktestSpan, backtest, baselines
    from keras_wgan.report import backtest_markdown

    returns = log_returns(load_prices(start="2014-01-01", end=None, source="bundled"))
    span, settings = BacktestSpan("2016-12-31", "2018-01-01"), BacktestSettings(20, 100)
    text = backtest_markdown(backtest(returns, [baselines.get("iid normal")], span, settings))
    assert "| iid normal | 1 |" in text  # it is the reference
    ```

    Args:
        result: The backtest.

    Returns:
        Markdown that ends in a newline.
    """
    blocks = [" ".join(backtest_protocol(result))]
    for section in _sections(result):
        head = f"| | {' | '.join(section.columns)} |\n|---|{'--:|' * len(section.columns)}"
        rows = [f"| {name} | {' | '.join(cells)} |" for name, cells in section.rows]
        blocks.append("\n".join([f"{section.title}:", "", head, *rows]))
    return "\n\n".join(blocks) + "\n"


def backtest_protocol(result: Backtest) -> list[str]:
    """Returns sentences that say which days were fitted and forecast, and how."""
    settings, (days, first, last) = result.settings, result.fitted
    return [
        f"Fitted to {days:,} returns, {first} to {last}.",
        f"{len(result.days)} forecasts after {result.days[0]} to {result.days[-1]}, every "
        f"{settings.every} days,",
        f"{settings.paths:,} paths each, seed {settings.seed}.",
    ]


def _sections(result: Backtest) -> list[_Section]:
    reference, horizons = result.reference, result.settings.horizons
    of_paths = [(score, days) for score in WHOLE_PATH for days in result.days_of(score)]
    of_risks = [(score, days) for score in RISKS for days in result.days_of(score)]
    tail = [(score, horizons[0]) for score in VAR_ES]
    return [
        _section(
            result,
            f"CRPS over that of {reference}, by days ahead, +- standard error",
            [f"{days} d" for days in horizons],
            lambda name: [_ratio(result.comparison(name, "crps", days)) for days in horizons],
        ),
        _section(
            result,
            "Outcomes inside the central 50% and 90% interval, in percent",
            [f"{days} d" for days in horizons],
            lambda name: [
                f"{_percent(result.coverage(name, days, level=0.5))} "
                f"{_percent(result.coverage(name, days, level=0.9))}"
                for days in horizons
            ],
        ),
        *(_value_at_risk(result, days) for days in horizons[:TESTED]),
        _section(
            result,
            f"Joint VaR-ES loss minus that of {reference}, {horizons[0]} d, +- standard error",
            [f"{100 * level:g}%" for level in LEVELS],
            lambda name: [_gap(result.comparison(name, *each)) for each in tail],
        ),
        _section(
            result,
            f"Scores of the path over those of {reference}, +- standard error",
            [f"{HEADINGS[score]} {days} d" for score, days in of_paths],
            lambda name: [_ratio(result.comparison(name, *each)) for each in of_paths],
        ),
        _section(
            result,
            f"CRPS of volatility and drawdown over {reference}'s, +- standard error",
            [f"{HEADINGS[score]} {days} d" for score, days in of_risks],
            lambda name: [_ratio(result.comparison(name, *each)) for each in of_risks],
        ),
    ]


def _value_at_risk(result: Backtest, days: int) -> _Section:
    def cells(name: str) -> list[str]:
        found = [result.risk_tests(name, days, level=level) for level in LEVELS]
        return [
            f"{_percent(kupiec.rate)} {_chance(kupiec.p_value)} "
            f"{_chance(christoffersen.coverage_p_value)}"
            for kupiec, christoffersen in found
        ]

    tested = result.risk_tests(result.reference, days, level=LEVELS[0])[0].days
    title = f"Hits of the VaR of {days} d in percent ({tested} forecasts), p Kupiec, Christoffersen"
    return _section(result, title, [f"{100 * level:g}%" for level in LEVELS], cells)


def _section(
    result: Backtest, title: str, columns: list[str], cells: Callable[[str], list[str]]
) -> _Section:
    rows = tuple((name, tuple(cells(name))) for name in result.scores)
    return _Section(title, tuple(columns), rows)


def _line(name: str, cells: tuple[str, ...], width: int) -> str:
    shown = name if len(name) <= NAME_WIDTH else f"{name[: NAME_WIDTH - 1]}…"
    return (f"{shown:<{NAME_WIDTH}}" + "".join(f"{cell:>{width}}" for cell in cells)).rstrip()


def _ratio(found: PairedComparison) -> str:
    if found.ratio == 1.0 and found.ratio_error == 0.0:
        return "1"
    if not np.isfinite(found.mean):
        return "inf" if np.isposinf(found.mean) else "-"
    if found.ratio >= LARGEST:
        return f">{LARGEST}"
    return f"{_three(found.ratio)}±{_error(found.ratio_error)}"


def _gap(found: PairedComparison) -> str:
    if found.difference == 0.0 and found.standard_error == 0.0:
        return "0"
    if not np.isfinite(found.difference):
        return "inf" if np.isposinf(found.mean) else "-"
    return (
        f"{'+' * (found.difference > 0)}{_three(found.difference)}±{_error(found.standard_error)}"
    )


def _three(value: float) -> str:
    """At most five characters where positive: .989, 1.018, 12.34, 123.4, 1234."""
    if abs(value) < 0.9995:
        return "-" * (value < 0.0) + f"{abs(value):.3f}"[1:]
    for digits in (3, 2, 1):
        if abs(value) < 10.0 ** (4 - digits) - 0.5 * 10.0**-digits:
            return f"{value:.{digits}f}"
    return f"{value:.0f}"


def _error(value: float) -> str:
    if np.isnan(value):
        return "?"
    if value < 0.9995:
        return f"{value:.3f}"[1:]
    return f"{value:.1f}" if value < 9.95 else f"{value:.0f}"


def _percent(share: float) -> str:
    text = f"{100.0 * share:.1f}"
    return "100" if text == "100.0" else text


def _chance(value: float) -> str:
    return f"{min(value, 0.99):.2f}"[1:]
