"""What lies between two samples? The generator's answer, latent by latent."""

import keras
import numpy as np

from keras_wgan.latents import Normal
from keras_wgan.wgan_gp import WGANGP


def interpolated(
    model: WGANGP, rows: int, columns: int, *, seed: int, labels: np.ndarray | None = None
) -> np.ndarray:
    """Returns samples on the way from one random latent to another, row by row.

    Between normal latents the way is the arc of a great circle: on the straight line all points
    are nearer to the origin than a generator ever sees. Between others it is the straight line.

    Args:
        model: A model of unconditional or labelled samples.
        rows: How many ways.
        columns: How many samples on each, both ends included.
        seed: Fixes the ends.
        labels: `(rows,)` what a conditional model is asked for on each way. Defaults to `None`.

    Returns:
        `(rows * columns, *shape)`, a row after the other.
    """
    ends = np.asarray(keras.ops.convert_to_numpy(model.latent.sample(2 * rows, seed)))
    way = _arc if isinstance(model.latent, Normal) else _line
    places = np.linspace(0.0, 1.0, columns)
    ways = np.stack([way(*pair, places) for pair in zip(ends[:rows], ends[rows:], strict=True)])
    latents = ways.reshape(-1, *model.latent.shape).astype("float32")
    inputs = latents if labels is None else [latents, np.repeat(labels, columns)]
    samples: np.ndarray = model.predict(inputs, verbose=0)
    return samples


def _arc(begin: np.ndarray, end: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Returns the points at `places` in [0, 1] of the arc between two points (Shoemake 1985)."""
    lengths = np.linalg.norm(begin) * np.linalg.norm(end)
    angle = np.arccos(np.clip(np.sum(begin * end) / lengths, -1.0, 1.0))
    places = places.reshape(-1, *[1] * begin.ndim)
    return (np.sin((1 - places) * angle) * begin + np.sin(places * angle) * end) / np.sin(angle)


def _line(begin: np.ndarray, end: np.ndarray, places: np.ndarray) -> np.ndarray:
    places = places.reshape(-1, *[1] * begin.ndim)
    return (1 - places) * begin + places * end
