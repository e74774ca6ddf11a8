"""The scores of the recipe `sp500` over several seeds, next to all baselines.

    python -m benchmarks.market_table --data prices.csv --start 2000-01-01 --end 2023-12-31 \
        --out runs/table
    python -m benchmarks.market_table --data prices.csv --start 2000-01-01 --out-of-sample \
        --out runs/later

Each training is a run folder under `--out`; a finished run is not trained again, and an interrupted
one is resumed.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from keras_wgan.data import Source
from keras_wgan.experiments import recipes
from keras_wgan.experiments.comparison_folder import trained
from keras_wgan.experiments.recipes import Recipe
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import strict_json
from keras_wgan.market import baselines
from keras_wgan.market.leaderboard import TEST_YEARS, Leaderboard, leaderboard, out_of_sample
from keras_wgan.market.reference import Scoring
from keras_wgan.market.simulator import PathSimulator
from keras_wgan.report.plots.leaderboard import leaderboard_picture
from keras_wgan.report.plots.style import save_picture
from keras_wgan.report.tables.leaderboard import leaderboard_markdown, leaderboard_text

WARM = {"cold": None, "warm": "egarch"}


def main() -> None:
    """Trains the missing runs, scores all, and writes the table."""
    asked = _arguments()
    recipe = recipes.get(asked.recipe)
    whole = Source(asked.data or recipe.source, None, asked.start, asked.end)
    select_until = TEST_YEARS.select_until if asked.out_of_sample else None
    source = replace(whole, end=TEST_YEARS.fit_until) if asked.out_of_sample else whole
    groups = {
        f"{recipe.name}, {start}, mean of {asked.seeds} seeds": [
            _trained(recipe, source, asked.out, seed, start, select_until)
            for seed in range(asked.seeds)
        ]
        for start in asked.starts
    }
    history = recipe.task.load(whole).history.iloc[:, 0]
    rank = out_of_sample if asked.out_of_sample else leaderboard
    board = rank(
        history,
        [
            *(baselines.get(name) for name in baselines.BASELINES),
            *(market for markets in groups.values() for market in markets),
        ],
        Scoring(count=asked.count, trained_on=recipe.trained_on),
        progress=lambda line: print(line, flush=True),
    )
    board = _with_means(
        board, {name: [market.name for market in markets] for name, markets in groups.items()}
    )
    write_atomically(asked.out / "table.json", strict_json(board.to_dict()))
    write_atomically(asked.out / "table.md", leaderboard_markdown(board).encode())
    save_picture(leaderboard_picture(board, highlight=list(groups)), asked.out / "table.png")
    print(leaderboard_text(board))
    print(f"\n{board.scores.loc[list(groups)].T.to_string()}\n\nEverything is in {asked.out}")


def _trained(
    recipe: Recipe, source: Source, out: Path, seed: int, start: str, select_until: str | None
) -> PathSimulator:
    folder = out / f"{recipe.name}-{start}-{seed}"
    spec = ExperimentSpec(recipe, source, seed, select_until, WARM[start])
    return trained(spec, folder, folder.name, print).simulator()


def _with_means(board: Leaderboard, groups: Mapping[str, Sequence[str]]) -> Leaderboard:
    means = pd.DataFrame({name: board.scores.loc[list(of)].mean() for name, of in groups.items()})
    return replace(board, scores=pd.concat([board.scores, means.T]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recipe", default="sp500")
    parser.add_argument("--data", help="a file of prices, or bundled")
    parser.add_argument("--start")
    parser.add_argument("--end")
    parser.add_argument(
        "--out-of-sample",
        action="store_true",
        help="fit to 2011, choose the epoch on 2012-2015, score once on 2016-2023",
    )
    parser.add_argument("--starts", nargs="+", choices=list(WARM), default=list(WARM))
    parser.add_argument("--seeds", type=int, default=3, help="training seeds")
    parser.add_argument("--count", type=int, default=6000, help="paths of a simulator and seed")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
