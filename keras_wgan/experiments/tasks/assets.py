"""What does an experiment on several assets at once measure, draw and write?"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from keras_wgan.callbacks import Moments
from keras_wgan.experiments.tasks.base import Evaluation, TrainingData
from keras_wgan.experiments.tasks.one_asset import measure, page_content, real_returns
from keras_wgan.metrics import asset_dependence, dependence_gaps
from keras_wgan.report.export.joint_scenarios import file_names
from keras_wgan.report.pages.content import Together
from keras_wgan.report.pages.returns import write_page
from keras_wgan.report.plots.dependence import dependence_picture
from keras_wgan.report.plots.paths import price_and_volatility_picture
from keras_wgan.report.plots.returns import histogram_picture
from keras_wgan.report.plots.style import save_picture
from keras_wgan.report.plots.training import losses_picture
from keras_wgan.report.tables.dependence import dependence_table

MAX_PAIRS = 10  # in what is printed; metrics.json holds all


def asset_of(data: TrainingData, number: int) -> TrainingData:
    """Returns the data of one of several assets, as if there were no other.

    Args:
        data: The data of several assets.
        number: Which asset, from 0.

    Returns:
        Its samples, facts and history.
    """
    assert isinstance(data.history, pd.DataFrame)
    facts = {
        **data.facts,
        "ticker": data.facts["tickers"][number],
        "last_price": data.facts["last_prices"][number],
        "scaler": data.facts["scaler"]["scalers"][number],
    }
    history = data.history.iloc[:, number].rename("log_return")
    return TrainingData(data.samples[..., number : number + 1], None, facts, history)


def metric_callback(data: TrainingData, *, every: int, samples: int) -> Moments:
    """Returns the moment distance of all assets' scaled returns taken together.

    Each asset weighs the same: in units of returns the wildest one would decide.
    """
    return Moments(_pooled(data.samples), inverse=_pooled, samples=samples, every=every)


def measure_all(data: TrainingData, generated: np.ndarray, *, seed: int) -> Evaluation:
    """Measures each asset by itself, and what binds them together.

    Args:
        data: The data of several assets.
        generated: `(windows, days, assets)` generated log returns.
        seed: Fixes the scores that draw at random.

    Returns:
        Numbers by asset and together, and lines for people.
    """
    tickers = data.facts["tickers"]
    found, lines = {}, []
    for number, ticker in enumerate(tickers):
        one = measure(asset_of(data, number), generated[..., number], seed=seed)
        found[ticker] = one.metrics
        lines += [f"{ticker}:", *[f"  {line}" for line in one.lines], ""]
    real_links, links = asset_dependence(real_returns(data)), asset_dependence(generated)
    table = dependence_table(real_links, links, tickers)
    text = table.head(4 * MAX_PAIRS).to_string(float_format=lambda value: f"{value:.3f}")
    lines += ["What binds the assets together:", *text.splitlines()]
    metrics = {
        "moment_distance": float(np.mean([one["moment_distance"] for one in found.values()])),
        "assets": found,
        "together": {
            "real": real_links.to_dict(),
            "generated": links.to_dict(),
            "gaps": dependence_gaps(real_links, links),
        },
        "protocol": {"windows": len(generated), "real_windows": len(data.samples), "seed": seed},
    }
    return Evaluation(metrics, lines, generated)


def draw_all(
    data: TrainingData, generated: np.ndarray, losses: pd.DataFrame, folder: Path
) -> list[Path]:
    """Saves the losses, the links between assets, and paths and histogram of each.

    Args:
        data: The data of several assets.
        generated: `(windows, days, assets)` generated log returns.
        losses: One row an epoch.
        folder: Where the pictures go.

    Returns:
        Where they are.
    """
    assert isinstance(data.history, pd.DataFrame)
    saved = [
        save_picture(losses_picture(losses), folder / "losses.png"),
        save_picture(dependence_picture(data.history, generated), folder / "together.png"),
    ]
    for number, name in enumerate(file_names(data.facts["tickers"])):
        one = asset_of(data, number)
        real, made, price = real_returns(one), generated[..., number], one.facts["last_price"]
        paths = price_and_volatility_picture(real, made, price)
        saved.append(save_picture(paths, folder / f"paths-{name}.png"))
        histogram = histogram_picture(real, made)
        saved.append(save_picture(histogram, folder / f"histogram-{name}.png"))
    return saved


def write_pages(
    data: TrainingData,
    evaluation: Evaluation,
    losses: pd.DataFrame,
    config: dict[str, Any],
    folder: Path,
    trained_on: tuple[str, ...],
) -> list[Path]:
    """Writes one page for each asset, all with the same picture and table of what binds them.

    Args:
        data: The data of several assets.
        evaluation: What `measure_all` found.
        losses: One row an epoch.
        config: The run's.
        folder: Where the pages go.
        trained_on: Scores that also stood in the training loss.

    Returns:
        Where they are.
    """
    assert isinstance(data.history, pd.DataFrame)
    tickers = data.facts["tickers"]
    pages = [f"report-{name}.html" for name in file_names(tickers)]
    links = [asset_dependence(returns) for returns in (real_returns(data), evaluation.samples)]
    together = Together(
        history=data.history,
        generated=evaluation.samples,
        table=dependence_table(links[0], links[1], tickers),
        pages=tuple(zip(tickers, pages, strict=True)),
    )
    written = []
    for number, page in enumerate(pages):
        metrics = evaluation.metrics["assets"][tickers[number]]
        one = Evaluation(metrics, [], evaluation.samples[..., number])
        content = page_content(asset_of(data, number), one, losses, config, trained_on)
        written.append(write_page(folder / page, replace(content, together=together)))
    return written


def _pooled(samples: np.ndarray) -> np.ndarray:
    """Returns `(assets * windows, days)`."""
    return np.moveaxis(samples, -1, 0).reshape(-1, samples.shape[1])
