"""The recipe `sp500` on 24 series of daily prices, without re-tuning, next to all baselines.

    python -m benchmarks.markets --out runs/markets
    python -m benchmarks.markets --out runs/markets-later --out-of-sample
    python -m benchmarks.markets KO WTI --out runs/markets

The series are the S&P 500, the Nasdaq, WTI crude oil and the VIX of `arch`, and the 20 stocks of
skfolio. In sample all is fitted to and scored on a whole series; out of sample the last four years
are the test, 60 days after the fit. A series wins where the training is nearer to it than the best
baseline that does not copy history. Each series leaves a run and a leaderboard under `--out`, and
is not repeated.
"""

import argparse
import importlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from benchmarks.preset_plans import STOCKS
from benchmarks.tables import Table, write_page
from keras_wgan.data import Source, Split, log_returns
from keras_wgan.experiments import recipes
from keras_wgan.experiments.comparison_folder import trained
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import read_object, strict_json
from keras_wgan.market import (
    Leaderboard,
    Scoring,
    baselines,
    leaderboard,
    out_of_sample,
)
from keras_wgan.report.verdict import MAX_COPIES

INDICES = {"SP500": "sp500", "NASDAQ": "nasdaq", "WTI": "wti", "VIX": "vix"}  # in arch.data
TEST_YEARS = 4
GAP = 60  # trading days between fit and test, a window
TRAINED = "trained"
SCORES = ("families", "composite")


def main() -> None:
    """Trains and scores the series that have no leaderboard yet, and writes the table."""
    asked = arguments()
    asked.out.mkdir(parents=True, exist_ok=True)
    found = {}
    for name in asked.names or series_names():
        path = asked.out / f"{name}.json"
        if not path.exists():
            board = scored(name, asked)
            settings = {**board.settings, "seed": asked.seed, "epochs": asked.epochs}
            board = replace(board, settings=settings)
            write_atomically(path, strict_json(board.to_dict()))
        found[name] = Leaderboard.from_dict(read_object(path))
        _refuse_other_options(found[name], path, asked)
        # After each, so that an interrupted command leaves the table so far.
        text = write_page(asked.out, "markets", table(found, asked))
    print(text)


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Returns the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="SERIES", help="default: all 24")
    parser.add_argument("--out-of-sample", action="store_true", help="test on the last four years")
    parser.add_argument("--epochs", type=int, help="default: those of the recipe")
    parser.add_argument("--seed", type=int, default=0, help="of the trainings")
    parser.add_argument("--count", type=int, default=2000, help="paths of a simulator")
    parser.add_argument("--out", type=Path, default=Path("runs/markets"), help="a folder")
    return parser.parse_args(given)


def series_names() -> list[str]:
    """Returns the names of all series: four of `arch`, then the stocks."""
    return [*INDICES, *STOCKS.split(",")]


def prices_of(name: str) -> "pd.Series[float]":
    """Returns the daily prices of a series, under their dates."""
    if name in INDICES:
        table = importlib.import_module(f"arch.data.{INDICES[name]}").load()
        column = "Adj Close" if "Adj Close" in table else table.columns[0]
        return table[column].dropna().rename(name).rename_axis("Date")
    from skfolio.datasets import load_sp500_dataset

    return load_sp500_dataset()[name].rename_axis("Date")


@dataclass(frozen=True)
class Winner:
    """A series by one score: that of the training, and of the nearest baseline of its own days.

    Args:
        trained: The score of the training; infinite if it copies history.
        baseline: The name of the nearest baseline that does not copy, or `"none"`.
        best: Its score, infinite where there is none.
    """

    trained: float
    baseline: str
    best: float

    @classmethod
    def of(cls, board: Leaderboard, score: str) -> "Winner":
        """Compares the rows of a leaderboard; those that copy history are left out."""
        models = board.scores.loc[list(board.by_seed)]
        honest = models.loc[models["copies"] <= MAX_COPIES, score]
        trained = float(honest.get(TRAINED, math.inf))
        rivals = honest.drop(TRAINED, errors="ignore")
        if rivals.empty:
            return cls(trained, "none", math.inf)
        return cls(trained, str(rivals.idxmin()), float(rivals.min()))

    @property
    def won(self) -> bool:
        """Whether the training is nearer."""
        return self.trained < self.best


def table(found: dict[str, Leaderboard], asked: argparse.Namespace) -> Table:
    """Returns a row for each series, and how many are won by each score."""
    rows, won = [], dict.fromkeys(SCORES, 0)
    for name, board in found.items():
        row: dict[str, object] = {"series": name, "fitted to": _years(board, "fitted_to")}
        for score in SCORES:
            winner = Winner.of(board, score)
            won[score] += winner.won
            row |= {
                score: winner.trained,
                f"best baseline by {score}": f"{winner.baseline} {winner.best:.2f}",
                f"won by {score}": "yes" if winner.won else "no",
            }
        rows.append(row)
    notes = [
        f"By {score} the training is nearest in {number} of {len(found)} series."
        for score, number in won.items()
    ]
    epochs = asked.epochs or recipes.get("sp500").settings.epochs
    notes.append(
        "Scores are multiples of the sampling floor: families once each and after the level is "
        "matched, and the composite, the plain mean of all scores. A baseline that copies over "
        f"{MAX_COPIES:.0%} of its paths from history is left out. Recipe sp500, {epochs} epochs, "
        f"seed {asked.seed}, {asked.count:,} paths of 60 days."
    )
    period = "the four years after their training" if asked.out_of_sample else "in sample"
    return Table(f"{len(found)} series without re-tuning, {period}", rows, notes)


def scored(name: str, asked: argparse.Namespace) -> Leaderboard:
    """Trains on a series, and returns its leaderboard with all baselines."""
    prices = prices_of(name)
    returns = log_returns(prices)
    split = last_years(returns) if asked.out_of_sample else None
    run = _trained(name, prices, split, asked)
    simulator = run.simulator()
    simulator.name = TRAINED
    rivals = [baselines.get(each) for each in baselines.BASELINES]
    scoring = Scoring(count=asked.count, seeds=(0,), trained_on=run.recipe.trained_on)
    if split is None:
        return leaderboard(returns, [*rivals, simulator], scoring)
    return out_of_sample(returns, [*rivals, simulator], scoring, split=split)


def last_years(returns: "pd.Series[float]") -> Split:
    """Returns the split whose test is the last four years of a series."""
    last = returns.index[-1]
    test = returns.index[returns.index > last - pd.DateOffset(years=TEST_YEARS)][0]
    until = returns.index[returns.index.get_loc(test) - GAP - 1]
    return Split(f"{until:%Y-%m-%d}", f"{until:%Y-%m-%d}", f"{last:%Y-%m-%d}", gap_days=GAP)


def _trained(
    name: str, prices: "pd.Series[float]", split: Split | None, asked: argparse.Namespace
) -> Run:
    file = asked.out / f"{name}.csv"
    prices.to_csv(file)
    recipe = recipes.get("sp500")
    if asked.epochs:
        recipe = recipe.with_settings({"epochs": asked.epochs})
    start, end = f"{prices.index[0]:%Y-%m-%d}", None if split is None else split.fit_until
    spec = ExperimentSpec(recipe, Source(str(file), None, start, end), asked.seed)
    run = trained(spec, asked.out / f"{name}-{asked.seed}", name, print)
    if run.config.experiment.to_config() != spec.to_config():
        raise SystemExit(f"{run.path} was trained with other options. Name another folder: --out")
    return run


def _refuse_other_options(board: Leaderboard, path: Path, asked: argparse.Namespace) -> None:
    names = ("count", "seed", "epochs")
    found = [board.protocol == "out of sample", *(board.settings[name] for name in names)]
    if found != [asked.out_of_sample, *(getattr(asked, name) for name in names)]:
        raise SystemExit(f"{path} was made with other options. Name another folder: --out")


def _years(board: Leaderboard, span: str) -> str:
    first, last = (str(board.settings[span][end])[:4] for end in ("first", "last"))
    return f"{first}-{last}"


if __name__ == "__main__":
    main()
