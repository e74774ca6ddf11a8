"""TimeGAN's stocks: discriminative and predictive score of windows of prices and volume.

    python -m benchmarks.timegan_stocks --data timegan_stocks.csv --out runs/timegan
    python -m benchmarks.timegan_stocks --data sensors.csv --only "training windows" "VAR(1)"

Each column of the file is scaled to [0, 1] by its lowest and highest value, and the windows of 24
rows are taken as samples. Most rows are controls: they show what these scores measure on prices,
whose level the classifier sees.

Reference: Yoon, Jarrett and van der Schaar (2019), Time-series Generative Adversarial Networks.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.tables import Table, write_page
from benchmarks.timegan_scores import Protocol, Windows, discriminative_score, predictive_score
from keras_wgan.data import Source
from keras_wgan.experiments import recipes

LENGTH = 24
SHIFT = 0.05  # of the range of each column
RECIPE = recipes.get("series")

PUBLISHED = {  # discriminative, predictive
    "FM-TS": (0.019, 0.036),
    "TSGM, subVP": (0.021, 0.037),
    "ImagenTime": (0.037, 0.036),
    "Diffusion-TS": (0.067, 0.036),
    "TimeGAN": (0.102, 0.038),
    "real windows": (None, 0.036),
}


def windows_of(source: Source) -> Windows:
    """Returns `(n, 24, columns)` windows in [0, 1], one starting at each row."""
    data = RECIPE.with_settings({"window": LENGTH}).task.load(source)
    return np.ascontiguousarray((data.samples + 1.0) / 2.0, dtype=np.float32)


def copies(real: Windows, seed: int) -> Windows:
    """Returns the real windows themselves."""
    return real


def shifted(real: Windows, seed: int) -> Windows:
    """Returns the real windows, each a twentieth of the range higher."""
    return np.asarray(real + SHIFT, dtype=np.float32)


def random_walk(real: Windows, seed: int) -> Windows:
    """Returns walks from random real rows by random real steps."""
    rng = np.random.default_rng(seed)
    rows = _rows(real)
    n, length, _ = real.shape
    steps = np.diff(rows, axis=0)[rng.integers(len(rows) - 1, size=(n, length - 1))]
    start = rows[rng.integers(len(rows), size=(n, 1))]
    return np.asarray(start + np.concatenate([0.0 * start, steps.cumsum(axis=1)], axis=1))


def autoregression(real: Windows, seed: int) -> Windows:
    """Returns paths of a VAR(1) from random real rows, with random residuals of its fit."""
    rng = np.random.default_rng(seed)
    rows = _rows(real).astype(np.float64)
    n, length, columns = real.shape
    design = np.column_stack([rows[:-1], np.ones(len(rows) - 1)])
    slopes = np.linalg.lstsq(design, rows[1:], rcond=None)[0]
    residuals = rows[1:] - design @ slopes
    path = np.empty((n, length, columns))
    path[:, 0] = rows[rng.integers(len(rows), size=n)]
    for step in range(1, length):
        drawn = residuals[rng.integers(len(residuals), size=n)]
        path[:, step] = path[:, step - 1] @ slopes[:-1] + slopes[-1] + drawn
    return np.asarray(path, dtype=np.float32)


def trained_series(real: Windows, seed: int, source: Source, epochs: int) -> Windows:
    """Returns windows of the recipe `series`, trained here."""
    recipe = RECIPE.with_settings({"epochs": epochs, "window": LENGTH})
    data = recipe.task.load(source)
    model = recipe.build_for(data, seed)
    model.fit(recipe.batches(data, seed), shuffle=False, epochs=epochs, verbose=0)
    made = (model.generate(len(real), seed=seed) + 1.0) / 2.0
    return np.asarray(made, dtype=np.float32)


def row(
    name: str, real: Windows, make: Callable[..., Windows], protocol: Protocol, seed: int
) -> dict[str, float | str]:
    """Returns both scores of a way to make windows, and their deviations over the runs."""
    made = make(real, seed)
    found: dict[str, float | str] = {"": name}
    measures = {"discriminative": discriminative_score, "predictive": predictive_score}
    for measure, score in measures.items():
        scores = [score(real, made, protocol, seed + run) for run in range(protocol.runs)]
        found |= {measure: float(np.mean(scores)), f"{measure} ±": float(np.std(scores))}
    print(found, flush=True)
    return found


def main() -> None:
    """Scores the controls and the recipe `series`, and prints the table."""
    asked = _arguments()
    source = Source(asked.data)
    real = windows_of(source)
    makers: dict[str, Callable[..., Windows]] = {
        "training windows": copies,
        "training windows, 5% of the range higher": shifted,
        "random walk": random_walk,
        "VAR(1)": autoregression,
        "recipe series": partial(trained_series, source=source, epochs=asked.epochs),
    }
    usual = Protocol()
    protocol = Protocol(
        runs=asked.runs,
        discriminative_steps=max(1, round(asked.steps * usual.discriminative_steps)),
        predictive_steps=max(1, round(asked.steps * usual.predictive_steps)),
    )
    rows = [
        row(name, real, make, protocol, asked.seed)
        for name, make in makers.items()
        if asked.only is None or name in asked.only
    ]
    rows += [
        {"": f"published: {name}", "discriminative": scores[0] or "", "predictive": scores[1]}
        for name, scores in PUBLISHED.items()
    ]
    note = (
        f"{len(real):,} windows, {real.shape[2]} columns; {protocol}; the recipe is "
        f"trained for {asked.epochs} epochs. Seed {asked.seed}."
    )
    table = Table("Stocks by the scores of TimeGAN", rows, [note])
    print(write_page(asked.out, "timegan_stocks", table))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="a CSV file of columns in order of time")
    parser.add_argument("--only", nargs="+", help="rows of the table; by default, all")
    parser.add_argument("--runs", type=int, default=Protocol.runs, help="classifiers of a row")
    parser.add_argument("--steps", type=float, default=1.0, help="share of the published steps")
    epochs = RECIPE.settings.epochs
    parser.add_argument("--epochs", type=int, default=epochs, help="of the recipe series")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("runs/timegan"), help="a folder")
    return parser.parse_args()


def _rows(real: Windows) -> NDArray[np.float32]:
    """Returns the rows behind windows that start at each of them."""
    return np.concatenate([real[:, 0], real[-1, 1:]])


if __name__ == "__main__":
    main()
