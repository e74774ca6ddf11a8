"""The leaderboard of a run and the econometric models, in sample and on later years."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from keras_wgan.data import ReturnsData, ReturnsFacts, TrainingData
from keras_wgan.data.splits import Split
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.recipe import TRAINED_TOGETHER
from keras_wgan.experiments.run import Run
from keras_wgan.io.dates import day_of
from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import strict_json
from keras_wgan.market import baselines
from keras_wgan.market.baselines.simulator import Simulator
from keras_wgan.market.leaderboard import TEST_YEARS, Leaderboard, leaderboard, out_of_sample
from keras_wgan.market.reference import Scoring
from keras_wgan.report.pages.leaderboard import show_leaderboards
from keras_wgan.report.plots.leaderboard import leaderboard_picture
from keras_wgan.report.plots.style import save_picture
from keras_wgan.report.tables.leaderboard import leaderboard_markdown


def rank_in_sample(
    run: Run,
    *,
    count: int,
    seeds: Sequence[int],
    progress: Callable[[str], object],
    data: str | None = None,
) -> tuple[Leaderboard, list[Path]]:
    """Compares a run with all baselines on the days that all of them were fitted to.

    `data` is where the run's prices are now. Returns the table, and the files that hold it.
    """
    run = _opened(run, data)
    progress(f"Reading {run.path} and its data ...")
    trained = run.data()
    simulators, scoring = _contest(run, count, seeds)
    board = leaderboard(_returns(trained, progress), simulators, scoring, progress=progress)
    return board, _write(board, run, "leaderboard")


@dataclass(frozen=True)
class LaterDays:
    """The days that score a run out of sample.

    Args:
        test_from: The first day of the test. Defaults to `None`: 60 trading days after
            `select_until`.
        select_until: The last day that may have selected weights. Defaults to `None`: the last day
            of the run's own selection, or of its training.
    """

    test_from: str | None = None
    select_until: str | None = None

    def split(self, run: Run, test_until: str) -> Split:
        """Returns the periods for a run, whose data ends the period of fitting.

        Raises:
            ValueError: If the run has seen days of the test.
        """
        if self.test_from is None and self.select_until is None:
            _refuse_test_years(run)
            return TEST_YEARS
        facts, selection = run.facts, run.config.selection
        assert isinstance(facts, ReturnsFacts)
        seen = facts.last_day if selection is None else selection.last_day
        select_until = self.select_until or seen
        if day_of("select_until", select_until) < day_of("last_day", seen):
            raise InvalidInputError(
                f"{run.path} was trained or selected on days up to {seen}, after "
                f"--select-until {select_until}. Give a later day, or leave it out."
            )
        if self.test_from is not None and day_of("test_from", self.test_from) <= day_of(
            "select_until", select_until
        ):
            raise InvalidInputError(
                f"The test must begin after all that {run.path} was trained on and may have been "
                f"selected by, {select_until}. Received: --test-from {self.test_from}. Name a "
                "later day, or train a run with an earlier --end."
            )
        return Split(facts.last_day, select_until, test_until, test_from=self.test_from)


DEFAULT_LATER_DAYS = LaterDays()


def rank_out_of_sample(
    run: Run,
    *,
    count: int,
    seeds: Sequence[int],
    progress: Callable[[str], object],
    data: str | None = None,
    later: LaterDays = DEFAULT_LATER_DAYS,
) -> tuple[Leaderboard, list[Path]]:
    """Compares a run with all baselines on later days, which none of them was fitted to.

    By default these are 2016 to 2023, and the data of the run must end in 2011. With other test
    days, the baselines are fitted to the end of the run's own data. Its source must hold the later
    days too. The rest is as in `rank_in_sample`.
    """
    run = _opened(run, data)
    if later == DEFAULT_LATER_DAYS:
        _refuse_test_years(run)
    progress(f"Reading {run.path} and its data ...")
    run.data()  # refuses the prices of another market at `data`
    source = replace(run.config.experiment.source, end=None)
    returns = _returns(run.recipe.task.load(source), progress)
    split = later.split(run, f"{returns.index[-1]:%Y-%m-%d}")
    simulators, scoring = _contest(run, count, seeds)
    board = out_of_sample(returns, simulators, scoring, split=split, progress=progress)
    weights = run.selected_weights() or "its last weights, none were selected"
    board = replace(board, settings={**board.settings, "weights": {run.path.name: weights}})
    return board, _write(board, run, "leaderboard-out-of-sample")


def _opened(run: Run, data: str | None) -> Run:
    run = run.with_data_at(data)
    recipe = run.recipe
    if recipe.kind != "returns":
        raise InvalidInputError(
            f"A leaderboard compares simulators of returns; {run.path} makes {recipe.kind}. "
            "Use `keras-wgan evaluate` for it."
        )
    return run


def _refuse_test_years(run: Run) -> None:
    """Refuses a run that has seen the test years, or that ends before the baselines do."""
    facts, config = run.facts, run.config
    assert isinstance(facts, ReturnsFacts)
    if facts.last_day[:7] != TEST_YEARS.fit_until[:7]:
        source = replace(config.experiment.source, end=TEST_YEARS.fit_until)
        options = " ".join(
            f"{name} {shlex.quote(value)}" for name, value in source.to_options().items()
        )
        raise InvalidInputError(
            f"{run.path} was trained on days up to {facts.last_day}. Name the first test day after "
            "them with --test-from. Only a run that ends in 2011, as the baselines then do, is "
            f"compared on 2016 to 2023: keras-wgan train {run.recipe.name} {options}"
        )
    selection = config.selection
    if selection is not None and selection.last_day > TEST_YEARS.select_until:
        raise InvalidInputError(
            f"The weights of {run.path} were selected on days up to {selection.last_day}, which "
            f"are test years. Train again with --select-until {TEST_YEARS.select_until}."
        )


def _returns(data: TrainingData, progress: Callable[[str], object]) -> Any:
    assert isinstance(data, ReturnsData)
    if later := data.describe_later():
        progress(later)
    return data.history.iloc[:, 0] if data.assets == 1 else data.history


def _contest(run: Run, count: int, seeds: Sequence[int]) -> tuple[list[Simulator], Scoring]:
    """Returns all baselines and the run's model, and the paths that each is scored by."""
    assert isinstance(run.facts, ReturnsFacts)
    market, several = run.simulator(), len(run.facts.tickers) > 1
    names = baselines.JOINT_BASELINES if several else baselines.BASELINES
    rivals = [baselines.get(name) for name in names]
    trained_on = TRAINED_TOGETHER if several else run.recipe.trained_on
    scoring = Scoring(market.days, count, seeds, trained_on=trained_on)
    return [*rivals, market], scoring


def _write(board: Leaderboard, run: Run, stem: str) -> list[Path]:
    files = [run.path / f"{stem}.{suffix}" for suffix in ("json", "md", "png")]
    write_atomically(files[0], strict_json(board.to_dict()))
    write_atomically(files[1], leaderboard_markdown(board).encode())
    save_picture(leaderboard_picture(board, highlight=[run.path.name]), files[2])
    return [*files, *show_leaderboards(run.path)]
