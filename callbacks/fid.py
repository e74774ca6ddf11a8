"""A callback that logs the Frechet distance between generated and real samples."""

from typing import Any

import numpy as np

from keras_wgan._sampling import Sampler, draw_batches
from keras_wgan.callbacks.score import SampleScore
from keras_wgan.extractors import Extractor, FrechetReference
from keras_wgan.metrics import Protocol


class FID(SampleScore):
    """Logs the Frechet distance between generated and real samples as `fid`.

    The distance depends on the extractor, on both sample sizes and on the data: only numbers of
    one protocol compare. `protocol` holds it, to be reported with the number; for an error bar
    and a floor measure the trained model once with `extractors.frechet_score`.

    The features of the real samples are extracted once, also for the copies that a search makes
    of a callback. Samples are generated and looked at a batch at a time, so that memory does not
    depend on how many there are.

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
        batch_size: How many samples are made and looked at at a time. Defaults to `256`.
        split: Which part of the data `real` is, such as `"train"`, for the protocol. Defaults to
            `"unnamed"`.

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
        split: str = "unnamed",
    ) -> None:
        super().__init__(samples=samples, every=every, seed=seed, sampler=sampler)
        self.reference = FrechetReference(real, extractor, split=split, batch_size=batch_size)

    @property
    def protocol(self) -> Protocol:
        """The protocol of the number: extractor, data, sizes and seed."""
        return self.reference.protocol(generated=self.samples, seed=self.seed)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Extracts the real samples' features, the first time."""
        super().on_train_begin(logs)
        _ = self.reference.statistics  # worked out on first use

    def measure_model(self) -> dict[str, float]:
        """Returns the distance of the model's samples, one batch at a time."""
        reference = self.reference
        batches = draw_batches(
            self.model, self.samples, self.seed, self.sampler, batch_size=reference.batch_size
        )
        return {"fid": reference.distance(batches)}

    def measure(self, samples: np.ndarray) -> dict[str, float]:
        """Returns the distance of samples at hand to the real ones."""
        return {"fid": self.reference.distance([samples])}
