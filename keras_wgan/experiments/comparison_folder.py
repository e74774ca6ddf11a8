"""The parts that all comparisons of named models in a resumable folder share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from keras_wgan.errors import OutputExistsError
from keras_wgan.experiments import training
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.io.files import remove_unfinished, write_atomically
from keras_wgan.io.json import plain, read_object, strict_json
from keras_wgan.io.progress import keras_verbosity

Progress = Callable[[str], object]


def typed(name: str) -> str:
    """Returns the name of a baseline as it is typed, such as `fhs-egarch`."""
    return name.lower().replace(" ", "-")


def claim(
    path: Path, content: Mapping[str, Any], kind: str, parts: Iterable[str], other: str = "other"
) -> None:
    """Writes what a folder compares into `path`, or refuses the folder of another comparison.

    `kind` names the comparison, `parts` are the subfolders of its files, and `other` is the word
    before each part of `content` that differs.
    """
    folder, config = path.parent, plain(dict(content))
    if path.exists():
        earlier = read_object(path)
        changed = [name for name in config if earlier.get(name) != config[name]]
        if changed:
            differing = f" and {other} ".join(changed)
            raise OutputExistsError(
                f"{folder} holds {kind} with {other} {differing}, whose scores do not compare. "
                "Name another folder with --out, or repeat the earlier options."
            )
        for part in ("", *parts):
            remove_unfinished(folder / part)
    elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputExistsError(
            f"`--out` must be a new or an empty folder, or that of {kind} to resume: {folder} "
            "holds other files. Name another one."
        )
    else:
        write_atomically(path, strict_json(config))


def trained(spec: ExperimentSpec, path: Path, what: str, progress: Progress) -> Run:
    """Trains a run, resumes it where it stopped, or opens it if it is finished."""
    run, outcome = Run(path), None
    if not run.model_path.exists():
        progress(f"{what}: training {spec.recipe.name} into {path} ...")
        run.remove_if_untrained()
        outcome = training.train(spec, Run.create(path), verbose=keras_verbosity())
    elif len(run.history()) < spec.recipe.settings.epochs:
        progress(f"{what}: resuming the training of {spec.recipe.name} in {path} ...")
        outcome = training.resume(Run.open(path), verbose=keras_verbosity())
    if outcome is not None and outcome.interrupted:
        raise KeyboardInterrupt
    return Run.open(path)
