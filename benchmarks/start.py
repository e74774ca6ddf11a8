"""The time of imports in fresh interpreters, and to the first training step."""

import os
import subprocess
import sys
import time

from benchmarks.cases import Effort
from benchmarks.child import ROOT
from benchmarks.tables import Table
from benchmarks.timing import in_turn, ratio_row, time_row

KERAS, OURS = "import keras", "from keras_wgan import WGANGP"
KERAS_STEP, OUR_STEP = "first step of a Keras model", "first step of WGANGP"
NETWORKS = """
import keras, numpy as np
generator = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
data = np.zeros((8, 2), "float32")
"""
PROGRAMS = {
    KERAS: KERAS,
    "import keras_wgan": "import keras_wgan",
    OURS: OURS,
    KERAS_STEP: f"""{NETWORKS}
critic.compile(optimizer="adam", loss="mse")
critic.fit(data, np.zeros((8, 1), "float32"), verbose=0)
""",
    OUR_STEP: f"""{NETWORKS}
from keras_wgan import WGANGP
model = WGANGP(generator, critic, latent=4)
model.compile()
model.fit(data, verbose=0)
""",
}
PAIRS = [(OURS, KERAS, "<= 1.05"), (OUR_STEP, KERAS_STEP, "")]
QUICK = {code: code for code in ("import numpy", "import keras_wgan")}  # no waiting for Keras
ROUNDS: dict[Effort, int] = {"quick": 1, "usual": 10, "large": 20}


class Fresh:
    """A round in a separate interpreter; keeps the elapsed seconds."""

    def __init__(self, program: str) -> None:
        self.program, self.wall = program, list[float]()

    def __call__(self) -> float:
        """Returns the seconds of the processor, of all threads together."""
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", self.program], cwd=ROOT, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall.append(time.perf_counter() - start)
        if process.returncode:
            raise RuntimeError(f"This program failed: {self.program}")
        return usage.ru_utime + usage.ru_stime


def measure(effort: Effort) -> list[Table]:
    """Returns the times of fresh interpreters, and ours over Keras' own."""
    quick, rounds = effort == "quick", ROUNDS[effort]
    programs = QUICK if quick else PROGRAMS
    pairs = [("import keras_wgan", "import numpy", "")] if quick else PAIRS
    fresh = {name: Fresh(program) for name, program in programs.items()}
    processor = in_turn(fresh, rounds)
    wall = {name: each.wall[-rounds:] for name, each in fresh.items()}
    times, compared = [], []
    for clock, seconds in (("processor", processor), ("wall", wall)):
        times += [{"clock": clock, **time_row(name, seconds[name])} for name in programs]
        compared += [{"clock": clock, **ratio_row(seconds, *pair)} for pair in pairs]
    return [
        Table(f"Milliseconds of a fresh interpreter (median of {rounds} rounds, in turn)", times),
        Table(
            "Ratios, round by round",
            compared,
            ["Other work on the machine disturbs processor time least."],
        ),
    ]
