"""Leaderboards of market simulators, in sample and on later years that none of them has seen."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from keras_wgan.data.splits import Returns, Split
from keras_wgan.errors import InvalidInputError
from keras_wgan.market.baselines.fitted import as_history
from keras_wgan.market.baselines.simulator import Baseline, Simulator
from keras_wgan.market.joint_reference import joint_reference
from keras_wgan.market.leaderboard_result import Leaderboard as Leaderboard
from keras_wgan.market.reference import (
    DEFAULT_SCORING,
    FLOOR,
    REAL,
    Progress,
    Reference,
    Scoring,
    market_reference,
    progress_line,
    windows_of,
)
from keras_wgan.market.rolling_origins import SCALED_HISTORY

HISTORY = "training history itself"
TEST_YEARS = Split(fit_until="2011-12-31", select_until="2015-12-31", test_until="2023-12-31")


def leaderboard(
    returns: ArrayLike,
    simulators: Sequence[Simulator],
    scoring: Scoring = DEFAULT_SCORING,
    *,
    progress: Progress = print,
) -> Leaderboard:
    """Scores simulators in sample: fitted to the days that they are compared with.

    Each simulator draws the same number of paths with each seed, and no path is left out. The
    paths are compared with all windows of the history, one starting on each day.

    Example:
    ```python
    from keras_wgan.market import Scoring, baselines, leaderboard
    from keras_wgan.data import load_prices, log_returns

    returns = log_returns(load_prices(start="2012-01-01", end=None, source="bundled"))
    quick = Scoring(days=30, count=200, seeds=[0])
    board = leaderboard(returns, [baselines.get("GARCH-n")], quick)
    assert list(board.scores.index) == ["real", "sampling floor", "GARCH-n"]
    print(board.scores["composite"])
    ```

    Args:
        returns: `(days,)` daily log returns in the order of time, or `(days, assets)` of several
            assets, which are scored by their dependence (`keras_wgan.metrics.joint_scores`); a
            pandas Series or DataFrame keeps its dates.
        simulators: The simulators to compare. A `Baseline` is fitted here, to `returns`; anything
            else with a `name` and `sample(n, days, seed)` is taken as trained.
        scoring: How they are scored. Defaults to `Scoring()`.
        progress: Called with a line for each simulator. Defaults to `print`.

    Returns:
        The `Leaderboard`, its rows in the order of `simulators`.

    Raises:
        ValueError: If there are too few returns, they are not finite or constant, two rows have
            the same name, there is no simulator, or `scoring.trained_on` holds an unknown score.
    """
    span = _span(returns)
    period = _Period("in sample", _history(returns), None, {"fitted_to": span, "scored_on": span})
    return _ranked(period, simulators, scoring, progress)


def out_of_sample(
    returns: Returns,
    simulators: Sequence[Simulator],
    scoring: Scoring = DEFAULT_SCORING,
    *,
    split: Split = TEST_YEARS,
    progress: Progress = print,
) -> Leaderboard:
    """Scores simulators on years after all that they were fitted to and selected by.

    The row `training history itself` is the real windows of the fitted years: a simulator that
    is no better has learned nothing that the past did not show. (These windows overlap, which
    raises their `classifier` a little.) The next row is the same windows scaled to the volatility
    of the test, which no simulator knows: it shows how much of `composite` is the level, which
    `families` does not count. Copies are counted against the fitted years, from which a
    simulator could have copied.

    Example:
    ```python
    from keras_wgan.data import Split, load_prices, log_returns
    from keras_wgan.market import Scoring, baselines, out_of_sample

    returns = log_returns(load_prices(start="2010-01-01", end=None, source="bundled"))
    split = Split("2013-12-31", "2014-12-31", "2018-12-31", gap_days=30)
    quick = Scoring(days=30, count=200, seeds=[0])
    board = out_of_sample(returns, [baselines.get("GARCH-n")], quick, split=split)
    assert board.scores.index[2] == "training history itself"
    ```

    Args:
        returns: Daily log returns under their dates, of several assets a column for each.
        simulators: The simulators to compare. A `Baseline` is fitted here, to the years before
            `split.fit_until`; anything else must have been trained on these alone.
        scoring: How they are scored. Defaults to `Scoring()`.
        split: Where fitting, selection and testing end. Defaults to fitting until 2011, selection
            on 2012-2015 and testing on 2016-2023, 60 days apart.
        progress: Called with a line for each simulator. Defaults to `print`.

    Returns:
        The `Leaderboard`, its rows in the order of `simulators`.

    Raises:
        ValueError: If the returns have no dates, a part of them is empty, too short, not finite
            or constant, two rows have the same name, there is no simulator, or
            `scoring.trained_on` holds an unknown score.
    """
    parts = split.cut(returns)
    selected = {} if parts.choose.empty else {"chosen_on": _span(parts.choose)}
    spans = {
        "fitted_to": _span(parts.fit),
        **selected,
        "scored_on": _span(parts.test),
        "split": asdict(split),
    }
    test, fit = _history(parts.test), _history(parts.fit)
    period = _Period("out of sample", test, fit, spans)
    return _ranked(period, simulators, scoring, progress)


@dataclass(frozen=True, eq=False)
class _Period:
    """The days of a protocol: scored on `history`, fitted to `past` or, if None, to `history`."""

    protocol: str
    history: NDArray[np.float64]
    past: NDArray[np.float64] | None
    spans: Mapping[str, Any]


def _ranked(
    period: _Period, simulators: Sequence[Simulator], scoring: Scoring, progress: Progress
) -> Leaderboard:
    _refuse_unusable(simulators)
    past, days = period.past, scoring.days
    fits = _fit(simulators, period.history if past is None else past)
    reference = market_reference if period.history.ndim == 1 else joint_reference
    market = reference(period.history, scoring, progress=progress)
    _refuse_unknown(scoring.trained_on, market)
    by_seed: dict[str, list[dict[str, float]]] = {}
    past_windows = None if past is None else windows_of(past, days)
    if past_windows is not None:
        spread = market.windows.std(axis=(0, 1)) / past_windows.std(axis=(0, 1))
        scaled = past_windows * spread
        for name, control in ((HISTORY, past_windows), (SCALED_HISTORY, scaled)):
            # Every window of the past is a copy of itself, which has no meaning as a score.
            scores = market.score(control, seed=scoring.seeds[0])
            by_seed[name] = [{**scores, "copies": np.nan}]
            progress(progress_line(name, by_seed[name]))
    for simulator in simulators:
        by_seed[simulator.name] = market.score_simulator(
            simulator, scoring, copied_from=past_windows, progress=progress
        )
    return Leaderboard(
        protocol=period.protocol,
        scores=market.table(by_seed),
        by_seed=by_seed,
        real=market.real,
        settings={
            "days": days,
            "count": scoring.count,
            "seeds": list(scoring.seeds),
            **period.spans,
            "real_windows": len(market.windows),
        },
        fits=fits,
        trained_on=tuple(scoring.trained_on),
    )


def _history(returns: ArrayLike) -> NDArray[np.float64]:
    return as_history(returns, "any")


def _refuse_unusable(simulators: Sequence[Simulator]) -> None:
    names = [simulator.name for simulator in simulators]
    reserved = [REAL, FLOOR, HISTORY, SCALED_HISTORY]
    taken = [*reserved, *names]
    if not names or len(set(taken)) < len(taken):
        raise InvalidInputError(
            "`simulators` must be one or more, each with a name of its own that is none of "
            f"{', '.join(map(repr, reserved))}. Received: names {names}."
        )


def _refuse_unknown(trained_on: Sequence[str], market: Reference) -> None:
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
    if isinstance(returns, pd.Series | pd.DataFrame) and isinstance(
        returns.index, pd.DatetimeIndex
    ):
        days |= {"first": f"{returns.index[0]:%Y-%m-%d}", "last": f"{returns.index[-1]:%Y-%m-%d}"}
    return days
