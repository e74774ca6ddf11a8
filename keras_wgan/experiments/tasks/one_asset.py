"""What is measured of the returns of one asset, and what stands on its page?"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from keras_wgan.data import AssetScalers, scaler_from_config
from keras_wgan.experiments.tasks.base import Evaluation, TrainingData
from keras_wgan.metrics import (
    ReturnMoments,
    fact_scores,
    moment_distance,
    return_facts,
    return_moments,
    sampling_floor,
    stylized_facts,
)
from keras_wgan.report.pages.content import ReportContent
from keras_wgan.report.tables.facts import fact_rows, risk_rows
from keras_wgan.report.tables.moments import moments_table

MIN_RETURNS = 750  # three years: a sampling floor of less says nothing about history's luck


def in_units(samples: np.ndarray, facts: dict[str, Any]) -> np.ndarray:
    """Returns log returns per day, from samples on the generator's scale.

    Args:
        samples: `(windows, days, assets)`.
        facts: What a run knows of its data; the scaler tells one asset from several.

    Returns:
        `(windows, days)` for one asset, `(windows, days, assets)` for several.
    """
    scaler = scaler_from_config(facts["scaler"])
    returns = np.asarray(scaler.inverse(samples))
    return returns if isinstance(scaler, AssetScalers) else returns.reshape(len(samples), -1)


def real_returns(data: TrainingData) -> np.ndarray:
    """Returns the real windows in log returns per day, shaped as `in_units` shapes them."""
    return in_units(data.samples, data.facts)


def measure(data: TrainingData, generated_returns: np.ndarray, *, seed: int) -> Evaluation:
    """Compares moments, memory and stylized facts, and says in words what is missing.

    Args:
        data: The real data of one asset.
        generated_returns: `(windows, days)` generated log returns.
        seed: Fixes the scores that draw at random.

    Returns:
        Numbers, and lines for people.
    """
    real, generated = return_moments(real_returns(data)), return_moments(generated_returns)
    table = moments_table(real, generated)
    lines = [
        f"Log returns per day, pooled over {len(data.samples)} real and {len(generated_returns)} "
        f"generated windows of {data.samples.shape[1]} days:",
        *table.to_string(float_format=lambda value: f"{value:.6f}").splitlines(),
        *verdict(real, generated),
    ]
    metrics: dict[str, Any] = {
        "moment_distance": moment_distance(real, generated),
        "real": real.to_dict(),
        "generated": generated.to_dict(),
        "protocol": {
            "windows": len(generated_returns),
            "real_windows": len(data.samples),
            "seed": seed,
        },
    }
    if isinstance(data.history, pd.Series) and len(data.history) >= MIN_RETURNS:
        floor = sampling_floor(data.history, days=data.samples.shape[1])
        scores = stylized_facts(real_returns(data), generated_returns, floor=floor, seed=seed)
        metrics |= {"stylized_facts": scores.to_dict(), "sampling_floor": floor}
        lines.append(
            f"Stylized facts: {scores.composite:.2f} times the sampling floor (1 is as far "
            "from this history as another draw of it would be)."
        )
    return Evaluation(metrics, lines, generated_returns)


def page_content(
    data: TrainingData,
    evaluation: Evaluation,
    losses: pd.DataFrame,
    config: dict[str, Any],
    trained_on: tuple[str, ...],
) -> ReportContent:
    """Gathers what a page shows of one asset.

    Args:
        data: The real data of one asset.
        evaluation: What `measure` found.
        losses: One row an epoch.
        config: The run's.
        trained_on: Scores that also stood in the training loss.

    Returns:
        The content of `report.html`.
    """
    assert isinstance(data.history, pd.Series)
    real, generated = return_facts(real_returns(data)), return_facts(evaluation.samples)
    measured = evaluation.metrics.get("stylized_facts", {})
    scores = measured["scores"] if measured else fact_scores(real, generated)
    source = config["source"]
    own_file = source["data"] not in ("yahoo", "bundled")
    ticker = Path(source["data"]).stem if own_file and not source["ticker"] else None
    ticker = ticker or data.facts["ticker"]
    return ReportContent(
        title=config["recipe"],
        ticker=ticker,
        history=data.history,
        start_price=data.facts["last_price"],
        real=real_returns(data),
        generated=evaluation.samples,
        real_memory=real,
        generated_memory=generated,
        verdict=verdict(return_moments(real_returns(data)), return_moments(evaluation.samples)),
        facts=fact_rows(
            real,
            generated,
            scores,
            floor=evaluation.metrics.get("sampling_floor"),
            trained=trained_on,
        ),
        risks=risk_rows(real, generated),
        composite=measured.get("composite"),
        copy_rate=scores.get("copies"),
        losses=losses,
        settings={"recipe": config["recipe"], **config["settings"], "seed": config["seed"]},
        protocol={
            **evaluation.metrics["protocol"],
            "first day": data.facts["first_day"],
            "last day": data.facts["last_day"],
            "fitted and measured": "in sample: on the same days",
            "training began": "at a fitted EGARCH" if "start" in config else "cold",
            **config["versions"],
        },
    )


def verdict(real: ReturnMoments, generated: ReturnMoments) -> list[str]:
    """Says in words where generated returns fall short, so that no table hides it."""
    found = []
    if abs(generated.mean - real.mean) > 0.1 * real.std:
        found.append(
            f"prices drift: mean log return {generated.mean:.4f} a day against {real.mean:.4f}"
        )
    if not 0.9 <= generated.std / real.std <= 1.1:
        found.append(
            f"volatility is {generated.std / real.std:.0%} of the real one "
            f"({generated.std:.4f} against {real.std:.4f} a day)"
        )
    if generated.excess_kurtosis < 0.5 * real.excess_kurtosis:
        found.append(
            f"tails are thin: excess kurtosis {generated.excess_kurtosis:.2f} against "
            f"{real.excess_kurtosis:.2f} (0 is a normal distribution)"
        )
    elif generated.excess_kurtosis > 2.0 * max(real.excess_kurtosis, 1.0):
        found.append(
            f"tails are too fat: excess kurtosis {generated.excess_kurtosis:.2f} against "
            f"{real.excess_kurtosis:.2f}"
        )
    if generated.acf_abs.mean() < 0.5 * real.acf_abs.mean():
        found.append(
            "volatility clusters too little: mean autocorrelation of |r| over lags 1 to 20 is "
            f"{generated.acf_abs.mean():.2f} against {real.acf_abs.mean():.2f}"
        )
    if not found:
        return ["The pooled moments and the clustering are within sight of the real ones."]
    return ["What these scenarios get wrong:", *[f"  - {sentence}" for sentence in found]]
