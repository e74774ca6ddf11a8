"""How good is the recipe `sp500`? Three seeds beside all baselines, in sample.

    python -m benchmarks.market_table --data prices.csv --end 2023-12-31 --out runs/table

Each seed is a run folder under `--out`; one that is finished is not trained again.
"""

import argparse
import json
from pathlib import Path

from keras_wgan import baselines, recipes, training
from keras_wgan.data.cache import write_atomically
from keras_wgan.leaderboard import leaderboard
from keras_wgan.report.leaderboard_picture import leaderboard_picture
from keras_wgan.report.leaderboard_table import leaderboard_markdown, leaderboard_text
from keras_wgan.report.style import save_picture
from keras_wgan.runs import RunFolder
from keras_wgan.simulation import TrainedMarket
from keras_wgan.subjects.subject import Source


def main() -> None:
    """Trains what is missing, scores everything, writes the table."""
    asked = _arguments()
    recipe = recipes.get(asked.recipe)
    source = Source(asked.data or recipe.source, None, asked.start, asked.end)
    markets = []
    for seed in range(asked.seeds):
        folder = asked.out / f"{asked.recipe}-{seed}"
        if folder.exists():
            run = RunFolder.open(folder)
        else:
            print(f"training {folder}", flush=True)
            outcome = training.train(recipe, source, RunFolder.create(folder), seed=seed, verbose=2)
            if outcome.interrupted:
                raise SystemExit(f"{folder} is not finished: remove it and start again")
            run = outcome.run
        markets.append(TrainedMarket(run.path.name, run.load_model(), run.read_config()["data"]))
    history = recipe.subject.load(source).history
    assert history is not None
    board = leaderboard(
        history,
        [*(baselines.get(name) for name in baselines.BASELINES), *markets],
        count=asked.count,
        trained_on=recipe.trained_on,
        progress=lambda line: print(line, flush=True),
    )
    write_atomically(asked.out / "table.json", json.dumps(board.to_dict(), indent=2).encode())
    write_atomically(asked.out / "table.md", leaderboard_markdown(board).encode())
    names = [market.name for market in markets]
    save_picture(leaderboard_picture(board, highlight=names), asked.out / "table.png")
    means = board.scores.loc[names].mean()
    print(leaderboard_text(board), f"\nMean of {len(names)} seeds:\n{means.to_string()}")
    print(f"\nEverything is in {asked.out}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recipe", default="sp500")
    parser.add_argument("--data", help="a file of prices, or bundled")
    parser.add_argument("--start")
    parser.add_argument("--end")
    parser.add_argument("--seeds", type=int, default=3, help="training seeds")
    parser.add_argument("--count", type=int, default=6000, help="paths of a simulator and seed")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
