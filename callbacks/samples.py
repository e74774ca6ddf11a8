"""Callbacks that save pictures of samples."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from keras_wgan._sampling import Sampler, check_inverse, check_sampler, draw_samples, made_shape
from keras_wgan._validation import seed_number, whole_number
from keras_wgan.callbacks.siblings import claim
from keras_wgan.data.frequency import BUSINESS_DAYS, Frequency
from keras_wgan.report.frequency_words import label_periods
from keras_wgan.report.plots.images import check_image_shape, image_grid
from keras_wgan.report.plots.paths import price_and_volatility_picture
from keras_wgan.report.plots.style import TEXT, save_picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class SamplePictures(keras.callbacks.Callback):
    """Draws samples from fixed latents every few epochs and saves a picture of them."""

    def __init__(
        self,
        directory: str | os.PathLike[str],
        *,
        samples: int,
        every: int,
        seed: int,
        sampler: Sampler | None,
    ) -> None:
        super().__init__()
        self.directory = Path(directory)
        self.samples = whole_number("samples", samples)
        self.every = whole_number("every", every)
        self.seed, self.sampler = seed_number(seed), sampler

    def in_units(self, samples: np.ndarray) -> np.ndarray:
        """Returns the model's output in the units that are drawn."""
        return samples

    def draw(self, samples: np.ndarray, epoch: int) -> "Figure":
        """Returns the picture of finite samples, in the units that are drawn, after an epoch."""
        raise NotImplementedError("A picture callback must define what it draws: override `draw`.")

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Checks that the model can draw samples, and that no other callback has the folder."""
        check_sampler(self.model, self.sampler)
        claim(self, "directory", (str(self.directory.resolve()),))

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Saves `epoch_0001.png` after the first epoch, and so on."""
        if (epoch + 1) % self.every:
            return
        samples = draw_samples(self.model, self.samples, self.seed, self.sampler)
        if np.isfinite(samples).all():
            samples = self.in_units(samples)
        if np.isfinite(samples).all():  # a score logs `inf` otherwise
            self.directory.mkdir(parents=True, exist_ok=True)
            save_picture(
                self.draw(samples, epoch + 1), self.directory / f"epoch_{epoch + 1:04d}.png"
            )


class SampleImages(SamplePictures):
    """Saves a grid of generated images after every epoch, always from the same latents.

    Example:
    ```python
    import tempfile
    from pathlib import Path

    import keras
    import numpy as np
    from keras_wgan import WGANGP
    from keras_wgan.callbacks import SampleImages

    layers = keras.layers
    generator = keras.Sequential(
        [keras.Input((2,)), layers.Dense(16, activation="tanh"), layers.Reshape((4, 4, 1))]
    )
    critic = keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten(), layers.Dense(1)])
    model = WGANGP(generator, critic, latent=2)
    model.compile()
    with tempfile.TemporaryDirectory() as folder:
        pictures = SampleImages(folder, rows=2, columns=3)
        model.fit(np.zeros((8, 4, 4, 1), "float32"), callbacks=[pictures], verbose=0)
        assert (Path(folder) / "epoch_0001.png").exists()
    ```

    Args:
        directory: Where `epoch_0001.png` and its successors go; made if need be.
        rows: Rows of the grid, or a label for each. Defaults to `8`.
        columns: Columns of the grid. Defaults to `8`.
        every: A picture after every `every`-th epoch. Defaults to `1`.
        seed: Fixes the latents of all epochs. Defaults to `0`.
        sampler: A function `(model, count, seed)` that returns `(count, height, width, channels)`
            images in [-1, 1], for a model without a `generate(n, seed=)` method. Defaults to
            `None`.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        *,
        rows: int | Sequence[str] = 8,
        columns: int = 8,
        every: int = 1,
        seed: int = 0,
        sampler: Sampler | None = None,
    ) -> None:
        self.columns = whole_number("columns", columns)
        # A string is no sequence of labels but a slip for a number.
        labels = rows if isinstance(rows, Sequence) and not isinstance(rows, str) else ()
        self.row_labels = tuple(labels)
        samples = whole_number("rows", len(labels) or rows) * self.columns
        super().__init__(directory, samples=samples, every=every, seed=seed, sampler=sampler)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Checks the shape of what the model makes, where it is known already."""
        super().on_train_begin(logs)
        made = made_shape(self.model, self.sampler)
        if made is not None and None not in made:
            sizes = (side for side in made if side is not None)
            check_image_shape("The samples of the model", (self.samples, *sizes))

    def draw(self, samples: np.ndarray, epoch: int) -> "Figure":
        """Returns the grid under its epoch."""
        title = f"Epoch {epoch}"
        return image_grid(samples, self.columns, title=title, row_labels=self.row_labels)


class SamplePaths(SamplePictures):
    """Saves generated price paths next to real ones after every epoch, from the same latents.

    Example:
    ```python
    import tempfile
    from pathlib import Path

    import keras
    import numpy as np
    from keras_wgan import WGANGP
    from keras_wgan.callbacks import SamplePaths

    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(60)])
    critic = keras.Sequential([keras.Input((60,)), keras.layers.Dense(1)])
    model = WGANGP(generator, critic, latent=2)
    model.compile()
    real = 0.01 * np.random.default_rng(1).normal(size=(16, 60)).astype("float32")
    with tempfile.TemporaryDirectory() as folder:
        model.fit(real, callbacks=[SamplePaths(folder, real)], verbose=0)
        assert (Path(folder) / "epoch_0001.png").exists()
    ```

    Args:
        directory: Where `epoch_0001.png` and its successors go; made if need be.
        real_returns: `(windows, days)` or `(windows, days, 1)` real log returns per day.
        inverse: From the model's output to log returns per day, such as a scaler's `inverse`.
            Defaults to `None`, the model makes log returns.
        start_price: Where all paths begin. Defaults to `100.0`.
        samples: How many scenarios to draw. Defaults to `100`.
        every: A picture after every `every`-th epoch. Defaults to `1`.
        seed: Fixes the latents of all epochs. Defaults to `0`.
        sampler: A function `(model, count, seed)` that returns samples, for a model without a
            `generate(n, seed=)` method. Defaults to `None`.
        frequency: The frequency of the returns. Defaults to business days.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        real_returns: np.ndarray,
        *,
        inverse: Callable[[np.ndarray], np.ndarray] | None = None,
        start_price: float = 100.0,
        samples: int = 100,
        every: int = 1,
        seed: int = 0,
        sampler: Sampler | None = None,
        frequency: Frequency = BUSINESS_DAYS,
    ) -> None:
        super().__init__(directory, samples=samples, every=every, seed=seed, sampler=sampler)
        check_inverse(inverse)
        self.real, self.inverse, self.start_price = real_returns, inverse, start_price
        self.frequency = frequency

    def in_units(self, samples: np.ndarray) -> np.ndarray:
        """Returns log returns per day."""
        return samples if self.inverse is None else np.asarray(self.inverse(samples))

    def draw(self, samples: np.ndarray, epoch: int) -> "Figure":
        """Returns a picture of the generated and the real paths, under the epoch."""
        year = self.frequency.periods_per_year
        figure = price_and_volatility_picture(
            self.real, samples, self.start_price, periods_per_year=year
        )
        figure.suptitle(f"Epoch {epoch}", fontsize=11, color=TEXT)
        return label_periods(figure, self.frequency)
