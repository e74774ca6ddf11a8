"""How does a trained model simulate a market, for any number of days?"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.latents import Latent
from keras_wgan.market.states import InitialStates, VolatilityState, percentile_band
from keras_wgan.networks import MarketGenerator
from keras_wgan.wgan_gp import WGANGP

if TYPE_CHECKING:
    from keras_wgan.data import Scaler

BATCH = 256
PASTS = 1  # tells the seed of the pasts from that of the days after them


class PathSimulator:
    """A trained model with the face of the baselines: `sample(n, days, seed)`.

    Of a `market_generator` it also draws paths that begin in a chosen state.

    Example:
    ```python
    from keras_wgan.experiments import recipes
    from keras_wgan.market import PathSimulator
    from keras_wgan.data import Source

    recipe = recipes.get("sp500").with_settings({"latent_size": 60})
    data = recipe.task.load(Source("bundled", start="2016-01-01"))
    market = PathSimulator("untrained", recipe.build(seed=1), data.facts.scaler)
    assert market.sample(3, days=250, seed=0).shape == (3, 250)
    ```

    Args:
        name: What tables and pictures call it.
        model: A trained `WGANGP`. A `market_generator` runs over any number of days, another
            network over the windows that it was trained on.
        scaler: From log returns a day to the scale of the model.
    """

    def __init__(self, name: str, model: WGANGP, scaler: Scaler) -> None:
        self.name, self.model, self.scaler = name, model, scaler

    def sample(self, n: int, days: int, seed: int) -> NDArray[np.float64]:
        """Draws paths.

        Args:
            n: How many.
            days: How long.
            seed: The same seed gives the same paths.

        Returns:
            `(n, days)` log returns a day.

        Raises:
            ValueError: If the network's length is fixed and another one.
        """
        return self.in_log_returns(self.draw(n, days, seed))

    def sample_after(self, returns: ArrayLike, n: int, days: int, seed: int) -> NDArray[np.float64]:
        """Draws paths that go on from observed returns.

        The returns are turned back into the noise that explains them. All paths share it, and so
        the volatility of their first day; their own days are drawn anew.

        Example:
        ```python
        import numpy as np
        from keras_wgan.experiments import recipes
        from keras_wgan.market import PathSimulator
        from keras_wgan.data import Source

        recipe = recipes.get("sp500").with_settings({"latent_size": 60})
        data = recipe.task.load(Source("bundled", start="2017-01-01"))
        market = PathSimulator("untrained", recipe.build(seed=1), data.facts.scaler)
        paths = market.sample_after(data.history[-60:], 10, days=20, seed=0)
        assert paths.shape == (10, 20)
        ```

        Args:
            returns: `(days,)` log returns a day in the order of time, or `(days, assets)`. At
                least 60; 504 are used, and with fewer than 250 the state is a rough one.
            n: How many paths.
            days: How long.
            seed: The same seed gives the same paths.

        Returns:
            `(n, days)` log returns a day, or `(n, days, assets)`.

        Raises:
            ValueError: If the network is no market generator, or the returns are too few, not
                finite, or cannot be explained.
        """
        return self.in_log_returns(self.draw(n, days, seed, self.past_of(returns)))

    def sample_in_regime(
        self, n: int, days: int, seed: int, percentile: str | float | tuple[float, float]
    ) -> NDArray[np.float64]:
        """Draws paths whose first day has a chosen volatility.

        Only the state in which a path begins is chosen. No path is looked at, and none is left
        out, so what follows is as the simulator would have it after such a day.

        Args:
            n: How many.
            days: How long.
            seed: The same seed gives the same paths.
            percentile: Of the first day's volatility among all days of the simulator: `"calm"`
                (0 to 25), `"normal"` (25 to 75) or `"crisis"` (95 to 100), a number, which stands
                for 2.5 points to each side, or the lowest and the highest.

        Returns:
            `(n, days)` log returns a day, or `(n, days, assets)`.

        Raises:
            ValueError: If the network is no market generator, or the percentile none.
        """
        return self.in_log_returns(self.draw(n, days, seed, self.pasts_in(n, percentile, seed)))

    def volatility_today(self, returns: ArrayLike) -> VolatilityState:
        """Returns how wild the day after observed returns is expected to be.

        Args:
            returns: As for `sample_after`.

        Returns:
            The daily volatility, also for a year, and its percentile.

        Raises:
            ValueError: As `sample_after`.
        """
        states = self.states()
        return states.state(states.after(self._scaled(returns)))

    def volatility_of(self, returns: ArrayLike) -> NDArray[np.float64]:
        """Returns each observed day's volatility, as the days before it let the model expect.

        Args:
            returns: As for `sample_after`, at least 756 days.

        Returns:
            `(days,)` volatilities of a log return a day, NaN on the first 504 days; the mean over
            several assets.

        Raises:
            ValueError: As `sample_after`.
        """
        return self.states().filtered(self._scaled(returns))

    def past_of(self, returns: ArrayLike) -> NDArray[np.float32]:
        """Returns the noise `(history, assets)` that observed returns leave behind, for `draw`."""
        return self.states().after(self._scaled(returns))

    def pasts_in(
        self, n: int, percentile: str | float | tuple[float, float], seed: int | None
    ) -> NDArray[np.float32]:
        """Returns `(n, history, assets)` noise before days of a chosen volatility, for `draw`."""
        return np.concatenate(list(self.past_batches(n, percentile, seed)))

    def past_batches(
        self, n: int, percentile: str | float | tuple[float, float], seed: int | None
    ) -> Iterator[NDArray[np.float32]]:
        """Yields what `pasts_in` returns, without ever holding all of it, for `draw_batches`."""
        band = percentile_band(percentile)
        own = None if seed is None else _seed_of_pasts(seed)
        return self.states().draw_batches(n, band, own)

    def states(self) -> InitialStates:
        """Returns the states in which paths begin, with the present weights."""
        generator = self._over(1)
        latent = _reshaped(self.model.latent, generator.history, generator)
        return InitialStates(generator, latent, self.scaler.scale)

    def draw(
        self, n: int, days: int, seed: int | None, past: ArrayLike | None = None
    ) -> NDArray[np.float32]:
        """Draws paths on the scale that the model was trained on.

        Args:
            n: How many.
            days: How long.
            seed: The same seed gives the same paths; `None` gives new ones each time.
            past: `(history, assets)` noise before the first day, for all paths, or
                `(n, history, assets)`. Defaults to `None`, random noise.

        Returns:
            `(n, days, assets)` scaled returns.
        """
        given = None if past is None else np.asarray(past, np.float32)
        pasts = iter([given]) if given is not None and given.ndim == 3 else given
        return np.concatenate(list(self.draw_batches(n, days, seed, pasts)))

    def draw_batches(
        self,
        n: int,
        days: int,
        seed: int | None,
        past: NDArray[np.float32] | Iterator[NDArray[np.float32]] | None = None,
    ) -> Iterator[NDArray[np.float32]]:
        """Yields the paths that `draw` returns, without ever holding all of them.

        Example:
        ```python
        from keras_wgan.experiments import recipes
        from keras_wgan.market import PathSimulator
        from keras_wgan.data import Source

        recipe = recipes.get("sp500").with_settings({"latent_size": 60})
        data = recipe.task.load(Source("bundled", start="2017-01-01"))
        market = PathSimulator("untrained", recipe.build(seed=1), data.facts.scaler)
        batches = market.draw_batches(300, days=20, seed=0)
        assert [len(market.in_log_returns(batch)) for batch in batches] == [256, 44]
        ```

        Args:
            n: How many.
            days: How long.
            seed: The same seed gives the same paths; `None` gives new ones each time.
            past: `(history, assets)` noise before the first day, for all paths, or an iterator of
                `(some, history, assets)` for one path after the other. Defaults to `None`, random
                noise.

        Returns:
            An iterator of `(batch, days, assets)` scaled returns.

        Raises:
            ValueError: If the network's length is fixed and another one.
        """
        if past is None and days == self.model.generator.output_shape[1]:
            return self.model.generate_batches(n, seed=seed, batch_size=BATCH)
        return self._batches(self._over(days), n, seed, past)

    def _batches(
        self,
        generator: MarketGenerator,
        n: int,
        seed: int | None,
        past: NDArray[np.float32] | Iterator[NDArray[np.float32]] | None,
    ) -> Iterator[NDArray[np.float32]]:
        latent = _reshaped(self.model.latent, generator.history + generator.days, generator)
        noise, size = keras.random.SeedGenerator(seed), min(n, BATCH)
        pasts = _regrouped(past, size) if isinstance(past, Iterator) else itertools.repeat(past)
        # Whole batches, so that the first paths of a seed do not depend on how many there are.
        for first in range(0, n, size):
            inputs, before = latent.sample(size, noise), next(pasts)
            if before is not None:
                inputs = _with_past(inputs, before)
            paths = ops.convert_to_numpy(generator.model(inputs, training=False))
            yield paths[: n - first].astype(np.float32)

    def in_log_returns(self, samples: NDArray[np.float32]) -> NDArray[np.float64]:
        """Brings what `draw` returned to log returns a day, without an axis for one asset."""
        returns = self.scaler.inverse(samples).astype(np.float64)
        return returns[..., 0] if returns.ndim == 3 and returns.shape[-1] == 1 else returns

    def _over(self, days: int) -> MarketGenerator:
        generator = MarketGenerator(self.model.generator).with_days(days)
        generator.model.set_weights(self.model.sampling_weights())
        return generator

    def _scaled(self, returns: ArrayLike) -> NDArray[np.float64]:
        observed = np.asarray(returns, np.float64)
        assets = self.model.generator.output_shape[-1]
        if observed.ndim == 1 and assets == 1:
            observed = observed[:, None]
        if observed.ndim != 2 or observed.shape[1] != assets:
            shape = "(days,)" if assets == 1 else f"(days, {assets})"
            raise InvalidInputError(
                f"`returns` must be {shape} log returns, as the model was trained on. "
                f"Received: returns.shape={observed.shape}"
            )
        return np.asarray(self.scaler.transform(observed))


def _seed_of_pasts(seed: int) -> int:
    """Another seed, else the days of a path could be drawn from the very numbers of some past."""
    (state,) = np.random.SeedSequence([seed, PASTS]).generate_state(1)
    return int(state) % 2**31


def _reshaped(latent: Latent, days: int, generator: MarketGenerator) -> Latent:
    return type(latent).from_config({**latent.get_config(), "size": [days, generator.assets]})


def _with_past(inputs: Any, past: NDArray[np.float32]) -> NDArray[np.float32]:
    noise = np.array(ops.convert_to_numpy(inputs))
    noise[:, : past.shape[-2]] = past
    return noise


def _regrouped(blocks: Iterator[NDArray[np.float32]], size: int) -> Iterator[NDArray[np.float32]]:
    """Yields `size` rows at a time, the last ones again where too few are left."""
    left = next(blocks)
    for block in blocks:
        left = np.concatenate([left, block])
        while len(left) > size:
            yield left[:size]
            left = left[size:]
    while len(left):
        yield np.resize(left[:size], (size, *left.shape[1:]))
        left = left[size:]
