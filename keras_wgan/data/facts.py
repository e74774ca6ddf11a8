"""The facts of a data set that a run folder stores."""

from __future__ import annotations

import warnings
from dataclasses import asdict, dataclass
from typing import Any, Self

from keras_wgan._validation import whole_number
from keras_wgan.data import facts_checks as checks
from keras_wgan.data.frequency import BUSINESS_DAYS, Frequency
from keras_wgan.data.scalers import Scaler
from keras_wgan.io.schema import Check, checked, clock_time, day, refuse_unknown, text


@dataclass(frozen=True)
class ReturnsFacts:
    """Facts of log returns.

    Example:
    ```python
    from keras_wgan.data import ReturnsFacts, Scaler

    facts = ReturnsFacts(
        source="prices.csv",
        tickers=("SPY",),
        first_day="2020-01-03",
        last_day="2023-12-29",
        last_prices=(475.31,),
        returns=1004,
        windows=945,
        scaler=Scaler(offset=(0.0004,), scale=(0.014,)),
    )
    assert ReturnsFacts.from_config(facts.to_config()) == facts
    ```

    Args:
        source: `"bundled"`, `"yahoo"`, or the path of a file.
        tickers: The assets, in the order of the last axis of samples.
        first_day: The first day on which all assets have a return, `"YYYY-MM-DD"`.
        last_day: The day of the last return.
        last_prices: The price of each asset on the last day, where scenarios start.
        returns: The number of days on which all assets have a return.
        windows: The number of samples, with those that lack an asset.
        scaler: The scaler of log returns, a column for each asset.
        frequency: The frequency of the prices. Defaults to business days.
        last_time: The time of the last price, `"HH:MM"`, where there are several a day. Defaults
            to `None`.
        fingerprint: A sum of each month's returns and a checksum of its days, by which other data
            is recognized. Defaults to `None`, unknown.
        first_days: The day of each asset's first return. Defaults to `None`: `first_day` for all.
    """

    source: str
    tickers: tuple[str, ...]
    first_day: str
    last_day: str
    last_prices: tuple[float, ...]
    returns: int
    windows: int
    scaler: Scaler
    frequency: Frequency = BUSINESS_DAYS
    last_time: str | None = None
    fingerprint: str | None = None
    first_days: tuple[str, ...] | None = None

    @property
    def earliest_day(self) -> str:
        """The day of the first return of any asset."""
        return min(self.first_days or (self.first_day,))

    @property
    def later_assets(self) -> dict[str, str]:
        """The assets that begin after the earliest, with the days of their first returns."""
        days = self.first_days or (self.first_day,) * len(self.tickers)
        pairs = zip(self.tickers, days, strict=True)
        return {ticker: day for ticker, day in pairs if day != self.earliest_day}

    @property
    def last_moment(self) -> str:
        """The last day, with the time of the last price where there is one."""
        return f"{self.last_day} {self.last_time}" if self.last_time else self.last_day

    def to_config(self) -> dict[str, Any]:
        """Returns the arguments, ready for JSON."""
        lists = {"tickers": list(self.tickers), "last_prices": list(self.last_prices)}
        days = None if self.first_days is None else list(self.first_days)
        return {
            **asdict(self),
            **lists,
            "first_days": days,
            "scaler": self.scaler.to_config(),
            "frequency": self.frequency.to_config(),
        }

    @classmethod
    def from_config(cls, config: Any) -> Self:
        """Returns the facts of a `to_config`.

        Raises:
            ValueError: If a field is missing, unknown or of another type.
        """
        refuse_unknown(config, [*_RETURNS, *_RETURNS_SINCE_0_3])
        entries = checked(config, _RETURNS, _RETURNS_SINCE_0_3)
        if entries["frequency"] is None:
            warnings.warn(
                "The run was trained by an older version and does not say how often its prices "
                "come. Business days are assumed.",
                stacklevel=2,
            )
            entries["frequency"] = BUSINESS_DAYS
        facts = cls(**entries)
        for name, number in (
            ("last_prices", len(facts.last_prices)),
            ("scaler", len(facts.scaler.offset)),
            ("first_days", len(facts.first_days or facts.tickers)),
        ):
            checks.one_for_each(name, number, "tickers", len(facts.tickers))
        return facts


@dataclass(frozen=True)
class ImageFacts:
    """Facts of images.

    Example:
    ```python
    from keras_wgan.data import ImageFacts

    facts = ImageFacts(source="digits", images=1500, shape=(28, 28, 1))
    assert ImageFacts.from_config(facts.to_config()) == facts
    ```

    Args:
        source: The name of a data set, or the path of a file.
        images: The number of samples.
        shape: Height, width and channels.
        classes: The number of labels of a conditional model. Defaults to `None`, no condition.
    """

    source: str
    images: int
    shape: tuple[int, ...]
    classes: int | None = None

    def to_config(self) -> dict[str, Any]:
        """Returns the arguments, ready for JSON."""
        return {**asdict(self), "shape": list(self.shape)}

    @classmethod
    def from_config(cls, config: Any) -> Self:
        """Returns the facts of a `to_config`.

        Raises:
            ValueError: If a field is missing, unknown or of another type.
        """
        refuse_unknown(config, _IMAGES)
        return cls(**checked(config, _IMAGES))


@dataclass(frozen=True)
class SeriesFacts:
    """Facts of windows of a table of several series.

    Example:
    ```python
    from keras_wgan.data import Scaler, SeriesFacts

    facts = SeriesFacts(
        source="sensors.csv",
        columns=("temperature", "humidity"),
        rows=1000,
        window=24,
        scaler=Scaler.min_max([[15.0, 20.0], [31.0, 95.0]]),
        checksum="3b0c",
    )
    assert facts.windows == 977
    assert SeriesFacts.from_config(facts.to_config()) == facts
    ```

    Args:
        source: `"waves"`, or the path of a file.
        columns: The names of the series, in the order of the last axis of samples.
        rows: The number of rows of the table.
        window: The number of rows in a sample.
        scaler: The scaler of the values, a column for each series.
        checksum: A checksum of all values, by which other data is recognized.
    """

    source: str
    columns: tuple[str, ...]
    rows: int
    window: int
    scaler: Scaler
    checksum: str

    @property
    def windows(self) -> int:
        """The number of samples, one that starts at each row."""
        return self.rows - self.window + 1

    def to_config(self) -> dict[str, Any]:
        """Returns the arguments, ready for JSON."""
        return {
            **asdict(self),
            "columns": list(self.columns),
            "scaler": self.scaler.to_config(),
        }

    @classmethod
    def from_config(cls, config: Any) -> Self:
        """Returns the facts of a `to_config`.

        Raises:
            ValueError: If a field is missing, unknown or of another type.
        """
        refuse_unknown(config, _SERIES)
        facts = cls(**checked(config, _SERIES))
        entries = len(facts.scaler.offset)
        checks.one_for_each("scaler", entries, "columns", len(facts.columns))
        whole_number("rows", facts.rows, minimum=facts.window)
        return facts


Facts = ReturnsFacts | ImageFacts | SeriesFacts


_RETURNS: dict[str, Check] = {
    "source": text,
    "tickers": checks.names,
    "first_day": day,
    "last_day": day,
    "last_prices": checks.prices,
    "returns": whole_number,
    "windows": whole_number,
    "scaler": checks.scaler,
}
_RETURNS_SINCE_0_3: dict[str, Check] = {
    "frequency": checks.frequency,
    "last_time": clock_time,
    "fingerprint": text,
    "first_days": checks.days,
}
_IMAGES: dict[str, Check] = {
    "source": text,
    "images": whole_number,
    "shape": checks.sizes,
    "classes": checks.optional_number,
}
_SERIES: dict[str, Check] = {
    "source": text,
    "columns": checks.names,
    "rows": whole_number,
    "window": whole_number,
    "scaler": checks.scaler,
    "checksum": text,
}
