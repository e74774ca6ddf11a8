"""A callback that logs the Frechet distance between generated and real samples."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from keras_wgan._ranges import ValueRange, warn_if_other_scale, warn_if_unreachable
from keras_wgan._sampling import Sampler, draw_batches
from keras_wgan._validation import whole_number
from keras_wgan.callbacks.score import SampleScore
from keras_wgan.extractors import Extractor, FrechetReference
from keras_wgan.extractors.features import BATCH_SIZE
from keras_wgan.metrics import Protocol


class FID(SampleScore):
    """Logs the Frechet distance between generated and real samples, as `fid`.

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
        samples: How many samples to generate, at least 2. Defaults to `1000`.
        every: Measure in every `every`-th epoch; between, the latest number is carried forward.
            Defaults to `1`.
        seed: Fixes the latents of all epochs, an int from 0 to 2,147,483,647. Defaults to `0`.
        sampler: A function `(model, count, seed)` that returns samples, for a model without a
            `generate(n, seed=)` method. Defaults to `None`.
        batch_size: How many samples are made and looked at at a time. Defaults to `256`.
        split: Which part of the data `real` is, such as `"train"`, for the protocol. Defaults to
            `"unnamed"`.
        name: The name in the logs; two in one `fit` need two names. Defaults to `"fid"`.

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
        name: str = "fid",
    ) -> None:
        super().__init__(samples=samples, every=every, seed=seed, sampler=sampler, name=name)
        whole_number("samples", samples, minimum=2)  # a covariance
        self.reference = FrechetReference(real, extractor, split=split, batch_size=batch_size)

    @property
    def protocol(self) -> Protocol:
        """The protocol of the number: extractor, data, sizes and seed."""
        return self.reference.protocol(generated=self.samples, seed=self.seed)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Compares the range of the real samples with the model's, and extracts their features."""
        super().on_train_begin(logs)
        self._compare_ranges()
        _ = self.reference.statistics  # worked out on first use

    def _compare_ranges(self) -> None:
        name, given = "The real samples of `FID`", self.reference.real
        real, trained_on = ValueRange.of(given), getattr(self.model, "data_range", None)
        if trained_on is not None:
            warn_if_other_scale(name, real, trained_on, "is trained on")
        elif np.asarray(given[:1]).dtype.kind in "iu":
            # Mostly pixels as they were read: one batch shows whether the model makes such.
            made = ValueRange.of(next(self._batches(min(self.samples, BATCH_SIZE))))
            warn_if_other_scale(name, real, made, "makes")
        else:
            warn_if_unreachable(name, real, getattr(self.model, "generator", None))

    def _batches(self, count: int) -> Iterator[np.ndarray]:
        size = self.reference.batch_size
        return draw_batches(self.model, count, self.seed, self.sampler, batch_size=size)

    def measure_model(self) -> dict[str, float]:
        """Returns the distance of the model's samples, one batch at a time."""
        return {self.names[0]: self.reference.distance(self._batches(self.samples))}

    def measure(self, samples: np.ndarray) -> dict[str, float]:
        """Returns the distance of samples at hand to the real ones."""
        return {self.names[0]: self.reference.distance([samples])}
