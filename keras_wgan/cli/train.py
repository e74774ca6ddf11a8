"""What does `keras-wgan train` do?"""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from keras_wgan.cli.options import (
    Backend,
    ChooseUntil,
    Data,
    End,
    ManyDevices,
    RecipeName,
    Seed,
    Start,
    Ticker,
    asked_devices,
    changed_settings,
    given_recipe,
    quoted,
    refuse_beside,
    typed_or,
)
from keras_wgan.cli.startup import choose_backend


def train(
    context: typer.Context,
    recipe: RecipeName = "",
    data: Data = None,
    ticker: Ticker = None,
    start: Start = None,
    end: End = None,
    select_until: ChooseUntil = None,
    warm_start: Annotated[
        str | None,
        typer.Option(help="egarch begins at an EGARCH fitted to the data (recipe sp500)."),
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="How often to see the data.")] = None,
    batch_size: Annotated[int | None, typer.Option(min=1, help="Samples a step.")] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="Another setting, such as gp_weight=5; repeatable."),
    ] = None,
    seed: Seed = 0,
    config: Annotated[
        Path | None,
        typer.Option(
            help="Recipe, settings, data and seed from best.json of a search or config.json of a "
            "run; --epochs, --batch-size, --set, --seed, --out, --devices and --backend may stand "
            "beside it."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="A new folder; without it, the next free runs/RECIPE.")
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(help="Go on with this run folder; with --epochs, up to so many in all."),
    ] = None,
    devices: ManyDevices = None,
    backend: Backend = None,
) -> None:
    """Train a recipe into a new run folder, measure it and draw it."""
    count, split_processor = asked_devices(devices or "1")
    choose_backend(backend)
    from keras_wgan.backends import several_devices
    from keras_wgan.backends.devices import ONE_DEVICE
    from keras_wgan.data import Source
    from keras_wgan.experiments import recipes, training
    from keras_wgan.experiments.run import Run
    from keras_wgan.experiments.spec import ExperimentSpec

    shared_by = ONE_DEVICE
    if count > 1:
        shared_by = several_devices(count, split_processor=split_processor)
    if resume is not None:
        refuse_beside(context, "--resume", "epochs", "devices", "backend")
        run = Run.open(resume)
        outcome = training.resume(run, epochs=epochs, verbose="auto", devices=shared_by)
    else:
        if config is not None:
            kept = ("epochs", "batch_size", "setting", "seed", "out", "devices", "backend")
            refuse_beside(context, "--config", *kept)
            plan = ExperimentSpec.read(config)
            seed = typed_or(context, "seed", plan.seed)
        else:
            known = recipes.get(given_recipe("train", recipe, recipes.names()))
            source = Source(data or known.source, ticker, start, end)
            plan = ExperimentSpec(known, source, seed, select_until, warm_start)
        chosen = plan.recipe.with_settings(
            changed_settings(setting, epochs=epochs, batch_size=batch_size)
        )
        run = Run.create(out) if out else Run.next_free(Path("runs") / chosen.name)
        typer.echo(f"Training {chosen.name} into {run.path} (Ctrl-C keeps what was learned).")
        experiment = replace(plan, recipe=chosen, seed=seed)
        outcome = training.train(experiment, run, verbose="auto", devices=shared_by)
    folder = quoted(outcome.run.path)
    if outcome.interrupted:
        typer.echo(
            f"\nStopped after {outcome.epochs} whole epochs; the model so far is in {folder}.\n"
            f"Go on:  keras-wgan train --resume {folder}\n"
            f"Use it: keras-wgan evaluate {folder}"
        )
        raise typer.Exit(130)
    if weights := outcome.run.selected_weights():
        typer.echo(f"\n{folder} has {weights}.")
    run_seed = outcome.run.config.experiment.seed  # of the first start, where it was resumed
    show(*training.evaluate(outcome.run, count=None, seed=run_seed, progress=typer.echo))
    typer.echo(f"\nEverything is in {folder}\nNext: keras-wgan generate {folder} --count 1000")


def show(lines: list[str], pictures: list[Path]) -> None:
    """Prints what was measured and what was drawn."""
    typer.echo("\n" + "\n".join(lines))
    typer.echo("\nPictures and pages:")
    for picture in pictures:
        typer.echo(f"  {picture}")
