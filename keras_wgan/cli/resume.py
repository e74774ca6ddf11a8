"""The command `keras-wgan resume`, for runs and for searches."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from keras_wgan.cli.options import Accept, Backend, Debug, DeviceCount, Quiet, given, kinds
from keras_wgan.cli.startup import start_backend
from keras_wgan.cli.train import finish
from keras_wgan.cli.tune import run_search
from keras_wgan.errors import InputNotFoundError, InvalidInputError


def resume(
    folder: Annotated[Path, typer.Argument(help="A folder that `train` or `tune` made.")],
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Of a run: train up to this many epochs in total.")
    ] = None,
    devices: DeviceCount = "1",
    trials: Annotated[
        int | None, typer.Option(min=1, help="Of a search: try this many settings in total.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=0, help="Of a search: processes that run trials in parallel.")
    ] = None,
    accept: Accept = None,
    backend: Backend = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Resume a run or a search where it stopped, or make it longer."""
    shared_by = start_backend(backend, devices)
    from keras_wgan.experiments import training
    from keras_wgan.experiments.presets import find_preset
    from keras_wgan.experiments.run import Run
    from keras_wgan.io.progress import keras_verbosity
    from keras_wgan.tuning.search_folder import SearchFolder

    if (preset := find_preset(folder)) is not None:
        preset.last_model()  # refuses
    search, run = SearchFolder(folder), Run(folder)
    if search.config_path.exists():
        _refuse("run", {"--epochs": epochs, "--devices": None if devices == "1" else devices})
        found = search.read()
        run_search(replace(found, trials=trials or found.trials), search, workers or 0)
    elif run.config_path.exists():
        _refuse("search", {"--trials": trials, "--workers": workers})
        run = Run.open(folder).accepting(kinds(accept))
        typer.echo(f"Resuming {folder} (Ctrl-C keeps what was learned).")
        finish(training.resume(run, epochs=epochs, verbose=keras_verbosity(), devices=shared_by))
    else:
        state = "has neither config.json nor search.json" if folder.is_dir() else "is no folder"
        raise InputNotFoundError(
            f"{folder} {state}. `resume` needs a folder that `keras-wgan train` or "
            "`keras-wgan tune` made."
        )


def _refuse(kind: str, options: dict[str, int | str | None]) -> None:
    if received := given(options):
        other = "search" if kind == "run" else "run"
        raise InvalidInputError(
            f"`{'` and `'.join(options)}` are for a {kind}, and this folder holds a {other}. "
            f"Leave them out. Received: {' '.join(received)}"
        )
