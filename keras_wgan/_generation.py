"""Samples drawn from the generator, or from its running average."""

import threading
from collections.abc import Iterable, Iterator
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_wgan import _network_checks as checks
from keras_wgan._averaging import GeneratorAverage
from keras_wgan._labels import check_labels
from keras_wgan._latent_blocks import latents_at_a_time
from keras_wgan._random_layers import seed_states, seeded
from keras_wgan._tensor import Tensor
from keras_wgan._validation import seed_number, whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.latents import Latent

LATENT_BLOCK = 4096  # latents per draw, for any batch size; fewer where each is large
# Samples that a generator with random layers of its own makes at a time, for any batch size: what a
# layer draws for a sample depends on how many it draws for.
RANDOM_BLOCK = 64


class SampleMaker(keras.Model):
    """The part of `WGANGP` that makes samples: `predict` and `generate`."""

    generator: keras.Model
    latent: Latent
    average: GeneratorAverage | None
    device_count: int  # devices that share a batch
    one_at_a_time: threading.Lock  # threads take turns at the compiled step

    def call(self, inputs: Any, training: bool = False) -> Tensor:
        """Returns samples for latents, or for `[latents, condition]`; `predict` calls it."""
        if self.average is None or training:
            return ops.cast(self.generator(inputs, training=training), "float32")
        return ops.cast(self.average.generate(self.generator, inputs), "float32")

    def generate(
        self,
        n: int,
        condition: Any = None,
        seed: int | None = None,
        batch_size: int = 256,
    ) -> np.ndarray:
        """Returns new samples from the averaged generator, or from the generator if there is none.

        Several threads may call it at once.

        Example:
        ```python
        import keras
        from keras_wgan import WGANGP

        generator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
        critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        model = WGANGP(generator, critic, latent=3)
        samples = model.generate(5, seed=1)
        assert (samples == model.generate(5, seed=1)).all()
        ```

        Args:
            n: How many samples.
            condition: For a conditional model, `(n, ...)` conditions, or a single one
                for all. Defaults to `None`.
            seed: The same int, from 0 to 2,147,483,647, gives the same samples, whatever the batch
                size; random layers in the generator draw from it too. Defaults to `None`, new
                samples each time.
            batch_size: How many samples are made at a time; a generator with random layers makes
                64. Defaults to `256`.

        Returns:
            `(n, *shape)` float32 NumPy array, in the units that the model was trained on.

        Raises:
            ValueError: If `n` or `batch_size` is below 1, or `condition` does not fit.
        """
        return np.concatenate(list(self.generate_batches(n, condition, seed, batch_size)))

    def generate_batches(
        self,
        n: int,
        condition: Any = None,
        seed: int | None = None,
        batch_size: int = 256,
    ) -> Iterator[np.ndarray]:
        """Yields the samples that `generate` returns, without ever holding all of them.

        Example:
        ```python
        import keras
        import numpy as np
        from keras_wgan import WGANGP

        generator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
        critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        model = WGANGP(generator, critic, latent=3)
        batches = list(model.generate_batches(5, seed=1, batch_size=2))
        assert [len(batch) for batch in batches] == [2, 2, 1]
        assert np.allclose(np.concatenate(batches), model.generate(5, seed=1), atol=1e-6)
        ```

        Args:
            n: How many samples.
            condition: For a conditional model, as in `generate`. Defaults to `None`.
            seed: The same int, from 0 to 2,147,483,647, gives the same samples, whatever the batch
                size; random layers in the generator draw from it too. Defaults to `None`, new
                samples each time.
            batch_size: How many samples are yielded at a time, and made at a time if no layer of
                the generator is random. Defaults to `256`.

        Returns:
            An iterator of `(batch, *shape)` float32 NumPy arrays.

        Raises:
            ValueError: If `n` or `batch_size` is below 1, or `condition` does not fit.
        """
        check_request(n, batch_size, condition, self.generator)
        conditions = (
            None
            if condition is None
            else expand_conditions(condition, n, checks.condition_shape(self.generator))
        )
        if conditions is not None:
            check_labels(self.generator, "generator", self.latent.shape, conditions)
        noise = keras.random.SeedGenerator(None if seed is None else seed_number(seed))
        if not seed_states(self.generator):
            return self._batches(n, conditions, noise, self._shared_size(min(n, batch_size)))
        made = self._batches(n, conditions, noise, self._shared_size(RANDOM_BLOCK))
        return regrouped(made, batch_size)

    @property
    def needs_condition(self) -> bool:
        """Whether no sample can be made without a condition."""
        return checks.takes_condition(self.generator)

    def _shared_size(self, batch_size: int) -> int:
        """Returns the batch size rounded up to a multiple of the number of devices."""
        return -(-batch_size // self.device_count) * self.device_count

    def _batches(
        self,
        n: int,
        conditions: np.ndarray | None,
        noise: keras.random.SeedGenerator,
        batch_size: int,
    ) -> Iterator[np.ndarray]:
        start = int(ops.convert_to_numpy(noise.state)[0])
        for block, latents in enumerate(self._latent_batches(n, noise, batch_size)):
            made = block * batch_size
            inputs: Any = latents
            if conditions is not None:
                wanted = np.minimum(np.arange(made, made + batch_size), n - 1)
                inputs = [latents, conditions[wanted]]
            # Keras compiles in the first call, and on JAX moves its state away during each call.
            with self.one_at_a_time, seeded(self.generator, start, block):
                samples: np.ndarray = self.predict_on_batch(inputs)
            yield samples[: n - made]

    def sampling_weights(self) -> list[np.ndarray]:
        """Returns the weights that make the samples, in the order of `generator.weights`."""
        self.follow_generator()
        source = self.generator if self.average is None else self.average
        return [ops.convert_to_numpy(weight) for weight in source.weights]

    def _latent_batches(
        self, n: int, noise: keras.random.SeedGenerator, batch_size: int
    ) -> Iterator[np.ndarray]:
        """Yields at least `n` latents in batches of one size, for which Keras compiles once."""
        count = -(-n // batch_size) * batch_size
        # In blocks of one size, so that the n-th latent is the same for any batch size.
        size = latents_at_a_time(LATENT_BLOCK, self.latent.shape)
        blocks = (
            ops.convert_to_numpy(self.latent.sample(size, noise))[: count - first]
            for first in range(0, count, size)
        )
        return regrouped(blocks, batch_size)


def regrouped(pieces: Iterable[np.ndarray], size: int) -> Iterator[np.ndarray]:
    """Yields the rows of all pieces in batches of one size, of which the last may be shorter."""
    left: np.ndarray | None = None
    for piece in pieces:
        left = piece if left is None else np.concatenate([left, piece])
        while len(left) >= size:
            yield left[:size]
            left = left[size:]
    if left is not None and len(left):
        yield left


def check_request(n: int, batch_size: int, condition: Any, generator: keras.Model) -> None:
    """Raises ValueError if the arguments of `generate` do not fit."""
    whole_number("n", n)
    whole_number("batch_size", batch_size)
    if condition is None and checks.takes_condition(generator):
        raise InvalidInputError(
            "`generate` needs a `condition`, because the generator takes one: a single value for "
            "all samples, or one for each. Received: condition=None"
        )
    if (
        condition is not None
        and hasattr(generator, "inputs")
        and not checks.takes_condition(generator)
    ):
        raise InvalidInputError(
            "`condition` must be left out, because the generator takes latents alone. "
            f"Received: condition={condition!r}"
        )


def expand_conditions(condition: Any, n: int, one: tuple[int, ...] | None = None) -> np.ndarray:
    """Returns one condition for each of `n` samples, from `n` conditions or a single one.

    `one` is the shape of a single condition, where the generator says it.
    """
    given = np.asarray(condition)
    if given.ndim == 0 or (given.shape == one and one != (1,)):
        given = given[None]
    if len(given) == 1:
        return np.repeat(given, n, axis=0)
    if len(given) != n:
        raise InvalidInputError(
            f"`condition` must be a single value, an array of one, or one for each of the {n} "
            "samples. "
            f"Received: condition of shape {given.shape}"
        )
    return given
