"""The command `keras-wgan tune`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keras_wgan.cli.options import (
    Accept,
    Backend,
    Data,
    DateColumn,
    DateFormat,
    Debug,
    Decimal,
    End,
    PriceColumn,
    Quiet,
    RecipeName,
    ReturnsKind,
    Seed,
    SelectUntil,
    Separator,
    Sheet,
    SpaceName,
    Start,
    Ticker,
    Workers,
    kinds,
    quoted,
    required_recipe,
)
from keras_wgan.cli.startup import start_backend

if TYPE_CHECKING:
    from keras_wgan.tuning.search_folder import Search, SearchFolder


def tune(
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
    trials: Annotated[int, typer.Option(min=1, help="How many settings to try.")] = 10,
    epochs: Annotated[
        int | None,
        typer.Option(
            min=1, help="Epochs of a trial; by default 10, and a quarter of those of sp500."
        ),
    ] = None,
    space: Annotated[
        SpaceName | None,
        typer.Option(help="Ranges to search; by default market for sp500, else narrow."),
    ] = None,
    seed: Seed = 0,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the search; by default runs/tune-RECIPE.")
    ] = None,
    workers: Workers = 0,
    backend: Backend = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Search the settings of a recipe at random.

    These are the learning rates, penalty weight, momentum, critic steps and latent size.
    """
    start_backend(backend)
    from keras_wgan.data import PriceFormat, Source
    from keras_wgan.experiments.spec import ExperimentSpec
    from keras_wgan.tuning import hypermodel
    from keras_wgan.tuning.search_folder import Search, SearchFolder

    price_format = PriceFormat(
        date_column, price_column, date_format, separator, decimal, sheet, returns
    )
    chosen = required_recipe("tune", recipe)
    usual_space, usual_epochs = hypermodel.usual(chosen)
    chosen = chosen.with_settings({"epochs": epochs or usual_epochs})
    source = Source(data or chosen.source, ticker, start, end, price_format, kinds(accept))
    spec = ExperimentSpec(chosen, source, seed, select_until)
    folder = SearchFolder(out or Path("runs") / f"tune-{chosen.name}")
    run_search(Search(spec, hypermodel.SPACES[space or usual_space], trials), folder, workers)


def run_search(search: "Search", folder: "SearchFolder", workers: int) -> None:
    """Runs a search, or resumes it, and shows what it found."""
    from keras_wgan.tuning import search as search_module
    from keras_wgan.tuning.trials import trials_text

    name, where = search.experiment.recipe.name, quoted(folder.path)
    typer.echo(f"Searching {search.trials} settings of {name} in {where} (Ctrl-C stops it).")
    try:
        best = search_module.tune(search, folder.path, workers=workers)
    except KeyboardInterrupt:
        typer.echo(
            f"\nStopped; the trials that ended are in {where}.\nResume: keras-wgan resume {where}"
        )
        raise typer.Exit(130) from None
    if best is None:  # in a worker
        typer.echo(f"No trial is left; the chief writes the results to {where}.")
        return
    typer.echo("\n" + trials_text(folder.trials()))
    typer.echo(f"Best {best.objective}: {best.score:.4f}, with")
    for name, value in best.settings.items():
        typer.echo(f"  {name} = {value}")
    typer.echo(
        f"Table:   {folder.table_path}\nPicture: {folder.picture_path}\n"
        f"Next: keras-wgan train --config {quoted(folder.best_path)}"
    )
