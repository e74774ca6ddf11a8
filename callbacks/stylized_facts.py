"""A callback that measures the stylized facts of generated returns."""

from collections.abc import Callable

import numpy as np

from keras_wgan._sampling import Sampler
from keras_wgan._validation import whole_number
from keras_wgan.callbacks.score import ReturnsScore, checked_name
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics import fact_scores, median_ratio, return_facts, sampling_floor, score_ratios

MIN_DAYS = 500  # two blocks of the sampling floor
MIN_WINDOW = 21  # days, longer than the longest lag of the facts


class StylizedFacts(ReturnsScore):
    """Logs the composite of the stylized facts and its parts, against one history of returns.

    `facts_composite` is the mean over the scores of `fact_scores` of |score| / sampling floor: at
    1 the generated windows are as far from the history as another draw of that history would be.
    `facts_median` is the median of the same ratios, and the better one to select by, because a
    single exploding kurtosis does not dominate it. Each score is logged as `facts_<name>`, such as
    `facts_w1` or `facts_leverage`. Pass years that the model does not train on, so that
    `EarlyStopping`, `ModelCheckpoint` or a KerasTuner objective selects on unseen data.

    Example:
    ```python
    import keras
    import numpy as np
    from keras_wgan import WGANGP
    from keras_wgan.callbacks import StylizedFacts

    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(30)])
    critic = keras.Sequential([keras.Input((30,)), keras.layers.Dense(1)])
    model = WGANGP(generator, critic, latent=2)
    model.compile()
    history = 0.01 * np.random.default_rng(1).standard_t(5, size=1000)
    windows = np.lib.stride_tricks.sliding_window_view(history[:400], 30).astype("float32")
    facts = StylizedFacts(history[400:], days=30, samples=100)
    logs = model.fit(windows, callbacks=[facts], verbose=0).history
    assert logs["facts_composite"][-1] > 1.0
    ```

    Args:
        returns: `(days,)` real log returns a day in the order of time, at least 500 of them.
        days: Days in a window that the model makes, at least 21. Defaults to `60`.
        inverse: From the model's output to log returns per day, such as a scaler's `inverse`.
            Defaults to `None`, the model makes log returns.
        samples: How many windows to generate, at least 100. Defaults to `2000`.
        every: Measure in every `every`-th epoch; between, the latest numbers are carried forward.
            Defaults to `1`.
        seed: Fixes the latents of all epochs. Defaults to `0`.
        sampler: A function `(model, count, seed)` that returns samples, for a model without a
            `generate(n, seed=)` method. Defaults to `None`.
        name: The first word of all names in the logs; two in one `fit` need two names. Defaults to
            `"facts"`.

    Raises:
        ValueError: If the history is too short for a sampling floor, or `samples` below 100.
    """

    def __init__(
        self,
        returns: np.ndarray,
        *,
        days: int = 60,
        inverse: Callable[[np.ndarray], np.ndarray] | None = None,
        samples: int = 2000,
        every: int = 1,
        seed: int = 0,
        sampler: Sampler | None = None,
        name: str = "facts",
    ) -> None:
        super().__init__(
            inverse=inverse, samples=samples, every=every, seed=seed, sampler=sampler, name=None
        )
        history = np.asarray(returns, dtype=np.float64)
        if history.ndim == 1 and len(history) < MIN_DAYS:
            raise InvalidInputError(
                f"`returns` must hold at least {MIN_DAYS} days, two years, for a sampling floor. "
                f"Received: {len(history)} days. Use a longer history."
            )
        self.days = whole_number("days", days, minimum=MIN_WINDOW)
        self.floor = sampling_floor(history, days=days)
        self.real = return_facts(np.lib.stride_tricks.sliding_window_view(history, days))
        scores = fact_scores(self.real, self.real)
        self.name = checked_name(name)
        self.names = tuple(self._named(part) for part in ("composite", "median", *scores))
        self.latest = dict.fromkeys(self.names, np.inf)

    def check_days(self, days: int) -> None:
        """Raises ValueError if the model makes windows of another length."""
        if days != self.days:
            raise InvalidInputError(
                "`days` of `StylizedFacts` must be the length of the windows that the model "
                f"makes. Received: days={self.days} for a model that makes {days}. Pass "
                f"days={days}."
            )

    def measure_returns(self, returns: np.ndarray) -> dict[str, float]:
        """Returns the composite, the median and all scores."""
        scores = fact_scores(self.real, return_facts(returns.reshape(len(returns), -1)))
        ratios = score_ratios(scores, self.floor)
        return {
            self._named("composite"): float(np.mean(list(ratios.values()))),
            self._named("median"): median_ratio(ratios),
            **{self._named(name): score for name, score in scores.items()},
        }

    def _named(self, part: str) -> str:
        return f"{self.name}_{part}"
