"""What does `keras-wgan` do? One function a command; the work is done elsewhere."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from keras_wgan.options import (
    Backend,
    ChooseUntil,
    Data,
    End,
    ManyDevices,
    Run,
    Seed,
    Start,
    Ticker,
    asked_devices,
    changed_settings,
    free_file,
    given_recipe,
    one_of,
    one_start,
    quoted,
    refuse_beside,
    typed_or,
)
from keras_wgan.starting import choose_backend, show_warnings_as_notes

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
    from keras_wgan.recipes import RECIPES

    width = max(len(recipe.name) for recipe in RECIPES)
    for recipe in RECIPES:
        typer.echo(f"{recipe.name:{width}}  {recipe.summary}")
    typer.echo(f"\nNext: keras-wgan train {RECIPES[0].name}")


@app.command()
def train(
    context: typer.Context,
    recipe: Annotated[str, typer.Argument(help="A name that `keras-wgan recipes` lists.")] = "",
    data: Data = None,
    ticker: Ticker = None,
    start: Start = None,
    end: End = None,
    choose_until: ChooseUntil = None,
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
            "run; --epochs, --batch-size, --set, --seed and --out may change it."
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
    from keras_wgan import recipes, training
    from keras_wgan.backends import several_devices
    from keras_wgan.backends.devices import ONE_DEVICE
    from keras_wgan.choosing import chosen_weights
    from keras_wgan.plan import Plan
    from keras_wgan.runs import RunFolder
    from keras_wgan.subjects.subject import Source

    shared_by = ONE_DEVICE
    if count > 1:
        shared_by = several_devices(count, split_processor=split_processor)
    if resume is not None:
        refuse_beside(context, "--resume", "epochs", "devices", "backend")
        run = RunFolder.open(resume)
        outcome = training.resume(run, epochs=epochs, verbose="auto", devices=shared_by)
    else:
        if config is not None:
            kept = ("epochs", "batch_size", "setting", "seed", "out", "devices", "backend")
            refuse_beside(context, "--config", *kept)
            plan = Plan.read(config)
            seed = typed_or(context, "seed", plan.seed)
        else:
            known = recipes.get(given_recipe("train", recipe, recipes.names()))
            source = Source(data or known.source, ticker, start, end)
            plan = Plan(known, source, seed, choose_until, warm_start)
        chosen = plan.recipe.with_settings(
            changed_settings(setting, epochs=epochs, batch_size=batch_size)
        )
        run = RunFolder.create(out) if out else RunFolder.next_free(Path("runs") / chosen.name)
        typer.echo(f"Training {chosen.name} into {run.path} (Ctrl-C keeps what was learned).")
        outcome = training.train(
            chosen,
            plan.source,
            run,
            seed=seed,
            verbose="auto",
            choose_until=plan.choose_until,
            warm_start=plan.warm_start,
            devices=shared_by,
        )
    folder = quoted(outcome.run.path)
    if outcome.interrupted:
        typer.echo(
            f"\nStopped after {outcome.epochs} whole epochs; the model so far is in {folder}.\n"
            f"Go on:  keras-wgan train --resume {folder}\n"
            f"Use it: keras-wgan evaluate {folder}"
        )
        raise typer.Exit(130)
    if weights := chosen_weights(outcome.run):
        typer.echo(f"\n{folder} has {weights}.")
    run_seed = outcome.run.read_config()["seed"]  # of the first start, where it was resumed
    _show(*training.evaluate(outcome.run, count=None, seed=run_seed, progress=typer.echo))
    typer.echo(f"\nEverything is in {folder}\nNext: keras-wgan generate {folder} --count 1000")


@app.command()
def generate(
    run: Run,
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
    from keras_wgan import exporting, training
    from keras_wgan.runs import RunFolder
    from keras_wgan.stopping import sigterm_as_ctrl_c

    folder = RunFolder.open(run)
    suffix = training.open_recipe(folder.read_config()).subject.suffixes[0]
    path = out or free_file(run / f"samples-{count}{suffix}")
    try:
        with sigterm_as_ctrl_c():
            lines = exporting.generate(
                folder,
                count=count,
                days=days,
                seed=seed,
                out=path,
                percentile=percentile,
                after=after,
                yearly_mean=yearly_mean,
                yearly_volatility=yearly_volatility,
                condition=condition,
                progress=lambda line: typer.echo(line, err=True),
            )
    except KeyboardInterrupt:
        typer.echo(f"\nStopped; nothing is left of {path}. The same command makes it anew.")
        raise typer.Exit(130) from None
    for line in lines:
        typer.echo(line)
    typer.echo(f"{count} samples are in {path}\nNext: keras-wgan evaluate {quoted(run)}")


@app.command()
def evaluate(
    run: Run,
    count: Annotated[
        int | None, typer.Option(min=1, help="Generated samples; without it, the recipe's own.")
    ] = None,
    seed: Seed = 0,
    backend: Backend = None,
) -> None:
    """Measure a trained run against its data, and draw it."""
    choose_backend(backend)
    from keras_wgan import training
    from keras_wgan.runs import RunFolder

    folder = RunFolder.open(run)
    _show(*training.evaluate(folder, count=count, seed=seed, progress=typer.echo))
    typer.echo(
        f"\nNumbers: {folder.metrics_path}\nNext: keras-wgan generate {quoted(run)} --count 1000"
    )


@app.command()
def leaderboard(
    run: Run,
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
    from keras_wgan import ranking
    from keras_wgan.report.leaderboard_table import leaderboard_text
    from keras_wgan.runs import RunFolder

    rank = ranking.rank_out_of_sample if out_of_sample else ranking.rank_in_sample
    board, files = rank(
        RunFolder.open(run), count=count, seeds=range(seeds), progress=typer.echo, data=data
    )
    typer.echo("\n" + leaderboard_text(board) + "\n\nWritten to:")
    for file in files:
        typer.echo(f"  {file}")
    typer.echo(f"Next: keras-wgan generate {quoted(run)} --count 1000")


@app.command()
def tune(
    context: typer.Context,
    recipe: Annotated[str, typer.Argument(help="A name that `keras-wgan recipes` lists.")] = "",
    data: Data = None,
    ticker: Ticker = None,
    start: Start = None,
    end: End = None,
    choose_until: ChooseUntil = None,
    trials: Annotated[
        int | None, typer.Option(min=1, help="How many settings to try; without it 10.")
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(min=1, help="Epochs a trial; without it 10, of sp500 a quarter of its own."),
    ] = None,
    space: Annotated[
        str | None,
        typer.Option(help="Ranges to search: narrow, wide, or market, the usual ones of sp500."),
    ] = None,
    seed: Seed = 0,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the search; without it runs/tune-RECIPE.")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, help="Processes that run trials at the same time.")
    ] = 0,
    resume: Annotated[
        Path | None,
        typer.Option(help="Go on with this search's folder; with --trials, up to so many in all."),
    ] = None,
    backend: Backend = None,
) -> None:
    """Search a recipe's learning rates, penalty weight, momentum, critic steps and latent size."""
    choose_backend(backend)
    from keras_wgan import recipes, search, tuning
    from keras_wgan.plan import Plan
    from keras_wgan.search_folder import Search, SearchFolder
    from keras_wgan.subjects.subject import Source
    from keras_wgan.trials import trials_text

    if resume is not None:
        refuse_beside(context, "--resume", "trials", "workers", "backend")
        asked = SearchFolder(resume).read()
    else:
        chosen = recipes.get(given_recipe("tune", recipe, recipes.names()))
        usual_space, usual_epochs = search.usual(chosen)
        ranges = search.SPACES[one_of("--space", space or usual_space, list(search.SPACES))]
        chosen = chosen.with_settings({"epochs": epochs or usual_epochs})
        source = Source(data or chosen.source, ticker, start, end)
        asked = Search(Plan(chosen, source, seed, choose_until), ranges, trials=10)
    plan, count = asked.plan, trials or asked.trials
    folder = SearchFolder(resume or out or Path("runs") / f"tune-{recipe}")
    where = quoted(folder.path)
    typer.echo(f"Searching {count} settings of {plan.recipe.name} in {where} (Ctrl-C may stop it).")
    try:
        best = tuning.tune(
            plan.recipe,
            plan.source,
            folder.path,
            trials=count,
            space=asked.space,
            seed=plan.seed,
            choose_until=plan.choose_until,
            workers=workers,
        )
    except KeyboardInterrupt:
        typer.echo(
            f"\nStopped; the trials that ended are in {where}.\n"
            f"Go on:  keras-wgan tune --resume {where}"
        )
        raise typer.Exit(130) from None
    if best is None:  # in a worker
        typer.echo(f"No trial is left; the chief has the results, in {where}.")
        return
    found = folder.trials()
    typer.echo("\n" + trials_text(found))
    typer.echo(f"Best {best.objective}: {best.score:.4f}, with")
    for name, value in best.settings.items():
        typer.echo(f"  {name} = {value}")
    typer.echo(
        f"Table:   {folder.table_path}\nPicture: {folder.picture_path}\n"
        f"Next: keras-wgan train --config {quoted(folder.best_path)}"
    )


def _show(lines: list[str], pictures: list[Path]) -> None:
    typer.echo("\n" + "\n".join(lines))
    typer.echo("\nPictures and pages:")
    for picture in pictures:
        typer.echo(f"  {picture}")
