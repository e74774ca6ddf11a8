"""The hyperparameter search of a recipe: alone, with local workers, or on many hosts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import keras_tuner

from keras_wgan.callbacks import StylizedFacts
from keras_wgan.callbacks.divergence import StopOnDivergence
from keras_wgan.callbacks.interrupt import GracefulInterrupt
from keras_wgan.callbacks.progress import RunProgress
from keras_wgan.data import ReturnsData, TrainingData
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments import recipes
from keras_wgan.experiments.recipes import Recipe
from keras_wgan.experiments.selection import MEASURE, MIN_DAYS, WINDOWS, HeldOutFacts, days_after
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks.base import SCORED
from keras_wgan.io.progress import keras_verbosity, shows_bar
from keras_wgan.tuning import chief, worker
from keras_wgan.tuning.hypermodel import Space, WGANGPHyperModel
from keras_wgan.tuning.oracle import ResumableOracle, ResumableTuner
from keras_wgan.tuning.search_folder import Search, SearchFolder
from keras_wgan.tuning.trials import best_first
from keras_wgan.wgan_gp import WGANGP

FACTS = "facts_median"
MAX_MEASUREMENTS = 10  # in a trial, of a metric that takes about a second


@dataclass(frozen=True)
class Best:
    """The best settings of a search.

    Example:
    ```python
    from keras_wgan.experiments import recipes
    from keras_wgan.tuning import Best

    best = Best("moment_distance", 0.21, {"learning_rate": 3e-4, "gp_weight": 2.0})
    recipe = recipes.get("sp500-classic").with_settings(best.settings)
    assert recipe.settings.learning_rate == 3e-4
    ```

    Args:
        objective: The name of the score that was minimized.
        score: Its best value.
        settings: The settings that reached it.
    """

    objective: str
    score: float
    settings: dict[str, Any]


def tune(search: Search, folder: Path, *, workers: int = 0) -> Best | None:
    """Searches a recipe's settings at random; called again, continues where it stopped.

    A trial that was running when the search was stopped or killed is run again. A trial that
    diverges, runs out of memory or raises another error counts as failed, and the search continues;
    three failures in a row with the same error end it, because then no settings are to blame.

    If KerasTuner's environment variables make this process a chief or a worker, it takes that role
    in a search on many hosts, see `docs/tuning.md`.

    The objective is the metric by which such a model is judged: the Frechet distance of images, the
    moment distance of returns in [-1, 1] or of several assets, `series_distance` of series, and
    `facts_median` of z-scored returns of one asset, the median of the stylized facts over their
    sampling floor. With `search.experiment.select_until`, the objective is `val_facts_median`, the
    same of the days from 60 trading days after the end of the training data to that day. The score
    of a trial is that of its best epoch.

    Example:
    ```python
    import tempfile
    from dataclasses import replace
    from pathlib import Path

    import keras
    from keras_wgan.experiments import recipes
    from keras_wgan.experiments.spec import ExperimentSpec
    from keras_wgan.data import Source
    from keras_wgan.tuning import NARROW, Search, tune

    def networks(latent_size):
        generator = keras.Sequential(
            [keras.Input((latent_size,)), keras.layers.Dense(60), keras.layers.Reshape((60, 1))]
        )
        critic = keras.Sequential(
            [keras.Input((60, 1)), keras.layers.Flatten(), keras.layers.Dense(1)]
        )
        return generator, critic

    recipe = replace(recipes.get("sp500-classic"), networks=networks).with_settings({"epochs": 1})
    source = Source("bundled", start="2018-01-01", end="2018-12-31")
    search = Search(ExperimentSpec(recipe, source, seed=1), NARROW, trials=1)
    with tempfile.TemporaryDirectory() as folder:
        best = tune(search, Path(folder) / "linear")
    assert best is not None and best.objective == "moment_distance"
    assert 1e-4 <= best.settings["learning_rate"] <= 1e-3
    ```

    Args:
        search: The experiment, the ranges and the number of trials.
        folder: Where the trials are kept, and at the end `trials.csv`, `trials.png` and
            `best.json`, the best settings, for `keras-wgan train --config`.
        workers: How many processes on this machine run trials at the same time; only for a recipe
            of the package. Defaults to `0`: this process runs one trial after the other.

    Returns:
        The best trial so far; `None` in a worker, because the chief has the results.

    Raises:
        ValueError: If the folder holds another search, no trial has a score, or trials fail
            whatever their settings.
    """
    experiment, role = search.experiment, worker.role()
    if workers:
        _check_workers(experiment.recipe, role)
    data = experiment.recipe.task.load(experiment.source)
    objective, metric_callback = _objective(experiment, data)
    place = SearchFolder(folder)
    oracle = ResumableOracle(
        objective,
        folder,
        trials=search.trials,
        seed=experiment.seed + 1,  # KerasTuner takes 0 for none
    )
    if role == "worker":
        place.refuse_another(search)
    else:
        place.claim(search)
        oracle.reload()
    model = _RecipeHyperModel(experiment.recipe, search.space, seed=experiment.seed, data=data)
    tuner = ResumableTuner(oracle, model)
    epochs = experiment.recipe.settings.epochs
    if role == "worker":
        worker.connect(tuner.oracle)
        with worker.explain_lost_chief():
            _run_trials(tuner, epochs, metric_callback, verbose=2)
        return None
    try:
        if role == "chief":
            chief.serve(oracle, report=print)
        elif not workers:
            _run_trials(tuner, epochs, metric_callback, verbose=keras_verbosity())
        elif not oracle.is_over:
            chief.run_workers(oracle, folder, workers, report=print)
    finally:
        place.write_results(search, objective)
    if oracle.cause is not None:
        _raise_common_cause(oracle.cause, tuner.error)
    return _best(place, objective)


def _check_workers(recipe: Recipe, role: str) -> None:
    if recipe.name not in recipes.names() or recipes.get(recipe.name).networks != recipe.networks:
        raise InvalidInputError(
            "`workers` are processes that know only the recipes of the package. "
            f"Received: recipe={recipe.name!r}. For a recipe of your own, start your script once "
            f"for the chief and once for each worker, with {worker.WORKER} and the other variables."
        )
    if role != "alone":
        raise InvalidInputError(
            "`workers` starts a chief and workers of its own, but the environment makes this "
            f"process a {role}. Unset {worker.ADDRESS}, or leave `workers` out."
        )


def _objective(
    experiment: ExperimentSpec, data: TrainingData
) -> tuple[str, keras.callbacks.Callback]:
    """Returns the name of the score to minimize, and the callback that logs it."""
    recipe = experiment.recipe
    every = -(-recipe.settings.epochs // MAX_MEASUREMENTS)
    if experiment.select_until is not None:
        held_out = days_after(recipe, experiment.source, data, experiment.select_until)
        assert isinstance(data, ReturnsData)
        return MEASURE, HeldOutFacts(held_out, data, every=every)
    if (
        isinstance(data, ReturnsData)
        and data.assets == 1
        and recipe.scaling == "z-score"
        and len(data.history) >= MIN_DAYS
    ):
        facts = StylizedFacts(
            data.history.to_numpy()[:, 0],
            days=data.samples.shape[1],
            inverse=data.facts.scaler.inverse,
            samples=WINDOWS,
            every=every,
        )
        return FACTS, facts
    return recipe.task.score, recipe.task.metric_callback(data, every=1, samples=SCORED)


class _RecipeHyperModel(WGANGPHyperModel):
    """Trials of a recipe that see the same data in the same order."""

    def __init__(self, recipe: Recipe, space: Space, *, seed: int, data: TrainingData) -> None:
        super().__init__(recipe, space, seed=seed)
        self.data, self.order = data, seed

    def build(self, hp: keras_tuner.HyperParameters) -> WGANGP:
        """Returns the compiled model of one trial, for as many assets as the data has."""
        return self.recipe.with_settings(self.settings(hp)).build_for(self.data, self.seed)

    def fit(self, hp: keras_tuner.HyperParameters, model: WGANGP, **arguments: Any) -> Any:
        """Trains one trial as `train` would; the arguments are KerasTuner's own."""
        recipe = self.recipe.with_settings(self.settings(hp))
        callbacks = [StopOnDivergence(), *arguments.pop("callbacks")]
        if verbose := arguments.pop("verbose", 0):
            scores = (MEASURE, FACTS, recipe.task.score)
            callbacks.append(RunProgress(scores, bar=shows_bar(verbose)))
        batches = recipe.batches(self.data, self.order)
        return model.fit(batches, shuffle=False, callbacks=callbacks, verbose=0, **arguments)


def _run_trials(
    tuner: ResumableTuner, epochs: int, metric_callback: keras.callbacks.Callback, *, verbose: int
) -> None:
    with GracefulInterrupt() as ctrl_c:
        tuner.search(epochs=epochs, callbacks=[metric_callback, ctrl_c], verbose=verbose)


def _raise_common_cause(cause: str, error: Exception | None) -> None:
    line, _, rest = cause.partition("\n")
    stopped = InvalidInputError(
        "The last three trials failed with the same error, so their settings are not the cause: "
        f"{line} Fix it and repeat the command, which runs these trials again."
    )
    stopped.add_note(rest.strip())
    raise stopped from error


def _best(place: SearchFolder, objective: str) -> Best:
    trials = best_first(place.trials())
    if not trials or trials[0].status != "done":
        causes = "".join(f"\n  trial {trial.trial}: {trial.cause}" for trial in trials[:3])
        raise InvalidInputError(
            f"No trial of the search gave a finite {objective}: all failed or diverged. All are "
            f"in {place.path}. Start another search in a new folder and a narrower space.{causes}"
        )
    return Best(objective, trials[0].score, dict(trials[0].settings))
