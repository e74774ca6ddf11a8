"""The command that measures speed by parts, and prints and writes their tables.

    python -m benchmarks                              # every part: long, on an idle machine
    python -m benchmarks step frechet --out runs/speed
    python -m benchmarks --quick                      # tiny sizes: a check that every part runs

The contenders of a comparison are timed in the same run, in turn; see docs/speed.md.
"""

import argparse
import importlib
import os
import time
from pathlib import Path

from benchmarks import machine, tables

PARTS = {  # name: module, whose first line is printed as the title
    "step": "benchmarks.step",
    "matrix": "benchmarks.matrix",
    "fit": "benchmarks.fit",
    "frechet": "benchmarks.frechet",
    "generation": "benchmarks.generation",
    "scale": "benchmarks.scale",
    "start": "benchmarks.start",
    "memory": "benchmarks.memory",
    "work": "benchmarks.work",
    "jax": "benchmarks.on_jax",
}


def main() -> None:
    """Measures the parts that the command line names."""
    asked = arguments()
    # Before a part imports Keras, and instead of any earlier value: peers run against TensorFlow.
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    effort = "quick" if asked.quick else "large" if asked.large else "usual"
    flag = "" if effort == "usual" else f" --{effort}"
    for part in asked.parts or PARTS:
        facts, start = machine.facts(), time.perf_counter()
        module = importlib.import_module(PARTS[part])
        print(f"\n{part}: {module.__doc__.splitlines()[0]}\n", flush=True)
        found = module.measure(effort)
        text = tables.write(asked.out, part, found, facts, f"python -m benchmarks {part}{flag}")
        print(f"{text}\n{part} took {time.perf_counter() - start:.0f} s", flush=True)
    print(f"\nWrote the tables to {asked.out}\nNext: less {asked.out / f'speed_{part}.md'}")


def arguments() -> argparse.Namespace:
    """Returns the arguments of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__.splitlines()[0]
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; else all")
    parser.add_argument("--out", type=Path, default=Path("runs/speed"), help="a folder")
    effort = parser.add_mutually_exclusive_group()
    effort.add_argument("--quick", action="store_true", help="tiny sizes, a smoke run")
    effort.add_argument("--large", action="store_true", help="larger sizes, hours")
    asked = parser.parse_args()
    if unknown := [part for part in asked.parts if part not in PARTS]:
        parser.error(f"PART is one of {', '.join(PARTS)}. Received: {', '.join(unknown)}")
    return asked


if __name__ == "__main__":
    main()
