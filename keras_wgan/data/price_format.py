"""How the prices in a file are written, where the file alone does not tell."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.schema import checked, refuse_unknown, text

RETURNS = ("simple", "log", "percent")


@dataclass(frozen=True)
class PriceFormat:
    """How the prices in a file are written, where the file does not show it.

    Example:
    ```python
    from keras_wgan.data import PriceFormat

    german = PriceFormat(date_format="%d.%m.%Y", separator=";", decimal=",")
    assert german.price_column is None
    ```

    Args:
        date_column: The column of dates, in any case, or its number from 1; of series, what orders
            the rows, or `"none"`. Defaults to `None`, found by names and cells.
        price_column: The column of prices, in any case, or its number from 1. Defaults to `None`:
            the asset's own column, or else adjusted closes, then closes.
        date_format: The form of the dates, such as `"%d/%m/%Y"`. Defaults to `None`.
        separator: What separates the fields of a line, such as `";"` or `"tab"`. Defaults to
            `None`.
        decimal: The decimal mark, `"."` or `","`. Defaults to `None`.
        sheet: The sheet of an Excel file, by its name or its number from 1. Defaults to `None`.
        returns: `"simple"`, `"log"` or `"percent"` for a file that holds returns instead of prices.
            Defaults to `None`, prices.

    Raises:
        ValueError: If an argument is not as described.
    """

    date_column: str | None = None
    price_column: str | None = None
    date_format: str | None = None
    separator: str | None = None
    decimal: str | None = None
    sheet: str | None = None
    returns: str | None = None

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if value is not None and not text(name, value).strip(" "):
                raise InvalidInputError(f"`{name}` must not be empty. Leave it out instead.")
        if self.date_format is not None and "%" not in self.date_format:
            raise InvalidInputError(
                "`date_format` must name the parts of a date with %, such as %d.%m.%Y. "
                f"Received: date_format={self.date_format!r}"
            )
        for name, known in (("decimal", (".", ",")), ("returns", RETURNS)):
            value = getattr(self, name)
            if value is not None and value not in known:
                raise InvalidInputError(
                    f"`{name}` must be one of {' '.join(known)}. Received: {name}={value!r}"
                )

    def to_config(self) -> dict[str, Any]:
        """Returns the arguments that were given, ready for JSON."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def to_options(self) -> dict[str, str]:
        """Returns the arguments that were given, by the options of the command line."""
        return {f"--{name.replace('_', '-')}": value for name, value in self.to_config().items()}

    @classmethod
    def from_config(cls, config: Any, *, inside: str = "") -> Self:
        """Returns the format of a `to_config`.

        Raises:
            ValueError: If a field is unknown or not as described.
        """
        names = [field.name for field in fields(cls)]
        refuse_unknown(config, names, inside=inside)
        return cls(**checked(config, {}, dict.fromkeys(names, text), inside=inside))
