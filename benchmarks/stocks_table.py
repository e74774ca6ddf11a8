"""The dependence of 20 stocks and the risks of their portfolios: all baselines, and trained runs.

    python -m benchmarks.stocks_table --out runs/stocks
    python -m benchmarks.stocks_table --out runs/stocks-later --out-of-sample
    python -m benchmarks.stocks_table --out runs/stocks --run runs/seed0 --run runs/seed1

The prices are those of skfolio, 1990 to 2022. In sample, all is fitted to and scored on 2010 to
2022; out of sample, fitted to 1990 to 2009. Each simulator leaves a file under `--out` and is not
scored again; `table.md` is written after each.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd

from keras_wgan.data import Split, log_returns
from keras_wgan.experiments.recipe import TRAINED_TOGETHER
from keras_wgan.experiments.run import Run
from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import read_object, strict_json
from keras_wgan.market import Leaderboard, Scoring, baselines, leaderboard, out_of_sample
from keras_wgan.market.baselines.simulator import Simulator
from keras_wgan.metrics import joint_floor
from keras_wgan.report import leaderboard_markdown, leaderboard_picture, leaderboard_text
from keras_wgan.report.export.file_names import file_names
from keras_wgan.report.plots.style import save_picture

FIRST, LAST = "2010-01-01", "2022-12-31"
SPLIT = Split("2009-12-31", "2009-12-31", LAST)


def main() -> None:
    """Scores the simulators that have no file yet, and writes the table."""
    asked = _arguments()
    returns = stock_returns()
    if not asked.out_of_sample:
        returns = returns[FIRST:LAST]
    rank = partial(out_of_sample, split=SPLIT) if asked.out_of_sample else leaderboard
    scored = SPLIT.cut(returns).test if asked.out_of_sample else returns
    asked.out.mkdir(parents=True, exist_ok=True)
    scoring = Scoring(count=asked.count, seeds=range(asked.seeds), floor=floor(scored, asked.out))
    boards = []
    simulators = list(
        _simulators(asked.run, returns, SPLIT.fit_until if asked.out_of_sample else LAST)
    )
    for simulator, stem in zip(
        simulators, file_names([each.name for each in simulators]), strict=True
    ):
        path = asked.out / f"{stem}.json"
        if not path.exists():
            write_atomically(path, strict_json(rank(returns, [simulator], scoring).to_dict()))
        boards.append(Leaderboard.from_dict(read_object(path)))
        if (boards[-1].settings["count"], boards[-1].settings["seeds"]) != (
            asked.count,
            list(range(asked.seeds)),
        ):
            raise SystemExit(f"{path} has other --count or --seeds. Name another folder with --out")
        board = joined(boards, [run.name for run in asked.run])
        write_atomically(asked.out / "table.md", leaderboard_markdown(board).encode())
    picture = leaderboard_picture(board, highlight=[run.name for run in asked.run])
    save_picture(picture, asked.out / "table.png")
    print(f"{leaderboard_text(board)}\n\nWrote {asked.out / 'table.md'} and table.png")


def stock_returns() -> pd.DataFrame:
    """Returns the daily log returns of skfolio's 20 stocks."""
    from skfolio.datasets import load_sp500_dataset

    return log_returns(load_sp500_dataset())


def floor(returns: pd.DataFrame, folder: Path) -> dict[str, float]:
    """Returns the sampling floor, computed once."""
    path = folder / "floor.json"
    if not path.exists():
        write_atomically(path, strict_json(joint_floor(returns)))
    return read_object(path)


def joined(boards: Sequence[Leaderboard], trained: Sequence[str]) -> Leaderboard:
    """Returns one leaderboard of several by the same protocol, some of them of trained runs."""
    rows = pd.concat([board.scores for board in boards])
    return replace(
        boards[0],
        trained_on=TRAINED_TOGETHER if trained else (),
        scores=rows[~rows.index.duplicated()],
        by_seed={name: found for board in boards for name, found in board.by_seed.items()},
        fits={name: fit for board in boards for name, fit in board.fits.items()},
    )


def _simulators(runs: Sequence[Path], returns: pd.DataFrame, until: str) -> Iterator[Simulator]:
    for name in (*baselines.JOINT_BASELINES, baselines.VineCopula.name):
        yield baselines.get(name)
    for run in map(Run.open, runs):
        if list(run.facts.tickers) != list(returns.columns) or run.facts.last_day > until:
            raise SystemExit(
                f"{run.path} must be of {', '.join(returns.columns)}, up to {until}. Received: "
                f"{', '.join(run.facts.tickers)}, up to {run.facts.last_day}"
            )
        yield run.simulator()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out-of-sample", action="store_true", help="fit 1990-2009, score 2010-22")
    parser.add_argument("--run", type=Path, action="append", default=[], help="a trained run")
    parser.add_argument("--seeds", type=int, default=3, help="seeds of the paths")
    parser.add_argument("--count", type=int, default=2000, help="paths of a simulator and seed")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
