"""Calibration of regimes: the volatility that follows a chosen state, generated and real."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from keras_wgan.market.regimes import percentile_band
from keras_wgan.market.simulator import PathSimulator
from keras_wgan.metrics import portfolio_log_returns

DAYS = 20  # over which volatility is measured; about a month
UNCONDITIONAL = 10_000  # paths behind the distribution of a month's volatility
COLUMNS = {
    "percentile": "{:.0f}",
    "starting_volatility": "{:.1%}",
    "reached": "{:.0f}",
    "generated": "{:.1%}",
    "real": "{:.1%}",
    "real_days": "{:.0f}",
}
HEADINGS = ("asked", "starts at", "reached", "next 20 days", "real", "real days")


def regime_check(
    market: PathSimulator,
    returns: ArrayLike,
    *,
    percentiles: Sequence[float] = (5, 25, 50, 75, 95),
    count: int = 4000,
    seed: int = 0,
) -> pd.DataFrame:
    """Compares the volatility of the 20 days after a chosen state, generated and real.

    Each real day has a percentile among the simulator's days, by the volatility that the simulator
    expects after the days before it. For each chosen percentile, the 20 days after real days within
    2.5 points are compared with generated paths from the same percentiles. These real days overlap
    and come in a few clusters, so their mean is rough.

    Example:
    ```python
    from keras_wgan.experiments import recipes
    from keras_wgan.data import Source
    from keras_wgan.market import PathSimulator, regime_check

    recipe = recipes.get("sp500").with_settings({"latent_size": 60})
    data = recipe.task.load(Source("bundled", start="2014-01-01"))
    market = PathSimulator("untrained", recipe.build(seed=1), data.facts.scaler)
    table = regime_check(market, data.history, percentiles=[50], count=10)
    assert list(table["percentile"]) == [50.0]
    ```

    Args:
        market: A simulator whose network is a market generator.
        returns: `(days,)` real daily log returns, or `(days, assets)`, at least 756.
        percentiles: Percentiles of the first day's volatility. Defaults to `(5, 25, 50, 75, 95)`.
        count: Number of paths for each percentile. Defaults to `4000`.
        seed: The same seed gives the same paths.

    Returns:
        A row for each percentile, all volatilities for a year: `percentile`,
        `starting_volatility` of the generated paths (median), `reached`, the percentile of their
        median volatility over 20 days among all such volatilities of the simulator, `generated`
        and `real`, the mean volatilities of the next 20 days (NaN where there is no real day), and
        `real_days`.

    Raises:
        ValueError: If the network is not a market generator, or there are fewer returns.
    """
    observed, states = np.asarray(returns, np.float64), market.states()
    expected = market.volatility_of(observed)[: len(observed) - DAYS + 1]
    months = np.lib.stride_tricks.sliding_window_view(observed, DAYS, axis=0)
    followed = realized_volatility(np.moveaxis(months, -1, 1))
    placed = np.where(np.isnan(expected), np.nan, states.percentile(expected))
    usual = usual_volatilities(market, DAYS, seed)
    rows, root = [], math.sqrt(market.periods_per_year)
    for percentile in percentiles:
        low, high = percentile_band(float(percentile))
        pasts = states.draw(count, (low, high), seed)
        scaled = market.draw(count, DAYS, seed, pasts)
        generated = realized_volatility(market.in_log_returns(scaled))
        near = (low <= placed) & (placed <= high)
        rows.append(
            {
                "percentile": float(percentile),
                "starting_volatility": root * float(np.median(states.volatility(pasts))),
                "reached": reached_percentile(generated, usual),
                "generated": root * float(generated.mean()),
                "real": root * float(followed[near].mean()) if near.any() else math.nan,
                "real_days": int(near.sum()),
            }
        )
    return pd.DataFrame(rows)


def regime_lines(table: pd.DataFrame) -> list[str]:
    """Formats the table of `regime_check` as lines of text.

    Example:
    ```python
    import pandas as pd
    from keras_wgan.market import regime_lines

    row = dict(percentile=5.0, starting_volatility=0.07, reached=9.0, generated=0.08, real=0.079)
    for line in regime_lines(pd.DataFrame([{**row, "real_days": 210}])):
        print(line)
    ```

    Args:
        table: The table that `regime_check` returned.

    Returns:
        A line of headings, and one for each percentile.
    """
    cells = [
        ["-" if math.isnan(row[name]) else form.format(row[name]) for name, form in COLUMNS.items()]
        for _, row in table.iterrows()
    ]
    widths = [max(map(len, column)) for column in zip(HEADINGS, *cells, strict=True)]
    return [
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in (HEADINGS, *cells)
    ]


def realized_volatility(
    returns: ArrayLike, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Returns the root mean square of each path's days; of several assets, of a portfolio's.

    Its weights are equal where none are given.
    """
    paths = np.asarray(returns, np.float64)
    if paths.ndim == 3:
        equal = np.full(paths.shape[2], 1 / paths.shape[2])
        paths = portfolio_log_returns(paths, equal if weights is None else weights)
    return np.asarray(np.sqrt(np.mean(np.square(paths), axis=1)))


def usual_volatilities(
    market: PathSimulator, days: int, seed: int, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Returns the sorted volatilities of paths of this length that begin in any state."""
    return np.sort(realized_volatility(market.sample(UNCONDITIONAL, days, seed), weights))


def reached_percentile(found: NDArray[np.float64], usual: NDArray[np.float64]) -> float:
    """Returns the percentile of some paths' median volatility among the usual ones."""
    return float(100.0 * np.searchsorted(usual, np.median(found)) / len(usual))
