"""The speed of generating scenarios and digits, and the memory of a million scenarios."""

import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cases import Case, Effort, classic, default
from benchmarks.child import measured_alone
from benchmarks.memory import peak_bytes
from benchmarks.tables import Table
from benchmarks.timing import Round, in_turn, ratio_row, time_row, timed
from keras_wgan import WGANGP
from keras_wgan.data import Scaler
from keras_wgan.experiments import recipes
from keras_wgan.market import PathSimulator
from keras_wgan.market.scenario_stream import ScenarioStream

DAYS, BATCH = 60, 1024
NUMBERED = "sp500, numbered scenarios (keras-wgan generate)"
BATCHES = "sp500, generate_batches"
GIB = 2**30
# In percent a day, of the order that shares have; the time does not depend on them.
MODELS: dict[str, tuple[dict[str, Any], list[float]]] = {
    "arch, GARCH-t": ({"vol": "GARCH", "dist": "t"}, [0.06, 0.01, 0.1, 0.89, 7.0]),
    "arch, EGARCH-skewt": (
        {"vol": "EGARCH", "o": 1, "dist": "skewt"},
        [0.02, 0.0, 0.1, -0.15, 0.98, 8.0, -0.1],
    ),
}
SIZES: dict[Effort, tuple[int, int, int, int]] = {  # scenarios in turn, rounds, streamed, digits
    "quick": (10, 1, 20, 4),
    "usual": (20_000, 5, 1_000_000, 4096),
    "large": (100_000, 5, 1_000_000, 10_000),
}


def measure(effort: Effort) -> list[Table]:
    """Returns scenarios against `arch`, a file streamed by a separate process, and digits."""
    count, rounds, streamed, digits = SIZES[effort]
    market = recipes.get("sp500").build(seed=1)
    stream = numbered(market)
    contenders = {
        NUMBERED: timed(lambda: sum(len(some) for some in stream.between(0, count))),
        BATCHES: timed(lambda: drawn(market, count, seed=1)),
    }
    contenders |= {name: simulation(name, count * DAYS) for name in MODELS}
    seconds = in_turn(contenders, rounds)
    ratios = [ratio_row(seconds, NUMBERED, name, "<= 0.08") for name in MODELS]
    ratios += [ratio_row(seconds, BATCHES, name) for name in MODELS]
    makers = {"mnist-classic": classic("images"), "mnist, classic widths": default("images")}
    images = {name: Case(recipe, 1, 1).model() for name, recipe in makers.items()}
    made = in_turn({name: digits_of(model, digits) for name, model in images.items()}, rounds)
    arguments = {"count": streamed}
    # The smoke run waits for no other process.
    file = streaming(**arguments)() if effort == "quick" else measured_alone(streaming, arguments)
    return [
        Table(
            f"Milliseconds for {count:,} scenarios of {DAYS} days, or as many returns in a row "
            f"(median of {rounds} rounds, in turn)",
            [time_row(name, found) for name, found in seconds.items()],
        ),
        Table("Ratios, round by round", ratios),
        Table(f"{streamed:,} scenarios of {DAYS} days, streamed to a .npy file", [file]),
        Table(
            f"Digits a second ({digits:,} at a time)",
            [
                {"what": name, "samples a second": digits / float(np.median(found))}
                for name, found in made.items()
            ],
        ),
    ]


def numbered(market: WGANGP) -> ScenarioStream:
    """Returns scenarios as the command `generate` makes them, each by its number."""
    return ScenarioStream(PathSimulator("sp500", market, Scaler((0.0,), (1.0,))), DAYS, seed=1)


def drawn(market: WGANGP, count: int, seed: int) -> int:
    """Returns how many scenarios were made; none is kept."""
    return sum(len(some) for some in market.generate_batches(count, seed=seed, batch_size=BATCH))


def simulation(name: str, returns: int) -> Round:
    """Returns a round in which `arch` simulates that many returns."""
    from arch import arch_model

    settings, parameters = MODELS[name]
    model = arch_model(None, mean="Constant", rescale=False, **settings)
    return timed(lambda: model.simulate(parameters, nobs=returns))


def digits_of(model: WGANGP, count: int) -> Round:
    """Returns a round in which digits are made."""
    return timed(lambda: model.generate(count, seed=1))


def streaming(count: int) -> Any:
    """Returns a contender that writes scenarios to a file and returns its cost."""
    scenarios = numbered(recipes.get("sp500").build(seed=1))
    next(scenarios.between(0, 1))  # compiles

    def work() -> dict[str, Any]:
        before, start = peak_bytes(), time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "scenarios.npy"
            write(scenarios, count, path)
            seconds, size = time.perf_counter() - start, os.path.getsize(path)
        return {
            "seconds": seconds,
            "scenarios a second": count / seconds,
            "file, GiB": size / GIB,
            "peak memory, GiB": peak_bytes() / GIB,
            "of which before, GiB": before / GIB,
            "target": "peak < 2 GiB",
        }

    return work


def write(scenarios: ScenarioStream, count: int, path: Path) -> None:
    """Writes scenarios to a .npy file, some at a time."""
    with path.open("wb") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": (count, DAYS, 1)}
        np.lib.format.write_array_header_1_0(file, header)
        for some in scenarios.between(0, count):
            file.write(some.astype("<f4").tobytes())
