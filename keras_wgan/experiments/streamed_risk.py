"""The risk of a portfolio over more scenarios of a run than are held in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.risk import (
    ANY_STATE,
    RiskRequest,
    assets_of,
    log_returns_of,
    scenarios_of,
)
from keras_wgan.experiments.risk_files import UNIT, refuse_taken
from keras_wgan.experiments.run import Run
from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import strict_json
from keras_wgan.io.progress import silent, with_progress
from keras_wgan.market.risk.engine import RiskAccumulator, refuse_too_few
from keras_wgan.market.risk.streamed import StreamedRisk
from keras_wgan.market.scenarios import Anywhere

HELD = 1_000_000  # scenarios whose outcomes are held in memory; more are streamed


def stream_risk(
    runs: Sequence[Run], request: RiskRequest, *, progress: Callable[[str], object] = silent
) -> tuple[StreamedRisk, list[str]]:
    """Draws scenarios of a run, and measures a portfolio in them without keeping any.

    The scenarios are those of `measure_risk`. Quantiles and tail means are off by at most 0.1% of
    themselves; see `DistributionSketch`.

    Args:
        runs: One run.
        request: The portfolio and the scenarios, without a stress.
        progress: Called every few seconds with a line about the progress. Defaults to a function
            that does nothing.

    Returns:
        The `StreamedRisk`, and lines about the state in which the paths begin.

    Raises:
        ImportError: If `ddsketch` is missing.
        ValueError: If there are several runs or a stress, or a part of the request does not fit.
    """
    measured = measured_by(runs, request)
    risk = StreamedRisk(measured)
    scenarios = scenarios_of(runs[0], request, measured.days)
    risk.add(with_progress(log_returns_of(scenarios), request.count, "scenarios", progress))
    any_state = [ANY_STATE] if request.start == Anywhere() else []
    return risk, [*any_state, *scenarios.describe()]


def measured_by(runs: Sequence[Run], request: RiskRequest) -> RiskAccumulator:
    """Returns what a request measures of one run; refuses several, and too few scenarios."""
    if len(runs) != 1:
        raise InvalidInputError(
            f"Shards, and over {HELD:,} scenarios, are measured for one run at a time. Received: "
            f"{len(runs)} runs. Name one, or ask for at most {HELD:,}."
        )
    tickers = assets_of(runs)
    refuse_too_few(request.count, request.settings)
    return RiskAccumulator(tickers, request.portfolio, request.settings, request.stress)


def write_streamed_risk(risk: StreamedRisk, folder: Path, *, start: Sequence[str]) -> list[Path]:
    """Writes the tables of a risk as CSV and JSON into a new folder."""
    refuse_taken(folder)
    portfolio = risk.measured.portfolio
    tables = {
        "risk": risk.table(),
        "contributions": risk.contributions(),
        "worst": risk.worst(),
    }
    content = {
        "portfolio": {
            "weights": dict(portfolio.weights),
            "cash": portfolio.cash,
            "rebalance": portfolio.rebalance,
        },
        "unit": UNIT,
        "scenarios": risk.scenarios,
        "relative_error": risk.relative_error,
        "start": list(start),
        **{name: table.to_dict("records") for name, table in tables.items()},
    }
    files = [folder / f"{name}.csv" for name in tables]
    for file, table in zip(files, tables.values(), strict=True):
        write_atomically(file, table.to_csv(index=False).encode())
    write_atomically(folder / "risk.json", strict_json(content))
    return [*files, folder / "risk.json"]
