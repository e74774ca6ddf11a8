"""Spans of days to fit, to choose and to test by."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.io.dates import day_of


@dataclass(frozen=True, eq=False)
class SplitReturns:
    """One series of returns in three parts, in the order of time.

    Example:
    ```python
    import pandas as pd
    from keras_wgan.data import SplitReturns

    days = pd.Series([0.01, -0.02], index=pd.to_datetime(["2020-01-02", "2020-01-03"]))
    parts = SplitReturns(fit=days, choose=days, test=days)
    assert parts.test is days
    ```

    Args:
        fit: the days that models are fitted to.
        choose: the days by which a checkpoint or a setting is chosen.
        test: the days that are scored once, when all is chosen.
    """

    fit: pd.Series[Any]
    choose: pd.Series[Any]
    test: pd.Series[Any]


@dataclass(frozen=True)
class Split:
    """Three spans of days for an honest test, with a gap between them.

    The gap keeps windows on either side of a border from sharing what lasts: volatility today
    still says something about volatility in two months.

    Example:
    ```python
    from keras_wgan.data import load_prices, log_returns
    from keras_wgan.data import Split

    returns = log_returns(load_prices(start=None, end=None, source="bundled"))
    parts = Split("2011-12-31", "2015-12-31", "2018-12-31").cut(returns)
    assert parts.fit.index[-1].year == 2011 and parts.test.index[0].year == 2016
    ```

    Args:
        fit_until: last day of fitting, such as `"2011-12-31"`.
        select_until: last day of choosing.
        test_until: last day of the test.
        gap_days: trading days left out after `fit_until` and after `select_until`. Defaults to
            `60`, the length of a window.

    Raises:
        ValueError: for days that cannot be read or are out of order, or a `gap_days` below 0.
    """

    fit_until: str
    select_until: str
    test_until: str
    gap_days: int = 60

    def __post_init__(self) -> None:
        days = self._days()
        if not days[0] < days[1] < days[2]:
            raise InvalidInputError(
                "`fit_until`, `select_until` and `test_until` must follow each other. "
                f"Received: {asdict(self)}."
            )
        whole_number("gap_days", self.gap_days, minimum=0)

    def cut(self, returns: pd.Series[Any]) -> SplitReturns:
        """Cuts a dated series of returns into the days to fit, to choose and to test by.

        Args:
            returns: log returns a day under a sorted index of dates.

        Returns:
            Three parts of `returns`, the last two without their first `gap_days` days.

        Raises:
            ValueError: where `returns` has no dates, or a part would be empty.
        """
        if not isinstance(returns, pd.Series) or not isinstance(returns.index, pd.DatetimeIndex):
            raise InvalidInputError(
                "`returns` must be a pandas Series under dates, or it cannot be cut by them. "
                f"Received: {type(returns).__name__}. Use log_returns(load_prices(...))."
            )
        if not returns.index.is_monotonic_increasing:
            raise InvalidInputError(
                "`returns` must be in the order of time. "
                "Received: dates out of order. Use returns.sort_index()."
            )
        # A return stamped 16:00 on the last day belongs to it.
        day = returns.index.tz_localize(None).normalize()
        fit_until, select_until, test_until = self._days()
        parts = SplitReturns(
            fit=returns[day <= fit_until],
            choose=returns[(day > fit_until) & (day <= select_until)].iloc[self.gap_days :],
            test=returns[(day > select_until) & (day <= test_until)].iloc[self.gap_days :],
        )
        empty = [name for name, part in vars(parts).items() if part.empty]
        if empty:
            span = f"{day[0]:%Y-%m-%d} to {day[-1]:%Y-%m-%d}" if len(day) else "no days"
            raise InvalidInputError(
                f"`returns` must have days to {' and to '.join(empty)} by. "
                f"Received: {span}, {asdict(self)}. Load a longer history or move the borders."
            )
        return parts

    def _days(self) -> list[pd.Timestamp]:
        return [day_of(name, getattr(self, name)) for name in _BORDERS]


_BORDERS = ("fit_until", "select_until", "test_until")
