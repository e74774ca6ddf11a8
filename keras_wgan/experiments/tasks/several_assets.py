"""Measurements of several assets together."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data import ReturnsData
from keras_wgan.experiments.tasks.base import Evaluation
from keras_wgan.metrics import asset_dependence, dependence_gaps
from keras_wgan.report.frequency_words import in_periods
from keras_wgan.report.tables.dependence import dependence_table

MAX_PAIRS = 10  # of assets in the terminal; metrics.json holds all


def measured_together(
    data: ReturnsData, generated: NDArray[Any], found: dict[str, Evaluation], *, seed: int
) -> Evaluation:
    """Returns the measurements of each asset, and of the dependence between them."""
    lines = []
    for ticker, one in found.items():
        lines += [f"{ticker}:", *[f"  {line}" for line in one.lines], ""]
    text = dependence_of(data, generated).head(4 * MAX_PAIRS)
    lines += ["Dependence between the assets:"]
    rows = text.to_string(float_format=lambda value: f"{value:.3f}").splitlines()
    lines += [in_periods(row, data.facts.frequency) for row in rows]
    real, made = asset_dependence(data.returns), asset_dependence(generated)
    distances = [one.metrics["moment_distance"] for one in found.values()]
    metrics = {
        "moment_distance": float(np.mean(distances)),
        "assets": {ticker: one.metrics for ticker, one in found.items()},
        "together": {
            "real": real.to_dict(),
            "generated": made.to_dict(),
            "gaps": dependence_gaps(real, made),
        },
        "protocol": {"windows": len(generated), "real_windows": len(data.samples), "seed": seed},
    }
    return Evaluation(metrics, lines, generated)


def dependence_of(data: ReturnsData, generated: NDArray[Any]) -> pd.DataFrame:
    """Returns the table of the dependence between the assets, real and generated."""
    real, made = asset_dependence(data.returns), asset_dependence(generated)
    return dependence_table(real, made, list(data.facts.tickers))
