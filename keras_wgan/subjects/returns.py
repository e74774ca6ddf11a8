"""What does an experiment on returns load, watch, measure, draw and write?"""

from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
import pandas as pd

from keras_wgan.callbacks import Moments, SamplePaths
from keras_wgan.data import (
    MinMaxScaler,
    StandardScaler,
    load_prices,
    log_returns,
    rolling_windows,
    scaler_from_config,
)
from keras_wgan.metrics import (
    ReturnMoments,
    fact_scores,
    moment_distance,
    return_facts,
    return_moments,
    sampling_floor,
    stylized_facts,
)
from keras_wgan.metrics.moments import FEWEST_WINDOWS
from keras_wgan.recipes import WINDOW
from keras_wgan.report.business_days import business_days_after
from keras_wgan.report.fact_rows import fact_rows, risk_rows
from keras_wgan.report.page import write_page
from keras_wgan.report.page_content import ReportContent
from keras_wgan.report.return_pictures import histogram_picture, moments_picture
from keras_wgan.report.scenario_files import write_scenarios
from keras_wgan.report.scenario_pictures import price_and_volatility_picture
from keras_wgan.report.style import save_picture
from keras_wgan.report.tables import moments_table
from keras_wgan.report.training_pictures import losses_picture
from keras_wgan.subjects.subject import Evaluation, Source, TrainingData
from keras_wgan.wgan_gp import WGANGP

FIRST_DAY, LAST_DAY = "2000-01-01", "2023-12-31"  # the source deck, section 5
DRAWN = 1000  # generated windows behind a picture
FEWEST_RETURNS = 750  # three years: a sampling floor of less says nothing about history's luck


class Returns:
    """Windows of daily log returns, judged by their pooled moments."""

    score = "moment_distance"
    evaluated = 4000
    suffixes: tuple[str, ...] = (".csv", ".npz", ".parquet")

    def __init__(
        self,
        scaling: Literal["min-max", "z-score"] = "min-max",
        trained_on: tuple[str, ...] = (),
    ) -> None:
        self.trained_on = trained_on
        self.scaler = MinMaxScaler if scaling == "min-max" else StandardScaler

    def load(self, source: Source) -> TrainingData:
        """Reads prices, and cuts their scaled log returns into rolling windows."""
        ticker = source.ticker or "^GSPC"
        # A file of the user's is meant whole; of the others the deck's span is taken.
        span = (FIRST_DAY, LAST_DAY) if source.data in ("yahoo", "bundled") else (None, None)
        prices = load_prices(
            ticker, source.start or span[0], source.end or span[1], source=source.data
        )
        if len(prices) <= WINDOW:
            raise ValueError(
                f"{source.data}: a window takes {WINDOW} daily returns, so at least {WINDOW + 1} "
                f"prices are needed. Received: {len(prices)} prices, from "
                f"{prices.index[0].date()} to {prices.index[-1].date()}"
            )
        returns = log_returns(prices)
        windows = rolling_windows(returns, WINDOW)
        scaler = self.scaler.fit(returns)
        facts = {
            "source": source.data,
            "ticker": ticker,
            "first_day": str(returns.index[0].date()),
            "last_day": str(returns.index[-1].date()),
            "returns": len(returns),
            "windows": len(windows),
            "unit": "log return per day",
            "scaler": scaler.to_config(),
            "last_price": float(prices.iloc[-1]),
        }
        samples = scaler.transform(windows).astype("float32")
        return TrainingData(samples, None, facts, returns)

    def scorer(self, data: TrainingData, *, every: int, samples: int) -> keras.callbacks.Callback:
        """Returns the moment distance."""
        scaler = scaler_from_config(data.facts["scaler"])
        return Moments(_real(data), inverse=scaler.inverse, samples=samples, every=every)

    def painter(self, data: TrainingData, folder: Path, *, every: int) -> keras.callbacks.Callback:
        """Returns the callback that saves price paths."""
        scaler = scaler_from_config(data.facts["scaler"])
        return SamplePaths(
            folder,
            _real(data),
            inverse=scaler.inverse,
            start_price=data.facts["last_price"],
            every=every,
        )

    def evaluate(self, data: TrainingData, model: WGANGP, *, count: int, seed: int) -> Evaluation:
        """Compares moments, memory and stylized facts, and says in words what is missing."""
        if count < FEWEST_WINDOWS:
            raise ValueError(
                f"`count` must be at least {FEWEST_WINDOWS}, because the tails of a few windows "
                f"say nothing. Received: count={count}"
            )
        generated_returns = in_units(model.generate(count, seed=seed), data.facts)
        real, generated = return_moments(_real(data)), return_moments(generated_returns)
        table = moments_table(real, generated)
        lines = [
            f"Log returns per day, pooled over {len(data.samples)} real and {count} generated "
            f"windows of {data.samples.shape[1]} days:",
            *table.to_string(float_format=lambda value: f"{value:.6f}").splitlines(),
            *verdict(real, generated),
        ]
        metrics: dict[str, Any] = {
            "moment_distance": moment_distance(real, generated),
            "real": real.to_dict(),
            "generated": generated.to_dict(),
            "protocol": {"windows": count, "real_windows": len(data.samples), "seed": seed},
        }
        if data.history is not None and len(data.history) >= FEWEST_RETURNS:
            floor = sampling_floor(data.history, days=data.samples.shape[1])
            scores = stylized_facts(_real(data), generated_returns, floor=floor, seed=seed)
            metrics |= {"stylized_facts": scores.to_dict(), "sampling_floor": floor}
            lines.append(
                f"Stylized facts: {scores.composite:.2f} times the sampling floor (1 is as far "
                "from this history as another draw of it would be)."
            )
        return Evaluation(metrics, lines, generated_returns)

    def draw(
        self, data: TrainingData, model: WGANGP, history: pd.DataFrame, folder: Path, *, seed: int
    ) -> list[Path]:
        """Saves losses, paths and volatility, histograms and autocorrelations."""
        real, generated = _real(data), in_units(model.generate(DRAWN, seed=seed), data.facts)
        price = data.facts["last_price"]
        memory = moments_picture(return_moments(real), return_moments(generated))
        return [
            save_picture(losses_picture(history), folder / "losses.png"),
            save_picture(
                price_and_volatility_picture(real, generated, price), folder / "paths.png"
            ),
            save_picture(histogram_picture(real, generated), folder / "histogram.png"),
            save_picture(memory, folder / "memory.png"),
        ]

    def report(
        self,
        data: TrainingData,
        evaluation: Evaluation,
        history: pd.DataFrame,
        config: dict[str, Any],
        folder: Path,
    ) -> list[Path]:
        """Writes `report.html`, one page with all pictures and tables."""
        assert data.history is not None
        real, generated = return_facts(_real(data)), return_facts(evaluation.samples)
        measured = evaluation.metrics.get("stylized_facts", {})
        scores = measured["scores"] if measured else fact_scores(real, generated)
        source = config["source"]
        own_file = source["data"] not in ("yahoo", "bundled")
        ticker = Path(source["data"]).stem if own_file and not source["ticker"] else None
        ticker = ticker or data.facts["ticker"]
        content = ReportContent(
            title=config["recipe"],
            ticker=ticker,
            history=data.history,
            start_price=data.facts["last_price"],
            real=_real(data),
            generated=evaluation.samples,
            real_memory=real,
            generated_memory=generated,
            verdict=verdict(return_moments(_real(data)), return_moments(evaluation.samples)),
            facts=fact_rows(
                real,
                generated,
                scores,
                floor=evaluation.metrics.get("sampling_floor"),
                trained=self.trained_on,
            ),
            risks=risk_rows(real, generated),
            composite=measured.get("composite"),
            copy_rate=scores.get("copies"),
            losses=history,
            settings={"recipe": config["recipe"], **config["settings"], "seed": config["seed"]},
            protocol={
                **evaluation.metrics["protocol"],
                "first day": data.facts["first_day"],
                "last day": data.facts["last_day"],
                "fitted and measured": "in sample: on the same days",
                **config["versions"],
            },
        )
        return [write_page(folder / "report.html", content)]

    def export(self, samples: np.ndarray, facts: dict[str, Any], path: Path) -> None:
        """Writes scenario, date, day, log return and price as `.csv`, `.npz` or `.parquet`."""
        returns = in_units(samples, facts)
        dates = business_days_after(facts["last_day"], returns.shape[1])
        write_scenarios(path, returns, facts["last_price"], dates)


def in_units(samples: np.ndarray, facts: dict[str, Any]) -> np.ndarray:
    """Returns `(windows, days)` log returns per day, from samples on the generator's scale."""
    returns = scaler_from_config(facts["scaler"]).inverse(samples)
    return np.asarray(returns).reshape(len(samples), -1)


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


def _real(data: TrainingData) -> np.ndarray:
    return in_units(data.samples, data.facts)
