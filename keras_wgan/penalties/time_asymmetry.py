"""A generator penalty on the arrow of time of volatility."""

import keras
from keras import ops

from keras_wgan._tensor import Tensor
from keras_wgan.errors import InvalidInputError
from keras_wgan.penalties.base import SquaredPenalty

WEEK = 5  # days


@keras.saving.register_keras_serializable(package="keras_wgan")
class CoarseFinePenalty(SquaredPenalty):
    """A generator penalty on how much better a week's trend predicts volatility than the reverse.

    After a week that went one way, whichever way, the days of the next are larger; a week of large
    days says less about the next one's trend. Read backwards, a market would be another market.
    With c = |sum of r| and f = sum of |r| of 5 days, the penalty is the squared gap in
    corr(f, c a week later) - corr(c, f a week later), over all weeks of a window, from any day on.

    Example:
    ```python
    import numpy as np
    from keras_wgan.penalties import CoarseFinePenalty

    windows = np.random.default_rng(0).normal(size=(50, 30, 1)).astype("float32")
    assert float(CoarseFinePenalty()(windows, windows)) == 0.0
    ```

    Args:
        weight: What the penalty is multiplied by. Defaults to `300.0`.

    Raises:
        ValueError: If `weight` is negative.

    Reference:
        Mueller et al. (1997), Volatilities of Different Time Resolutions; Zumbach and Lynch (2001),
        Heterogeneous Volatility Cascade in Financial Markets.
    """

    def __init__(self, weight: float = 300.0) -> None:
        super().__init__(weight)

    def differences(self, real: Tensor, fake: Tensor) -> list[Tensor]:
        """Returns the differences, `(assets,)`."""
        return [_asymmetry(fake) - _asymmetry(real)]


def _asymmetry(returns: Tensor) -> Tensor:
    """Returns `(assets,)` differences of the two correlations, pooled over the batch."""
    days = returns.shape[1]
    if days < 2 * WEEK:
        raise InvalidInputError(
            f"`CoarseFinePenalty` compares two weeks, so windows must have at least {2 * WEEK} "
            f"days. Received: {days} days. Train on longer windows, or leave out this penalty."
        )
    coarse, fine = ops.abs(_weekly_sums(returns)), _weekly_sums(ops.abs(returns))
    coarse, fine = (values - ops.mean(values, axis=(0, 1)) for values in (coarse, fine))
    scale = ops.std(coarse, axis=(0, 1)) * ops.std(fine, axis=(0, 1))
    later_coarse = ops.mean(fine[:, :-WEEK] * coarse[:, WEEK:], axis=(0, 1))
    later_fine = ops.mean(coarse[:, :-WEEK] * fine[:, WEEK:], axis=(0, 1))
    return (later_coarse - later_fine) / scale


def _weekly_sums(values: Tensor) -> Tensor:
    """Returns `(batch, days - 4, assets)` sums over each day and the four after it."""
    days = values.shape[1]
    return sum(values[:, first : days - WEEK + 1 + first] for first in range(WEEK))
