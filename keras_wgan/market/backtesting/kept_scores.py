"""The scores of a forecaster, kept in a file until it changes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from keras_wgan.io.files import atomic_path
from keras_wgan.io.npz import read_npz_arrays
from keras_wgan.market.backtesting.scores import ForecastScores

FINGERPRINT = "fingerprint"


@dataclass(frozen=True)
class KeptScores:
    """A file with the scores of the forecaster of a fingerprint."""

    path: Path
    fingerprint: str

    def read(self) -> ForecastScores | None:
        """Returns the scores, or None where there are none, or those of another forecaster."""
        if not self.path.exists():
            return None
        names = [each.name for each in fields(ForecastScores)]
        arrays = read_npz_arrays(self.path, [*names, FINGERPRINT])
        if str(arrays[FINGERPRINT]) != self.fingerprint:
            return None
        return ForecastScores.from_arrays(arrays)

    def write(self, scores: ForecastScores) -> None:
        """Writes the scores, whole or not at all."""
        arrays: dict[str, Any] = {**scores.arrays(), FINGERPRINT: self.fingerprint}
        with atomic_path(self.path) as unfinished:
            np.savez_compressed(unfinished, **arrays)
