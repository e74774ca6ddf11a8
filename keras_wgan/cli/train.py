"""The command `keras-wgan train`."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keras_wgan.cli.evaluate import show
from keras_wgan.cli.options import (
    Accept,
    Backend,
    Data,
    DateColumn,
    DateFormat,
    Debug,
    Decimal,
    DeviceCount,
    End,
    Precision,
    PriceColumn,
    Quiet,
    RecipeName,
    ReturnsKind,
    SelectUntil,
    Separator,
    Sheet,
    Start,
    Ticker,
    WarmStart,
    changed_settings,
    given,
    kinds,
    quoted,
    required_recipe,
)
from keras_wgan.cli.startup import start_backend
from keras_wgan.errors import InvalidInputError

if TYPE_CHECKING:
    from keras_wgan.experiments.training import Outcome


def train(
    recipe: RecipeName = None,
    data: Data = None,
    ticker: Ticker = None,
    start: Start = None,
    end: End = None,
    date_column: DateColumn = None,
    price_column: PriceColumn = None,
    date_format: DateFormat = None,
    separator: Separator = None,
    decimal: Decimal = None,
    sheet: Sheet = None,
    returns: ReturnsKind = None,
    accept: Accept = None,
    select_until: SelectUntil = None,
    warm_start: Annotated[
        WarmStart | None,
        typer.Option(help="Start from an EGARCH model fitted to the data (recipe sp500)."),
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the data.")] = None,
    batch_size: Annotated[int | None, typer.Option(min=1, help="Samples a step.")] = None,
    precision: Annotated[
        Precision | None,
        typer.Option(help="Number format of the networks; auto: bfloat16 where it is fast."),
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="Another setting, such as gp_weight=5; repeatable."
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed gives the same result; by default 0.")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            help="Take recipe, data, settings and seed from best.json of a search, config.json of "
            "a run, or a preset; options that change settings or the seed may be added."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="A new folder; by default, the next free runs/RECIPE.")
    ] = None,
    devices: DeviceCount = "1",
    backend: Backend = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Train a recipe into a new run folder, and measure it."""
    shared_by = start_backend(backend, devices)
    from keras_wgan.data import PriceFormat, Source
    from keras_wgan.experiments import training
    from keras_wgan.experiments.presets import find_preset
    from keras_wgan.experiments.run import Run
    from keras_wgan.experiments.spec import ExperimentSpec
    from keras_wgan.io.progress import keras_verbosity

    price_format = PriceFormat(
        date_column, price_column, date_format, separator, decimal, sheet, returns
    )
    if config is not None:
        _refuse_next_to_config(
            {
                "RECIPE": recipe,
                "--data": data,
                "--ticker": ticker,
                "--start": start,
                "--end": end,
                **price_format.to_options(),
                "--accept": ",".join(accept) if accept else None,
                "--select-until": select_until,
                "--warm-start": warm_start,
            }
        )
        preset = find_preset(config)
        spec = ExperimentSpec.read(config) if preset is None else preset.config.experiment
    else:
        known = required_recipe("train", recipe)
        ticker = ticker or (None if data else known.ticker)
        source = Source(data or known.source, ticker, start, end, price_format, kinds(accept))
        spec = ExperimentSpec(known, source, 0, select_until, warm_start)
    changes = changed_settings(setting, epochs=epochs, batch_size=batch_size, precision=precision)
    spec = replace(
        spec,
        recipe=spec.recipe.with_settings(changes),
        seed=spec.seed if seed is None else seed,
    )
    name = spec.recipe.name
    run = Run.create(out) if out else Run.next_free(Path("runs") / name)
    typer.echo(f"Training {name} into {run.path} (Ctrl-C keeps what was learned).")
    finish(training.train(spec, run, verbose=keras_verbosity(), devices=shared_by))


def finish(outcome: "Outcome") -> None:
    """Measures and draws a trained run, or says how to resume one that was interrupted."""
    from keras_wgan.data.price_words import counted
    from keras_wgan.experiments import training

    run, folder = outcome.run, quoted(outcome.run.path)
    if outcome.interrupted:
        epochs = counted(outcome.epochs, "whole epoch")
        typer.echo(f"\nStopped after {epochs}; the model so far is in {folder}.")
        typer.echo(f"Measure and draw it: keras-wgan evaluate {folder}")
        if outcome.epochs < run.recipe.settings.epochs:
            typer.echo(f"Resume: keras-wgan resume {folder}")
        raise typer.Exit(130)
    if weights := run.selected_weights():
        typer.echo(f"\n{folder} has {weights}.")
    seed = run.config.experiment.seed
    show(*training.evaluate(run, count=None, seed=seed, progress=typer.echo))
    typer.echo(f"\nEverything is in {folder}\nNext: keras-wgan generate {folder} --count 1000")


def _refuse_next_to_config(options: dict[str, str | None]) -> None:
    if received := given(options):
        raise InvalidInputError(
            "`--config` holds the recipe, its data and how training starts. Leave out these "
            f"options, or `--config`. Received: {' '.join(received)}"
        )
