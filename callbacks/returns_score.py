"""How are samples brought to log returns a day before a score looks at them?"""

from collections.abc import Callable

import numpy as np

from keras_wgan.callbacks.sampling import Sampler
from keras_wgan.callbacks.score import SampleScore

FEWEST_WINDOWS = 100


class ReturnsScore(SampleScore):
    """A score of windows of log returns a day.

    Derive from it and override `names` and `measure_returns`.

    Args:
        inverse: From the model's output to log returns per day, or `None`.
        samples: How many windows to generate, at least 100.
        every: Measure in every `every`-th epoch.
        seed: Fixes the latents of all epochs.
        sampler: How to draw from a model without `generate(n, seed=)`.
    """

    def __init__(
        self,
        *,
        inverse: Callable[[np.ndarray], np.ndarray] | None,
        samples: int,
        every: int,
        seed: int,
        sampler: Sampler | None,
    ) -> None:
        super().__init__(samples=samples, every=every, seed=seed, sampler=sampler)
        if samples < FEWEST_WINDOWS:
            raise ValueError(
                f"`samples` must be at least {FEWEST_WINDOWS} windows, because the tails and the "
                f"memory of a few say nothing. Received: samples={samples}"
            )
        self.inverse = inverse

    def measure_returns(self, returns: np.ndarray) -> dict[str, float]:
        """Returns a number for each of `names`, from finite log returns a day."""
        raise NotImplementedError("A score must say what it measures: override `measure_returns`.")

    def measure(self, samples: np.ndarray) -> dict[str, float]:
        """Returns the numbers, or none where the inverse makes samples infinite."""
        returns = samples if self.inverse is None else np.asarray(self.inverse(samples))
        return self.measure_returns(returns) if np.isfinite(returns).all() else {}
