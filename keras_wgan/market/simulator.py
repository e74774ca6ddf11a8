"""Simulation of paths of any length with a trained model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.market.regimes import Percentile, VolatilityState
from keras_wgan.market.scaled_paths import ScaledPaths


class PathSimulator(ScaledPaths):
    """A trained model with the interface of the baselines: `sample(n, days, seed)`.

    With a `market_generator` it also draws paths that begin in a chosen state.

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
        name: The name in tables and plots.
        model: A trained `WGANGP`. A `market_generator` runs over any number of days, another
            network only over the windows that it was trained on.
        scaler: The scaler from daily log returns to the scale of the model.
        periods_per_year: The number of returns in a year, for volatilities of a year. Defaults to
            `252`.
    """

    def sample(self, n: int, days: int, seed: int) -> NDArray[np.float64]:
        """Draws paths.

        Args:
            n: Number of paths.
            days: Length of a path.
            seed: The same seed gives the same paths.

        Returns:
            `(n, days)` daily log returns, or `(n, days, assets)`.

        Raises:
            ValueError: If the network has another, fixed length.
        """
        return self.in_log_returns(self.draw(n, days, seed))

    def sample_after(self, returns: ArrayLike, n: int, days: int, seed: int) -> NDArray[np.float64]:
        """Draws paths that continue observed returns.

        The returns are turned back into the noise that explains them. All paths share this noise,
        and so the volatility of their first day; their own days are drawn independently.

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
            returns: `(days,)` daily log returns in the order of time, or `(days, assets)`. At
                least 60; 504 are used, and fewer than 250 give a rough state.
            n: Number of paths.
            days: Length of a path.
            seed: The same seed gives the same paths.

        Returns:
            `(n, days)` daily log returns, or `(n, days, assets)`.

        Raises:
            ValueError: If the network is not a market generator, or the returns are too few, not
                finite, or cannot be explained.
        """
        past = self.states().after(self.scaled(returns))
        return self.in_log_returns(self.draw(n, days, seed, past))

    def sample_after_each(
        self, returns: ArrayLike, starts: Sequence[int], n: int, days: int, seeds: Sequence[int]
    ) -> Iterator[NDArray[np.float64]]:
        """Draws paths that continue the first days of observed returns, for many numbers of days.

        The same as `sample_after(returns[:start], ...)` for each start, but the starts of a year
        share one search for the state.

        Args:
            returns: As for `sample_after`.
            starts: Numbers of observed days in ascending order, 60 at least.
            n: Number of paths after each start.
            days: Length of a path.
            seeds: The seed of each start.

        Yields:
            `(n, days)` daily log returns, or `(n, days, assets)`.

        Raises:
            ValueError: As `sample_after`, or if the starts are not in order.
        """
        generator = self.over(days)
        states = self.states().after_each(self.scaled(returns), starts)
        # Compiled, which takes longer than one draw and pays over many.
        make = generator.model.predict_on_batch
        for past, seed in zip(states, seeds, strict=True):
            batches = self._batches(generator, n, seed, past, make)
            yield self.in_log_returns(np.concatenate(list(batches)))

    def sample_in_regime(
        self,
        n: int,
        days: int,
        seed: int,
        percentile: Percentile,
        weights: ArrayLike | None = None,
    ) -> NDArray[np.float64]:
        """Draws paths whose first day has a chosen volatility.

        Only the state in which a path begins is chosen. No path is selected by its days, so they
        are those that the simulator draws after such a state.

        Args:
            n: Number of paths.
            days: Length of a path.
            seed: The same seed gives the same paths.
            percentile: Percentile of the first day's volatility among all days of the simulator:
                `"calm"` (0 to 25), `"normal"` (25 to 75) or `"crisis"` (95 to 100); a number,
                which stands for 2.5 points on each side; or the lowest and the highest.
            weights: `(assets,)` weights of the portfolio whose volatility it is. Defaults to
                `None`, equal weights.

        Returns:
            `(n, days)` daily log returns, or `(n, days, assets)`.

        Raises:
            ValueError: If the network is not a market generator, there is no such percentile, or
                the weights are not one for each asset.
        """
        pasts = self.states(weights).draw(n, percentile, seed)
        return self.in_log_returns(self.draw(n, days, seed, pasts))

    def volatility_today(
        self, returns: ArrayLike, weights: ArrayLike | None = None
    ) -> VolatilityState:
        """Returns the volatility that is expected for the day after observed returns.

        Args:
            returns: As for `sample_after`.
            weights: `(assets,)` weights of the portfolio whose volatility it is. Defaults to
                `None`, equal weights.

        Returns:
            The daily volatility, also for a year, and its percentile.

        Raises:
            ValueError: As `sample_after`.
        """
        states = self.states(weights)
        return states.state(states.after(self.scaled(returns)))

    def volatility_of(
        self, returns: ArrayLike, weights: ArrayLike | None = None
    ) -> NDArray[np.float64]:
        """Returns the volatility that was expected for each observed day the day before.

        Args:
            returns: As for `sample_after`, at least 756 days.
            weights: `(assets,)` weights of the portfolio whose volatility it is. Defaults to
                `None`, equal weights.

        Returns:
            `(days,)` volatilities of a daily log return, NaN on the first 504 days.

        Raises:
            ValueError: As `sample_after`.
        """
        return self.states(weights).filtered(self.scaled(returns))
