"""Generator penalties on portfolios of several assets, and on days when assets fall together."""

from collections.abc import Callable, Sequence
from typing import Any, Self

import keras
import numpy as np
from keras import ops

from keras_wgan._tensor import Tensor
from keras_wgan._validation import in_range, whole_number
from keras_wgan.backends import sorted_columns
from keras_wgan.penalties.base import BatchPenalty, SquaredPenalty
from keras_wgan.penalties.correlation import known_days, over_pairs

SOFTNESS = 0.15  # standard deviations over which a fall counts in part, so that it has a slope


@keras.saving.register_keras_serializable(package="keras_wgan")
class PortfolioPenalty(BatchPenalty):
    """Penalties of single assets, applied to fixed portfolios of them as well.

    The risk of a portfolio depends on all that binds its assets, so penalties on portfolios of
    random weights bring that out right for weights that were never seen. The first portfolio has
    equal weights, the others of the first half are long-only, and the second half is long-short.
    A weight multiplies the return of an asset on the scale of the batch.

    Example:
    ```python
    import numpy as np
    from keras_wgan.penalties import PortfolioPenalty, QuantilePenalty

    real = np.random.default_rng(0).normal(size=(50, 5, 2)).astype("float32")
    opposed = real * np.array([1.0, -1.0], "float32")  # each asset's distribution stays
    hedged = np.stack([real[..., 0], -real[..., 0]], axis=-1)
    penalty = PortfolioPenalty([QuantilePenalty(horizons=(1,))])
    assert float(penalty(real, hedged)) > 2 * float(penalty(real, opposed))
    ```

    Args:
        penalties: What is applied to `(batch, days, assets + portfolios)` returns.
        portfolios: The number of portfolios. Defaults to `12`.
        weight: What the penalty is multiplied by. Defaults to `1.0`.
        seed: Fixes the weights of the portfolios. Defaults to `0`.

    Raises:
        ValueError: If `portfolios` is not a whole number of at least 1, or `weight` is negative.

    Reference:
        Cont, Cucuringu, Xu and Zhang (2022), Tail-GAN, for losses of a simulator on portfolios.
    """

    def __init__(
        self,
        penalties: Sequence[Callable[[Tensor, Tensor], Tensor]],
        portfolios: int = 12,
        weight: float = 1.0,
        seed: int = 0,
    ) -> None:
        super().__init__(weight)
        self.penalties = tuple(penalties)
        self.portfolios = whole_number("portfolios", portfolios)
        self.seed = seed

    def gap(self, real: Tensor, fake: Tensor) -> Tensor:
        """Returns all penalties of assets and portfolios, added up."""
        weights = ops.convert_to_tensor(self.weights(real.shape[-1]))
        real, fake = (
            ops.concatenate([batch, ops.matmul(batch, weights)], axis=-1) for batch in (real, fake)
        )
        total = ops.zeros(())
        for penalty in self.penalties:
            total = total + penalty(real, fake)
        return total

    def weights(self, assets: int) -> np.ndarray:
        """Returns the `(assets, portfolios)` weights, each column of length one."""
        random = np.random.default_rng(self.seed)
        long = random.dirichlet(np.ones(assets), size=(self.portfolios + 1) // 2)
        long[0] = 1 / assets
        both_ways = random.standard_normal((self.portfolios // 2, assets))
        found = np.concatenate([long, both_ways])
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found.T, np.float32)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        serialize = keras.saving.serialize_keras_object
        return {
            "penalties": [serialize(penalty) for penalty in self.penalties],
            "portfolios": self.portfolios,
            "weight": self.weight,
            "seed": self.seed,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Builds the penalty from the result of `get_config`."""
        restore = keras.saving.deserialize_keras_object
        return cls(**{**config, "penalties": [restore(each) for each in config["penalties"]]})


@keras.saving.register_keras_serializable(package="keras_wgan")
class JointFallsPenalty(SquaredPenalty):
    """A generator penalty on the days on which two assets are among their worst at once.

    The mean squared gap over all pairs of assets of the share of one's worst days that are also the
    other's, pooled over the batch. A day near the limit counts in part. It is zero for one asset.
    What is missing is left out as by `CorrelationPenalty`.

    Example:
    ```python
    import numpy as np
    from keras_wgan.penalties import JointFallsPenalty

    one, other = np.random.default_rng(0).normal(size=(2, 200, 30, 1)).astype("float32")
    same = np.concatenate([one, one], axis=-1)  # all of the worst 5% of days are shared
    apart = np.concatenate([one, other], axis=-1)  # 5% of them are
    assert 0.4 < float(JointFallsPenalty(weight=1.0)(same, apart)) < 0.95**2
    ```

    Args:
        share: The share of an asset's days that are its worst. Defaults to `0.05`.
        weight: What the penalty is multiplied by. Defaults to `60.0`.

    Raises:
        ValueError: If `share` is not between 0 and 0.5, or `weight` is negative.
    """

    def __init__(self, share: float = 0.05, weight: float = 60.0) -> None:
        super().__init__(weight)
        self.share = in_range("share", share, above=0, at_most=0.5)

    def differences(self, real: Tensor, fake: Tensor) -> list[Tensor]:
        """Returns the differences, `(assets, assets)`."""
        target, generated = (_shared_falls(batch, self.share) for batch in (real, fake))
        return [over_pairs(generated - target)]

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"share": self.share, "weight": self.weight}


def _shared_falls(batch: Tensor, share: float) -> Tensor:
    """Returns `(assets, assets)` shares of one's worst days, zero on the diagonal."""
    days, known = ops.reshape(batch, (-1, batch.shape[-1])), known_days(batch)
    count = ops.sum(known, axis=0)
    # By its rank, since the zeros of missing days come after all falls; no gradient flows through
    # the limit.
    place = ops.cast(ops.floor(share * count), "int32")[None]
    limit = ops.take_along_axis(sorted_columns(ops.stop_gradient(days)), place, axis=0)
    variance = _mean(ops.square(days), count) - ops.square(_mean(days, count))
    deviation = ops.sqrt(ops.maximum(variance, 0.0) + keras.config.epsilon() ** 2)
    falls = ops.sigmoid((limit - days) / (SOFTNESS * deviation)) * known
    together, alone = (ops.matmul(ops.transpose(falls), other) for other in (falls, known))
    pairs = together / (ops.transpose(alone) + keras.config.epsilon())
    return pairs * (1.0 - ops.eye(batch.shape[-1], dtype=days.dtype))


def _mean(days: Tensor, count: Tensor) -> Tensor:
    """Returns the means of columns over the days that they have, the others being zero."""
    return ops.sum(days, axis=0) / ops.maximum(count, 1.0)
