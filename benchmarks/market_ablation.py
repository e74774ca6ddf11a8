"""The scores of the classic market recipe and of `sp500` with one change at a time.

    python -m benchmarks.market_ablation --data prices.csv --start 2000-01-01 --end 2023-12-31 \
        --out runs/ablation

Each training leaves a file of scores under `--out` and is not repeated.
"""

import argparse
import functools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd
from scipy.stats import kurtosis

from keras_wgan import latents, penalties
from keras_wgan.data import ReturnsData, Source
from keras_wgan.experiments import recipes
from keras_wgan.experiments.recipes import Recipe
from keras_wgan.experiments.settings import WINDOW
from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import strict_json
from keras_wgan.market.egarch_start import start_from_egarch
from keras_wgan.market.leaderboard import Leaderboard
from keras_wgan.market.reference import MarketReference, Scoring, market_reference
from keras_wgan.metrics import median_ratio, score_ratios
from keras_wgan.networks import MarketGenerator
from keras_wgan.report.plots.leaderboard import leaderboard_picture
from keras_wgan.report.plots.style import save_picture
from keras_wgan.wgan_gp import WGANGP

PATHS = 6000
COLUMNS = {
    "composite": "comp",
    "median_ratio": "median",
    "classifier": "c2st",
    "w1": "W1\\*",
    "w5": "W5\\*",
    "w20": "W20\\*",
    "w60": "W60\\*",
    "kurtosis": "kurt",
    "window_kurtosis": "kurt of a window",
    "hill_left": "hill",
    "acf_abs": "\\|r\\|\\*",
    "acf_square": "r²\\*",
    "leverage": "lev\\*",
    "var1_1d": "VaR",
    "es1_1d": "ES",
    "drawdown": "mdd",
    "volatility": "vol",
}


@dataclass(frozen=True)
class Variant:
    """A recipe with one change.

    Args:
        recipe: The changed recipe.
        prepare: Called with the model and the data before training.
    """

    recipe: Recipe
    prepare: Callable[[WGANGP, ReturnsData], object] = lambda model, data: None


def variants(classic_epochs: int, epochs: int) -> dict[str, Variant]:
    """Returns the variants by name: five of the classic networks, the others of `sp500`."""
    # Ten times the classic learning rate, which would need 150 epochs: hours for fifteen trainings.
    classic = recipes.get("sp500-classic").with_settings(
        {"epochs": classic_epochs, "learning_rate": 1e-3}
    )
    linear = replace(classic, networks=_linear_head, scaling="z-score")
    market = recipes.get("sp500").with_settings({"epochs": epochs})
    student = functools.partial(latents.StudentT, df=5)
    return {
        "classic: min-max, tanh": Variant(classic),
        "classic, z-score, linear": Variant(linear),
        "classic, linear, Student-t latents, df 5": Variant(replace(linear, latent=student)),
        "classic, linear, alpha-stable latents, alpha 1.8": Variant(
            replace(linear, latent=functools.partial(latents.AlphaStable, alpha=1.8))
        ),
        "classic, linear, moment penalty": Variant(
            replace(linear, generator_penalties=(penalties.MomentPenalty(weight=1.0),))
        ),
        "sp500": Variant(market),
        "sp500, warm start": Variant(market, _from_egarch),
        "sp500, normal shocks (no tail layer)": Variant(replace(market, networks=_normal_shocks)),
        "sp500, 20 days of past (no regimes)": Variant(market.with_settings({"latent_size": 20})),
        "sp500, Student-t noise, df 5": Variant(replace(market, latent=_student_noise)),
        "sp500, critic alone": Variant(replace(market, generator_penalties=())),
        "sp500, penalties alone": Variant(replace(market, networks=_silent_critic)),
    }


def main() -> None:
    """Trains the missing variants, and writes the table of means over the seeds."""
    asked = _arguments()
    history, market = None, None
    found: dict[str, list[Mapping[str, float]]] = {}
    everything = variants(asked.classic_epochs, asked.epochs)
    for name, variant in everything.items():
        if asked.only and name not in asked.only:
            continue
        source = Source(asked.data or variant.recipe.source, None, asked.start, asked.end)
        for seed in range(asked.seeds):
            file = asked.out / f"{''.join(c if c.isalnum() else '-' for c in name)}-{seed}.json"
            if not file.exists():
                data = variant.recipe.task.load(source)
                if market is None or history is None:
                    history = data.history.to_numpy()[:, 0]
                    market = market_reference(history, Scoring(WINDOW), progress=print)
                print(f"training {name}, seed {seed}", flush=True)
                file.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(file, strict_json(_measured(variant, data, market, seed)))
            scores = json.loads(file.read_text())["scores"]
            found.setdefault(name, []).append({key: float(scores[key]) for key in COLUMNS})
    table = pd.DataFrame({name: pd.DataFrame(rows).mean() for name, rows in found.items()}).T
    write_atomically(asked.out / "ablation.md", _markdown(table).encode())
    board = Leaderboard("in sample", table, found, {}, {})
    ours = [name for name in found if name == "sp500"]
    save_picture(leaderboard_picture(board, highlight=ours), asked.out / "ablation.png")
    print(f"{_markdown(table)}\nEverything is in {asked.out}")


def _from_egarch(model: WGANGP, data: ReturnsData) -> object:
    return start_from_egarch(model, data.history, data.facts)


def _measured(
    variant: Variant, data: ReturnsData, market: MarketReference, seed: int
) -> dict[str, Any]:
    recipe, began = variant.recipe, time.perf_counter()
    model = recipe.build_for(data, seed)
    variant.prepare(model, data)
    batches = recipe.batches(data, seed)
    model.fit(batches, shuffle=False, epochs=recipe.settings.epochs, verbose=0)
    paths = data.facts.scaler.inverse(model.generate(PATHS, seed=seed))[..., 0]
    if np.isfinite(paths).all():
        scores = market.score(paths, seed=seed)
        scores["median_ratio"] = median_ratio(score_ratios(scores, market.floor))
        scores["kurtosis"] += market.facts.kurtosis[1]
        scores["hill_left"] += market.facts.hill_left
        # Bias-corrected in each window of 60 days, as published for the classic networks.
        scores["window_kurtosis"] = float(np.median(kurtosis(paths, axis=1, bias=False)))
    else:
        scores = {**market.exploded, "median_ratio": np.inf, "window_kurtosis": np.inf}
    return {
        "scores": scores,
        "seed": seed,
        "seconds": time.perf_counter() - began,
        **recipe.describe(),
    }


def _linear_head(latent_size: int) -> tuple[keras.Model, keras.Model]:
    from keras_wgan.networks import classic_returns_critic, classic_returns_generator

    generator = classic_returns_generator(latent_size)
    generator.layers[-1].activation = keras.activations.linear
    return generator, classic_returns_critic()


def _normal_shocks(history: int, assets: int) -> tuple[keras.Model, keras.Model]:
    generator, critic = recipes.get("sp500").networks(history, assets)
    tail = MarketGenerator(generator).form.tail
    for weight in (tail.left, tail.right):
        weight.assign(np.full(assets, -20.0))  # a weight of 1e-9: the shock is the noise
    tail.trainable = False
    return generator, critic


def _silent_critic(history: int, assets: int) -> tuple[keras.Model, keras.Model]:
    generator, _ = recipes.get("sp500").networks(history, assets)
    returns = keras.Input((WINDOW, assets))
    score = keras.layers.Dense(1)(keras.layers.Flatten()(returns))
    return generator, keras.Model(returns, keras.layers.Rescaling(0.0)(score))


def _student_noise(history: int, assets: int) -> latents.Latent:
    return latents.StudentT((history + WINDOW, assets), df=5)


def _markdown(table: pd.DataFrame) -> str:
    head = ["", *(COLUMNS[name] for name in table)]
    rows = [
        [str(name), *(f"{value:.3f}" if abs(value) < 10 else f"{value:.3g}" for value in row)]
        for name, row in zip(table.index, table.to_numpy(), strict=True)
    ]
    rule = ["---", *("--:" for _ in table)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rule, *rows)) + "\n"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", help="a file of prices, or bundled")
    parser.add_argument("--start")
    parser.add_argument("--end")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--classic-epochs", type=int, default=20, help="of the classic networks")
    parser.add_argument("--epochs", type=int, default=60, help="of ours")
    parser.add_argument("--only", nargs="+", help="names of the variants to train")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
