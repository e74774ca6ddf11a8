"""Training, resuming and measuring a run: what the command line does, as functions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from keras_wgan._sampling import draw_samples
from keras_wgan.backends.devices import ONE_DEVICE, Devices
from keras_wgan.data import ImageData, ReturnsData, ReturnsFacts, TrainingData
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.collapse import COMPARED, collapse_lines
from keras_wgan.experiments.config import RunConfig
from keras_wgan.experiments.exploration import forget_page
from keras_wgan.experiments.fit import fit
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.selection import HeldOutSelection, days_after
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.io.dates import day_of
from keras_wgan.io.progress import silent
from keras_wgan.market.egarch_start import start_from_egarch
from keras_wgan.report.pages.leaderboard import forget_leaderboards, show_leaderboards
from keras_wgan.wgan_gp import WGANGP


@dataclass(frozen=True)
class Outcome:
    """The end of a training.

    Args:
        run: The run.
        epochs: The number of whole epochs, those before a resume included.
        interrupted: Whether Ctrl-C or SIGTERM ended the training.
    """

    run: Run
    epochs: int
    interrupted: bool


def train(
    experiment: ExperimentSpec, run: Run, *, verbose: Any, devices: Devices = ONE_DEVICE
) -> Outcome:
    """Trains an experiment into a new run folder; also after Ctrl-C there is a model in it.

    Example:
    ```python
    import tempfile
    from keras_wgan.data import Source
    from keras_wgan.experiments import ExperimentSpec, Run, recipes, train

    recipe = recipes.get("sp500-classic").with_settings({"epochs": 1, "batch_size": 512})
    source = Source("bundled", start="2017-01-01", end="2018-12-31")
    with tempfile.TemporaryDirectory() as folder:
        run = Run.create(f"{folder}/run")
        outcome = train(ExperimentSpec(recipe, source, seed=1), run, verbose=0)
        assert outcome.epochs == 1 and not outcome.interrupted
        assert run.model().generate(2, seed=1).shape == (2, 60, 1)
    ```

    Args:
        experiment: The recipe, its data and its seed.
        run: An empty run, as `Run.create` returns it.
        verbose: `0` for silence, `1` for one bar, `2` for a line an epoch, `"auto"` for the bar on
            a terminal and lines elsewhere.
        devices: The devices that share each batch. Defaults to one.

    Returns:
        The run, its number of epochs, and whether it was interrupted.

    Raises:
        ValueError: If the experiment does not fit its data.
    """
    recipe, held_out, selection = experiment.recipe, None, None
    try:
        data = recipe.task.load(experiment.source)
        _say_what_was_read(data, print if verbose else silent)
        if (until := experiment.select_until) is not None:
            held_out = days_after(recipe, experiment.source, data, until)
            selection = HeldOutSelection.of(held_out)
            experiment = replace(experiment, select_until=f"{day_of('until', until):%Y-%m-%d}")
        with devices.building():
            model = recipe.build_for(data, experiment.seed)
        egarch = _warm_start(model, data, experiment.warm_start)
        run.write_config(RunConfig(experiment, data.facts, selection, egarch, devices.count))
        with devices.training():
            interrupted = fit(run, model, data, held_out=held_out, verbose=verbose)
    except BaseException:
        run.remove_if_untrained()
        raise
    return Outcome(run, epochs=len(run.history()), interrupted=interrupted)


def resume(
    run: Run, *, epochs: int | None = None, verbose: Any, devices: Devices = ONE_DEVICE
) -> Outcome:
    """Continues a run with the model, the settings and the data that its folder names.

    Where weights are selected among the epochs, training continues from the last ones, and the
    selected ones stay until there are better ones.

    Example:
    ```python
    import tempfile
    from keras_wgan.data import Source
    from keras_wgan.experiments import ExperimentSpec, Run, recipes, resume, train

    recipe = recipes.get("sp500-classic").with_settings({"epochs": 1, "batch_size": 512})
    source = Source("bundled", start="2017-01-01", end="2018-12-31")
    with tempfile.TemporaryDirectory() as folder:
        run = Run.create(f"{folder}/run")
        train(ExperimentSpec(recipe, source, seed=1), run, verbose=0)
        assert resume(run, epochs=2, verbose=0).epochs == 2
    ```

    Args:
        run: A run that has a model.
        epochs: The total number of epochs, earlier ones included; it becomes the run's setting.
            Defaults to `None`, the setting as it is.
        verbose: `0` for silence, `1` for one bar, `2` for a line an epoch, `"auto"` for the bar on
            a terminal and lines elsewhere.
        devices: The devices that share each batch. Defaults to one.

    Returns:
        The run, its number of epochs, and whether it was interrupted.

    Raises:
        ValueError: If the run has all its epochs already, or a file of it is damaged.
    """
    config, experiment = run.config, run.config.experiment
    if epochs is not None:
        recipe = experiment.recipe.with_settings({"epochs": epochs})
        experiment = replace(experiment, recipe=recipe)
    recipe, held_out = experiment.recipe, None
    with devices.building():
        model = run.last_model()
    data, done = run.data(), run.epochs_of(model)
    _say_what_was_read(data, print if verbose else silent)
    _refuse_other_number(run, data)
    if done >= recipe.settings.epochs:
        raise InvalidInputError(
            f"The run in {run.path} has done {done} epochs. Continue it with more of them, such as "
            f"`--epochs {2 * done}`, or use it as it is. "
            f"Received: epochs={recipe.settings.epochs}"
        )
    run.history_of(model)  # refuses a history that lacks an epoch
    if config.selection is not None and (until := experiment.select_until) is not None:
        held_out = days_after(recipe, experiment.source, data, until)
        _refuse_other_days(run, HeldOutSelection.of(held_out), config.selection)
    run.sweep()
    forget_leaderboards(run.path)  # they are of the weights so far, and so is the page
    forget_page(run)
    run.write_config(replace(config, experiment=experiment, devices=devices.count))
    recipe.set_rates(model, config.steps_per_epoch)  # for as many epochs as there are now
    with devices.training():
        interrupted = fit(run, model, data, held_out=held_out, verbose=verbose)
    return Outcome(run, epochs=len(run.history()), interrupted=interrupted)


def evaluate(
    run: Run, *, count: int | None, seed: int, progress: Callable[[str], object] = print
) -> tuple[list[str], list[Path]]:
    """Measures a run's model, writes `metrics.json`, and draws pictures and pages.

    Example:
    ```python
    import tempfile
    from keras_wgan.data import Source
    from keras_wgan.experiments import ExperimentSpec, Run, evaluate, recipes, train

    recipe = recipes.get("sp500-classic").with_settings({"epochs": 1, "batch_size": 512})
    source = Source("bundled", start="2017-01-01", end="2018-12-31")
    with tempfile.TemporaryDirectory() as folder:
        run = Run.create(f"{folder}/run")
        train(ExperimentSpec(recipe, source, seed=1), run, verbose=0)
        lines, files = evaluate(run, count=100, seed=1)
        assert "report.html" in {file.name for file in files}
    ```

    Args:
        run: A run that has a model.
        count: The number of generated samples, or `None` for the recipe's own.
        seed: The same seed gives the same samples.
        progress: Called with a line for each stage. Defaults to `print`.

    Returns:
        The measurements as lines of text, and the paths of the pictures and pages.
    """
    progress(f"Reading {run.path} and its data ...")
    task, data, model = run.recipe.task, run.data(), run.model()
    _say_what_was_read(data, progress)
    history = run.history_of(model)
    drawn = count or task.evaluated
    progress(f"Measuring {drawn} generated samples ...")
    evaluation = task.evaluate(data, model, count=drawn, seed=seed)
    compared = draw_samples(model, COMPARED, seed, task.sampler(data))
    collapsed = collapse_lines(data.samples, compared)
    run.write_metrics(evaluation.metrics)
    progress("Drawing pictures and pages ...")
    pictures = task.draw(data, model, history, run.path, seed=seed)
    pages = task.report(data, model, evaluation, history, run.config, run.path)
    show_leaderboards(run.path)
    return [*collapsed, *evaluation.lines], [*pictures, *pages]


def _say_what_was_read(data: TrainingData, say: Callable[[str], object]) -> None:
    if not isinstance(data, ImageData) and data.reading:
        say(data.reading)


def _refuse_other_number(run: Run, data: TrainingData) -> None:
    facts = run.facts
    if isinstance(facts, ReturnsFacts) and len(data.samples) != facts.windows:
        raise InvalidInputError(
            f"A training continues on as many windows as it began with, {facts.windows}, since its "
            f"epochs are counted by them. Received: {len(data.samples)} windows. Train a new run "
            "on these prices."
        )


def _warm_start(
    model: WGANGP, data: TrainingData, start: str | None
) -> dict[str, dict[str, float]] | None:
    """Sets a model to the requested start; returns the fit of each asset."""
    if start is None:
        return None
    if start != "egarch":
        raise InvalidInputError(
            f"`--warm-start` must be egarch, or left out for a cold start. Received: {start}"
        )
    if not isinstance(data, ReturnsData):
        made = "images" if isinstance(data, ImageData) else "series"
        raise InvalidInputError(
            f"A warm start from EGARCH is for returns. Received: {made}. Leave `--warm-start` out."
        )
    return start_from_egarch(model, data.history, data.facts)


def _refuse_other_days(run: Run, now: HeldOutSelection, then: HeldOutSelection) -> None:
    if now != then:
        raise InvalidInputError(
            f"The weights of {run.path} are selected by the days from {then.first_day} to "
            f"{then.last_day}, and scores on other days do not compare. Received: data with "
            f"{now.days} days from {now.first_day} to {now.last_day}, where there were {then.days}."
            " Bring back the old data, or train again."
        )
