"""The error of a volatility that is found from simulated returns, whose true volatility is known.

    python -m benchmarks.found_states RUN --out runs/found-states

`RUN` is a trained market of one asset, or a preset. It simulates paths; from the returns of each
the volatility of the next day is found, as `generate --after` does, and compared with the one that
the simulator has.
"""

import argparse
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from keras import ops

from keras_wgan.experiments import Run
from keras_wgan.io.files import write_atomically
from keras_wgan.market import PathSimulator


def main() -> None:
    """Writes the table of the run that the command line names."""
    asked = arguments()
    simulator = Run.open(asked.run).simulator()
    text = table({days: errors(simulator, days, asked) for days in asked.shown}, asked)
    write_atomically(asked.out / "found_states.md", text.encode())
    print(f"{text}\nWrote {asked.out / 'found_states.md'}")


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Returns the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", help="the folder of a trained market, or a preset")
    parser.add_argument("--paths", type=int, default=40)
    parser.add_argument("--shown", type=int, nargs="+", default=[60, 250, 504], help="days shown")
    parser.add_argument("--seed", type=int, default=0, help="of the paths")
    parser.add_argument("--out", type=Path, default=Path("runs/found-states"), help="a folder")
    return parser.parse_args(given)


def errors(simulator: PathSimulator, days: int, asked: argparse.Namespace) -> np.ndarray:
    """Returns `(paths,)` relative errors of the volatility after `days` days of returns."""
    market = simulator.over(days)  # with the weights that make the samples
    shape = (asked.paths, market.history + days + 1, 1)
    noise = np.random.default_rng(asked.seed).normal(size=shape).astype("float32")
    known = market.remembering(days + 1, market.history)([noise, np.ones_like(noise)])
    true = np.exp(ops.convert_to_numpy(known[0])[:, -1, 0]) * simulator.scaler.scale[0]
    made = ops.convert_to_numpy(market.model(noise[:, :-1]))
    returns = simulator.scaler.inverse(made)[..., 0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of so few days it says that a state is uncertain
        found = [simulator.volatility_today(path).daily for path in returns]
    return np.abs(np.array(found) / true - 1.0)


def table(found: dict[int, np.ndarray], asked: argparse.Namespace) -> str:
    """Returns the table in Markdown, in percent of the true volatility."""
    lines = [
        "| days shown | median error | nine of ten below | largest |",
        "| --: | --: | --: | --: |",
    ]
    for days, each in found.items():
        cells = " | ".join(f"{cell:.1%}" for cell in np.quantile(each, [0.5, 0.9, 1.0]))
        lines.append(f"| {days:,} | {cells} |")
    lines += ["", f"{asked.paths} paths of {asked.run}, seed {asked.seed}."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
