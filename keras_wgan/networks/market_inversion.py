"""Inversion of a market generator: the noise that explains observed returns."""

import math
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array
from keras_wgan.errors import InvalidInputError
from keras_wgan.networks._numbers import numbers
from keras_wgan.networks.market import MarketGenerator

Array = NDArray[np.float64]

MIN_OBSERVED = 60  # days; with fewer the state depends mostly on the noise assumed before them
TOLERANCE = 1e-5  # the largest change of any day's noise in the last iteration
BLOCK = 64  # days that are solved together
SPARE_ITERATIONS = 20  # beyond one for each day, for rounding
MEMORY_HALF_LIVES = 14  # after as many half-lives a shock weighs less than 1e-4


@dataclass(frozen=True, eq=False)
class ExplainedReturns:
    """Observed returns explained by a market generator.

    Args:
        noise: `(batch, days, assets)` standard normals that give these returns.
        volatility: `(batch, days, assets)` volatility of each day, known the day before, on the
            generator's scale, at a relative volatility of the market of one.
        log_share: `(batch, days)` logarithm of that relative volatility, 0 of one asset.
        log_density: `(batch, days)` log density of each day's returns given the days before, up to
            a constant.
    """

    noise: Array
    volatility: Array
    log_share: Array
    log_density: Array


def explain_returns(
    generator: keras.Model, returns: ArrayLike, before: ArrayLike | None = None
) -> ExplainedReturns:
    """Finds the noise from which a market generator makes exactly these returns.

    Volatility and drift of a day depend on the days before it alone, so the first day can be
    solved, then the second, and so on. The days of a block are solved together by fixed-point
    iteration: after iteration t, day t is exact.

    The answer depends on the noise before the first day. A generator whose drift leans against its
    own past forgets that noise slowly or never, like a moving average that is not invertible; then
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
        generator: A model that `market_generator` returned, for any number of days.
        returns: `(batch, days, assets)` returns on its scale, in the order of time, at least 60
            days.
        before: `(batch, history, assets)` noise before the first day. Defaults to `None`, no days:
            every average is at its mean.

    Returns:
        The noise, each day's volatility, and the log density of the returns.

    Raises:
        ValueError: If the generator is another network, the shapes do not fit, a return is not
            finite, there are fewer than 60 days, or the iteration does not converge.
    """
    market = MarketGenerator(generator)
    observed = _observed(returns, market.assets)
    inverse = _Inverse(market)
    past = np.zeros((len(observed), 0, market.assets))
    if before is not None:
        past = _before(before, (len(observed), market.history, market.assets))
    blocks = []
    for first in range(0, observed.shape[1], BLOCK):
        blocks.append(inverse.solve(observed[:, first : first + BLOCK], past))
        past = np.concatenate([past, blocks[-1].noise], axis=1)[:, -inverse.history :]
    return ExplainedReturns(
        np.concatenate([block.noise for block in blocks], axis=1),
        np.concatenate([block.volatility for block in blocks], axis=1),
        np.concatenate([block.log_share for block in blocks], axis=1),
        np.concatenate([block.log_density for block in blocks], axis=1),
    )


class _Inverse:
    """A generator of one block whose history is so long that nothing older counts."""

    def __init__(self, market: MarketGenerator) -> None:
        longest = math.ceil(MEMORY_HALF_LIVES * max(market.half_lives))
        self.history = max(market.history, longest)
        self.state = market.remembering(BLOCK, self.history)
        self.offset = numbers(market.mean.mean)
        self.shocks = market.form.inverse()

    def solve(self, observed: Array, past: Array) -> ExplainedReturns:
        """Explains the returns of one block, given all noise before it."""
        batch, days, assets = observed.shape
        noise = np.zeros((batch, BLOCK, assets))
        missing = ((0, 0), (self.history - past.shape[1], 0), (0, 0))
        present = np.pad(np.ones((batch, past.shape[1] + BLOCK, 1), "float32"), missing)
        past = np.pad(past, missing)
        for _ in range(BLOCK + SPARE_ITERATIONS):
            inputs = np.concatenate([past, noise], axis=1).astype("float32")
            log_volatility, drift, log_share = (
                np.asarray(part, np.float64)[:, :days]
                for part in self.state.predict_on_batch([inputs, present])
            )
            log_share = log_share[..., 0]
            found, log_slope = self.shocks.noise(
                (observed - self.offset) * np.exp(-log_volatility) - drift, log_share
            )
            change, noise[:, :days] = np.abs(found - noise[:, :days]).max(), found
            if change < TOLERANCE:
                density = (-(found**2) / 2 - log_volatility).sum(axis=2) - log_slope
                return ExplainedReturns(found, np.exp(log_volatility), log_share, density)
        raise InvalidInputError(
            f"`returns` cannot be explained: the noise of a day still changes by {change:.1g} "
            f"after {BLOCK + SPARE_ITERATIONS} iterations, so this generator cannot be inverted. "
            f"Received: returns up to {np.abs(observed).max():.1f} on the generator's scale. "
            "Train longer, or leave out the days with the largest returns."
        )


def _observed(returns: ArrayLike, assets: int) -> Array:
    observed = finite_array("returns", returns, unit="returns")
    if observed.ndim != 3 or observed.shape[2] != assets or observed.shape[1] < MIN_OBSERVED:
        raise InvalidInputError(
            f"`returns` must be (batch, days, {assets}) with at least {MIN_OBSERVED} days; 250 "
            f"or more are better. Received: returns.shape={observed.shape}"
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
