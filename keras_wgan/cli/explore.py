"""The command `keras-wgan explore`."""

import webbrowser
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
    kinds,
    quoted,
)
from keras_wgan.cli.startup import start_backend


def explore(
    run: RunPath,
    out: Annotated[
        Path | None, typer.Option(help="The page; by default, explore.html in the run folder.")
    ] = None,
    show: Annotated[
        bool, typer.Option("--open/--no-open", help="Whether to open the page in the browser.")
    ] = True,
    data: MovedData = None,
    accept: Accept = None,
    backend: Backend = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Open a page in which a generator runs."""
    start_backend(backend)
    from keras_wgan.experiments import explore as write_page
    from keras_wgan.experiments.run import Run

    folder = Run.open(run).accepting(kinds(accept)).with_data_at(data)
    page = write_page(folder, out, progress=typer.echo)
    typer.echo(f"The page is {page}")
    if show and not webbrowser.open(page.resolve().as_uri()):
        typer.echo("There is no browser here: open that file in one; it needs nothing else.")
    typer.echo(f"Next: keras-wgan generate {quoted(run)} --count 1000")
