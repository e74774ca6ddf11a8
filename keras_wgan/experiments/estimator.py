"""The market simulator as a scikit-learn estimator, for libraries such as skfolio."""

from __future__ import annotations

import dataclasses
import reprlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import Tags, check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from keras_wgan._validation import whole_number
from keras_wgan.errors import DivergenceError, InvalidInputError
from keras_wgan.experiments.day_sampling import TODAY, DaySampling, Given
from keras_wgan.experiments.linear_returns import checked_linear, data_of_linear

if TYPE_CHECKING:
    from keras_wgan.market.simulator import PathSimulator

MAX_SEED = 2**31 - 1
MAX_DRAWN = 200  # simulated days for each one that is sampled given a return
SPARE = 50  # further samples that the draw is long enough for, so that a few are not left to chance


class MarketSimulator(BaseEstimator):
    """The recipes `sp500` and `portfolio`, of one asset and of several, as an estimator.

    `fit` trains a simulator on linear returns, `price / price yesterday - 1`, as scikit-learn and
    skfolio pass them; inside it works with log returns. Put it into
    `skfolio.prior.SyntheticData(distribution_estimator=MarketSimulator())`, and a portfolio is
    optimized on simulated days instead of the few that happened.

    A sample is a day with one linear return for each asset. Days come in paths of `days` days, so
    that clustering and drawdowns are kept within a path; each path begins in a state of its own.
    This is a forecast with `DaySampling(start="today")` alone: otherwise paths begin in all states
    that the market has been in.

    Example:
    ```python
    from keras_wgan.experiments import MarketSimulator
    from sklearn.base import clone

    simulator = MarketSimulator(epochs=200, history=504, random_state=0)
    # After `simulator.fit(X)`, `simulator.sample(1000)` holds a thousand days.
    assert clone(simulator).get_params() == simulator.get_params()
    ```

    Args:
        epochs: Passes over the windows. Defaults to `None`, the recipe's number.
        batch_size: Windows in a step. Defaults to `None`, the recipe's number.
        history: Days of noise before each path. Defaults to `504`, two years.
        random_state: A whole number fixes training and samples: each call of `sample` then gives
            the same days. A NumPy `RandomState` continues from call to call. Defaults to `None`,
            other days each time.
        verbose: As for Keras' `fit`. Defaults to `0`.
        sampling: Where paths begin, how long they are and which returns are given. It is checked
            against the assets before the training; `sample` may be asked for another. Defaults to
            `None`, `DaySampling()`.
    """

    def __init__(
        self,
        epochs: int | None = None,
        batch_size: int | None = None,
        history: int = 504,
        random_state: int | np.random.RandomState | None = None,
        verbose: int = 0,
        sampling: DaySampling | None = None,
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.history = history
        self.random_state = random_state
        self.verbose = verbose
        self.sampling = sampling

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Trains on returns.

        Args:
            X: `(days, assets)` linear returns in the order of time, at least 120 days; an array or
                a DataFrame. An asset may begin later than others, with NaN before.
            y: Ignored, as is scikit-learn's custom.

        Returns:
            The estimator itself, with `model_` (a `WGANGP`), `market_` (a `PathSimulator`, which
            makes log returns), `losses_` (a row an epoch), `n_features_in_`, and for a DataFrame
            `feature_names_in_`.

        Raises:
            ValueError: If there are too few days on which all assets have a return, a value is
                missing after an asset's first, or is no linear return above -1, or an asset never
                moves.
            FloatingPointError: If training diverged.
        """
        # Imported here: Keras chooses its backend when it is imported.
        import keras

        from keras_wgan.experiments import recipes
        from keras_wgan.market.noise_search import OBSERVED
        from keras_wgan.market.simulator import PathSimulator

        given = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan")
        linear = checked_linear(pd.DataFrame(given, columns=self._names()))
        spreads = linear.std(ddof=0).to_numpy()
        self.checked_sampling().bounds(self._names(), spreads)  # before minutes of training
        data, seed = data_of_linear(linear), self._seed()
        asked = {"epochs": self.epochs, "batch_size": self.batch_size, "latent_size": self.history}
        recipe = recipes.get("sp500" if data.assets == 1 else "portfolio").with_settings(
            {name: value for name, value in asked.items() if value is not None}
        )
        model = recipe.build_for(data, seed)
        history = model.fit(
            recipe.batches(data, seed),
            shuffle=False,  # the batches shuffle themselves, from the seed
            epochs=recipe.settings.epochs,
            callbacks=[keras.callbacks.TerminateOnNaN()],
            verbose=self.verbose,
        )
        losses = pd.DataFrame(history.history)
        if not np.isfinite(losses["loss"].iloc[-1]):
            raise DivergenceError(
                f"Training diverged in epoch {len(losses)}. Look for wrong prices behind `X`, or "
                "fit with another `random_state`."
            )
        self.model_, self.losses_ = model, losses
        self.market_: PathSimulator = PathSimulator("market simulator", model, data.facts.scaler)
        self.recent_, self.spreads_ = data.history.to_numpy()[-OBSERVED:], spreads
        return self

    def sample(
        self,
        n_samples: int = 1,
        conditioning: Mapping[str | int, Given] | None = None,
        days: int | None = None,
        start: str | float | None = None,
    ) -> NDArray[np.float64]:
        """Draws days.

        Args:
            n_samples: The number of days.
            conditioning: As for `DaySampling`. Given returns take days out of their paths, one by
                one. Defaults to `None`, that of `sampling`.
            days: The days of a path; the last path may be cut. Defaults to `None`, that of
                `sampling`, 250.
            start: As for `DaySampling`. Defaults to `None`, that of `sampling`, any state.

        Returns:
            `(n_samples, assets)` linear returns.

        Raises:
            ValueError: If a number is below 1, an argument is not one of `DaySampling`, or the
                given returns happen on too few days.
            NotFittedError: Before `fit`.
        """
        check_is_fitted(self, "market_")
        whole_number("n_samples", n_samples)
        own = self.checked_sampling()
        sampling = DaySampling(
            own.start if start is None else start,
            own.days if days is None else days,
            own.conditioning if conditioning is None else conditioning,
        )
        bounds = sampling.bounds(self._names(), self.spreads_)
        if bounds is not None:
            return self._given(n_samples, sampling, *bounds)
        length = min(sampling.days, n_samples)
        batches = self._paths(-(-n_samples // length), dataclasses.replace(sampling, days=length))
        return np.concatenate([batch.reshape(-1, batch.shape[-1]) for batch in batches])[:n_samples]

    def sample_paths(
        self, n: int, days: int, start: str | float | None = None
    ) -> NDArray[np.float64]:
        """Draws paths of any length.

        Args:
            n: The number of paths.
            days: The days of each path.
            start: As for `DaySampling`. Defaults to `None`, that of `sampling`, any state.

        Returns:
            `(n, days, assets)` linear returns.

        Raises:
            ValueError: If a number is below 1, or there is no such start.
            NotFittedError: Before `fit`.
        """
        check_is_fitted(self, "market_")
        whole_number("n", n)
        own = self.checked_sampling()
        sampling = DaySampling(own.start if start is None else start, days)
        return np.concatenate(list(self._paths(n, sampling)))

    def checked_sampling(self) -> DaySampling:
        """Returns `sampling`, or its default."""
        if self.sampling is not None and not isinstance(self.sampling, DaySampling):
            raise InvalidInputError(
                f"`sampling` must be a DaySampling. Received: {reprlib.repr(self.sampling)}"
            )
        return self.sampling or DaySampling()

    def _paths(self, n: int, sampling: DaySampling) -> Iterator[NDArray[np.float64]]:
        """Yields `(some, days, assets)` linear returns of `n` paths."""
        market, seed = self.market_, self._seed()
        past: NDArray[np.float32] | Iterator[NDArray[np.float32]] | None = None
        if sampling.start == TODAY:
            past = market.states().after(market.scaled(self.recent_))
        elif sampling.percentile is not None:
            past = market.states().draw_batches(n, sampling.percentile, seed)
        for batch in market.draw_batches(n, sampling.days, seed, past):
            yield np.expm1(market.in_log_returns(batch)).reshape(batch.shape)

    def _given(
        self,
        n_samples: int,
        sampling: DaySampling,
        low: NDArray[np.float64],
        high: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Draws days until enough lie within the bounds; refuses bounds that few of them meet."""
        found: list[NDArray[np.float64]] = []
        drawn = kept = 0
        most = MAX_DRAWN * (n_samples + SPARE)
        for batch in self._paths(-(-most // sampling.days), sampling):
            days = batch.reshape(-1, batch.shape[-1])
            found.append(days[((low <= days) & (days <= high)).all(axis=1)])
            drawn, kept = drawn + len(days), kept + len(found[-1])
            if kept >= n_samples:
                return np.concatenate(found)[:n_samples]
        raise InvalidInputError(
            f"`conditioning` must happen on at least one of {MAX_DRAWN} simulated days. Received: "
            f"{dict(sampling.conditioning or {})}, on {kept:,} of {drawn:,} days; {n_samples:,} "
            'were wanted. Give wider bounds, or begin in a crisis: start="crisis", days=20.'
        )

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True  # before an asset begins
        return tags

    def _names(self) -> list[str]:
        given = getattr(self, "feature_names_in_", range(self.n_features_in_))
        return [str(name) for name in given]

    def _seed(self) -> int:
        return int(check_random_state(self.random_state).randint(MAX_SEED))
