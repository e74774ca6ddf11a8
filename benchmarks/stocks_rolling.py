"""The recipe `portfolio` and the baselines for several assets on later years of 20 stocks.

    python -m benchmarks.stocks_rolling --out runs/stocks-rolling

At each of three origins, 2010, 2014 and 2018, all are fitted to the 20 years before and scored on
the four years from then on. Trainings and scores are kept under `--out` and not repeated.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from benchmarks.stocks_table import floor, joined, stock_returns
from benchmarks.tables import Table, write_page
from keras_wgan.data import Source, Split
from keras_wgan.experiments import recipes
from keras_wgan.experiments.comparison_folder import trained
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import read_object, strict_json
from keras_wgan.market import Leaderboard, Scoring, baselines, out_of_sample
from keras_wgan.market.baselines.simulator import Simulator
from keras_wgan.market.joint_reference import JOINT_SCORES
from keras_wgan.market.leaderboard import HISTORY, SCALED_HISTORY
from keras_wgan.market.reference import FLOOR
from keras_wgan.report.export.file_names import file_names

ORIGINS = (2010, 2014, 2018)
FITTED, TESTED = 20, 4  # years before and after an origin
TRAINED = "trained"


def main() -> None:
    """Trains and scores what has no file yet, and writes the table."""
    asked = arguments()
    returns = stock_returns()
    boards = {origin: board_of(origin, returns, asked) for origin in asked.origins}
    print(write_page(asked.out, "stocks_rolling", table(boards, asked)))


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Returns the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--origins", type=int, nargs="+", default=list(ORIGINS))
    parser.add_argument("--epochs", type=int, help="default: those of the recipe")
    parser.add_argument("--seed", type=int, default=0, help="of the trainings")
    parser.add_argument("--count", type=int, default=2000, help="paths of a simulator")
    parser.add_argument("--out", type=Path, default=Path("runs/stocks-rolling"), help="a folder")
    return parser.parse_args(given)


def split_at(origin: int) -> Split:
    """Returns the split whose test begins with a year."""
    until = f"{origin - 1}-12-31"
    return Split(until, until, f"{origin + TESTED - 1}-12-31")


def board_of(origin: int, returns: pd.DataFrame, asked: argparse.Namespace) -> Leaderboard:
    """Returns the leaderboard of an origin, of scores that are kept one by one."""
    split, folder = split_at(origin), asked.out / str(origin)
    folder.mkdir(parents=True, exist_ok=True)
    known = returns[f"{origin - FITTED}-01-01" : split.test_until]
    scoring = Scoring(count=asked.count, seeds=(0,), floor=floor(split.cut(known).test, folder))
    boards = []
    names = (*baselines.JOINT_BASELINES, TRAINED)
    for name, stem in zip(names, file_names(names), strict=True):
        path = folder / f"{stem}.json"
        if not path.exists():
            simulator = _simulator(name, known, origin, asked)
            board = out_of_sample(known, [simulator], scoring, split=split)
            write_atomically(path, strict_json(board.to_dict()))
        boards.append(Leaderboard.from_dict(read_object(path)))
        if boards[-1].settings["count"] != asked.count:
            raise SystemExit(f"{path} has another --count. Name another folder with --out")
    return joined(boards, [TRAINED])


def table(boards: dict[int, Leaderboard], asked: argparse.Namespace) -> Table:
    """Returns a row for each simulator: the composite of each origin, and means of all scores."""
    names = [FLOOR, HISTORY, SCALED_HISTORY, *baselines.JOINT_BASELINES, TRAINED]
    rows = []
    for name in names:
        scores = pd.DataFrame({origin: board.scores.loc[name] for origin, board in boards.items()})
        row: dict[str, object] = {"": name, "copies": f"{scores.loc['copies'].mean():.1%}"}
        row |= {str(origin): float(scores.loc["composite", origin]) for origin in boards}
        row["mean"] = float(scores.loc["composite"].mean())
        won = sum(_composite(board, TRAINED) < _composite(board, name) for board in boards.values())
        row["trained is nearer at"] = "" if name in (FLOOR, TRAINED) else f"{won} of {len(boards)}"
        # Signs of the origins would cancel.
        row |= {score: float(scores.loc[score].abs().mean()) for score in JOINT_SCORES}
        rows.append({key: "-" if value == "nan%" else value for key, value in row.items()})
    epochs = asked.epochs or recipes.get("portfolio").settings.epochs
    notes = [
        f"Fitted to the {FITTED} years before an origin, scored on the {TESTED} from it on, in "
        "sampling floors of these; then mean absolute scores over the origins. Recipe portfolio, "
        f"{epochs} epochs, seed {asked.seed}, {asked.count:,} paths of 60 days.",
    ]
    title = f"20 stocks on later years, {len(boards)} origins"
    return Table(title, rows, notes)


def _composite(board: Leaderboard, name: str) -> float:
    return float(board.scores.loc[name, "composite"])


def _simulator(name: str, known: pd.DataFrame, origin: int, asked: argparse.Namespace) -> Simulator:
    if name != TRAINED:
        return baselines.get(name)
    from skfolio.datasets import load_sp500_dataset

    file = asked.out / "stocks.csv"
    if not file.exists():
        load_sp500_dataset().rename_axis("Date").to_csv(file)
    recipe = recipes.get("portfolio")
    if asked.epochs:
        recipe = recipe.with_settings({"epochs": asked.epochs})
    begin, until = f"{origin - FITTED - 1}-12-31", split_at(origin).fit_until
    source = Source(str(file), ",".join(known), begin, until)
    spec = ExperimentSpec(recipe, source, asked.seed)
    run = trained(spec, asked.out / f"{origin}-{asked.seed}", f"{origin}", print)
    simulator = run.simulator()
    simulator.name = TRAINED
    return simulator


if __name__ == "__main__":
    main()
