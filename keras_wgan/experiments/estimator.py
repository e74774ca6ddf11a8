"""The market simulator as a scikit-learn estimator, for libraries such as skfolio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from keras_wgan._validation import whole_number
from keras_wgan.data import ReturnsData, ReturnsFacts, Scaler, rolling_windows
from keras_wgan.errors import DivergenceError, InvalidInputError

if TYPE_CHECKING:
    from keras_wgan.market.simulator import PathSimulator

MIN_DAYS = 120  # two windows that share no day
MAX_SEED = 2**31 - 1


class MarketSimulator(BaseEstimator):
    """The recipe `sp500` on the returns of any assets, as a scikit-learn estimator.

    `fit` trains the simulator on linear returns, `price / price yesterday - 1`, as skfolio uses
    them; inside it works with log returns. Put it into
    `skfolio.prior.SyntheticData(distribution_estimator=MarketSimulator())`, and a portfolio is
    optimized on simulated days instead of the few that happened.

    A sample is a day with one linear return for each asset. Days come in paths of `days` days, so
    that clustering and drawdowns are kept within a path; each path begins in a state of its own.
    This is not a forecast: the paths begin in all states that the market has been in, not only in
    today's.

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
        history: Days of noise before each path, at least 20. Defaults to `504`, two years.
        random_state: A whole number fixes training and samples: each call of `sample` then gives
            the same days. A NumPy `RandomState` continues from call to call. Defaults to `None`,
            other days each time.
        verbose: As for Keras' `fit`. Defaults to `0`.
    """

    def __init__(
        self,
        epochs: int | None = None,
        batch_size: int | None = None,
        history: int = 504,
        random_state: int | np.random.RandomState | None = None,
        verbose: int = 0,
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.history = history
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Trains on returns.

        Args:
            X: `(days, assets)` linear returns in the order of time, at least 120 days; an array or
                a DataFrame.
            y: Ignored, as is scikit-learn's custom.

        Returns:
            The estimator itself, with `model_` (a `WGANGP`), `market_` (a `PathSimulator`, which
            makes log returns), `losses_` (a row an epoch), `n_features_in_`, and for a DataFrame
            `feature_names_in_`.

        Raises:
            ValueError: If there are too few days, a value is missing or is no linear return above
                -1, or an asset never moves.
            FloatingPointError: If training diverged.
        """
        # Imported here: Keras chooses its backend when it is imported.
        import keras

        from keras_wgan.experiments import recipes
        from keras_wgan.experiments.settings import WINDOW
        from keras_wgan.market.simulator import PathSimulator

        log_returns = np.log1p(_check_returns(validate_data(self, X, dtype=np.float64)))
        given = {"epochs": self.epochs, "batch_size": self.batch_size, "latent_size": self.history}
        recipe = recipes.get("sp500").with_settings(
            {name: value for name, value in given.items() if value is not None}
        )
        windows = rolling_windows(log_returns, WINDOW)
        scaler = Scaler.standard(log_returns)
        seed = self._seed()
        samples = scaler.transform(windows).astype(np.float32)
        columns, (days, assets) = pd.DataFrame(log_returns), log_returns.shape
        facts = ReturnsFacts(
            source="X",
            tickers=tuple(map(str, columns)),
            first_day="0",
            last_day=str(days - 1),
            last_prices=(1.0,) * assets,
            returns=days,
            windows=len(windows),
            scaler=scaler,
        )
        data = ReturnsData(samples, columns, facts)
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
        self.market_: PathSimulator = PathSimulator("market simulator", model, scaler)
        return self

    def sample(
        self, n_samples: int = 1, conditioning: None = None, days: int = 250
    ) -> NDArray[np.float64]:
        """Draws days.

        Args:
            n_samples: The number of days.
            conditioning: Not supported; skfolio's `sample_args` may name it. Defaults to `None`.
            days: The days of a path; the last path may be cut. Shorter paths begin in more states
                of the market, and take longer to draw. Defaults to `250`, a year.

        Returns:
            `(n_samples, assets)` linear returns.

        Raises:
            ValueError: If a number is below 1, or something is given as `conditioning`.
            NotFittedError: Before `fit`.
        """
        if conditioning is not None:
            raise InvalidInputError(
                "`conditioning` is not supported: the simulator cannot draw days given a return. "
                f"Received: conditioning={conditioning!r}. Leave it out, or choose among the "
                "samples."
            )
        whole_number("n_samples", n_samples)
        whole_number("days", days)
        length = min(days, n_samples)
        paths = self.sample_paths(-(-n_samples // length), length)
        return paths.reshape(-1, paths.shape[-1])[:n_samples]

    def sample_paths(self, n: int, days: int) -> NDArray[np.float64]:
        """Draws paths of any length.

        Args:
            n: The number of paths.
            days: The days of each path.

        Returns:
            `(n, days, assets)` linear returns.

        Raises:
            ValueError: If a number is below 1.
            NotFittedError: Before `fit`.
        """
        check_is_fitted(self, "market_")
        whole_number("n", n)
        whole_number("days", days)
        log_returns = self.market_.sample(n, days, self._seed())
        return np.expm1(log_returns).reshape(n, days, self.n_features_in_)

    def _seed(self) -> int:
        return int(check_random_state(self.random_state).randint(MAX_SEED))


def _check_returns(returns: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(returns) < MIN_DAYS:
        raise InvalidInputError(
            f"`X` must hold at least {MIN_DAYS} days, and some years to learn anything. "
            f"Received: X.shape={returns.shape}"
        )
    if returns.min() <= -1.0 or np.median(np.abs(returns)) > 0.5:
        raise InvalidInputError(
            "`X` must be daily linear returns, where 0.01 is 1%, all above -1. Received: values "
            f"from {returns.min():g} to {returns.max():g}. Turn prices into returns first: "
            "prices.pct_change().dropna()"
        )
    return returns
