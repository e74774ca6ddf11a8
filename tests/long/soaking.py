"""A soak test: trains, saves, loads and generates for an hour and reports what grew.

The suite runs a few rounds (`test_soaking.py`). This runs for an hour, prints memory, open
files and speed, and ends with 1 where they grew or it slowed down:

    PYTHONPATH=tests python -m long.soaking --minutes 60
"""

import argparse
import gc
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import psutil

from keras_wgan import WGANGP
from keras_wgan.callbacks import FID, SampleImages

from helpers import tiny_recipes

REPORT_EVERY = 60.0  # seconds
MORE_MEMORY = 0.05  # of what a program of one backend takes, about 1 GiB
MORE_FILES = 2
SLOWER = 1.25


@dataclass(frozen=True)
class Round:
    """Memory, open files and time of one round.

    Args:
        memory: MiB in use after it.
        files: Open files after it.
        seconds: Of one core; others that are at work on the machine do not count.
    """

    memory: float
    files: int
    seconds: float


def prepare(folder):
    """Saves a tiny model to begin with; returns images to train on."""
    generator, critic = tiny_recipes.image_networks(3)
    model = WGANGP(generator, critic, latent=3, ema_momentum=0.9, seed=1)
    model.compile()
    model.save(folder / "model.keras")
    return np.random.default_rng(0).uniform(-1, 1, (256, 28, 28, 1)).astype("float32")


def work(folder, images):
    """Loads, trains two epochs under a score and pictures, saves, loads again and generates."""
    began = time.process_time()
    path = folder / "model.keras"
    model = keras.saving.load_model(path)
    extractor = tiny_recipes.BrightnessExtractor(images, None)
    callbacks = [FID(images, extractor, samples=64), SampleImages(folder / "samples", rows=2)]
    model.fit(images, batch_size=64, epochs=2, callbacks=callbacks, verbose=0)
    model.save(path)
    samples = model.generate(500, seed=1)
    np.testing.assert_allclose(keras.saving.load_model(path).generate(500, seed=1), samples, 1e-6)
    del model, callbacks
    keras.utils.clear_session()  # as Keras asks of those who make many models in one process
    gc.collect()
    used = psutil.Process()
    memory = used.memory_info().rss / 2**20
    return Round(memory, used.num_fds(), time.process_time() - began)


def complaints(rounds):
    """Says what grew from the second fifth of the rounds to the last; the first fifth warms up."""
    fifth = len(rounds) // 5
    earlier, later = (
        Round(
            *(float(np.median([getattr(r, name) for r in some])) for name in Round.__annotations__)
        )
        for some in (rounds[fifth : 2 * fifth], rounds[-fifth:])
    )
    found = []
    if later.memory > earlier.memory * (1 + MORE_MEMORY):
        found.append(f"memory grew from {earlier.memory:.0f} to {later.memory:.0f} MiB")
    if later.files > earlier.files + MORE_FILES:
        found.append(f"open files grew from {earlier.files:.0f} to {later.files:.0f}")
    if later.seconds > earlier.seconds * SLOWER:
        found.append(f"a round slowed from {earlier.seconds:.2f} to {later.seconds:.2f} s")
    return found


def main():
    """Goes round after round and says how it went."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    end = time.monotonic() + 60.0 * parser.parse_args().minutes
    rounds, reported = [], time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        images = prepare(Path(name))
        while time.monotonic() < end or len(rounds) < 5:
            rounds.append(work(Path(name), images))
            if time.monotonic() - reported >= REPORT_EVERY:
                reported = time.monotonic()
                print(f"round {len(rounds)}: {_figures(rounds[-1])}", flush=True)
    found = complaints(rounds)
    fifth = len(rounds) // 5
    print(
        f"{len(rounds)} rounds on {keras.backend.backend()}, first after warming up: "
        f"{_figures(rounds[fifth])}; last: {_figures(rounds[-1])}"
    )
    print("; ".join(found) or "Nothing grew and nothing slowed down.")
    return int(bool(found))


def _figures(one):
    return f"{one.memory:.0f} MiB, {one.files} open files, {one.seconds:.2f} s of one core"


if __name__ == "__main__":
    sys.exit(main())
