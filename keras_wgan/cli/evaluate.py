"""The commands that measure a trained run: `keras-wgan evaluate` and `keras-wgan leaderboard`."""

from pathlib import Path
from typing import Annotated

import typer

from keras_wgan.cli.options import (
    Accept,
    Backend,
    Debug,
    MovedData,
    Quiet,
    RunPath,
    Seed,
    kinds,
    quoted,
)
from keras_wgan.cli.startup import start_backend


def evaluate(
    run: RunPath,
    count: Annotated[
        int | None,
        typer.Option(min=1, help="Generated samples; by default, the recipe's own number."),
    ] = None,
    seed: Seed = 0,
    data: MovedData = None,
    accept: Accept = None,
    backend: Backend = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Measure a trained run against its data, and draw it."""
    start_backend(backend)
    from keras_wgan.experiments import training
    from keras_wgan.experiments.run import Run

    folder = Run.open(run).accepting(kinds(accept)).with_data_at(data)
    lines, pictures = training.evaluate(folder, count=count, seed=seed, progress=typer.echo)
    show(lines, pictures)
    typer.echo(
        f"\nNumbers: {folder.metrics_path}\nNext: keras-wgan generate {quoted(run)} --count 1000"
    )


def leaderboard(
    run: RunPath,
    out_of_sample: Annotated[
        bool,
        typer.Option(
            "--out-of-sample",
            help="Score the years from 2016 on, for a run trained with --end 2011-12-31.",
        ),
    ] = False,
    test_from: Annotated[
        str | None,
        typer.Option(
            help="Score out of sample from this day on; all models are fitted to the days that the "
            "run was trained on."
        ),
    ] = None,
    select_until: Annotated[
        str | None,
        typer.Option(
            help="Score out of sample from 60 trading days after this day on, up to which settings "
            "may have been selected; by default, the last day that the run has seen."
        ),
    ] = None,
    data: MovedData = None,
    count: Annotated[int, typer.Option(min=100, help="Paths of each simulator and seed.")] = 6000,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds.")] = 3,
    accept: Accept = None,
    backend: Backend = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Compare a run of returns with models used in practice."""
    start_backend(backend)
    from keras_wgan.experiments.compare import LaterDays, rank_in_sample, rank_out_of_sample
    from keras_wgan.experiments.run import Run
    from keras_wgan.report.tables.leaderboard import leaderboard_text

    opened, drawn = Run.open(run).accepting(kinds(accept)), range(seeds)
    if out_of_sample or test_from is not None or select_until is not None:
        board, files = rank_out_of_sample(
            opened,
            count=count,
            seeds=drawn,
            progress=typer.echo,
            data=data,
            later=LaterDays(test_from, select_until),
        )
    else:
        board, files = rank_in_sample(
            opened, count=count, seeds=drawn, progress=typer.echo, data=data
        )
    typer.echo("\n" + leaderboard_text(board) + "\n\nWritten to:")
    for file in files:
        typer.echo(f"  {file}")
    typer.echo(f"Next: keras-wgan generate {quoted(run)} --count 1000")


def show(lines: list[str], pictures: list[Path]) -> None:
    """Prints what was measured and the paths of what was drawn."""
    typer.echo("\n" + "\n".join(lines))
    typer.echo("\nPictures and pages:")
    for picture in pictures:
        typer.echo(f"  {picture}")
