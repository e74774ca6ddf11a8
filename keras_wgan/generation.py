"""How are samples drawn from the generator, or from its running average?"""

from typing import Any

import keras
import numpy as np
from keras import ops

from keras_wgan import checks
from keras_wgan.averaging import GeneratorAverage
from keras_wgan.latents import Latent

Tensor = Any

LATENT_BLOCK = 4096  # latents are drawn so many at a time, whatever the batch size


class SampleMaker(keras.Model):
    """The part of `WGANGP` that makes samples: `predict` and `generate`."""

    generator: keras.Model
    latent: Latent
    average: GeneratorAverage | None

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
        """Returns new samples; the averaged generator makes them where there is one.

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
            condition: For a conditional model, `(n, ...)` conditions, or `(1, ...)` or a single
                number for all. Defaults to `None`.
            seed: The same int gives the same samples, whatever the batch size. Defaults to
                `None`, new samples each time.
            batch_size: How many are made at a time. Defaults to `256`.

        Returns:
            `(n, *shape)` float32 NumPy array, in the units that the model was trained on.

        Raises:
            ValueError: If `n` or `batch_size` is below 1, or `condition` does not fit.
        """
        checks.generate_request(n, batch_size, condition, self.generator)
        batch_size = min(n, batch_size)
        # A whole number of full batches, so that the step is compiled once for any n.
        padded = -(-n // batch_size) * batch_size
        inputs: Any = self._latents(padded, seed)
        if condition is not None:
            conditions = checks.conditions(condition, n)
            padding = np.repeat(conditions[-1:], padded - n, axis=0)
            inputs = [inputs, np.concatenate([conditions, padding])]
        samples: np.ndarray = self.predict(inputs, batch_size=batch_size, verbose=0)
        return samples[:n]

    def sampling_weights(self) -> list[np.ndarray]:
        """Returns the generator's weights that samples are made with, averaged or not.

        Returns:
            Arrays in the order of `generator.weights`.
        """
        made_by = self.generator if self.average is None else self.average
        return [ops.convert_to_numpy(weight) for weight in made_by.weights]

    def _latents(self, n: int, seed: int | None) -> np.ndarray:
        noise = keras.random.SeedGenerator(seed)
        blocks = [self.latent.sample(LATENT_BLOCK, noise) for _ in range(0, n, LATENT_BLOCK)]
        return np.concatenate([ops.convert_to_numpy(block) for block in blocks])[:n]
