"""What do all penalties on a market's generator share? A weight, and a real batch beside."""

from typing import Any

from keras import ops

from keras_wgan._tensor import Tensor
from keras_wgan._validation import in_range


class PathPenalty:
    """A weighted penalty on `(batch, days, assets)`; derive from it and override `gap`.

    Args:
        weight: What the penalty is multiplied by.
    """

    def __init__(self, weight: float) -> None:
        self.weight = in_range("weight", weight, at_least=0)

    def __call__(self, real: Tensor, fake: Tensor) -> Tensor:
        """Returns the penalty, a scalar, for a real and a generated batch."""
        return self.weight * self.gap(ops.convert_to_tensor(real), ops.convert_to_tensor(fake))

    def gap(self, real: Tensor, fake: Tensor) -> Tensor:
        """Returns how far the two batches are apart, a scalar."""
        raise NotImplementedError("A penalty must say what it compares: override `gap`.")

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"weight": self.weight}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "PathPenalty":
        """Builds the penalty from what `get_config` returned."""
        return cls(**config)
