"""A callback that compares the moments of generated and real returns."""

from collections.abc import Callable

import numpy as np

from keras_wgan._sampling import Sampler
from keras_wgan.callbacks.score import ReturnsScore
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics import ReturnMoments, moment_distance, return_moments


class Moments(ReturnsScore):
    """Logs how far the moments of generated returns are from real ones, as `moment_distance`.

    It also logs `generated_mean`, `generated_std`, `generated_skew` and `generated_kurtosis`
    (excess), in return units and pooled over all windows. The autocorrelations are in `generated`
    and `real`, two `ReturnMoments`.

    Example:
    ```python
    import keras
    import numpy as np
    from keras_wgan import WGANGP
    from keras_wgan.callbacks import Moments

    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(30)])
    critic = keras.Sequential([keras.Input((30,)), keras.layers.Dense(1)])
    model = WGANGP(generator, critic, latent=2)
    model.compile()
    real = 0.01 * np.random.default_rng(1).normal(size=(128, 30)).astype("float32")
    history = model.fit(real, callbacks=[Moments(real, samples=100)], verbose=0).history
    assert history["moment_distance"][-1] > 0.0
    ```

    Args:
        real_returns: `(windows, days)` or `(windows, days, 1)` real log returns per day, at least
            100 windows of more than 20 days.
        inverse: From the model's output to log returns per day, such as a scaler's `inverse`.
            Defaults to `None`, the model makes log returns.
        samples: How many windows to generate, at least 100. Defaults to `1000`.
        every: Measure in every `every`-th epoch; between, the latest numbers are carried forward.
            Defaults to `1`.
        seed: Fixes the latents of all epochs. Defaults to `0`.
        sampler: A function `(model, count, seed)` that returns samples, for a model without a
            `generate(n, seed=)` method. Defaults to `None`.
        name: The name of the distance in the logs; under another name than the default one the
            generated moments are logged as `<name>_generated_mean` and so on. Defaults to `None`,
            `"moment_distance"`.

    Raises:
        ValueError: If there are fewer than 100 windows on either side, because tails and memory
            cannot be estimated from a few.
    """

    names = (
        "moment_distance",
        "generated_mean",
        "generated_std",
        "generated_skew",
        "generated_kurtosis",
    )

    def __init__(
        self,
        real_returns: np.ndarray,
        *,
        inverse: Callable[[np.ndarray], np.ndarray] | None = None,
        samples: int = 1000,
        every: int = 1,
        seed: int = 0,
        sampler: Sampler | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(
            inverse=inverse, samples=samples, every=every, seed=seed, sampler=sampler, name=name
        )
        self.real = return_moments(real_returns)
        self.generated: ReturnMoments | None = None

    def check_days(self, days: int) -> None:
        """Raises ValueError if no two days of a window are as far apart as the longest lag."""
        if days <= len(self.real.acf):
            raise InvalidInputError(
                f"`Moments` compares autocorrelations up to {len(self.real.acf)} days, for which "
                f"windows must be longer. Received: a model that makes {days} days"
            )

    def measure_returns(self, returns: np.ndarray) -> dict[str, float]:
        """Returns the distance and the generated moments."""
        found = self.generated = return_moments(returns)
        moments = (found.mean, found.std, found.skew, found.excess_kurtosis)
        return dict(zip(self.names, (moment_distance(self.real, found), *moments), strict=True))
