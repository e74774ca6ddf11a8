"""Splits of a history into periods for fitting, selection and testing."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar

import pandas as pd

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.io.dates import day_of

Returns = TypeVar("Returns", "pd.Series[Any]", pd.DataFrame)


@dataclass(frozen=True, eq=False)
class SplitReturns(Generic[Returns]):
    """Returns split into three periods, in chronological order.

    Example:
    ```python
    import pandas as pd
    from keras_wgan.data import SplitReturns

    days = pd.date_range("2020-01-01", periods=3)
    first, second, third = (pd.Series([0.01], index=[day]) for day in days)
    parts = SplitReturns(fit=first, choose=second, test=third)
    assert parts.test is third
    ```

    Args:
        fit: The returns that models are fitted to.
        choose: The returns that select a checkpoint or a setting.
        test: The returns that are scored once, after the selection.
    """

    fit: Returns
    choose: Returns
    test: Returns


@dataclass(frozen=True)
class Split:
    """Three periods for fitting, selection and an unbiased test, with gaps between them.

    The gap reduces the dependence between the periods, because today's volatility still predicts
    volatility in two months.

    Example:
    ```python
    from keras_wgan.data import Split, load_prices, log_returns

    returns = log_returns(load_prices(start=None, end=None, source="bundled"))
    parts = Split("2011-12-31", "2015-12-31", "2018-12-31").cut(returns)
    assert parts.fit.index[-1].year == 2011 and parts.test.index[0].year == 2016
    ```

    Args:
        fit_until: Last day of fitting, such as `"2011-12-31"`.
        select_until: Last day of selection.
        test_until: Last day of the test.
        gap_days: Trading days left out after `fit_until` and after `select_until`. Defaults to
            `60`, the length of a window.
        test_from: First day of the test, if it is later than the gap after `select_until`.
            Defaults to `None`.

    Raises:
        ValueError: If a day is invalid or not after the one before, or `gap_days` is below 0. Only
            `select_until` may be the day of `fit_until`, where nothing is selected.
    """

    fit_until: str
    select_until: str
    test_until: str
    gap_days: int = 60
    test_from: str | None = None

    def __post_init__(self) -> None:
        fit_until, select_until, test_until = self._days()
        first = select_until if self.test_from is None else day_of("test_from", self.test_from)
        if not (fit_until <= select_until < test_until and select_until <= first <= test_until):
            raise InvalidInputError(
                "`fit_until`, `select_until`, `test_from` and `test_until` must follow each "
                f"other. Received: {asdict(self)}."
            )
        whole_number("gap_days", self.gap_days, minimum=0)

    def cut(self, returns: Returns) -> SplitReturns[Returns]:
        """Splits daily log returns into the three periods.

        Args:
            returns: Daily log returns under a sorted index of dates, a Series or of several assets
                a DataFrame.

        Returns:
            The three parts, the last two without their first `gap_days` days. Nothing is left to
            select by where `select_until` is `fit_until`.

        Raises:
            ValueError: If `returns` has no sorted dates, or a part would be empty.
        """
        table = isinstance(returns, pd.Series | pd.DataFrame)
        if not table or not isinstance(returns.index, pd.DatetimeIndex):
            raise InvalidInputError(
                "`returns` must be a pandas Series or DataFrame with an index of dates. "
                f"Received: {type(returns).__name__}. Use log_returns(load_prices(...))."
            )
        if not returns.index.is_monotonic_increasing:
            raise InvalidInputError(
                "`returns` must be in chronological order. "
                "Received: dates out of order. Use returns.sort_index()."
            )
        # A return at 16:00 on the last day belongs to it.
        day = returns.index.tz_localize(None).normalize()
        fit_until, select_until, test_until = self._days()
        parts = SplitReturns(
            fit=returns[day <= fit_until],
            choose=returns[(day > fit_until) & (day <= select_until)].iloc[self.gap_days :],
            test=self._tested(returns[(day > select_until) & (day <= test_until)]),
        )
        nothing = ("choose",) if select_until == fit_until else ()
        empty = [name for name, part in vars(parts).items() if part.empty and name not in nothing]
        if empty:
            span = f"{day[0]:%Y-%m-%d} to {day[-1]:%Y-%m-%d}" if len(day) else "no days"
            raise InvalidInputError(
                f"`returns` must have days to {' and to '.join(empty)}. "
                f"Received: {span}, {asdict(self)}. Load a longer history or move the borders."
            )
        return parts

    def _tested(self, later: Returns) -> Returns:
        left = later.iloc[self.gap_days :]
        if self.test_from is None:
            return left
        day = pd.DatetimeIndex(left.index).tz_localize(None).normalize()
        return left[day >= day_of("test_from", self.test_from)]

    def _days(self) -> list[pd.Timestamp]:
        names = ("fit_until", "select_until", "test_until")
        return [day_of(name, getattr(self, name)) for name in names]
