"""Steps, trainings and scenarios on a GPU, in less than eight minutes.

    python -m benchmarks.gpu --data mnist.npz --out runs/speed
    python -m benchmarks.gpu --small                 # tiny sizes: does every part run?

Each measurement has a process of its own, on one backend, and a limit of seconds; one that fails or
does not end is named below the table, and the others go on. It writes `speed_gpu.md` and
`speed_gpu.json`. Without a GPU the same runs on the processor.
"""

import argparse
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import machine, tables
from benchmarks.child import ChildError, measured_within
from benchmarks.tables import Table
from benchmarks.timing import ratio_row, time_row
from keras_wgan.backends import NAMES, SHARED_DEVICE

PARTS = "benchmarks.gpu_parts"
PLAIN = "plain loop, classic"
UNOPTIMIZED = "--xla_backend_optimization_level=0"  # the smoke run compiles, and no more
LIMIT = 460.0  # seconds of all measurements
BATCHES = {"images": 256, "returns": 1024}


@dataclass
class Session:
    """Measurements in turn, until the time is over.

    Args:
        end: When no measurement may go on, in seconds of `time.monotonic`.
    """

    end: float
    notes: list[str] = field(default_factory=list)
    accelerators: dict[str, str] = field(default_factory=dict)

    def measure(self, backend: str, part: str, most: float, arguments: dict[str, Any]) -> Any:
        """Returns a result, or `None` and a note where there is none within `most` seconds."""
        name = " ".join([f"{backend}, {part}:", *(f"{key}={arguments[key]}" for key in arguments)])
        print(name, flush=True)
        left = min(most, self.end - time.monotonic())
        maker = part if ":" in part else f"{PARTS}:{part}"
        try:
            return measured_within(left, maker, arguments, {"KERAS_BACKEND": backend})
        except ChildError as error:
            self.notes.append(f"{name}: {error}")
            return None


def main() -> None:
    """Measures everything, and writes the tables."""
    asked = _arguments()
    for name, value in {**SHARED_DEVICE, "TF_CPP_MIN_LOG_LEVEL": "3"}.items():
        os.environ.setdefault(name, value)
    if asked.small:
        os.environ.setdefault("XLA_FLAGS", UNOPTIMIZED)
    facts, session = machine.facts(), Session(time.monotonic() + LIMIT)
    found = [
        _scenarios(session, asked.small),
        _market(session, asked.small),
        _digits(session, asked.data, asked.small),
        *_steps(session, asked.backends, asked.small),
    ]
    facts |= {f"device of {name}": device for name, device in session.accelerators.items()}
    flag = " --small" if asked.small else f" --data {asked.data.name}" if asked.data else ""
    written = [table for table in found if table.rows]
    if session.notes:
        written.append(Table("Not measured", [{"what": note} for note in session.notes]))
    text = tables.write(asked.out, "gpu", written, facts, f"python -m benchmarks.gpu{flag}")
    spent = LIMIT - session.end + time.monotonic()
    print(f"{text}\nWrote {asked.out / 'speed_gpu.md'} after {spent:.0f} s")


def _steps(session: Session, names: list[str], small: bool) -> list[Table]:
    times, compared = [], []
    sizes = {"returns": 2} if small else BATCHES
    for backend in names:
        for kind, batch in sizes.items():
            arguments = {
                "kind": kind,
                "batch": batch,
                "count": 1 if small else 30,
                "rounds": 1 if small else 5,
            }
            result = session.measure(backend, "steps", 120.0 if small else 45.0, arguments)
            if result is None:
                continue
            where, seconds = {"backend": backend, "batch": batch}, result["seconds"]
            session.accelerators[backend] = ", ".join(result["accelerators"]) or "the processor"
            times += [{**where, **time_row(name, each)} for name, each in seconds.items()]
            compared += [
                {**where, **ratio_row(seconds, name, PLAIN)} for name in seconds if name != PLAIN
            ]
    return [
        Table("Milliseconds a training step (medians of rounds, in turn)", times),
        Table("Ratios, round by round", compared),
    ]


def _digits(session: Session, data: Path | None, small: bool) -> Table:
    title = "`mnist` until its digits are at 1.15 floors"
    if data is None:
        session.notes.append("tensorflow, digits: no --data with MNIST in Keras' format was given.")
        return Table(title, [])
    arguments: dict[str, Any] = {"data": str(data.absolute()), "seconds": 60.0}
    if small:
        arguments |= {"seconds": 1.0, "judged": 200}
    result = session.measure("tensorflow", "digits", 100.0, arguments)
    return Table(title, [result] if result else [])


def _market(session: Session, small: bool) -> Table:
    arguments = {"epochs": 1 if small else None}
    result = session.measure("tensorflow", "market", 90.0, arguments)
    return Table("A training of `sp500`", [result] if result else [])


def _scenarios(session: Session, small: bool) -> Table:
    sizes = {1: 256} if small else {1: 204_800, 50: 10_240}
    results = [
        session.measure("tensorflow", "scenarios", 60.0, {"assets": assets, "count": count})
        for assets, count in sizes.items()
    ]
    return Table("Numbered scenarios of 60 days", [each for each in results if each])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.gpu", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, help="MNIST in Keras' format; without it no digits")
    parser.add_argument("--backends", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--out", type=Path, default=Path("runs/speed"), help="a folder")
    parser.add_argument("--small", action="store_true", help="tiny sizes, a smoke run")
    return parser.parse_args()


if __name__ == "__main__":
    main()
