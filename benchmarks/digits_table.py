"""The quality of the digit recipes after the same minutes of training, over several seeds.

    python -m benchmarks.digits_table --data mnist.npz --minutes 15 --out runs/digits

The time of a step is measured first; then as many epochs are trained as fit into the minutes, over
which the learning rates decay. The minutes in the table are those of training, with its metrics.
Each training is a run folder under `--out`: a measured run is not trained again, and an interrupted
one is resumed.
"""

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from keras_wgan.data import ImageData, Source
from keras_wgan.experiments import recipes, training
from keras_wgan.experiments.recipes import Recipe
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import strict_json

TIMED_STEPS = 40
TRAINING_SHARE = 0.93  # of the minutes; the rest goes into watching: samples, distances, saving
SHOWN = {  # name in metrics.json: heading
    "minutes": "minutes",
    "epochs": "epochs",
    "fid": "distance",
    "error": "+-",
    "floor": "floor",
    "times_floor": "times floor",
    "classes_covered": "digits covered",
    "rarest_class_share": "rarest digit",
    "precision": "precision",
    "recall": "recall",
    "agreement": "agreement",
}


def main() -> None:
    """Trains and measures the missing runs, and writes the table after each."""
    asked = _arguments()
    rows: list[dict[str, Any]] = []
    for name in asked.recipes:
        recipe = recipes.get(name)
        source = Source(asked.data or recipe.source)
        for seed in asked.seeds:
            folder = asked.out / f"{name}-{asked.minutes:g}-minutes-{seed}"
            _train(recipe, source, folder, seed, asked.minutes)
            _measure(folder, asked.count, seed)
            rows.append({"recipe": name, "seed": seed, **_row(folder)})
            _write(pd.DataFrame(rows), asked.out)
    print(f"\nEverything is in {asked.out}\nNext: keras-wgan generate {folder} --count 1000")


def epochs_that_fit(minutes: float, step_seconds: float, steps: int) -> int:
    """Returns how many epochs of the given steps fit into the minutes, at least one."""
    return max(1, int(TRAINING_SHARE * 60 * minutes / (step_seconds * steps)))


def step_seconds(recipe: Recipe, data: ImageData, steps: int = TIMED_STEPS) -> float:
    """Returns the seconds of a training step in `fit`, the mean over some after compiling."""
    model, most = recipe.build_for(data, seed=0), steps * recipe.settings.batch_size
    labels = data.labels[:most]
    batches = recipe.batches(replace(data, samples=data.samples[:most], labels=labels), seed=0)
    model.fit(batches, shuffle=False, verbose=0)  # compiles
    start = time.perf_counter()
    model.fit(batches, shuffle=False, verbose=0)
    return (time.perf_counter() - start) / len(batches)


def _train(recipe: Recipe, source: Source, folder: Path, seed: int, minutes: float) -> None:
    spent = folder / "seconds.json"
    start = time.perf_counter()
    if not (folder / "config.json").exists():
        data = recipe.task.load(source)
        seconds, size = step_seconds(recipe, data), recipe.settings.batch_size
        steps = -(-len(data.samples) // size)
        epochs = epochs_that_fit(minutes, seconds, steps)
        print(f"{folder}: {1000 * seconds:.0f} ms a step, {epochs} epochs", flush=True)
        start = time.perf_counter()
        fitted = recipe.with_settings({"epochs": epochs})
        outcome = training.train(
            ExperimentSpec(fitted, source, seed), Run.create(folder), verbose=2
        )
    else:
        run = Run.open(folder)
        if len(run.history()) >= run.recipe.settings.epochs:
            return
        outcome = training.resume(run, verbose=2)
    earlier = json.loads(spent.read_text()) if spent.exists() else 0.0
    write_atomically(spent, strict_json(earlier + time.perf_counter() - start))
    if outcome.interrupted:
        raise SystemExit(f"{folder} is not finished; the same command continues it")


def _measure(folder: Path, count: int, seed: int) -> None:
    run = Run.open(folder)
    if run.metrics_path.exists() and _metrics(run)["asked"] == count:
        return
    lines, _ = training.evaluate(run, count=count, seed=seed)
    run.write_metrics({**_metrics(run), "asked": count})
    print("\n".join(lines), flush=True)


def _metrics(run: Run) -> dict[str, Any]:
    metrics: dict[str, Any] = json.loads(run.metrics_path.read_text(encoding="utf-8"))
    return {"asked": None, **metrics}


def _row(folder: Path) -> dict[str, Any]:
    run = Run.open(folder)
    metrics, spent = _metrics(run), folder / "seconds.json"
    return {
        **metrics,
        "minutes": json.loads(spent.read_text()) / 60 if spent.exists() else np.nan,
        "epochs": len(run.history()),
        "error": metrics["measured"]["standard_error"],
        "times_floor": metrics["fid"] / metrics["floor"],
        "protocol": metrics["measured"]["protocol"],
    }


def _write(rows: pd.DataFrame, out: Path) -> None:
    shown = [name for name in SHOWN if name in rows.columns]
    means = rows.groupby("recipe", sort=False)[shown].mean().reset_index().assign(seed="mean")
    table = pd.concat([rows[["recipe", "seed", *shown]], means])[["recipe", "seed", *shown]]
    table = table.rename(columns=SHOWN)
    text = table.to_string(index=False, float_format=lambda value: f"{value:.3g}", na_rep="")
    protocols = "\n".join(sorted({strict_json(each).decode() for each in rows["protocol"]}))
    write_atomically(out / "table.txt", f"{text}\n\nProtocols:\n{protocols}\n".encode())
    write_atomically(out / "table.json", strict_json(rows.to_dict("records")))
    print(f"\n{text}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recipes", nargs="+", default=["mnist", "mnist-classic"])
    parser.add_argument("--data", help="a Keras-format .npz file, or a name; the recipe's own")
    parser.add_argument(
        "--minutes", type=float, default=15.0, help="of training, watching included"
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--count", type=int, default=10_000, help="images on each side")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
