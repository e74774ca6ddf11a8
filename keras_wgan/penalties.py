"""What does a market's generator pay for beside the critic? Quantiles, memory, leverage, links.

Each penalty compares statistics of a generated batch with those of the real batch, so it needs
large batches: tails and autocorrelations of fewer than some hundred windows are mostly noise.
Statistics are pooled over the batch with its global mean. Within-window means would delete the
differences between calm and wild windows, which are most of the clustering and of the tails.
"""

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

Tensor = Any


class _PathPenalty:
    """A weighted penalty on `(batch, days, assets)`; derive from it and override `gap`.

    Args:
        weight: What the penalty is multiplied by.
    """

    def __init__(self, weight: float) -> None:
        if not 0 <= weight < math.inf:
            raise ValueError(f"`weight` must be finite and not negative. Received: weight={weight}")
        self.weight = float(weight)

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
    def from_config(cls, config: dict[str, Any]) -> "_PathPenalty":
        """Builds the penalty from what `get_config` returned."""
        return cls(**config)


@keras.saving.register_keras_serializable(package="keras_wgan")
class QuantilePenalty(_PathPenalty):
    """A generator penalty on the distribution of returns over several horizons.

    The Wasserstein-1 distance of generated to real sums over `h` days, in units of the real sums'
    standard deviation, added up over the horizons.

    Example:
    ```python
    import numpy as np
    from keras_wgan.penalties import QuantilePenalty

    real = np.array([[[-1.0]], [[1.0]]], "float32")  # two windows of a day, standard deviation 1
    assert abs(float(QuantilePenalty(horizons=(1,))(real, real + 0.5)) - 0.5) < 1e-6
    ```

    Args:
        horizons: Days to add up, over parts of a window that do not overlap; none longer than a
            window. Defaults to `(1, 5, 20, 60)`.
        weight: What the penalty is multiplied by. Defaults to `1.0`.

    Raises:
        ValueError: If a horizon is no whole number of at least 1, or `weight` is negative.
    """

    def __init__(self, horizons: Sequence[int] = (1, 5, 20, 60), weight: float = 1.0) -> None:
        super().__init__(weight)
        if not horizons or any(days != int(days) or days < 1 for days in horizons):
            raise ValueError(
                f"`horizons` must be whole numbers of days from 1 on. Received: horizons={horizons}"
            )
        self.horizons = tuple(int(days) for days in horizons)

    def gap(self, real: Tensor, fake: Tensor) -> Tensor:
        """Returns the distances, added up."""
        total = ops.zeros(())
        for days in self.horizons:
            wanted, made = (ops.sort(_sums(batch, days), axis=0) for batch in (real, fake))
            # The sums of a batch of one window do not vary; its days do.
            least = 0.1 * math.sqrt(days) * ops.std(real, axis=(0, 1))
            scale = ops.maximum(ops.std(wanted, axis=0), least) + keras.config.epsilon()
            total = total + ops.mean(ops.abs(made - wanted) / scale)
        return total

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"horizons": list(self.horizons), "weight": self.weight}


class _LagPenalty(_PathPenalty):
    def __init__(self, lags: int, weight: float) -> None:
        super().__init__(weight)
        if lags != int(lags) or lags < 1:
            raise ValueError(f"`lags` must be a whole number from 1 on. Received: lags={lags}")
        self.lags = int(lags)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"lags": self.lags, "weight": self.weight}


@keras.saving.register_keras_serializable(package="keras_wgan")
class AutocorrelationPenalty(_LagPenalty):
    """A generator penalty on the memory of returns: autocorrelations of r, |r| and r^2.

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
        ValueError: If `lags` is no whole number of at least 1, or `weight` is negative.
    """

    def __init__(self, lags: int = 20, weight: float = 30.0) -> None:
        super().__init__(lags, weight)

    def gap(self, real: Tensor, fake: Tensor) -> Tensor:
        """Returns the mean squared gaps of the three, added up."""
        total = ops.zeros(())
        for share, view in ((1.0, ops.abs), (1.0, ops.square), (0.3, lambda r: r)):
            wanted, made = (
                _correlations(view(batch), view(batch), self.lags) for batch in (real, fake)
            )
            total = total + share * ops.mean(ops.square(made - wanted))
        return total


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
        ValueError: If `lags` is no whole number of at least 1, or `weight` is negative.

    Reference:
        Bouchaud, Matacz and Potters (2001), The Leverage Effect in Financial Markets.
    """

    def __init__(self, lags: int = 20, weight: float = 30.0) -> None:
        super().__init__(lags, weight)

    def gap(self, real: Tensor, fake: Tensor) -> Tensor:
        """Returns the mean squared gap over the lags."""
        wanted, made = (
            _correlations(batch, ops.square(batch), self.lags) for batch in (real, fake)
        )
        return ops.mean(ops.square(made - wanted))


@keras.saving.register_keras_serializable(package="keras_wgan")
class CorrelationPenalty(_PathPenalty):
    """A generator penalty on what binds assets together: the correlations of r and of |r|.

    The mean squared gap over all pairs of assets, of the returns of one day and of their sizes,
    pooled over the batch. A single asset costs nothing.

    Example:
    ```python
    import numpy as np
    from keras import ops
    from keras_wgan.penalties import CorrelationPenalty

    one = np.random.default_rng(0).normal(size=(50, 30, 1)).astype("float32")
    together = np.concatenate([one, one], axis=-1)
    against = np.concatenate([one, -one], axis=-1)  # correlations 1 and -1; of the sizes both 1
    penalty = float(ops.convert_to_numpy(CorrelationPenalty(weight=1.0)(together, against)))
    assert abs(penalty - 4.0) < 1e-4
    ```

    Args:
        weight: What the penalty is multiplied by. Defaults to `30.0`.

    Raises:
        ValueError: If `weight` is negative.
    """

    def __init__(self, weight: float = 30.0) -> None:
        super().__init__(weight)

    def gap(self, real: Tensor, fake: Tensor) -> Tensor:
        """Returns the mean squared gaps of the two, added up."""
        assets = real.shape[-1]
        total = ops.zeros(())
        for view in (lambda r: r, ops.abs):
            wanted, made = (_asset_correlations(view(batch)) for batch in (real, fake))
            total = total + ops.sum(ops.square(made - wanted)) / max(assets * (assets - 1), 1)
        return total


def _sums(batch: Tensor, days: int) -> Tensor:
    """Returns `(sums, assets)` over parts of `days` days that do not overlap."""
    length, assets = batch.shape[1], batch.shape[2]
    if days > length:
        raise ValueError(
            f"`horizons` must not be longer than a window of {length} days. Received: {days}"
        )
    whole = batch[:, : length // days * days]
    parts = ops.sum(ops.reshape(whole, (-1, length // days, days, assets)), axis=2)
    return ops.reshape(parts, (-1, assets))


def _correlations(earlier: Tensor, later: Tensor, lags: int) -> Tensor:
    """Returns `(lags, assets)` correlations of one day's value with a later day's, pooled."""
    if lags >= earlier.shape[1]:
        raise ValueError(
            f"`lags` must be fewer than the {earlier.shape[1]} days of a window. "
            f"Received: lags={lags}"
        )
    earlier, later = (values - ops.mean(values, axis=(0, 1)) for values in (earlier, later))
    scale = ops.std(earlier, axis=(0, 1)) * ops.std(later, axis=(0, 1))
    lagged = [
        ops.mean(earlier[:, :-lag] * later[:, lag:], axis=(0, 1)) for lag in range(1, lags + 1)
    ]
    return ops.stack(lagged) / scale


def _asset_correlations(values: Tensor) -> Tensor:
    """Returns `(assets, assets)` correlations of the same day's values, pooled over the batch."""
    days = ops.reshape(values, (-1, values.shape[-1]))
    days = days - ops.mean(days, axis=0)
    days = days / (ops.std(days, axis=0) + keras.config.epsilon())
    pairs = ops.matmul(ops.transpose(days), days) / ops.cast(ops.shape(days)[0], days.dtype)
    return pairs * (1.0 - ops.eye(values.shape[-1], dtype=days.dtype))  # the diagonal says nothing
