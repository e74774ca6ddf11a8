"""What does `keras-wgan` do? One function a command; `train` and `tune` have files of their own."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from keras_wgan.cli.options import (
    Backend,
    RunPath,
    Seed,
    free_file,
    one_start,
    quoted,
)
from keras_wgan.cli.startup import choose_backend, show_warnings_as_notes
from keras_wgan.cli.train import show, train
from keras_wgan.cli.tune import tune

# Keras chooses its backend when it is imported, so everything that imports it is imported inside
# the commands, after `--backend` was read.

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Train Wasserstein GANs with gradient penalty, and use what they make.",
)


def main() -> None:
    """Runs the command line; a mistake of the user's ends it with one sentence."""
    show_warnings_as_notes()
    try:
        app()
    except (ValueError, OSError, ImportError, ArithmeticError, MemoryError) as error:
        print(
            "\n".join([f"keras-wgan: {error}", *getattr(error, "__notes__", [])]), file=sys.stderr
        )
        sys.exit(2)


@app.command()
def recipes() -> None:
    """List the experiments that come with the package."""
    from keras_wgan.experiments.recipes import RECIPES

    width = max(len(recipe.name) for recipe in RECIPES)
    for recipe in RECIPES:
        typer.echo(f"{recipe.name:{width}}  {recipe.summary}")
    typer.echo(f"\nNext: keras-wgan train {RECIPES[0].name}")


app.command()(train)


@app.command()
def generate(
    run: RunPath,
    count: Annotated[int, typer.Option(min=1, help="How many samples.")] = 1000,
    out: Annotated[
        Path | None,
        typer.Option(help="Returns: .csv, .npz or .parquet. Images: .npz or .png."),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(min=1, help="Returns only: how long, if not as trained (recipe sp500)."),
    ] = None,
    regime: Annotated[
        str | None,
        typer.Option(help="How wild paths begin: calm, normal or crisis (recipe sp500)."),
    ] = None,
    volatility_percentile: Annotated[
        float | None,
        typer.Option(help="The same as a number: the first day's percentile, 0 to 100."),
    ] = None,
    after: Annotated[
        str | None,
        typer.Option(
            help="Paths that go on from the last day of these prices: data (the run's own), "
            "bundled, yahoo, or a file (recipe sp500)."
        ),
    ] = None,
    yearly_mean: Annotated[
        float | None,
        typer.Option(
            help="Log return a year that all scenarios together are moved to, such as 0.05; one "
            "asset only."
        ),
    ] = None,
    yearly_volatility: Annotated[
        float | None,
        typer.Option(help="Volatility a year that they are stretched to, such as 0.16."),
    ] = None,
    condition: Annotated[
        int | None,
        typer.Option(help="The label of all samples, such as 7 (recipe mnist-conditional)."),
    ] = None,
    seed: Seed = 0,
    backend: Backend = None,
) -> None:
    """Write new samples of a trained run, without training again."""
    percentile = one_start(regime, volatility_percentile, after)
    choose_backend(backend)
    from keras_wgan.callbacks.interrupt import sigterm_as_ctrl_c
    from keras_wgan.experiments import generation as exporting
    from keras_wgan.experiments.run import Run
    from keras_wgan.market.scenarios import AfterPrices, Anywhere, InRegime, Start

    folder = Run.open(run)
    suffix = folder.recipe.task.suffixes[0]
    path = out or free_file(run / f"samples-{count}{suffix}")
    try:
        with sigterm_as_ctrl_c():
            start: Start = Anywhere() if percentile is None else InRegime(percentile)
            if after is not None:
                start = AfterPrices(exporting.prices_to_continue(folder, after))
            given = yearly_mean is not None or yearly_volatility is not None
            request = exporting.GenerationRequest(
                count,
                seed,
                days=days,
                start=start,
                yearly=exporting.YearlyMoments(yearly_mean, yearly_volatility) if given else None,
                condition=condition,
            )
            lines = exporting.generate(
                folder, request, path, progress=lambda line: typer.echo(line, err=True)
            )
    except KeyboardInterrupt:
        typer.echo(f"\nStopped; nothing is left of {path}. The same command makes it anew.")
        raise typer.Exit(130) from None
    for line in lines:
        typer.echo(line)
    typer.echo(f"{count} samples are in {path}\nNext: keras-wgan evaluate {quoted(run)}")


@app.command()
def evaluate(
    run: RunPath,
    count: Annotated[
        int | None, typer.Option(min=1, help="Generated samples; without it, the recipe's own.")
    ] = None,
    seed: Seed = 0,
    backend: Backend = None,
) -> None:
    """Measure a trained run against its data, and draw it."""
    choose_backend(backend)
    from keras_wgan.experiments import training
    from keras_wgan.experiments.run import Run

    folder = Run.open(run)
    show(*training.evaluate(folder, count=count, seed=seed, progress=typer.echo))
    typer.echo(
        f"\nNumbers: {folder.metrics_path}\nNext: keras-wgan generate {quoted(run)} --count 1000"
    )


@app.command()
def leaderboard(
    run: RunPath,
    out_of_sample: Annotated[
        bool,
        typer.Option(
            "--out-of-sample", help="From 2016 on, for a run trained with --end 2011-12-31."
        ),
    ] = False,
    data: Annotated[
        str | None,
        typer.Option(
            help="Where the run's prices lie now; without it, where they lay in training."
        ),
    ] = None,
    count: Annotated[int, typer.Option(min=100, help="Paths of each simulator and seed.")] = 6000,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds.")] = 3,
    backend: Backend = None,
) -> None:
    """Compare a trained run of returns with the models that practitioners use."""
    choose_backend(backend)
    from keras_wgan.experiments import compare as ranking
    from keras_wgan.experiments.run import Run
    from keras_wgan.report.tables.leaderboard import leaderboard_text

    rank = ranking.rank_out_of_sample if out_of_sample else ranking.rank_in_sample
    board, files = rank(
        Run.open(run), count=count, seeds=range(seeds), progress=typer.echo, data=data
    )
    typer.echo("\n" + leaderboard_text(board) + "\n\nWritten to:")
    for file in files:
        typer.echo(f"  {file}")
    typer.echo(f"Next: keras-wgan generate {quoted(run)} --count 1000")


app.command()(tune)
