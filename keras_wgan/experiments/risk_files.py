"""The files of a portfolio's risk: tables as CSV and JSON, and a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from keras_wgan.data import Frequency
from keras_wgan.errors import OutputExistsError
from keras_wgan.io.files import reading, write_atomically
from keras_wgan.io.json import strict_json
from keras_wgan.market.risk.result import PortfolioRisk
from keras_wgan.report.frequency_words import label_periods
from keras_wgan.report.plots.portfolio_risk import portfolio_risk_picture
from keras_wgan.report.plots.style import save_picture

UNIT = "simple returns on today's value as shares of it; a loss is negative"


def write_risk(
    risk: PortfolioRisk, folder: Path, *, start: Sequence[str], frequency: Frequency
) -> list[Path]:
    """Writes the tables of a risk as CSV and JSON, and its picture, into a new folder.

    `risk.json` holds all three tables, the portfolio, and the lines about the `start`.
    """
    refuse_taken(folder)
    tables = {
        "risk": risk.table(),
        "contributions": risk.contributions(),
        "worst": risk.worst(),
    }
    content = {
        "portfolio": {
            "weights": dict(risk.portfolio.weights),
            "cash": risk.portfolio.cash,
            "rebalance": risk.portfolio.rebalance,
        },
        "unit": UNIT,
        "stress": str(risk.stress),
        "effective_scenarios": risk.effective_scenarios,
        "runs": {name: len(found) for name, found in risk.outcomes.items()},
        "start": list(start),
        **{name: table.to_dict("records") for name, table in tables.items()},
    }
    files = [folder / f"{name}.csv" for name in tables]
    for file, table in zip(files, tables.values(), strict=True):
        write_atomically(file, table.to_csv(index=False).encode())
    write_atomically(folder / "risk.json", strict_json(content))
    picture = label_periods(portfolio_risk_picture(risk), frequency)
    return [*files, folder / "risk.json", save_picture(picture, folder / "risk.png")]


def refuse_taken(folder: Path) -> None:
    """Refuses a folder that holds something."""
    with reading(folder):
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    if taken:
        raise OutputExistsError(
            f"`--out` must be a new or an empty folder, nothing is overwritten: {folder}"
        )
