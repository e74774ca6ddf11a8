"""How does a recipe become a run folder? What the command line does, as functions."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras

from keras_wgan import __version__
from keras_wgan._sampling import draw_samples
from keras_wgan.backends.devices import ONE_DEVICE, Devices
from keras_wgan.data import ReturnsData, Source, TrainingData
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments import recipes
from keras_wgan.experiments.collapse import COMPARED, collapse_lines
from keras_wgan.experiments.fit import fit
from keras_wgan.experiments.recipes import Recipe
from keras_wgan.experiments.run_folder import RunFolder
from keras_wgan.experiments.selection import HeldOutSelection, days_after
from keras_wgan.market.egarch_start import start_from_egarch
from keras_wgan.report.pages.leaderboard import forget_leaderboards, show_leaderboards


@dataclass(frozen=True)
class Outcome:
    """How a training run ended.

    Args:
        run: Where everything is.
        epochs: Whole epochs done, earlier ones included.
        interrupted: Whether Ctrl-C or SIGTERM ended it.
    """

    run: RunFolder
    epochs: int
    interrupted: bool


def train(
    recipe: Recipe,
    source: Source,
    run: RunFolder,
    *,
    seed: int,
    verbose: Any,
    select_until: str | None = None,
    warm_start: str | None = None,
    devices: Devices = ONE_DEVICE,
) -> Outcome:
    """Trains a recipe from its beginning into a new run folder.

    Args:
        recipe: What to train.
        source: Where its data comes from.
        run: A new run folder.
        seed: Fixes weights, noise and the order of the data.
        verbose: As for Keras' `fit`.
        select_until: Keeps the weights of the epoch that is closest to the returns from 60 trading
            days after the end of `source` to this day, see
            `keras_wgan.experiments.selection`. Defaults to `None`, the last weights.
        warm_start: `"egarch"` begins at an EGARCH that is fitted to the data, see
            `keras_wgan.market.egarch_start`. Defaults to `None`, a market that knows nothing yet.
        devices: What it trains on; the config notes how many. Defaults to one.

    Returns:
        How it ended; also after Ctrl-C there is a model in the run folder.

    Raises:
        ValueError: If `warm_start` is another word, or the recipe has no market generator.
    """
    try:
        if warm_start not in (None, "egarch"):
            raise InvalidInputError(
                "`--warm-start` must be egarch, or left out for a cold start. "
                f"Received: {warm_start}"
            )
        data = recipe.task.load(source)
        batches = recipe.batches(data, seed, devices=devices.count)
        held_out, choice = None, None
        if select_until is not None:
            held_out = days_after(recipe, source, data, select_until)
            choice = HeldOutSelection.of(held_out, select_until)
        with devices.building():
            model = recipe.build_for(data, seed)
        found = None
        if warm_start is not None:
            assert isinstance(data, ReturnsData)
            found = start_from_egarch(model, data.history, data.facts)
        run.write_config(
            {
                **recipe.describe(),
                "seed": seed,
                "source": source.to_config(),
                "data": data.facts.to_config(),
                **({} if choice is None else {"choice": choice.to_config()}),
                **({} if found is None else {"start": warm_start, "start_fit": found}),
                "devices": devices.count,
                "versions": {
                    "keras_wgan": __version__,
                    "keras": keras.__version__,
                    "backend": keras.backend.backend(),
                },
            }
        )
        with devices.training():
            interrupted = fit(recipe, model, data, batches, run, held_out=held_out, verbose=verbose)
    except BaseException:
        run.remove_if_untrained()
        raise
    return Outcome(run, epochs=len(run.read_history()), interrupted=interrupted)


def resume(
    run: RunFolder,
    *,
    epochs: int | None = None,
    verbose: Any,
    devices: Devices = ONE_DEVICE,
) -> Outcome:
    """Continues a run with the model, the settings and the data that its folder names.

    Where weights are chosen among the epochs, it goes on from the last ones, and those chosen
    earlier stay until there are better ones.

    Args:
        run: An existing run folder.
        epochs: Whole epochs in all, earlier ones included, which the run then keeps as its
            setting. Defaults to `None`, as many as the run was started with.
        verbose: As for Keras' `fit`.
        devices: What it goes on on; need not be what it began on. Defaults to one.

    Returns:
        How it ended.

    Raises:
        ValueError: If so many epochs are done already, or the data has changed, that of the days to
            choose by included.
    """
    config = run.read_config()
    if epochs is not None:
        config["settings"]["epochs"] = epochs
    config["devices"] = devices.count
    recipe = open_recipe(config)
    with devices.building():
        model = run.load_last()
    data = same_data(run, config)
    recipe.set_rates(model, recipe.steps_per_epoch(data))  # for as many epochs as there are now
    batches = recipe.batches(data, config["seed"], devices=devices.count)
    done = batches.epochs_done(model)
    if done >= recipe.settings.epochs:
        raise InvalidInputError(
            f"The run in {run.path} has done {done} epochs. Go further with more of them, such as "
            f"`--epochs {2 * done}`, or use it as it is. "
            f"Received: epochs={recipe.settings.epochs}"
        )
    held_out = None
    if "choice" in config:
        source = Source(**config["source"])
        chosen = HeldOutSelection.from_config(config["choice"])
        held_out = days_after(recipe, source, data, chosen.until)
        _refuse_other_days(HeldOutSelection.of(held_out, chosen.until), chosen, run)
    run.sweep()
    forget_leaderboards(run.path)  # they are of the weights so far
    run.write_config(config)
    with devices.training():
        interrupted = fit(recipe, model, data, batches, run, held_out=held_out, verbose=verbose)
    return Outcome(run, epochs=len(run.read_history()), interrupted=interrupted)


def evaluate(
    run: RunFolder, *, count: int | None, seed: int, progress: Callable[[str], object] = print
) -> tuple[list[str], list[Path]]:
    """Measures a run's model, writes `metrics.json` and the pictures.

    Args:
        run: An existing run folder.
        count: How many samples to draw, or `None` for the recipe's own number.
        seed: Fixes the samples.
        progress: Called with a line before each stage. Defaults to `print`.

    Returns:
        What was measured, as lines for people, and where the pictures are.
    """
    config = run.read_config()
    progress(f"Reading {run.path} and its data ...")
    task, data, model = open_recipe(config).task, same_data(run, config), run.load_model()
    drawn = count or task.evaluated
    progress(f"Measuring {drawn} generated samples ...")
    evaluation = task.evaluate(data, model, count=drawn, seed=seed)
    compared = draw_samples(model, COMPARED, seed, task.sampler(data))
    collapsed = collapse_lines(data.samples, compared)
    run.write_metrics(evaluation.metrics)
    history = run.read_history()
    progress("Drawing pictures and pages ...")
    pictures = task.draw(data, model, history, run.path, seed=seed)
    pages = task.report(data, evaluation, history, config, run.path)
    show_leaderboards(run.path)
    return [*collapsed, *evaluation.lines], [*pictures, *pages]


def open_recipe(config: dict[str, Any]) -> Recipe:
    """Returns the recipe that a run folder's config names, with the run's settings."""
    return recipes.get(config["recipe"]).with_settings(config["settings"])


def load_data(config: dict[str, Any]) -> TrainingData:
    """Reads the data that a run folder's config names."""
    return open_recipe(config).task.load(Source(**config["source"]))


def same_data(run: RunFolder, config: dict[str, Any]) -> TrainingData:
    """Reads a run's data again; refuses other data, whose scale would not be the model's."""
    data = load_data(config)
    then, now = config["data"], data.facts.to_config()
    changed = [name for name in now if now[name] != then[name]]
    if config["source"].get("ticker") is None and "tickers" in changed:
        changed.remove("tickers")  # the name of the file, which may have been moved
    if changed:
        raise InvalidInputError(
            f"The data of {run.path} is not what it was trained on: {', '.join(changed)} differ "
            f"({then[changed[0]]} then, {now[changed[0]]} now). Bring back "
            f"the old data at {config['source']['data']}, or train anew. `generate` needs no data."
        )
    return data


def _refuse_other_days(now: HeldOutSelection, then: HeldOutSelection, run: RunFolder) -> None:
    if now != then:
        raise InvalidInputError(
            f"The weights of {run.path} are chosen by the days from {then.first_day} to "
            f"{then.last_day}, and scores on other days do not compare. Received: data with "
            f"{now.days} days from {now.first_day} to {now.last_day}, where there were {then.days}."
            " Bring back the old data, or train anew."
        )
