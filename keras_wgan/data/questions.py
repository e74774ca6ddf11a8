"""What a user can accept about prices that look wrong."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from keras_wgan.errors import InvalidInputError


class Question(StrEnum):
    """A kind of finding in prices that is unlikely, but possible."""

    JUMPS = "jumps"  # a move that looks like a split, a slip or another asset
    HOLES = "holes"  # a long time without a price
    STALE = "stale"  # the same price again and again
    DUPLICATES = "duplicates"  # the same moves in the same order at two times
    FUTURE = "future"  # a price of a day that has not come yet
    LOST_DAYS = "lost-days"  # more than a few days on which not all assets have a price
    OTHER_DATA = "other-data"  # not the data that a run was trained on


def accepted(names: Iterable[str]) -> tuple[Question, ...]:
    """Returns the kinds of these names, each once."""
    if isinstance(names, str):
        names = names.split(",")
    found = []
    for name in names:
        try:
            found.append(Question(str(name).strip()))
        except ValueError as error:
            raise InvalidInputError(
                f"`accept` must be of {', '.join(Question)}. Received: {name!r}"
            ) from error
    return tuple(dict.fromkeys(found))


def ask(question: Question, finding: str, accept: Iterable[Question], remedy: str) -> None:
    """Refuses prices for a finding that was not accepted."""
    if question not in accept:
        raise InvalidInputError(
            f"{finding} {remedy} If the prices are right, accept this: `--accept {question}`, in "
            f'Python `accept=("{question}",)`.'
        )
