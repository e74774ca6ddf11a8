"""Measures the time and memory of writing a million scenarios to a file.

The suite runs it with fewer scenarios of a tiny model (`experiments/test_generate.py`). The program
writes any number of scenarios with the untrained networks of any recipe, which takes as long as
with those of a trained run:

    PYTHONPATH=tests python -m long.million --count 1000000 --suffix .parquet
    PYTHONPATH=tests python -m long.million --count 1000000 --suffix .parquet --arch
"""

import argparse
import os
import re
import resource
import sys
import tempfile
import time
from pathlib import Path
from unittest import mock

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

from keras_wgan.data import Source
from keras_wgan.experiments import generation, recipes
from keras_wgan.experiments.generation import GenerationRequest
from keras_wgan.market.baselines import Garch

from helpers import tiny_recipes

PROMISED = 2048  # MiB, for a million


def write(run, count, path):
    """Writes scenarios; returns seconds and MiB of the file, and the peak of memory in MiB."""
    begun = time.perf_counter()
    generation.generate(run, GenerationRequest(count=count, seed=0), path, progress=print)
    return time.perf_counter() - begun, path.stat().st_size / 2**20, peak()


def peak():
    """Returns the most memory that this process ever held, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # `getrusage` would count what the parent held when it started this
        (kibibytes,) = re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())
        return int(kibibytes) / 2**10
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (2**20 if sys.platform == "darwin" else 2**10)


def simulate(history, count, days):
    """Returns the seconds in which `arch` simulates as many returns of an EGARCH-skewt."""
    baseline = Garch("EGARCH", "skewt").fit(history)
    begun = time.perf_counter()
    for seed in range(20):  # a twentieth at a time, so that it fits into memory
        baseline.sample(count // 20, days, seed)
    return time.perf_counter() - begun


def main():
    """Writes scenarios and prints figures; ends with 1 where they took more than was promised."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recipe", default="sp500")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--suffix", default=".parquet")
    parser.add_argument("--arch", action="store_true", help="also time arch's own simulation")
    asked = parser.parse_args()
    known = (*recipes.RECIPES, tiny_recipes.RETURNS)
    recipe = next(recipe for recipe in known if recipe.name == asked.recipe)
    with mock.patch.object(recipes, "RECIPES", known), tempfile.TemporaryDirectory() as folder:
        run = tiny_recipes.untrained_run(Path(folder) / "run", recipe, Source("bundled"))
        few = asked.count // 5  # brings everything to its size
        *_, before = write(run, few, Path(folder) / f"few{asked.suffix}")
        seconds, size, most = write(run, asked.count, Path(folder) / f"all{asked.suffix}")
    print(
        f"{asked.count:,} scenarios of {asked.recipe} to {asked.suffix} ({size:,.0f} MiB) on "
        f"{keras.backend.backend()}: {seconds:.0f} s; peak memory {most:,.0f} MiB, "
        f"{most - before:.0f} MiB more than for {few:,}"
    )
    if asked.arch:
        data = recipe.task.load(Source("bundled"))
        took = simulate(data.history.iloc[:, 0], asked.count, data.samples.shape[1])
        print(f"arch: as many returns of an EGARCH-skewt in memory, not written: {took:.0f} s")
    return int(most > PROMISED)


if __name__ == "__main__":
    sys.exit(main())
