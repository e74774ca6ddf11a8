"""How far are generated samples from real ones, in the features of some network?"""

from collections.abc import Callable
from typing import Any, TypeAlias

import keras
import numpy as np

from keras_wgan.callbacks.sampling import Sampler
from keras_wgan.callbacks.score import SampleScore
from keras_wgan.metrics import FeatureStatistics, feature_statistics, frechet_distance

Extractor: TypeAlias = keras.Model | Callable[[np.ndarray], Any]


class FID(SampleScore):
    """Logs the Frechet distance between generated and real samples as `fid`.

    The distance depends on the extractor, on both sample sizes and on the data: only numbers of
    one protocol compare. `protocol` holds it, to be reported beside the number.

    Example:
    ```python
    import keras
    import numpy as np
    from keras_wgan import WGANGP
    from keras_wgan.callbacks import FID

    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    critic = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model = WGANGP(generator, critic, latent=2)
    model.compile()
    real = np.random.default_rng(1).normal(size=(64, 3)).astype("float32")
    fid = FID(real, extractor=lambda samples: samples, samples=64)
    history = model.fit(real, callbacks=[fid], verbose=0).history
    assert history["fid"][-1] > 0.0
    ```

    Args:
        real: `(n, *shape)` real samples, on the scale of the model's output.
        extractor: A Keras model, or a callable, from `(batch, *shape)` samples to features; all
            axes but the first are flattened. Called when training begins, not before.
        samples: How many samples to generate. Defaults to `1000`.
        every: Measure in every `every`-th epoch; between, the latest number is carried forward.
            Defaults to `1`.
        seed: Fixes the latents of all epochs. Defaults to `0`.
        sampler: A function `(model, count, seed)` that returns samples, for a model without a
            `generate(n, seed=)` method. Defaults to `None`.
        batch_size: How many samples the extractor sees at a time. Defaults to `256`.

    Raises:
        ValueError: If `samples` or `every` is not a whole number of at least 1, or fewer than two
            real samples are given.

    Reference:
        Heusel et al. (2017), GANs Trained by a Two Time-Scale Update Rule.
    """

    names = ("fid",)

    def __init__(
        self,
        real: np.ndarray,
        extractor: Extractor,
        *,
        samples: int = 1000,
        every: int = 1,
        seed: int = 0,
        sampler: Sampler | None = None,
        batch_size: int = 256,
    ) -> None:
        super().__init__(samples=samples, every=every, seed=seed, sampler=sampler)
        if len(real) < 2:
            raise ValueError(
                "`real` must hold at least two samples, better thousands. "
                f"Received: {len(real)} samples"
            )
        self.real, self.extractor, self.batch_size = real, extractor, batch_size
        self.real_statistics: FeatureStatistics | None = None

    @property
    def protocol(self) -> dict[str, Any]:
        """What the number depends on: extractor, sizes and seed."""
        name = getattr(self.extractor, "name", None) or getattr(
            self.extractor, "__name__", type(self.extractor).__name__
        )
        return {
            "extractor": name,
            "real": len(self.real),
            "generated": self.samples,
            "seed": self.seed,
        }

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Extracts the real samples' features, the first time."""
        super().on_train_begin(logs)
        self._real_statistics()

    def measure(self, samples: np.ndarray) -> dict[str, float]:
        """Returns the distance of the samples to the real ones."""
        features = self._features(samples)
        if not np.isfinite(features).all():
            return {}
        return {"fid": frechet_distance(self._real_statistics(), feature_statistics(features))}

    def _real_statistics(self) -> FeatureStatistics:
        if self.real_statistics is None:
            self.real_statistics = feature_statistics(self._features(self.real))
        return self.real_statistics

    def _features(self, samples: np.ndarray) -> np.ndarray:
        if isinstance(self.extractor, keras.Model):
            features = self.extractor.predict(samples, batch_size=self.batch_size, verbose=0)
        else:
            blocks = range(0, len(samples), self.batch_size)
            features = np.concatenate(
                [_numpy(self.extractor(samples[i : i + self.batch_size])) for i in blocks]
            )
        return np.reshape(features, (len(samples), -1))


def _numpy(features: Any) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(features))
