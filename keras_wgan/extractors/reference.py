"""The real samples and the extractor to which a Frechet distance refers."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.extractors.features import (
    BATCH_SIZE,
    Extractor,
    array_hash,
    as_samples,
    check_extractor,
    extractor_protocol,
    feature_batches,
)
from keras_wgan.metrics import FeatureStatistics, Protocol, RunningStatistics, frechet_distance


class FrechetReference:
    """Real samples and an extractor: all that a Frechet distance needs besides a generator.

    Features are extracted on first use; the statistics of the real samples are then kept.

    Example:
    ```python
    import numpy as np
    from keras_wgan.extractors import FrechetReference

    real, other = np.random.default_rng(0).normal(size=(2, 500, 3))
    reference = FrechetReference(real, lambda samples: samples, split="train")
    floor = reference.distance([other])
    assert floor < reference.distance([other[:250] + 1.0, other[250:] + 1.0])
    print(reference.protocol(generated=500, seed=0))
    ```

    Args:
        real: `(n, *shape)` real samples, on the scale of the generated ones; n at least 2.
        extractor: A Keras model, or a callable, from samples to features.
        other_real: `(m, *shape)` further real samples, whose distance is the floor: what a perfect
            generator would reach. Defaults to `None`, no floor.
        split: Which part of the data the real samples are, for the protocol. Defaults to
            `"unnamed"`.
        batch_size: How many samples the extractor gets at a time. Defaults to `256`.

    Raises:
        ValueError: If fewer than two real samples are given, or the extractor does not take them.
        TypeError: If `real` is no array, or the extractor no model and no function.
    """

    def __init__(
        self,
        real: np.ndarray,
        extractor: Extractor,
        *,
        other_real: np.ndarray | None = None,
        split: str = "unnamed",
        batch_size: int = BATCH_SIZE,
    ) -> None:
        real = as_samples("real", real)
        other_real = None if other_real is None else as_samples("other_real", other_real)
        if len(real) < 2:
            raise InvalidInputError(
                "`real` must hold at least two samples, better thousands. "
                f"Received: {len(real)} samples"
            )
        self.real, self.extractor, self.other_real = real, extractor, other_real
        check_extractor(extractor, real.shape[1:])
        self.split, self.batch_size = split, whole_number("batch_size", batch_size)

    @cached_property
    def statistics(self) -> FeatureStatistics:
        """Mean and covariance of the real samples' features."""
        running = RunningStatistics()
        for features in feature_batches(self.extractor, self.real, self.batch_size):
            running.update(features)
        return running.statistics()

    def distance(self, batches: Iterable[np.ndarray]) -> float:
        """Returns the Frechet distance of samples that come in batches, of which none is kept.

        It is infinite if samples or features are not finite.
        """
        running = RunningStatistics()
        for batch in batches:
            if not np.isfinite(batch).all():
                return float("inf")
            for features in feature_batches(self.extractor, batch, self.batch_size):
                if not np.isfinite(features).all():
                    return float("inf")
                running.update(features)
        return frechet_distance(self.statistics, running.statistics())

    def floor(self, count: int) -> float:
        """Returns the distance of the first `count` other real samples; NaN without any."""
        if self.other_real is None:
            return float("nan")
        if len(self.other_real) < count:
            raise InvalidInputError(
                "`other_real` must hold as many samples as are generated, because the floor "
                f"depends on their number. Received: {len(self.other_real)} other real samples for "
                f"{count} generated ones. Generate fewer, or pass more other real samples."
            )
        return self.distance([self.other_real[:count]])

    def protocol(self, *, generated: int, seed: int) -> Protocol:
        """Returns the protocol of a distance; an extractor that hashes its weights loads them."""
        return Protocol(
            metric="frechet distance",
            **extractor_protocol(self.extractor),
            data=self._data_hash,
            split=self.split,
            real=len(self.real),
            generated=generated,
            seed=seed,
        )

    @cached_property
    def _data_hash(self) -> str:
        return array_hash(self.real)
