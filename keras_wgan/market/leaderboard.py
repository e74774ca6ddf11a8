"""Which simulator is closest to the real market, on days it was fitted to and on later ones?

Two protocols that are never mixed: `leaderboard` in sample, `out_of_sample` on years that no
simulator has seen.
"""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from keras_wgan.data.splits import Split
from keras_wgan.errors import InvalidInputError
from keras_wgan.market.baselines.simulator import Baseline, Simulator, as_history
from keras_wgan.market.leaderboard_result import Leaderboard as Leaderboard
from keras_wgan.market.reference import (
    FLOOR,
    REAL,
    MarketReference,
    market_reference,
    progress_line,
    windows_of,
)

HISTORY = "training history itself"
TEST_YEARS = Split(fit_until="2011-12-31", select_until="2015-12-31", test_until="2023-12-31")


def leaderboard(
    returns: ArrayLike,
    simulators: Sequence[Simulator],
    *,
    days: int = 60,
    count: int = 6000,
    seeds: Sequence[int] = (0, 1, 2),
    floor: Mapping[str, float] | None = None,
    trained_on: Sequence[str] = (),
    progress: Callable[[str], object] = print,
) -> Leaderboard:
    """Scores simulators in sample: fitted to the days that they are compared with.

    Each simulator draws `count` paths a seed, and none is left out. They are compared with all
    windows of the history, one starting each day.

    Example:
    ```python
    from keras_wgan.market import baselines
    from keras_wgan.data import load_prices, log_returns
    from keras_wgan.market import leaderboard

    returns = log_returns(load_prices(start="2012-01-01", end=None, source="bundled"))
    board = leaderboard(returns, [baselines.get("GARCH-n")], days=30, count=200, seeds=[0])
    assert list(board.scores.index) == ["real", "sampling floor", "GARCH-n"]
    print(board.scores["composite"])
    ```

    Args:
        returns: log returns a day in the order of time, `(days,)`; a pandas Series keeps its
            dates.
        simulators: what to compare. A `Baseline` is fitted here, to `returns`; anything else
            with a `name` and `sample(n, days, seed)` is taken as trained.
        days: days in a window. Defaults to `60`.
        count: paths of each simulator and seed. Defaults to `6000`.
        seeds: one run of every simulator each. Defaults to `(0, 1, 2)`.
        floor: what `sampling_floor` returned for `returns`, to spare its time. Defaults to
            `None`: worked out here.
        trained_on: scores that also stand in a model's training loss; tables mark them.
        progress: called with a line for each simulator. Defaults to `print`.

    Returns:
        The `Leaderboard`, its rows in the order of `simulators`.

    Raises:
        ValueError: for returns that are too few, not finite or constant, a name that two rows
            have, no simulators or seeds, or an unknown score in `trained_on`.
    """
    return _ranked(
        "in sample",
        as_history(returns),
        simulators,
        past=None,
        days=days,
        count=count,
        seeds=seeds,
        floor=floor,
        trained_on=trained_on,
        progress=progress,
        spans={"fitted_to": _span(returns), "scored_on": _span(returns)},
    )


def out_of_sample(
    returns: pd.Series[Any],
    simulators: Sequence[Simulator],
    *,
    split: Split = TEST_YEARS,
    days: int = 60,
    count: int = 6000,
    seeds: Sequence[int] = (0, 1, 2),
    floor: Mapping[str, float] | None = None,
    trained_on: Sequence[str] = (),
    progress: Callable[[str], object] = print,
) -> Leaderboard:
    """Scores simulators on years after all that they were fitted to and chosen by.

    The row `training history itself` is the real windows of the fitted years: a simulator that
    is no better has learned nothing that the past did not say. (Its windows overlap, which
    raises its `classifier` a little.) Copies are counted against the
    fitted years, where a simulator could have copied from.

    Example:
    ```python
    from keras_wgan.market import baselines
    from keras_wgan.data import load_prices, log_returns
    from keras_wgan.data import Split
    from keras_wgan.market import out_of_sample

    returns = log_returns(load_prices(start="2010-01-01", end=None, source="bundled"))
    split = Split("2013-12-31", "2014-12-31", "2018-12-31", gap_days=30)
    simulators = [baselines.get("GARCH-n")]
    board = out_of_sample(returns, simulators, split=split, days=30, count=200, seeds=[0])
    assert board.scores.index[2] == "training history itself"
    ```

    Args:
        returns: log returns a day under their dates.
        simulators: what to compare. A `Baseline` is fitted here, to the years before
            `split.fit_until`; anything else must have been trained on these alone.
        split: where fitting, choosing and testing end. Defaults to fitting to 2011, choosing on
            2012-2015 and testing on 2016-2023, 60 days apart.
        days: days in a window. Defaults to `60`.
        count: paths of each simulator and seed. Defaults to `6000`.
        seeds: one run of every simulator each. Defaults to `(0, 1, 2)`.
        floor: what `sampling_floor` returned for the test years. Defaults to `None`: worked out
            here.
        trained_on: scores that also stand in a model's training loss; tables mark them.
        progress: called with a line for each simulator. Defaults to `print`.

    Returns:
        The `Leaderboard`, its rows in the order of `simulators`.

    Raises:
        ValueError: for returns without dates, parts that are empty, too few, not finite or
            constant, a name that two rows have, no simulators or seeds, or an unknown score in
            `trained_on`.
    """
    parts = split.cut(returns)
    return _ranked(
        "out of sample",
        as_history(parts.test),
        simulators,
        past=as_history(parts.fit),
        days=days,
        count=count,
        seeds=seeds,
        floor=floor,
        trained_on=trained_on,
        progress=progress,
        spans={
            "fitted_to": _span(parts.fit),
            "chosen_on": _span(parts.choose),
            "scored_on": _span(parts.test),
            "split": asdict(split),
        },
    )


def _ranked(
    protocol: str,
    history: NDArray[np.float64],
    simulators: Sequence[Simulator],
    *,
    past: NDArray[np.float64] | None,
    days: int,
    count: int,
    seeds: Sequence[int],
    floor: Mapping[str, float] | None,
    trained_on: Sequence[str],
    progress: Callable[[str], object],
    spans: Mapping[str, Any],
) -> Leaderboard:
    """Scores simulators on `history`, fitted to `past`; where that is None, to `history` too."""
    _refuse_unusable(simulators, seeds)
    fits = _fit(simulators, history if past is None else past)
    market = market_reference(history, days, floor=floor, progress=progress)
    _refuse_unknown(trained_on, market)
    by_seed: dict[str, list[dict[str, float]]] = {}
    past_windows = None if past is None else windows_of(past, days)
    if past_windows is not None:
        # Every window of the past is a copy of itself, which says nothing.
        by_seed[HISTORY] = [{**market.score(past_windows, seed=seeds[0]), "copies": np.nan}]
        progress(progress_line(HISTORY, by_seed[HISTORY]))
    for simulator in simulators:
        by_seed[simulator.name] = market.score_simulator(
            simulator, count=count, seeds=seeds, copied_from=past_windows, progress=progress
        )
    return Leaderboard(
        protocol=protocol,
        scores=market.table(by_seed),
        by_seed=by_seed,
        real={"kurtosis": market.facts.kurtosis[1], "hill_left": market.facts.hill_left},
        settings={
            "days": days,
            "count": count,
            "seeds": list(seeds),
            **spans,
            "real_windows": len(market.windows),
        },
        fits=fits,
        trained_on=tuple(trained_on),
    )


def _refuse_unusable(simulators: Sequence[Simulator], seeds: Sequence[int]) -> None:
    names = [simulator.name for simulator in simulators]
    taken = [REAL, FLOOR, HISTORY, *names]
    if not names or len(set(taken)) < len(taken):
        raise InvalidInputError(
            "`simulators` must be one or more, each with a name of its own that is not "
            f"{REAL!r}, {FLOOR!r} or {HISTORY!r}. Received: names {names}."
        )
    if not len(seeds):
        raise InvalidInputError(
            "`seeds` must hold one seed or more. Received: none. Try (0, 1, 2)."
        )


def _refuse_unknown(trained_on: Sequence[str], market: MarketReference) -> None:
    known = market.score_names
    unknown = sorted(set(trained_on) - set(known))
    if unknown:
        raise InvalidInputError(
            f"`trained_on` must hold names of scores: {', '.join(known)}. Received: {unknown}."
        )


def _fit(
    simulators: Sequence[Simulator], history: NDArray[np.float64]
) -> dict[str, dict[str, float]]:
    return {
        simulator.name: simulator.fit(history).describe()
        for simulator in simulators
        if isinstance(simulator, Baseline)
    }


def _span(returns: ArrayLike) -> dict[str, Any]:
    days: dict[str, Any] = {"days": len(np.asarray(returns))}
    if isinstance(returns, pd.Series) and isinstance(returns.index, pd.DatetimeIndex):
        days |= {"first": f"{returns.index[0]:%Y-%m-%d}", "last": f"{returns.index[-1]:%Y-%m-%d}"}
    return days
