"""Callbacks for windows of several series: their distance from the data, and pictures of them."""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from keras_wgan._sampling import Sampler, check_inverse
from keras_wgan.callbacks.samples import SamplePictures
from keras_wgan.callbacks.score import SampleScore
from keras_wgan.metrics import SeriesReference, series_distance
from keras_wgan.report.plots.series import DRAWN, series_picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class SeriesDistance(SampleScore):
    """Logs as `series_distance` how far generated windows of several series are from real ones.

    It is the mean over `metrics.SeriesReference`'s scores of score over floor: 1 where they are as
    far from the data as one half of its rows is from the other.

    Example:
    ```python
    import keras
    import numpy as np
    from keras_wgan import WGANGP
    from keras_wgan.callbacks import SeriesDistance
    from keras_wgan.networks import series_critic, series_generator

    rows = np.random.default_rng(1).normal(size=(200, 2)).astype("float32")
    windows = np.lib.stride_tricks.sliding_window_view(rows, 8, axis=0).swapaxes(1, 2)
    model = WGANGP(series_generator(3, 8, 2, width=4), series_critic(8, 2, width=4), latent=3)
    model.compile()
    distance = SeriesDistance(rows, 8, samples=50)
    history = model.fit(windows, callbacks=[distance], verbose=0).history
    assert history["series_distance"][-1] > 1.0
    ```

    Args:
        rows: `(n, columns)` real rows in order of time, on the scale of the generator.
        window: Rows of a window.
        samples: How many windows to generate. Defaults to `1000`.
        every: Measure in every `every`-th epoch; between, the latest number is carried forward.
            Defaults to `1`.
        seed: Fixes the latents of all epochs. Defaults to `0`.
        sampler: A function `(model, count, seed)` that returns samples, for a model without a
            `generate(n, seed=)` method. Defaults to `None`.
        name: The name in the logs. Defaults to `None`, `"series_distance"`.

    Raises:
        ValueError: If there are fewer rows than eight windows hold.
    """

    names = ("series_distance",)

    def __init__(
        self,
        rows: np.ndarray,
        window: int,
        *,
        samples: int = 1000,
        every: int = 1,
        seed: int = 0,
        sampler: Sampler | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(samples=samples, every=every, seed=seed, sampler=sampler, name=name)
        self.reference = SeriesReference.of(rows, window)

    def measure(self, samples: np.ndarray) -> dict[str, float]:
        """Returns the distance."""
        return {self.names[0]: series_distance(self.reference.scores(samples))}


class SampleSeries(SamplePictures):
    """Saves generated windows next to real ones after every epoch, always from the same latents.

    Example:
    ```python
    import tempfile
    from pathlib import Path

    import numpy as np
    from keras_wgan import WGANGP
    from keras_wgan.callbacks import SampleSeries
    from keras_wgan.networks import series_critic, series_generator

    real = np.random.default_rng(1).normal(size=(16, 8, 2)).astype("float32")
    model = WGANGP(series_generator(3, 8, 2, width=4), series_critic(8, 2, width=4), latent=3)
    model.compile()
    with tempfile.TemporaryDirectory() as folder:
        model.fit(real, callbacks=[SampleSeries(folder, real, ["heat", "load"])], verbose=0)
        assert (Path(folder) / "epoch_0001.png").exists()
    ```

    Args:
        directory: Where `epoch_0001.png` and its successors go; made if need be.
        real: `(n, rows, columns)` real windows, in the units that are drawn.
        columns: The names of the columns.
        inverse: From the model's output to these units, such as a scaler's `inverse`. Defaults to
            `None`, the model makes these units.
        every: A picture after every `every`-th epoch. Defaults to `1`.
        seed: Fixes the latents of all epochs. Defaults to `0`.
        sampler: A function `(model, count, seed)` that returns samples, for a model without a
            `generate(n, seed=)` method. Defaults to `None`.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        real: np.ndarray,
        columns: Sequence[str],
        *,
        inverse: Callable[[np.ndarray], np.ndarray] | None = None,
        every: int = 1,
        seed: int = 0,
        sampler: Sampler | None = None,
    ) -> None:
        super().__init__(directory, samples=DRAWN, every=every, seed=seed, sampler=sampler)
        check_inverse(inverse)
        self.real, self.columns, self.inverse = real, columns, inverse

    def in_units(self, samples: np.ndarray) -> np.ndarray:
        """Returns the model's output in the units that are drawn."""
        return samples if self.inverse is None else np.asarray(self.inverse(samples))

    def draw(self, samples: np.ndarray, epoch: int) -> "Figure":
        """Returns the picture under its epoch."""
        return series_picture(self.real, samples, self.columns, title=f"Epoch {epoch}")
