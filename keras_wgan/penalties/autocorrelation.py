"""Generator penalties on autocorrelations and on the leverage effect."""

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_wgan._tensor import Tensor
from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.penalties.base import SquaredPenalty


class _LagPenalty(SquaredPenalty):
    def __init__(self, lags: int, weight: float) -> None:
        super().__init__(weight)
        self.lags = whole_number("lags", lags)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"lags": self.lags, "weight": self.weight}


@keras.saving.register_keras_serializable(package="keras_wgan")
class AutocorrelationPenalty(_LagPenalty):
    """A generator penalty on the autocorrelations of r, |r| and r^2.

    The mean squared gap over the lags: of |r| and r^2 in full, and of r itself, which is mostly
    noise, at three tenths.

    Example:
    ```python
    import numpy as np
    from keras_wgan.penalties import AutocorrelationPenalty

    windows = np.random.default_rng(0).normal(size=(50, 30, 1)).astype("float32")
    assert float(AutocorrelationPenalty()(windows, windows)) == 0.0
    ```

    Args:
        lags: Lags 1 to this one, in days; fewer than a window has. Defaults to `20`.
        weight: What the penalty is multiplied by. Defaults to `30.0`.

    Raises:
        ValueError: If `lags` is not a whole number of at least 1, or `weight` is negative.
    """

    def __init__(self, lags: int = 20, weight: float = 30.0) -> None:
        super().__init__(lags, weight)

    def differences(self, real: Tensor, fake: Tensor) -> list[Tensor]:
        """Returns the differences of the three, each `(lags, assets)`."""
        found = []
        for share, view in ((1.0, ops.abs), (1.0, ops.square), (0.3, lambda r: r)):
            target, generated = (
                _correlations(view(batch), view(batch), self.lags) for batch in (real, fake)
            )
            found.append(math.sqrt(share) * (generated - target))
        return found


@keras.saving.register_keras_serializable(package="keras_wgan")
class LeveragePenalty(_LagPenalty):
    """A generator penalty on leverage: the correlation of a return with later squared returns.

    Example:
    ```python
    import numpy as np
    from keras_wgan.penalties import LeveragePenalty

    windows = np.random.default_rng(0).normal(size=(50, 30, 1)).astype("float32")
    assert float(LeveragePenalty()(windows, windows)) == 0.0
    ```

    Args:
        lags: Lags 1 to this one, in days; fewer than a window has. Defaults to `20`.
        weight: What the penalty is multiplied by. Defaults to `30.0`.

    Raises:
        ValueError: If `lags` is not a whole number of at least 1, or `weight` is negative.

    Reference:
        Bouchaud, Matacz and Potters (2001), The Leverage Effect in Financial Markets.
    """

    def __init__(self, lags: int = 20, weight: float = 30.0) -> None:
        super().__init__(lags, weight)

    def differences(self, real: Tensor, fake: Tensor) -> list[Tensor]:
        """Returns the differences, `(lags, assets)`."""
        target, generated = (
            _correlations(batch, ops.square(batch), self.lags) for batch in (real, fake)
        )
        return [generated - target]


def _correlations(earlier: Tensor, later: Tensor, lags: int) -> Tensor:
    """Returns `(lags, assets)` correlations of one day's value with a later day's, pooled."""
    if lags >= earlier.shape[1]:
        raise InvalidInputError(
            f"`lags` must be fewer than the {earlier.shape[1]} days of a window. "
            f"Received: lags={lags}"
        )
    earlier, later = (values - ops.mean(values, axis=(0, 1)) for values in (earlier, later))
    scale = ops.std(earlier, axis=(0, 1)) * ops.std(later, axis=(0, 1))
    # One matrix product covers all pairs of days, and a lag is the mean of a diagonal. A loop over
    # lags took a third of a generator step.
    by_days = ops.einsum("bia,bja->aij", earlier, later) / ops.cast(
        ops.shape(earlier)[0], "float32"
    )
    return ops.einsum("kij,aij->ka", _diagonals(earlier.shape[1], lags), by_days) / scale


def _diagonals(days: int, lags: int) -> Tensor:
    """Returns `(lags, days, days)`: the weight of each pair of days in the mean at each lag."""
    means = [np.eye(days, k=lag) / (days - lag) for lag in range(1, lags + 1)]
    return ops.convert_to_tensor(np.stack(means).astype("float32"))
