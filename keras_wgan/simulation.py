"""How does a trained model simulate a market, for any number of days?"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from keras_wgan.latents import Latent
from keras_wgan.networks import with_days
from keras_wgan.subjects.returns import in_units
from keras_wgan.wgan_gp import WGANGP

BATCH = 256


class TrainedMarket:
    """A trained model with the face of the baselines: `sample(n, days, seed)`.

    Example:
    ```python
    from keras_wgan import recipes
    from keras_wgan.simulation import TrainedMarket
    from keras_wgan.subjects.subject import Source

    recipe = recipes.get("sp500").with_settings({"latent_size": 60})
    data = recipe.subject.load(Source("bundled", start="2016-01-01"))
    market = TrainedMarket("untrained", recipe.build(seed=1), data.facts)
    assert market.sample(3, days=250, seed=0).shape == (3, 250)
    ```

    Args:
        name: What tables and pictures call it.
        model: A trained `WGANGP`. A `market_generator` runs over any number of days, another
            network over the windows that it was trained on.
        facts: What the run knows of its data; the scaler brings samples back to log returns.
    """

    def __init__(self, name: str, model: WGANGP, facts: dict[str, Any]) -> None:
        self.name, self.model, self.facts = name, model, facts

    def sample(self, n: int, days: int, seed: int) -> NDArray[np.float64]:
        """Draws paths.

        Args:
            n: How many.
            days: How long.
            seed: The same seed gives the same paths.

        Returns:
            `(n, days)` log returns a day.

        Raises:
            ValueError: If the network's length is fixed and another one.
        """
        return in_units(self.draw(n, days, seed), self.facts).astype(np.float64)

    def draw(self, n: int, days: int, seed: int | None) -> NDArray[np.float32]:
        """Draws paths on the scale that the model was trained on, `(n, days, 1)`.

        Args:
            n: How many.
            days: How long.
            seed: The same seed gives the same paths; `None` gives new ones each time.

        Returns:
            `(n, days, 1)` scaled returns.
        """
        if days == self.model.generator.output_shape[1]:
            return self.model.generate(n, seed=seed, batch_size=BATCH)
        generator = with_days(self.model.generator, days)
        generator.set_weights(self.model.sampling_weights())
        latent, noise = _reshaped(self.model.latent, generator), keras.random.SeedGenerator(seed)
        size = min(n, BATCH)
        # Whole batches, so that the first paths of a seed do not depend on how many there are.
        blocks = [
            ops.convert_to_numpy(generator(latent.sample(size, noise), training=False))
            for _ in range(0, n, size)
        ]
        return np.concatenate(blocks)[:n].astype(np.float32)


def _reshaped(latent: Latent, generator: keras.Model) -> Latent:
    config = {**latent.get_config(), "size": list(generator.input_shape[1:])}
    return type(latent).from_config(config)
