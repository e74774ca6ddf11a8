"""What lies between two samples? The generator's answer, latent by latent."""

import numpy as np

from keras_wgan.wgan_gp import WGANGP


def interpolated(
    model: WGANGP, rows: int, columns: int, *, seed: int, labels: np.ndarray | None = None
) -> np.ndarray:
    """Returns samples on the way from one random latent to another, row by row.

    The way is the arc of a great circle: on the straight line between two normal latents all
    points are nearer to the origin than a generator ever sees.

    Args:
        model: A model whose latents are normal.
        rows: How many ways.
        columns: How many samples on each, both ends included.
        seed: Fixes the ends.
        labels: `(rows,)` what a conditional model is asked for on each way. Defaults to `None`.

    Returns:
        `(rows * columns, *shape)`, a row after the other.
    """
    rng = np.random.default_rng(seed)
    begin, end = rng.normal(size=(2, rows, *model.latent.shape))
    places = np.linspace(0.0, 1.0, columns)
    ways = np.stack([_arc(*ends, places) for ends in zip(begin, end, strict=True)])
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
