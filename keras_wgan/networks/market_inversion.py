"""Which noise explains returns that were observed? The market simulator, run backwards."""

import math
from dataclasses import dataclass

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike, NDArray
from scipy.special import lambertw

from keras_wgan.errors import InvalidInputError
from keras_wgan.networks.market import market_generator, with_days

Array = NDArray[np.float64]

MIN_OBSERVED = 60  # days; with fewer the state is hardly more than what was assumed before them
CLOSE_ENOUGH = 1e-5  # the largest change of any day's noise in the last round
BLOCK = 64  # days that are solved together
SPARE_ROUNDS = 20  # beyond one a day, for rounding
FORGOTTEN = 14  # half-lives after which a shock weighs less than 1e-4


@dataclass(frozen=True, eq=False)
class Explained:
    """What a market simulator says of returns that were observed.

    Args:
        noise: `(batch, days, assets)` the standard normals that give these returns.
        volatility: `(batch, days, assets)` each day's volatility, known the day before, on the
            generator's scale.
        log_density: `(batch, days)` of each day's returns, given the days before; up to a constant.
    """

    noise: Array
    volatility: Array
    log_density: Array


def explain_returns(
    generator: keras.Model, returns: ArrayLike, before: ArrayLike | None = None
) -> Explained:
    """Finds the noise from which a market simulator makes exactly these returns.

    Volatility and drift of a day depend on the days before it alone, so the first day can be
    solved, then the second, and so on. The days of a block are solved together, again and again,
    from the noise of the last round; after round t, day t is exact.

    The answer depends on the noise before the first day. A simulator whose drift leans against its
    own past forgets it slowly or never, as a moving average that cannot be inverted does; then
    compare several pasts by `log_density`, as `keras_wgan.market.states` does.

    Example:
    ```python
    import numpy as np
    from keras import ops
    from keras_wgan.networks import explain_returns, market_generator

    generator = market_generator(days=80, history=40)
    noise = np.random.default_rng(0).normal(size=(1, 120, 1)).astype("float32")
    returns = ops.convert_to_numpy(generator(noise))
    found = explain_returns(generator, returns).noise
    np.testing.assert_allclose(found, noise[:, 40:], atol=1e-3)
    ```

    Args:
        generator: What `market_generator` returned, for any number of days.
        returns: `(batch, days, assets)` returns on its scale, in the order of time, at least 60
            days.
        before: `(batch, history, assets)` noise before the first day. Defaults to `None`, neutral
            days, which leave every memory at its mean.

    Returns:
        The noise, each day's volatility, and how likely the returns are.

    Raises:
        ValueError: If the generator is another network, the shapes do not fit, a return is not
            finite, there are fewer than 60 days, or the rounds do not settle.
    """
    history = with_days(generator, BLOCK).get_layer("memory").history
    observed = _observed(returns, generator.output_shape[-1])
    backwards = _Backwards(generator, history)
    past = np.repeat(backwards.neutral()[None], len(observed), axis=0)
    if before is not None:
        known = _before(before, (len(observed), history, observed.shape[2]))
        past = np.concatenate([past[:, history:], known], axis=1)
    blocks = []
    for first in range(0, observed.shape[1], BLOCK):
        blocks.append(backwards.solve(observed[:, first : first + BLOCK], past))
        past = np.concatenate([past, blocks[-1].noise], axis=1)[:, -past.shape[1] :]
    return Explained(
        np.concatenate([block.noise for block in blocks], axis=1),
        np.concatenate([block.volatility for block in blocks], axis=1),
        np.concatenate([block.log_density for block in blocks], axis=1),
    )


class _Backwards:
    """A simulator of one block whose history is so long that nothing older counts."""

    def __init__(self, generator: keras.Model, history: int) -> None:
        assets = generator.output_shape[-1]
        longest = max(generator.get_layer("memory").half_lives)
        self.history = max(history, math.ceil(FORGOTTEN * longest))
        whole = market_generator(BLOCK, history=self.history, assets=assets)
        whole.set_weights(generator.get_weights())
        names = ("log_volatility", "drift")
        self.state = keras.Model(whole.input, [whole.get_layer(name).output for name in names])
        self.mean = _numpy(whole.get_layer("mean").mean)
        self.mixing = _numpy(whole.get_layer("shocks").factor()) if assets > 1 else np.eye(1)
        weights, scales, middle, self.deviation = whole.get_layer("tail").shape()
        self.weights, self.scales = (list(map(_numpy, pair)) for pair in (weights, scales))
        self.middle, self.deviation = _numpy(middle), _numpy(self.deviation)

    def neutral(self) -> Array:
        """Returns noise that leaves every memory, of shocks and of sizes, near zero.

        All shocks have mean size: to the memory of sizes, days without any shock would be the
        deepest calm. Their signs are the Thue-Morse sequence, counted back from the last day,
        whose averages cancel at every half-life.
        """
        signs = [1.0 - 2.0 * (age.bit_count() % 2) for age in reversed(range(self.history))]
        shocks = math.sqrt(2 / math.pi) * np.array(signs)[:, None] * np.ones(len(self.mixing))
        return self._unmixed(shocks)

    def solve(self, observed: Array, past: Array) -> Explained:
        """Explains the returns of one block, given all noise before it."""
        batch, days, assets = observed.shape
        noise = np.zeros((batch, BLOCK, assets))
        for _ in range(BLOCK + SPARE_ROUNDS):
            inputs = np.concatenate([past, noise], axis=1).astype("float32")
            log_volatility, drift = (
                np.asarray(part, np.float64)[:, :days]
                for part in self.state.predict_on_batch(inputs)
            )
            shocks, log_slope = self._untailed(
                (observed - self.mean) * np.exp(-log_volatility) - drift
            )
            found = self._unmixed(shocks)
            change, noise[:, :days] = np.abs(found - noise[:, :days]).max(), found
            if change < CLOSE_ENOUGH:
                density = -(found**2) / 2 - log_volatility - log_slope
                return Explained(found, np.exp(log_volatility), density.sum(axis=2))
        raise InvalidInputError(
            f"`returns` could not be explained: the noise of a day still moves by {change:.1g} "
            f"after {BLOCK + SPARE_ROUNDS} rounds, so this generator is too wild to be run "
            f"backwards. Received: returns up to {np.abs(observed).max():.1f} on its scale. "
            "Train longer, or leave that spell out."
        )

    def _untailed(self, moves: Array) -> tuple[Array, Array]:
        """Undoes `TwoSidedTail`: z exp(h z^2 / 2) = u is solved by z^2 = W(h u^2) / h."""
        bent = moves * self.deviation + self.middle
        weight, scale = (
            np.where(bent < 0.0, losses, gains) for losses, gains in (self.weights, self.scales)
        )
        branch = lambertw(weight * (bent / scale) ** 2).real  # h z^2
        shocks = np.sign(bent) * np.sqrt(branch / weight)
        return shocks, np.log(scale / self.deviation) + branch / 2 + np.log1p(branch)

    def _unmixed(self, shocks: Array) -> Array:
        return np.asarray(shocks @ np.linalg.inv(self.mixing).T)


def _numpy(tensor: object) -> Array:
    return np.asarray(ops.convert_to_numpy(tensor), np.float64)


def _observed(returns: ArrayLike, assets: int) -> Array:
    observed = np.asarray(returns, np.float64)
    if observed.ndim != 3 or observed.shape[2] != assets or observed.shape[1] < MIN_OBSERVED:
        raise InvalidInputError(
            f"`returns` must be (batch, days, {assets}) with at least {MIN_OBSERVED} days; 250 "
            f"or more are wanted. Received: returns.shape={observed.shape}"
        )
    if not np.isfinite(observed).all():
        raise InvalidInputError(
            f"`returns` must be finite. Received: {np.sum(~np.isfinite(observed))} that are not. "
            "Look for a gap in the prices."
        )
    return observed


def _before(before: ArrayLike, shape: tuple[int, ...]) -> Array:
    past = np.asarray(before, np.float64)
    if past.shape != shape:
        raise InvalidInputError(
            f"`before` must be (batch, history, assets), here {shape}. "
            f"Received: before.shape={past.shape}"
        )
    return past
