"""The refusal of options that say how prices are read, where data is no prices."""

from collections.abc import Collection

from keras_wgan.data import Source
from keras_wgan.errors import InvalidInputError


def refuse_options_of_returns(source: Source, made: str, *, usable: Collection[str] = ()) -> None:
    """Refuses what a source names for returns only, where a recipe trains on something else.

    `made` is what it trains on, and `usable` are the parts of the format that it reads too.
    """
    given: dict[str, object] = {name: getattr(source, name) for name in ("ticker", "start", "end")}
    given |= source.price_format.to_config()
    given["accept"] = ",".join(source.accept) or None
    for name, value in given.items():
        if value is not None and name not in usable:
            raise InvalidInputError(
                f"`{name}` is for returns; this recipe trains on {made}. Received: {name}={value}. "
                "Leave it out."
            )
