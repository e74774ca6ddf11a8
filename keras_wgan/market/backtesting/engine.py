"""Forecasts from the state of each origin, and their scores."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import time
from collections.abc import Iterator, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.progress import with_progress
from keras_wgan.market.backtesting.origins import Origins, forecast_origins
from keras_wgan.market.backtesting.result import Backtest
from keras_wgan.market.backtesting.scores import ForecastScores, exploded, score_forecast
from keras_wgan.market.backtesting.settings import BacktestSettings, BacktestSpan
from keras_wgan.market.baselines.simulator import Baseline, Simulator, StatefulSimulator
from keras_wgan.market.reference import Progress

DEFAULT_SETTINGS = BacktestSettings()

Array = NDArray[np.float64]


@runtime_checkable
class ManyStates(Protocol):
    """A simulator that finds the states of many days together, which is faster."""

    def sample_after_each(
        self, returns: Array, starts: Sequence[int], n: int, days: int, seeds: Sequence[int]
    ) -> Iterator[Array]:
        """Yields `(n, days)` paths that follow the first `start` returns, for each of `starts`."""


def backtest(
    returns: pd.Series[Any],
    simulators: Sequence[Simulator],
    span: BacktestSpan,
    settings: BacktestSettings = DEFAULT_SETTINGS,
    *,
    progress: Progress = print,
) -> Backtest:
    """Scores forecasts from the state of every few days by what followed.

    Each forecaster is fitted once, to the days up to `span.fit_until`. From then on it sees the
    returns up to each origin, which set its state, and forecasts the days after it with as many
    paths as `settings` say. A simulator without a state, such as a bootstrap, forecasts the same
    every day.

    Example:
    ```python
    from keras_wgan.data import load_prices, log_returns
    from keras_wgan.market import BacktestSettings, BacktestSpan, backtest, baselines

    returns = log_returns(load_prices(start="2014-01-01", end=None, source="bundled"))
    found = backtest(
        returns,
        [baselines.get("iid normal"), baselines.get("FHS-EGARCH")],
        BacktestSpan("2016-12-31", "2018-01-01"),
        BacktestSettings(every=20, paths=200),
    )
    assert found.comparison("FHS-EGARCH", "crps", 5).ratio == 1.0  # it is the reference
    print(found.table())
    ```

    Args:
        returns: Daily log returns under their dates.
        simulators: The forecasters. A `Baseline` is fitted here; anything else must have been
            trained on days up to `span.fit_until` alone. One with `sample_after` continues what was
            observed; of another, `sample` is taken.
        span: The days of fitting and of the test.
        settings: How it forecasts. Defaults to `BacktestSettings()`.
        progress: Called with lines of progress. Defaults to `print`.

    Returns:
        The `Backtest`, with the forecasters in the order of `simulators`.

    Raises:
        ValueError: If there is no simulator, two have the same name, the returns have no dates, or
            the span has too few days.
    """
    names = [simulator.name for simulator in simulators]
    if not names or len(set(names)) < len(names):
        raise InvalidInputError(
            f"`simulators` must be one or more, each with its own name. Received: names {names}."
        )
    origins = forecast_origins(returns, span, settings)
    for simulator in simulators:
        if isinstance(simulator, Baseline):
            simulator.fit(origins.history)
    scores = {
        simulator.name: score_forecaster(simulator, origins, settings, progress=progress)
        for simulator in simulators
    }
    return Backtest.of(origins, settings, scores)


def score_forecaster(
    simulator: Simulator, origins: Origins, settings: BacktestSettings, *, progress: Progress
) -> ForecastScores:
    """Scores the forecasts of a fitted simulator from each origin."""
    began, count = time.perf_counter(), len(origins.starts)
    seeds = [_seed(settings.seed, start) for start in origins.starts]
    forecasts = with_progress(
        ([paths] for paths in _forecasts(simulator, origins, settings, seeds)),
        count,
        f"forecasts of {simulator.name}",
        progress,
    )
    rows = []
    for (paths,), future, seed in zip(forecasts, origins.futures, seeds, strict=True):
        if paths is None:
            rows.append(exploded(settings))
            continue
        _refuse_another_shape(simulator.name, paths, (settings.paths, origins.longest))
        rows.append(score_forecast(paths, future, settings, seed=seed))
    scores = ForecastScores.stacked(rows)
    means = ", ".join(
        f"{horizon}: {100.0 * value:.3f}"
        for horizon, value in zip(settings.horizons, scores.crps.mean(axis=0), strict=True)
    )
    took = time.perf_counter() - began
    progress(f"{simulator.name}: CRPS in percent by days {means}; {count} forecasts, {took:.0f} s")
    return scores


def _forecasts(
    simulator: Simulator, origins: Origins, settings: BacktestSettings, seeds: Sequence[int]
) -> Iterator[Array | None]:
    """Yields the paths of each forecast, or `None` where they explode."""
    shape = settings.paths, origins.longest
    starts = [int(start) for start in origins.starts]
    if isinstance(simulator, ManyStates):
        yield from simulator.sample_after_each(origins.returns, starts, *shape, seeds)
        return
    for start, seed in zip(starts, seeds, strict=True):
        try:
            if isinstance(simulator, StatefulSimulator):
                yield simulator.sample_after(origins.returns[:start], *shape, seed)
            else:
                yield simulator.sample(*shape, seed)
        except (OverflowError, FloatingPointError):
            yield None


def _refuse_another_shape(name: str, paths: Array, expected: tuple[int, int]) -> None:
    if np.shape(paths) != expected:
        raise InvalidInputError(
            f"`simulators` must draw paths of the shape (n, days), here {expected}. "
            f"Received: {np.shape(paths)} from {name}. A backtest forecasts one asset."
        )


def _seed(seed: int, start: int) -> int:
    """Returns the seed of a forecast, the same for all forecasters."""
    (state,) = np.random.SeedSequence([seed, int(start)]).generate_state(1)
    return int(state) % 2**31
