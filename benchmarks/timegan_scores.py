"""The discriminative and the predictive score of TimeGAN, with the GRU of its published code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

Windows = NDArray[np.float32]


@dataclass(frozen=True)
class Protocol:
    """The published numbers of steps, samples and runs."""

    discriminative_steps: int = 2000
    predictive_steps: int = 5000
    batch: int = 128
    learning_rate: float = 1e-3
    runs: int = 10
    tested: float = 0.2  # the share of windows that the classifier never sees


def discriminative_score(real: Windows, made: Windows, protocol: Protocol, seed: int) -> float:
    """Returns |accuracy - 0.5| of a GRU that tells real windows from generated ones."""
    rng = np.random.default_rng(seed)
    (real, real_test), (made, made_test) = (
        _split(windows, protocol.tested, rng) for windows in (real, made)
    )
    labels = np.repeat([1.0, 0.0], protocol.batch).astype("float32")[:, None]

    def batches() -> Iterator[tuple[Windows, Windows]]:
        while True:
            drawn = [windows[_some(windows, protocol.batch, rng)] for windows in (real, made)]
            yield np.concatenate(drawn), labels

    model = _gru(real.shape[2], real.shape[2] // 2, each_step=False, seed=seed)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(protocol.learning_rate), loss)
    model.fit(batches(), steps_per_epoch=protocol.discriminative_steps, shuffle=False, verbose=0)
    right = [
        model.predict(windows, batch_size=1024, verbose=0)[:, 0] * side > 0
        for windows, side in ((real_test, 1), (made_test, -1))
    ]
    return float(abs(np.concatenate(right).mean() - 0.5))


def predictive_score(real: Windows, made: Windows, protocol: Protocol, seed: int) -> float:
    """Returns the mean absolute error of a GRU, trained on generated and tested on real windows.

    From the first columns up to a step it predicts the last column one step later.
    """
    rng = np.random.default_rng(seed)

    def batches() -> Iterator[tuple[Windows, Windows]]:
        while True:
            yield _task(made[_some(made, protocol.batch, rng)])

    model = _gru(real.shape[2] - 1, real.shape[2] // 2, each_step=True, seed=seed)
    model.compile(keras.optimizers.Adam(protocol.learning_rate), "mean_absolute_error")
    model.fit(batches(), steps_per_epoch=protocol.predictive_steps, shuffle=False, verbose=0)
    past, later = _task(real)
    return float(np.abs(model.predict(past, batch_size=1024, verbose=0) - later).mean())


def _gru(columns: int, units: int, *, each_step: bool, seed: int) -> keras.Model:
    """Returns one layer of GRU and a dense output: a logit, or a number in (0, 1) a step."""
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((None, columns)),
            layers.GRU(units, return_sequences=each_step, reset_after=False),
            layers.Dense(1, activation="sigmoid" if each_step else None),
        ]
    )


def _split(windows: Windows, tested: float, rng: np.random.Generator) -> tuple[Windows, Windows]:
    shuffled = windows[rng.permutation(len(windows))]
    kept = round((1.0 - tested) * len(windows))
    return shuffled[:kept], shuffled[kept:]


def _some(windows: Windows, batch: int, rng: np.random.Generator) -> NDArray[np.int64]:
    return rng.choice(len(windows), size=min(batch, len(windows)), replace=False)


def _task(windows: Windows) -> tuple[Windows, Windows]:
    return windows[:, :-1, :-1], windows[:, 1:, -1:]
