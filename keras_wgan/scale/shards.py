"""The shards that scenarios are split into."""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import shorten

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError

MAX_SHARDS = 99_999  # the number of a file has five digits


@dataclass(frozen=True)
class Shard:
    """One of several equal shares of the scenarios.

    Example:
    ```python
    from keras_wgan.scale import Shard

    assert Shard(3, of=4).scenarios(10) == range(5, 7)
    assert [shard.number for shard in Shard.all(3)] == [1, 2, 3]
    ```

    Args:
        number: The number of the shard, from 1.
        of: The number of shards.

    Raises:
        ValueError: If one is not a whole number of at least 1, or there is no such shard.
    """

    number: int
    of: int

    def __post_init__(self) -> None:
        whole_number("of", self.of, maximum=MAX_SHARDS)
        whole_number("number", self.number, maximum=self.of)

    @classmethod
    def all(cls, of: int) -> list[Shard]:
        """Returns every shard of so many."""
        return [cls(number, of) for number in range(1, whole_number("of", of) + 1)]

    def scenarios(self, count: int) -> range:
        """Returns the numbers of the shard's scenarios, of `count` in all."""
        return range(count * (self.number - 1) // self.of, count * self.number // self.of)

    @property
    def file_name(self) -> str:
        """The name of the file of the shard's scenarios."""
        return f"part-{self.number:05}.parquet"

    @property
    def risk_file_name(self) -> str:
        """The name of the file of the risk over the shard's scenarios."""
        return f"part-{self.number:05}.npz"

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def parse_shards(text: str) -> list[Shard]:
    """Returns the shards that a text such as 3/100 or 1-10/100 names."""
    found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?/(\d{1,5})", text.strip(), re.ASCII)
    numbers = [] if found is None else [int(each) for each in found.groups(default=found[1])]
    if not (numbers and 1 <= numbers[0] <= numbers[1] <= numbers[2]):
        raise InvalidInputError(
            "`--shard` must be the number of a shard, from 1, and how many there are, such as "
            f"3/100, or several such as 1-10/100. Received: {shorten(text, 80)}"
        )
    first, last, of = numbers
    return [Shard(number, of) for number in range(first, last + 1)]
