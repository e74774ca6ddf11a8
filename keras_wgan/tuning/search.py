"""How is a recipe tuned from the command line, and by how many processes?"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import keras_tuner
import pandas as pd

from keras_wgan.callbacks import StylizedFacts
from keras_wgan.callbacks.divergence import StopOnDivergence
from keras_wgan.callbacks.interrupt import GracefulInterrupt
from keras_wgan.data import scaler_from_config
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments import recipes
from keras_wgan.experiments.fit import CosineRates
from keras_wgan.experiments.recipes import Recipe
from keras_wgan.experiments.selection import MEASURE, MIN_DAYS, WINDOWS, days_after, held_out_facts
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks.base import SCORED, Source, TrainingData
from keras_wgan.market.egarch_start import start_correlated
from keras_wgan.tuning import chief, worker
from keras_wgan.tuning.hypermodel import Space, WGANGPHyperModel
from keras_wgan.tuning.oracle import ResumableOracle, ResumableTuner
from keras_wgan.tuning.search_folder import Search, SearchFolder
from keras_wgan.tuning.trials import best_first
from keras_wgan.wgan_gp import WGANGP

MEASURED_IN_A_TRIAL = 10  # at most so often, where a measurement takes about a second


@dataclass(frozen=True)
class Best:
    """What a search found.

    Example:
    ```python
    from keras_wgan.experiments import recipes
    from keras_wgan.tuning import Best

    best = Best("moment_distance", 0.21, {"learning_rate": 3e-4, "gp_weight": 2.0})
    recipe = recipes.get("sp500-classic").with_settings(best.settings)
    assert recipe.settings.learning_rate == 3e-4
    ```

    Args:
        objective: The name of the number that was made small.
        score: Its best value.
        settings: The settings behind it.
    """

    objective: str
    score: float
    settings: dict[str, Any]


def tune(
    recipe: Recipe,
    source: Source,
    folder: Path,
    *,
    trials: int,
    space: Space,
    seed: int,
    select_until: str | None = None,
    workers: int = 0,
) -> Best | None:
    """Searches a recipe's settings at random; called again, goes on where it stopped.

    A trial that was running when the search was stopped or killed is run again. One that diverges,
    that needs too much memory or that fails otherwise counts as failed, and the search goes on;
    three failures in a row with the same error, which no settings are to blame for, end it.

    Where KerasTuner's environment variables make the process a chief or a worker, it takes its part
    in the search of many, see `docs/tuning.md`.

    What is made small is what such a model is judged by: the Frechet distance of images, the moment
    distance of returns in [-1, 1] or of several assets, and `facts_median` of z-scored returns of
    one asset, the median of the stylized facts over their sampling floor. The score of a trial is
    that of its best epoch.

    Example:
    ```python
    import tempfile
    from dataclasses import replace
    from pathlib import Path

    import keras
    from keras_wgan.experiments import recipes
    from keras_wgan.tuning import NARROW, tune
    from keras_wgan.experiments.tasks.base import Source

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
    with tempfile.TemporaryDirectory() as folder:
        best = tune(recipe, source, Path(folder) / "linear", trials=1, space=NARROW, seed=1)
    assert best is not None and best.objective == "moment_distance"
    assert 1e-4 <= best.settings["learning_rate"] <= 1e-3
    ```

    Args:
        recipe: What to search around; its epochs are those of a trial.
        source: Where its data comes from.
        folder: Where the trials are kept, and at the end `trials.csv`, `trials.png` and
            `best.json`, the best settings, for `keras-wgan train --config`.
        trials: How many settings to try, those of an earlier call included.
        space: The ranges.
        seed: Fixes the settings tried, weights, noise and the order of the data.
        select_until: Judges returns of one asset by days that no trial trains on, from 60 trading
            days after the end of `source` to this one: `val_facts_median`. Defaults to `None`, by
            the days that it trains on.
        workers: How many processes of their own run the trials at the same time, for a recipe of
            the package. Defaults to `0`, one trial after the other, here.

    Returns:
        The best trial so far; `None` in a worker, because the chief has the results.

    Raises:
        ValueError: If the folder holds a search of something else, no trial could be scored, or
            trials fail whatever the settings.
    """
    role = worker.role()
    if workers:
        _refuse_what_workers_cannot_know(recipe, role)
    data = recipe.task.load(source)
    objective, metric_callback = _judge(recipe, source, data, select_until)
    search = Search(ExperimentSpec(recipe, source, seed, select_until), space, trials)
    place = SearchFolder(folder)
    oracle = ResumableOracle(objective, trials=trials, seed=seed + 1)  # KerasTuner takes 0 for none
    trial = _RecipeTrials(recipe, space, seed=seed, data=data)
    if role == "worker":
        place.refuse_another(search)
        tuner = ResumableTuner(oracle, trial, folder)
        worker.join(tuner.oracle)
        with worker.gone_chief_in_a_sentence():
            _run_trials(tuner, recipe.settings.epochs, metric_callback, verbose=2)
        return None
    place.claim(search)
    tuner = ResumableTuner(oracle, trial, folder)
    try:
        if role == "chief":
            chief.lead(oracle, tell=print)
        elif not workers:
            _run_trials(tuner, recipe.settings.epochs, metric_callback, verbose=1)
        elif not oracle.is_over:
            chief.lead_here(oracle, folder, workers, tell=print)
    finally:
        place.write_results(search, objective)
    if oracle.cause is not None:
        _raise_what_all_failed_of(oracle.cause, tuner.error)
    return _best(place, objective)


def _raise_what_all_failed_of(cause: str, error: Exception | None) -> None:
    line, _, rest = cause.partition("\n")
    stopped = InvalidInputError(
        f"The last three trials failed alike, so it is not their settings: {line} Once that is "
        "put right, the same command goes on, and runs them again."
    )
    stopped.add_note(rest.strip())
    raise stopped from error


def _refuse_what_workers_cannot_know(recipe: Recipe, role: str) -> None:
    if recipe.name not in recipes.names() or recipes.get(recipe.name).networks != recipe.networks:
        raise InvalidInputError(
            "`workers` are processes that know the recipes of the package only. "
            f"Received: recipe={recipe.name!r}. For one of your own, start your script once for "
            f"the chief and once for each worker, with {worker.WORKER} and its like set."
        )
    if role != "alone":
        raise InvalidInputError(
            "`workers` makes a chief and workers of its own, but the environment makes this "
            f"process a {role}. Unset {worker.ADDRESS}, or leave `workers` out."
        )


def _run_trials(
    tuner: ResumableTuner, epochs: int, metric_callback: keras.callbacks.Callback, *, verbose: int
) -> None:
    with GracefulInterrupt() as ctrl_c:
        tuner.search(epochs=epochs, callbacks=[metric_callback, ctrl_c], verbose=verbose)


def _best(place: SearchFolder, objective: str) -> Best:
    trials = best_first(place.trials())
    if not trials or trials[0].status != "done":
        causes = "".join(f"\n  trial {tried.trial}: {tried.cause}" for tried in trials[:3])
        raise InvalidInputError(
            f"No trial of the search gave a finite {objective}: all failed or diverged. All are "
            f"in {place.path}; start anew elsewhere, in a narrower space.{causes}"
        )
    return Best(objective, trials[0].score, dict(trials[0].settings))


def _judge(
    recipe: Recipe, source: Source, data: TrainingData, select_until: str | None
) -> tuple[str, keras.callbacks.Callback]:
    """Returns the name of the number to make small, and the callback that logs it."""
    every = -(-recipe.settings.epochs // MEASURED_IN_A_TRIAL)
    if select_until is not None:
        held_out = days_after(recipe, source, data, select_until)
        return MEASURE, held_out_facts(held_out, data, every=every)
    history = data.history if recipe.scaling == "z-score" else None
    if isinstance(history, pd.Series) and len(history) >= MIN_DAYS:
        facts = StylizedFacts(
            history.to_numpy(),
            days=data.samples.shape[1],
            inverse=scaler_from_config(data.facts["scaler"]).inverse,
            samples=WINDOWS,
            every=every,
        )
        return "facts_median", facts
    return recipe.task.score, recipe.task.metric_callback(data, every=1, samples=SCORED)


class _RecipeTrials(WGANGPHyperModel):
    """Trials that all see the data in the same order, from the seed."""

    def __init__(self, recipe: Recipe, space: Space, *, seed: int, data: TrainingData) -> None:
        super().__init__(recipe, space, seed=seed)
        self.data, self.order = data, seed

    def build(self, hp: keras_tuner.HyperParameters) -> WGANGP:
        """Returns the compiled model of one trial, for as many assets as the data has."""
        model = self.recipe.with_settings(self.settings(hp)).build_for(self.data, self.seed)
        start_correlated(model, self.data.samples)
        return model

    def fit(self, hp: keras_tuner.HyperParameters, model: WGANGP, **arguments: Any) -> Any:
        """Trains one trial as `train` would; the arguments are KerasTuner's own."""
        recipe = self.recipe.with_settings(self.settings(hp))
        callbacks = [
            StopOnDivergence(),
            *arguments.pop("callbacks"),
            CosineRates(recipe.settings),
        ]
        first = arguments.get("initial_epoch", 0)  # Hyperband goes on with a trial
        batches = recipe.batches(self.data, self.order, first)
        return model.fit(batches, shuffle=False, callbacks=callbacks, **arguments)
