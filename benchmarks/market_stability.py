"""Fifty years simulated 200 times: whether paths explode, die or drift away from their market.

    python -m benchmarks.market_stability RUN --out runs/stability

`RUN` is a trained market of one asset. The volatility of each simulated year is compared with those
of the years of its history, and the first ten years of the paths with the last ten.
"""

import argparse
from pathlib import Path

import numpy as np
from scipy.stats import wasserstein_distance

from keras_wgan.experiments import Run
from keras_wgan.io.files import write_atomically

YEAR = 252
HISTORIES = 200  # drawn from the real years, for the sampling floor


def main() -> None:
    """Simulates the run that the command line names, and prints the table."""
    asked = arguments()
    run = Run.open(asked.run)
    paths = run.simulator().sample(asked.paths, asked.years * YEAR, seed=asked.seed)
    text = table(yearly(paths), real_years(run.data().history), asked)
    asked.out.mkdir(parents=True, exist_ok=True)
    write_atomically(asked.out / "stability.md", text.encode())
    print(f"{text}\nWrote {asked.out / 'stability.md'}")


def arguments() -> argparse.Namespace:
    """Returns the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, help="the folder of a trained market")
    parser.add_argument("--paths", type=int, default=200)
    parser.add_argument("--years", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0, help="seed of the paths and of the floor")
    parser.add_argument("--out", type=Path, default=Path("runs/stability"), help="a folder")
    return parser.parse_args()


def yearly(paths: np.ndarray) -> np.ndarray:
    """Returns `(paths, years)` annualized volatilities of `(paths, days)` log returns."""
    years = paths.reshape(len(paths), -1, YEAR)
    return years.std(axis=2) * np.sqrt(YEAR)


def real_years(history: np.ndarray) -> np.ndarray:
    """Returns the annualized volatility of each whole year of a history, the last one last."""
    days = np.ravel(history)
    return yearly(days[len(days) % YEAR :][np.newaxis])[0]


def table(simulated: np.ndarray, real: np.ndarray, asked: argparse.Namespace) -> str:
    """Returns the table in Markdown, in percent a year."""
    rng = np.random.default_rng(asked.seed)
    draws = [wasserstein_distance(rng.choice(real, size=len(real)), real) for _ in range(HISTORIES)]
    rows = {
        f"real, {len(real)} years": real,
        f"{asked.paths} paths of {asked.years} years": simulated,
        "their first ten years": simulated[:, :10],
        "their last ten years": simulated[:, -10:],
    }
    lines = [
        "| volatility of a year, % | min | 5% | median | 95% | max | distance from real |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, found in rows.items():
        cells = 100.0 * np.quantile(found, [0.0, 0.05, 0.5, 0.95, 1.0])
        distance = 100.0 * wasserstein_distance(found.ravel(), real)
        cells = " | ".join(f"{cell:.1f}" for cell in cells)
        lines.append(f"| {name} | {cells} | {distance:.2f} |")
    floor = 100.0 * np.mean(draws)
    lines += ["", f"The floor, the mean distance of resampled real years, is {floor:.2f}."]
    exploded = (~np.isfinite(simulated) | (simulated > 10.0 * real.max())).any(axis=1).sum()
    died = (simulated < 0.1 * real.min()).any(axis=1).sum()
    lines.append(
        f"{exploded} paths exploded (a year over ten times the wildest real one), {died} died "
        f"(a year under a tenth of the calmest). Seed {asked.seed}."
    )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
