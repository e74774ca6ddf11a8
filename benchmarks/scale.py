"""Scenarios a second in one process and in two at once, of one asset and of fifty."""

import multiprocessing
import resource
import time
from multiprocessing.synchronize import Barrier
from typing import Any

from benchmarks.cases import Effort
from benchmarks.tables import Table

DAYS = 60
SIZES: dict[Effort, dict[int, int]] = {  # scenarios of each process, by the number of assets
    "quick": {1: 256},
    "usual": {1: 20_480, 50: 1024},
    "large": {1: 409_600, 50: 20_480},
}


def measure(effort: Effort) -> list[Table]:
    """Returns the throughput of numbered scenarios."""
    rows = []
    for assets, count in SIZES[effort].items():
        rows += [_row(assets, count, processes) for processes in (1, 2)]
    return [Table(f"Numbered scenarios of sp500, {DAYS} days, one thread a process", rows)]


def _row(assets: int, count: int, processes: int) -> dict[str, Any]:
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(processes) as pool:
        barrier = manager.Barrier(processes)
        work = [(assets, count, number, barrier) for number in range(processes)]
        found = pool.starmap(drawn, work)
    seconds = max(wall for wall, _ in found)
    cpu = sum(spent for _, spent in found) / (count * processes)
    return {
        "assets": assets,
        "processes": processes,
        "scenarios a second": count * processes / seconds,
        "processor time of a scenario, us": 1e6 * cpu,
        "ns for each return": 1e9 * cpu / (DAYS * assets),
    }


def drawn(assets: int, count: int, number: int, barrier: Barrier) -> tuple[float, float]:
    """Returns the seconds, and the seconds of the processor, of one process's scenarios."""
    import numpy as np

    from keras_wgan import WGANGP
    from keras_wgan.data import Scaler
    from keras_wgan.market import PathSimulator
    from keras_wgan.market.scenario_stream import ScenarioStream
    from keras_wgan.networks import market_critic, market_generator

    generator = market_generator(DAYS, assets=assets)
    shape = generator.input_shape[1:]
    model = WGANGP(generator, market_critic(DAYS, assets=assets), latent=shape, seed=1)
    scaler = Scaler((0.0,) * assets, (0.01,) * assets)
    stream = ScenarioStream(PathSimulator("untrained", model, scaler), DAYS, seed=0)
    next(stream.between(0, 1))  # compiles
    barrier.wait()
    start, spent = time.perf_counter(), _processor_seconds()
    for batch in stream.between(number * count, (number + 1) * count):
        np.asarray(scaler.inverse(batch), np.float32)
    return time.perf_counter() - start, _processor_seconds() - spent


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
