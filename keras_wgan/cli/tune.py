"""What does `keras-wgan tune` do?"""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from keras_wgan.cli.options import (
    Backend,
    ChooseUntil,
    Data,
    End,
    RecipeName,
    Seed,
    Start,
    Ticker,
    given_recipe,
    one_of,
    quoted,
    refuse_beside,
)
from keras_wgan.cli.startup import choose_backend


def tune(
    context: typer.Context,
    recipe: RecipeName = "",
    data: Data = None,
    ticker: Ticker = None,
    start: Start = None,
    end: End = None,
    select_until: ChooseUntil = None,
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
    from keras_wgan.data import Source
    from keras_wgan.experiments import recipes
    from keras_wgan.experiments.spec import ExperimentSpec
    from keras_wgan.tuning import hypermodel, search
    from keras_wgan.tuning.search_folder import Search, SearchFolder
    from keras_wgan.tuning.trials import trials_text

    if resume is not None:
        refuse_beside(context, "--resume", "trials", "workers", "backend")
        asked = SearchFolder(resume).read()
    else:
        chosen = recipes.get(given_recipe("tune", recipe, recipes.names()))
        usual_space, usual_epochs = hypermodel.usual(chosen)
        ranges = hypermodel.SPACES[one_of("--space", space or usual_space, list(hypermodel.SPACES))]
        chosen = chosen.with_settings({"epochs": epochs or usual_epochs})
        source = Source(data or chosen.source, ticker, start, end)
        asked = Search(ExperimentSpec(chosen, source, seed, select_until), ranges, trials=10)
    asked = replace(asked, trials=trials or asked.trials)
    name = asked.experiment.recipe.name
    folder = SearchFolder(resume or out or Path("runs") / f"tune-{recipe}")
    where = quoted(folder.path)
    typer.echo(f"Searching {asked.trials} settings of {name} in {where} (Ctrl-C may stop it).")
    try:
        best = search.tune(asked, folder.path, workers=workers)
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
