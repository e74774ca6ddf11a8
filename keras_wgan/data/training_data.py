"""The training data of a model and its source."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data.facts import ImageFacts, ReturnsFacts
from keras_wgan.data.fingerprint import fingerprint
from keras_wgan.data.price_files import name_of_file
from keras_wgan.data.price_format import PriceFormat
from keras_wgan.data.price_judgment import PriceReading
from keras_wgan.data.prices import DEFAULT_TICKER, SERVICES, inspect_prices
from keras_wgan.data.questions import accepted
from keras_wgan.data.series_data import SeriesData

FIRST_DAY = "2000-01-01"  # of prices that are no file of the user
AS_SHOWN = PriceFormat()  # nothing but what the file shows


@dataclass(frozen=True)
class Source:
    """The source of a data set, as given by the user.

    Example:
    ```python
    from keras_wgan.data import Source

    source = Source("yahoo", ticker="SPY, TLT", start="2015-01-01")
    assert source.tickers == ("SPY", "TLT")
    ```

    Args:
        data: A name such as `"mnist"`, `"digits"`, `"bundled"` or `"yahoo"`, or the path of a file.
        ticker: The assets, separated by commas, for returns. Defaults to `None`: the S&P 500, or a
            file's only asset, named after the file.
        start: The first day, `"YYYY-MM-DD"`, for returns. Defaults to `None`: 2000-01-01, or the
            first day of a file.
        end: The last day, for returns. Defaults to `None`: yesterday for `"yahoo"`, and else
            the last one that there is.
        price_format: How a file of prices is written. Defaults to what the file shows.
        accept: Kinds of unlikely findings in prices to accept, such as `"jumps"`. Defaults to none.
    """

    data: str
    ticker: str | None = None
    start: str | None = None
    end: str | None = None
    price_format: PriceFormat = AS_SHOWN
    accept: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "accept", tuple(map(str, accepted(self.accept))))

    @property
    def own_file(self) -> bool:
        """Whether prices come from a file of the user."""
        return self.data not in SERVICES

    @property
    def tickers(self) -> tuple[str, ...]:
        """The names of the assets."""
        if self.ticker is None:
            return (name_of_file(Path(self.data)) if self.own_file else DEFAULT_TICKER,)
        return tuple(name.strip() for name in self.ticker.split(","))

    def read(self) -> PriceReading:
        """Reads the prices; Yahoo Finance's and the bundled ones from 2000 on by default."""
        return inspect_prices(
            None if self.ticker is None else self.tickers,
            self.start or (None if self.own_file else FIRST_DAY),
            self.end,
            self.data,
            self.price_format,
            self.accept,
        )

    def to_config(self) -> dict[str, Any]:
        """Returns the arguments, ready for JSON."""
        return {
            **asdict(self),
            "price_format": self.price_format.to_config(),
            "accept": list(self.accept),
        }

    def to_options(self) -> dict[str, str]:
        """Returns the arguments that were given, by the options of the command line."""
        named = {"--data": self.data, "--ticker": self.ticker}
        named |= {"--start": self.start, "--end": self.end}
        given = {name: value for name, value in named.items() if value is not None}
        return given | self.price_format.to_options()


@dataclass(frozen=True, eq=False)
class ImageData:
    """Images with their labels.

    Example:
    ```python
    from keras_wgan.data import ImageData, ImageFacts, load_images

    images, labels = load_images("digits")
    data = ImageData(images, labels, ImageFacts("digits", len(images), images.shape[1:]))
    assert data.samples.shape == (1500, 28, 28, 1)
    ```

    Args:
        samples: `(n, height, width, channels)` float32 in [-1, 1].
        labels: `(n,)` whole numbers.
        facts: Their number, shape and source.
    """

    samples: NDArray[np.float32]
    labels: NDArray[Any]
    facts: ImageFacts


@dataclass(frozen=True, eq=False)
class ReturnsData:
    """Windows of daily log returns of one or several assets.

    Example:
    ```python
    from keras_wgan.data import Source
    from keras_wgan.experiments import recipes

    source = Source("bundled", ticker="^GSPC,^IXIC", start="2018-01-01")
    data = recipes.get("sp500").task.load(source)
    assert data.returns.shape == (191, 60, 2)
    assert data.asset(1).facts.tickers == ("^IXIC",)
    ```

    Args:
        samples: `(n, days, assets)` float32 on the generator's scale; an asset is NaN in those that
            begin before its first return.
        all_returns: Their log returns under their dates, a column for each ticker; NaN before the
            first return of an asset that begins later than others.
        facts: Their tickers, days, last prices and scaler.
        reading: One line on what was read. Defaults to `""`.
    """

    samples: NDArray[np.float32]
    all_returns: pd.DataFrame
    facts: ReturnsFacts
    reading: str = ""

    @property
    def assets(self) -> int:
        """The number of assets."""
        return self.samples.shape[-1]

    @cached_property
    def history(self) -> pd.DataFrame:
        """The log returns of the days of all assets."""
        return self.all_returns.dropna()

    @property
    def masked(self) -> bool:
        """Whether assets begin on different days."""
        return len(self.history) < len(self.all_returns)

    @property
    def returns(self) -> NDArray[np.float32]:
        """The samples that lack no asset as daily log returns, `(n, days, assets)`."""
        return self.facts.scaler.inverse(_complete(self.samples))

    def asset(self, number: int) -> ReturnsData:
        """Returns the data of one asset, a table of one column, from its own first day on."""
        column = slice(number, number + 1)
        history = self.all_returns.iloc[:, column].dropna()
        samples = _complete(self.samples[..., column])
        known = self.facts.fingerprint is not None
        days = self.facts.first_days
        facts = replace(
            self.facts,
            fingerprint=fingerprint(history) if known else None,
            tickers=self.facts.tickers[number : number + 1],
            last_prices=self.facts.last_prices[number : number + 1],
            scaler=self.facts.scaler.column(number),
            first_day=self.facts.first_day if days is None else days[number],
            first_days=None,
            returns=len(history),
            windows=len(samples),
        )
        return ReturnsData(samples, history, facts)

    def describe_later(self) -> str:
        """Returns a sentence for what takes the days of all assets; none if they begin together."""
        if not self.masked:
            return ""
        later = ", ".join(f"{name} on {day}" for name, day in self.facts.later_assets.items())
        lost = len(self.all_returns) - len(self.history)
        words = "1 day" if lost == 1 else f"{lost:,} days"
        return f"Left out: {words} before all assets have begun ({later})."


def _complete(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    whole = ~np.isnan(samples).any(axis=(1, 2))
    return samples if whole.all() else samples[whole]


TrainingData = ImageData | ReturnsData | SeriesData
