"""The base classes of generator penalties: a weight times a gap between two batches."""

from collections.abc import Sequence
from typing import Any, Self

from keras import ops

from keras_wgan._tensor import Tensor
from keras_wgan._validation import in_range


class BatchPenalty:
    """A weighted penalty on a generated batch next to a real one; override `gap`."""

    def __init__(self, weight: float) -> None:
        self.weight = in_range("weight", weight, at_least=0)

    def __call__(self, real: Tensor, fake: Tensor) -> Tensor:
        """Returns the penalty, a scalar, for a real and a generated batch."""
        return self.weight * self.gap(ops.convert_to_tensor(real), ops.convert_to_tensor(fake))

    def gap(self, real: Tensor, fake: Tensor) -> Tensor:
        """Returns the distance between the two batches, a scalar."""
        raise NotImplementedError("A penalty must define what it compares: override `gap`.")

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"weight": self.weight}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Builds the penalty from the result of `get_config`."""
        return cls(**config)


class SquaredPenalty(BatchPenalty):
    """A penalty on the mean squares of differences between statistics; override `differences`."""

    def gap(self, real: Tensor, fake: Tensor) -> Tensor:
        """Returns the mean squares of all differences, added up."""
        total = ops.zeros(())
        for each in self.differences(real, fake):
            total = total + ops.mean(ops.square(each))
        return total

    def differences(self, real: Tensor, fake: Tensor) -> Sequence[Tensor]:
        """Returns generated minus real statistics."""
        raise NotImplementedError("A penalty must define its statistics: override `differences`.")
