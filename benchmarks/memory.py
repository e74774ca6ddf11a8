"""The growth of memory during training, with and without a distance after every epoch."""

import resource
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from benchmarks.cases import Case, Effort, classic
from benchmarks.child import measured_alone
from benchmarks.peers.own_train_step import OwnTrainStep
from benchmarks.tables import Table
from keras_wgan.callbacks import FID

MIB = 2**20
ALONE, WATCHING, PEER = "training alone", "FID after every epoch", "own train_step, to compare"
WARM_UP = 0.2  # of the epochs, in which buffers find their size
SIZES: dict[Effort, tuple[int, int, int, int]] = {  # batch, steps an epoch, epochs, FID's samples
    "quick": (2, 1, 10, 8),
    "usual": (32, 20, 60, 512),
    "large": (32, 20, 300, 512),
}


def measure(effort: Effort) -> list[Table]:
    """Returns peak and growth of our trainings and of a peer's, each in a separate process."""
    batch, steps, epochs, samples = SIZES[effort]
    arguments = {"batch": batch, "steps": steps, "epochs": epochs, "samples": samples}
    rows = []
    for name in [WATCHING] if effort == "quick" else [ALONE, WATCHING, PEER]:
        given = {**arguments, "name": name}
        # The smoke run waits for no other process.
        seen = training(**given)() if effort == "quick" else measured_alone(training, given)
        rows.append(growth_row(name, seen["resident"], seen["peak"], steps))
    heading = f"sp500-classic, {epochs * steps:,} steps of batch {batch}, {epochs} epochs"
    note = "Growth is the slope of a line through the epochs after a warm-up of a fifth of them."
    return [Table(f"Memory of a training in MiB ({heading})", rows, [note])]


def training(batch: int, steps: int, epochs: int, samples: int, name: str) -> Callable[[], Any]:
    """Returns a contender that trains and returns the resident memory after each epoch."""
    case = Case(classic("returns"), batch, steps)
    latent = case.recipe.settings.latent_size
    model = OwnTrainStep(*case.networks(), latent) if name == PEER else case.model()
    data, resident = case.samples(), Resident()
    callbacks: list[keras.callbacks.Callback] = [resident]
    if name == WATCHING:
        real = np.resize(data, (samples, *data.shape[1:]))
        callbacks.insert(0, FID(real, extractor=lambda some: some, samples=samples))

    def work() -> dict[str, Any]:
        model.fit(data, batch_size=batch, epochs=epochs, callbacks=callbacks, verbose=0)
        return {"resident": resident.bytes, "peak": peak_bytes()}

    return work


class Resident(keras.callbacks.Callback):
    """Notes after each epoch how much memory is resident."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes: list[int] = []

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Reads the kernel's count of pages."""
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        self.bytes.append(int(pages) * resource.getpagesize())


def peak_bytes() -> int:
    """Returns the most that was ever resident in this process."""
    # `getrusage` would count the memory of the parent at the start of this process.
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (line,) = (line for line in status if line.startswith("VmHWM:"))
    return 1024 * int(line.split()[1])


def growth_row(name: str, resident: Sequence[int], peak: int, steps: int) -> dict[str, Any]:
    """Returns a row: the peak, and the slope over 1,000 steps with its standard error."""
    first = int(WARM_UP * len(resident))
    slope, error = line_slope(np.asarray(resident[first:]) / MIB)
    return {
        "what": name,
        "peak": peak / MIB,
        "after the warm-up": resident[first] / MIB,
        "at the end": resident[-1] / MIB,
        "growth in 1,000 steps": 1000 / steps * slope,
        "standard error": 1000 / steps * error,
        "target": "" if name == PEER else "none beyond noise",
    }


def line_slope(values: np.ndarray) -> tuple[float, float]:
    """Returns the slope of the line of least squares through evenly spaced values, and its error.

    The error is the ordinary one of independent deviations; memory grows in rare jumps, so it
    says too little rather than too much.
    """
    x = np.arange(len(values)) - (len(values) - 1) / 2
    slope = float(x @ values / (x @ x))
    deviations = values - values.mean() - slope * x
    return slope, float(np.sqrt(deviations @ deviations / (len(values) - 2) / (x @ x)))
