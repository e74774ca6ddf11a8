"""What a run of several assets measures of them together: their portfolio and their dependence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data import ReturnsData
from keras_wgan.experiments.tasks.base import Evaluation
from keras_wgan.experiments.tasks.one_asset import AssetWindows
from keras_wgan.experiments.tasks.today import FromToday
from keras_wgan.metrics import (
    asset_dependence,
    dependence_gaps,
    joint_facts,
    joint_scores,
    portfolio_log_returns,
)
from keras_wgan.report.frequency_words import in_periods
from keras_wgan.report.pages.returns_content import AssetRow
from keras_wgan.report.tables.dependence import dependence_summary

START_VALUE = 100.0  # of the portfolio, on the last day
NAMED = 4  # assets, at most, in the name of a portfolio


def equal_weights(
    data: ReturnsData, generated: NDArray[Any], today: FromToday | None = None
) -> AssetWindows:
    """Returns the windows of equal weights, kept every day, as if they were one asset."""
    tickers = data.facts.tickers
    weights = np.full(len(tickers), 1 / len(tickers))
    names = ", ".join(tickers) if len(tickers) <= NAMED else f"{len(tickers)} assets"
    return AssetWindows(
        f"equal weights of {names}",
        START_VALUE,
        pd.Series(portfolio_log_returns(data.history, weights), data.history.index),
        portfolio_log_returns(data.returns, weights),
        portfolio_log_returns(generated, weights),
        data.facts.frequency,
        None if today is None else portfolio_log_returns(today.paths, weights),
        None if today is None else today.state,
    )


def measured_together(
    data: ReturnsData,
    generated: NDArray[Any],
    portfolio: Evaluation,
    assets: dict[str, Evaluation],
) -> Evaluation:
    """Returns the measurements of the portfolio, of the dependence, and of each asset."""
    lines = ["Equal weights of all assets:", *[f"  {line}" for line in portfolio.lines], ""]
    lines += ["Dependence between the assets:"]
    text = dependence_of(data, generated)
    rows = text.to_string(float_format=lambda value: f"{value:.3f}").splitlines()
    lines += [in_periods(row, data.facts.frequency) for row in rows]
    for ticker, one in assets.items():
        lines += ["", f"{ticker}:", *[f"  {line}" for line in one.lines]]
    typical = _typical_composite(assets)
    if typical is not None:
        lines += [
            "",
            f"Composite of an asset, the median of {len(assets)}: {typical:.2f} times the sampling "
            "floor.",
        ]
    real, made = asset_dependence(data.returns), asset_dependence(generated)
    distances = [one.metrics["moment_distance"] for one in assets.values()]
    metrics = {
        "moment_distance": float(np.mean(distances)),
        "portfolio": portfolio.metrics,
        "assets": {ticker: one.metrics for ticker, one in assets.items()},
        "together": {
            "real": real.to_dict(),
            "generated": made.to_dict(),
            "gaps": dependence_gaps(real, made),
            "scores": joint_scores(joint_facts(data.history), joint_facts(generated)),
            "median_composite": typical,
        },
        "protocol": portfolio.metrics["protocol"],
    }
    return Evaluation(metrics, lines, generated)


def _typical_composite(assets: dict[str, Evaluation]) -> float | None:
    """Returns the median over the assets, or `None` where the history is too short for a floor."""
    found = [one.metrics.get("stylized_facts", {}).get("composite") for one in assets.values()]
    return None if None in found else float(np.median(found))


def dependence_of(data: ReturnsData, generated: NDArray[Any]) -> pd.DataFrame:
    """Returns the dependence of all pairs, or of many its mean and the worst pairs."""
    real, made = asset_dependence(data.returns), asset_dependence(generated)
    return dependence_summary(real, made, list(data.facts.tickers))


def asset_row(asset: AssetWindows, address: str, metrics: dict[str, Any]) -> AssetRow:
    """Returns the line of an asset on the page of all."""
    year = np.sqrt(asset.frequency.periods_per_year)
    real, generated = (
        (float(year * side.std()), float(np.quantile(side, 0.01)))
        for side in (asset.real, asset.generated)
    )
    ratio = metrics["families"]["mean"] if "families" in metrics else None
    return AssetRow(asset.ticker, address, ratio, *zip(real, generated, strict=True))
