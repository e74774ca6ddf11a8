"""What does an experiment on returns load, watch, measure, draw and write?"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
import pandas as pd

from keras_wgan.callbacks import Moments, SamplePaths
from keras_wgan.data import (
    AssetScalers,
    MinMaxScaler,
    Scaler,
    StandardScaler,
    load_price_table,
    load_prices,
    log_returns,
    rolling_windows,
    scaler_from_config,
)
from keras_wgan.data.rescale import anchor_of
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.settings import WINDOW
from keras_wgan.experiments.tasks import assets as several_assets
from keras_wgan.experiments.tasks.assets import asset_of
from keras_wgan.experiments.tasks.base import Evaluation, Source, TrainingData
from keras_wgan.experiments.tasks.one_asset import in_units as in_units
from keras_wgan.experiments.tasks.one_asset import measure, page_content, real_returns
from keras_wgan.experiments.tasks.one_asset import verdict as verdict
from keras_wgan.io.dates import business_days_after
from keras_wgan.io.progress import silent
from keras_wgan.io.spill import ArrayOnDisk
from keras_wgan.metrics import return_moments
from keras_wgan.metrics.returns.facts import TAIL_SHARE
from keras_wgan.metrics.returns.moments import MIN_WINDOWS
from keras_wgan.report.export.joint_scenarios import write_joint_scenarios
from keras_wgan.report.export.scenarios import write_scenarios
from keras_wgan.report.pages.returns import write_page
from keras_wgan.report.plots.paths import price_and_volatility_picture
from keras_wgan.report.plots.returns import histogram_picture, moments_picture
from keras_wgan.report.plots.style import save_picture
from keras_wgan.report.plots.training import losses_picture
from keras_wgan.wgan_gp import WGANGP

FIRST_DAY, LAST_DAY = "2000-01-01", "2023-12-31"  # the source deck, section 5
DRAWN = 1000  # generated windows behind a picture


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
        tickers = [ticker.strip() for ticker in (source.ticker or "^GSPC").split(",")]
        # A file of the user's is meant whole; of the others the deck's span is taken.
        span = (FIRST_DAY, LAST_DAY) if source.data in ("yahoo", "bundled") else (None, None)
        first, last = source.start or span[0], source.end or span[1]
        prices: pd.Series | pd.DataFrame
        if len(tickers) == 1:
            prices = load_prices(tickers[0], first, last, source=source.data)
        else:
            prices = load_price_table(tickers, first, last, source=source.data)
        if len(prices) <= WINDOW:
            raise InvalidInputError(
                f"{source.data}: a window takes {WINDOW} daily returns, so at least {WINDOW + 1} "
                f"prices are needed. Received: {len(prices)} prices, from "
                f"{prices.index[0].date()} to {prices.index[-1].date()}"
            )
        returns = log_returns(prices)
        assert isinstance(returns, pd.Series | pd.DataFrame)
        windows = rolling_windows(returns, WINDOW)
        _refuse_still_markets(windows, tickers)
        facts: dict[str, Any] = {
            "source": source.data,
            "first_day": str(returns.index[0].date()),
            "last_day": str(returns.index[-1].date()),
            "returns": len(returns),
            "windows": len(windows),
            "unit": "log return per day",
        }
        scaler: Scaler
        if isinstance(prices, pd.DataFrame):
            scaler = AssetScalers.fit(self.scaler, returns)
            facts |= {"tickers": tickers, "last_prices": prices.iloc[-1].tolist()}
        else:
            scaler = self.scaler.fit(returns)
            facts |= {"ticker": tickers[0], "last_price": float(prices.iloc[-1])}
        facts["scaler"] = scaler.to_config()
        samples = scaler.transform(windows).astype("float32")
        return TrainingData(samples, None, facts, returns)

    def metric_callback(
        self, data: TrainingData, *, every: int, samples: int
    ) -> keras.callbacks.Callback:
        """Returns the moment distance; of several assets, of their z-scores taken together."""
        if data.assets > 1:
            return several_assets.metric_callback(data, every=every, samples=samples)
        scaler = scaler_from_config(data.facts["scaler"])
        return Moments(real_returns(data), inverse=scaler.inverse, samples=samples, every=every)

    def sample_callback(
        self, data: TrainingData, folder: Path, *, every: int
    ) -> keras.callbacks.Callback:
        """Returns the callback that saves price paths; of several assets, those of the first."""
        scaler = scaler_from_config(data.facts["scaler"])
        if data.assets > 1:
            first = asset_of(data, 0)
            return SamplePaths(
                folder,
                real_returns(first),
                inverse=lambda samples: scaler.inverse(samples)[..., 0],
                start_price=first.facts["last_price"],
                every=every,
            )
        return SamplePaths(
            folder,
            real_returns(data),
            inverse=scaler.inverse,
            start_price=data.facts["last_price"],
            every=every,
        )

    def sample(self, data: TrainingData, model: WGANGP, *, count: int, seed: int) -> np.ndarray:
        """Draws windows of returns on the generator's scale."""
        return model.generate(count, seed=seed)

    def evaluate(self, data: TrainingData, model: WGANGP, *, count: int, seed: int) -> Evaluation:
        """Compares moments, memory and stylized facts, and says in words what is missing."""
        if count < MIN_WINDOWS:
            raise InvalidInputError(
                f"`count` must be at least {MIN_WINDOWS}, because the tails of a few windows "
                f"say nothing. Received: count={count}"
            )
        generated_returns = in_units(model.generate(count, seed=seed), data.facts)
        if data.assets > 1:
            return several_assets.measure_all(data, generated_returns, seed=seed)
        return measure(data, generated_returns, seed=seed)

    def draw(
        self, data: TrainingData, model: WGANGP, history: pd.DataFrame, folder: Path, *, seed: int
    ) -> list[Path]:
        """Saves losses, paths and volatility, histograms and autocorrelations."""
        real, generated = real_returns(data), in_units(model.generate(DRAWN, seed=seed), data.facts)
        if data.assets > 1:
            return several_assets.draw_all(data, generated, history, folder)
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
        """Writes `report.html`, one page with all pictures and tables, or one for each asset."""
        if data.assets > 1:
            return several_assets.write_pages(
                data, evaluation, history, config, folder, self.trained_on
            )
        content = page_content(data, evaluation, history, config, self.trained_on)
        return [write_page(folder / "report.html", content)]

    def export(
        self,
        batches: Iterable[np.ndarray],
        facts: dict[str, Any],
        path: Path,
        *,
        count: int,
        progress: Callable[[str], object] = silent,
    ) -> None:
        """Writes scenario, date, day, log return and price, and of several assets which one.

        Where `facts` hold an `anchor`, the returns of one asset get its mean and volatility a day.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        with ArrayOnDisk(path.parent) as returns:
            for batch in batches:
                returns.append(in_units(batch, facts))
            assert len(returns) == count
            dates = business_days_after(facts["last_day"], returns.shape[1])
            if "tickers" in facts:
                prices, tickers = facts["last_prices"], facts["tickers"]
                write_joint_scenarios(path, returns, prices, tickers, dates, progress=progress)
                return
            change = anchor_of(returns, **facts["anchor"]) if "anchor" in facts else None
            price = facts["last_price"]
            write_scenarios(path, returns, price, dates, change=change, progress=progress)


def _refuse_still_markets(windows: np.ndarray, tickers: list[str]) -> None:
    """Refuses before training what has no tails to measure after it."""
    moving = [((sign * windows) > 0).mean(axis=(0, 1)) for sign in (1, -1)]
    still = np.flatnonzero(np.minimum(*moving) <= TAIL_SHARE)
    if len(still):
        gains, losses = (float(share[still[0]]) for share in moving)
        raise InvalidInputError(
            f"{tickers[still[0]]}: prices must rise on over {TAIL_SHARE:.0%} of all days and fall "
            "on as many, or there are no tails to learn. Received: gains on "
            f"{gains:.1%} and losses on {losses:.1%} of the days. Look for a market that was "
            "closed, and choose other days with `--start` and `--end`."
        )
