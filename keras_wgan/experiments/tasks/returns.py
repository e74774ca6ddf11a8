"""The task of daily log returns, of one or several assets."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import keras
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan._sampling import Sampler
from keras_wgan.callbacks import Moments, SamplePaths
from keras_wgan.data import (
    ReturnsData,
    ReturnsFacts,
    Scaler,
    Source,
)
from keras_wgan.data.fingerprint import fingerprint
from keras_wgan.data.frequency import Unit
from keras_wgan.data.masked_pasts import (
    first_rows,
    known_scaler,
    masked_log_returns,
    masked_windows,
)
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.settings import WINDOW
from keras_wgan.experiments.tasks.base import Evaluation
from keras_wgan.experiments.tasks.browser import NO_MARKET, browser_market
from keras_wgan.experiments.tasks.one_asset import (
    AssetWindows,
    measure,
    page_content,
    per_asset,
)
from keras_wgan.experiments.tasks.pictures import Draw, losses_of_run, save_pictures
from keras_wgan.experiments.tasks.pooled_moments import PooledMoments
from keras_wgan.experiments.tasks.returns_pictures import asset_pictures, in_frequency
from keras_wgan.experiments.tasks.several_assets import (
    asset_row,
    dependence_of,
    equal_weights,
    measured_together,
)
from keras_wgan.experiments.tasks.today import paths_from_today
from keras_wgan.metrics.returns.facts import TAIL_SHARE
from keras_wgan.metrics.returns.moments import MIN_WINDOWS
from keras_wgan.report.export.file_names import file_names
from keras_wgan.report.pages.returns import write_page
from keras_wgan.report.pages.returns_content import AssetRow, ReportContent, Siblings, Together
from keras_wgan.report.plots.dependence import dependence_picture
from keras_wgan.wgan_gp import WGANGP

if TYPE_CHECKING:
    from keras_wgan.experiments.config import RunConfig

DRAWN = 1000  # generated windows behind a picture
PAGE = "report.html"


class Returns:
    """Windows of daily log returns, judged by their pooled moments.

    Args:
        scaling: `"min-max"` maps each asset's returns to [-1, 1], `"z-score"` to mean 0 and
            standard deviation 1. Defaults to `"min-max"`.
        trained_on: Scores that are also part of the training loss; reports mark them. Defaults to
            `()`.
    """

    score = "moment_distance"
    evaluated = 4000
    suffixes: tuple[str, ...] = (".csv", ".npz", ".parquet")

    def __init__(
        self,
        scaling: Literal["min-max", "z-score"] = "min-max",
        trained_on: tuple[str, ...] = (),
    ) -> None:
        self.trained_on = trained_on
        self.fit_scaler = Scaler.min_max if scaling == "min-max" else Scaler.standard

    def load(self, source: Source) -> ReturnsData:
        """Reads prices, and cuts their scaled log returns into rolling windows."""
        reading, tickers = source.read(), source.tickers
        prices, frequency = reading.prices, reading.frequency
        _refuse_too_few(reading.whole, tickers, source)
        whole = masked_log_returns(reading.whole)
        returns = whole.dropna()
        windows = masked_windows(whole, WINDOW)
        _refuse_still_markets(windows, tickers)
        facts = ReturnsFacts(
            source=source.data,
            tickers=tickers,
            first_day=str(returns.index[0].date()),
            last_day=str(returns.index[-1].date()),
            last_prices=tuple(prices.iloc[-1].tolist()),
            returns=len(returns),
            windows=len(windows),
            scaler=known_scaler(whole, self.fit_scaler),
            frequency=frequency,
            fingerprint=fingerprint(whole),
            last_time=f"{returns.index[-1]:%H:%M}" if frequency.unit == Unit.MINUTE else None,
            first_days=tuple(_first_days(whole)) if len(returns) < len(whole) else None,
        )
        samples = facts.scaler.transform(windows).astype("float32")
        text = "\n".join([*reading.notes, reading.describe()])
        return ReturnsData(samples, whole, facts, text)

    def sampler(self, data: ReturnsData) -> Sampler | None:
        """Returns None: windows are drawn by `model.generate`."""
        return None

    def metric_callback(self, data: ReturnsData, *, every: int, samples: int) -> Moments:
        """Returns the moment distance; of several assets, of their scaled returns pooled."""
        if data.assets == 1:
            inverse = data.facts.scaler.inverse
            return Moments(data.returns, inverse=inverse, samples=samples, every=every)
        return PooledMoments(data, samples=samples, every=every)

    def sample_callback(
        self, data: ReturnsData, folder: Path, *, every: int
    ) -> keras.callbacks.Callback:
        """Returns the callback that saves price paths of the first asset."""
        inverse = data.facts.scaler.inverse
        return SamplePaths(
            folder,
            data.returns[..., 0],
            inverse=lambda samples: inverse(samples)[..., 0],
            start_price=data.facts.last_prices[0],
            every=every,
            frequency=data.facts.frequency,
        )

    def evaluate(self, data: ReturnsData, model: WGANGP, *, count: int, seed: int) -> Evaluation:
        """Measures each asset, and the dependence between several."""
        if count < MIN_WINDOWS:
            raise InvalidInputError(
                f"`count` must be at least {MIN_WINDOWS}, because fewer windows do not show their "
                f"tails. Received: count={count}"
            )
        generated = data.facts.scaler.inverse(model.generate(count, seed=seed))
        today = paths_from_today(data, model, seed=seed)
        assets = per_asset(data, generated, today)
        found = {asset.ticker: measure(asset, seed=seed) for asset in assets}
        if data.assets == 1:
            (one,) = found.values()
            return replace(one, samples=generated, today=today)
        portfolio = measure(equal_weights(data, generated, today), seed=seed)
        measured = measured_together(data, generated, portfolio, found)
        return replace(measured, today=today)

    def draw(
        self,
        data: ReturnsData,
        model: WGANGP,
        history: pd.DataFrame,
        folder: Path,
        *,
        seed: int,
    ) -> list[Path]:
        """Saves losses, dependence, and each asset's paths, histogram and autocorrelations."""
        generated = data.facts.scaler.inverse(model.generate(DRAWN, seed=seed))
        pictures: dict[str, Draw] = {"losses": partial(losses_of_run, history)}
        if data.assets > 1:
            pictures["together"] = in_frequency(
                partial(dependence_picture, data.history, generated), data.facts.frequency
            )
        for asset, suffix in zip(per_asset(data, generated), _suffixes(data), strict=True):
            for name, picture in asset_pictures(asset).items():
                pictures[f"{name}{suffix}"] = picture
        return save_pictures(pictures, folder)

    def report(
        self,
        data: ReturnsData,
        model: WGANGP,
        evaluation: Evaluation,
        history: pd.DataFrame,
        config: RunConfig,
        folder: Path,
    ) -> list[Path]:
        """Writes `report.html`, of several assets that of equal weights and one for each."""
        generated, today = evaluation.samples, evaluation.today
        market = browser_market(data.facts, data.history, model, today)

        def content_of(asset: AssetWindows, metrics: dict[str, Any], shown: int) -> ReportContent:
            content = page_content(asset, metrics, history, config, self.trained_on)
            return replace(
                content,
                market=None if market is None else replace(market, shown=shown),
                market_note="" if market else NO_MARKET,
            )

        assets = per_asset(data, generated, today)
        if data.assets == 1:
            return [write_page(folder / PAGE, content_of(assets[0], evaluation.metrics, 0))]
        pages = [f"report{suffix}.html" for suffix in _suffixes(data)]
        siblings = Siblings(PAGE, tuple(zip(data.facts.tickers, pages, strict=True)))
        rows: list[AssetRow] = []
        written: list[Path] = []
        for number, (asset, page) in enumerate(zip(assets, pages, strict=True)):
            metrics = evaluation.metrics["assets"][asset.ticker]
            content = replace(content_of(asset, metrics, number), siblings=siblings)
            written.append(write_page(folder / page, content))
            rows.append(asset_row(asset, page, metrics))
        portfolio = equal_weights(data, generated, today)
        content = replace(
            content_of(portfolio, evaluation.metrics["portfolio"], 0),
            together=Together(data.history, generated, dependence_of(data, generated), tuple(rows)),
        )
        return [write_page(folder / PAGE, content), *written]


def _refuse_too_few(prices: pd.DataFrame, tickers: tuple[str, ...], source: Source) -> None:
    """Refuses an asset without a window, or whose later start leaves too few of them to measure."""
    for ticker, (_, column) in zip(tickers, prices.items(), strict=True):
        priced = column.dropna()
        later = len(priced) < len(prices)
        least = WINDOW + (MIN_WINDOWS if later else 1)
        if len(priced) < least:
            whose = f" of {ticker}, which begins later than others" if later else ""
            why = f" and moments {MIN_WINDOWS} windows" if later else ""
            raise InvalidInputError(
                f"{source.data}: a window takes {WINDOW} daily returns{why}, so at least {least} "
                f"prices{whose} are needed. Received: {len(priced)} prices, from "
                f"{priced.index[0].date()} to {priced.index[-1].date()}"
            )


def _refuse_still_markets(windows: NDArray[Any], tickers: tuple[str, ...]) -> None:
    """Refuses, before training, an asset whose tails could not be measured after it."""
    # Of the days that an asset has: NaN is neither a gain nor a loss.
    days = (~np.isnan(windows)).sum(axis=(0, 1))
    moving = [((sign * windows) > 0).sum(axis=(0, 1)) / days for sign in (1, -1)]
    still = np.flatnonzero(np.minimum(*moving) <= TAIL_SHARE)
    if len(still):
        gains, losses = (float(share[still[0]]) for share in moving)
        raise InvalidInputError(
            f"{tickers[still[0]]}: prices must rise on over {TAIL_SHARE:.0%} of all days and fall "
            "on as many, or there are no tails to learn. Received: gains on "
            f"{gains:.1%} and losses on {losses:.1%} of the days. Look for a market that was "
            "closed, and choose other days with `--start` and `--end`."
        )


def _first_days(whole: pd.DataFrame) -> list[str]:
    return [f"{whole.index[row]:%Y-%m-%d}" for row in first_rows(whole)]


def _suffixes(data: ReturnsData) -> list[str]:
    """Returns the end of each asset's file names: nothing for one asset alone."""
    if data.assets == 1:
        return [""]
    return [f"-{name}" for name in file_names(data.facts.tickers)]
