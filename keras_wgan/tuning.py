"""How is a recipe tuned from the command line, and how does a stopped search go on?"""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import keras_tuner
import pandas as pd

from keras_wgan.callbacks import StylizedFacts
from keras_wgan.choosing import FEWEST_DAYS, MEASURE, WINDOWS, days_after, held_out_facts
from keras_wgan.data import scaler_from_config
from keras_wgan.data.cache import write_atomically
from keras_wgan.fitting import CosineRates
from keras_wgan.joint_start import start_correlated
from keras_wgan.recipes import Recipe
from keras_wgan.search import Space, WGANGPHyperModel
from keras_wgan.stopping import StopOnCtrlC
from keras_wgan.subjects.subject import SCORED, Source, TrainingData
from keras_wgan.wgan_gp import WGANGP

MEASURED_IN_A_TRIAL = 10  # at most so often, where a measurement takes about a second


@dataclass(frozen=True)
class Best:
    """What a search found.

    Example:
    ```python
    from keras_wgan import recipes
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
    choose_until: str | None = None,
) -> Best:
    """Searches a recipe's settings at random; called again, goes on where it stopped.

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
    from keras_wgan import recipes, search, tuning
    from keras_wgan.subjects.subject import Source

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
        best = tuning.tune(
            recipe, source, Path(folder) / "linear", trials=1, space=search.NARROW, seed=1
        )
    assert best.objective == "moment_distance"
    assert 1e-4 <= best.settings["learning_rate"] <= 1e-3
    ```

    Args:
        recipe: What to search around; its epochs are those of a trial.
        source: Where its data comes from.
        folder: Where KerasTuner keeps its trials.
        trials: How many settings to try, those of an earlier call included.
        space: The ranges.
        seed: Fixes the settings tried, weights, noise and the order of the data.
        choose_until: Judges returns of one asset by days that no trial trains on, from 60 trading
            days after the end of `source` to this one: `val_facts_median`. Defaults to `None`, by
            the days that it trains on.

    Returns:
        The best trial.

    Raises:
        ValueError: If the folder holds a search of something else, or no trial could be scored.
    """
    data = recipe.subject.load(source)
    objective, scorer = _judge(recipe, source, data, choose_until)
    _claim(
        folder,
        {
            **recipe.describe(),
            "source": source.to_config(),
            "space": {name: ends for name, ends in asdict(space).items() if ends is not None},
            "seed": seed,
            "choose_until": choose_until,
        },
    )
    tuner = keras_tuner.RandomSearch(
        _RecipeTrials(recipe, space, seed=seed, data=data),
        objective=keras_tuner.Objective(objective, direction="min"),
        max_trials=trials,
        seed=seed + 1,  # KerasTuner takes 0 for no seed
        directory=folder.parent,
        project_name=folder.name,
    )
    with StopOnCtrlC() as ctrl_c:
        tuner.search(epochs=recipe.settings.epochs, callbacks=[scorer, ctrl_c], verbose=1)
    found = tuner.oracle.get_best_trials(1)
    if not found or found[0].score is None or not math.isfinite(found[0].score):
        raise ValueError(
            f"No trial of the search gave a finite {objective}: all failed or diverged. What "
            f"went wrong is in {folder}; start anew elsewhere, in a narrower space."
        )
    best = found[0]
    return Best(objective, best.score, dict(best.hyperparameters.values))


def _judge(
    recipe: Recipe, source: Source, data: TrainingData, choose_until: str | None
) -> tuple[str, keras.callbacks.Callback]:
    """Returns the name of the number to make small, and the callback that logs it."""
    every = -(-recipe.settings.epochs // MEASURED_IN_A_TRIAL)
    if choose_until is not None:
        held_out = days_after(recipe, source, data, choose_until)
        return MEASURE, held_out_facts(held_out, data, every=every)
    history = data.history if recipe.scaling == "z-score" else None
    if isinstance(history, pd.Series) and len(history) >= FEWEST_DAYS:
        facts = StylizedFacts(
            history.to_numpy(),
            days=data.samples.shape[1],
            inverse=scaler_from_config(data.facts["scaler"]).inverse,
            samples=WINDOWS,
            every=every,
        )
        return "facts_median", facts
    return recipe.subject.score, recipe.subject.scorer(data, every=1, samples=SCORED)


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
        callbacks = [*arguments.pop("callbacks"), CosineRates(recipe.settings)]
        first = arguments.get("initial_epoch", 0)  # Hyperband goes on with a trial
        batches = recipe.batches(self.data, self.order, first)
        return model.fit(batches, shuffle=False, callbacks=callbacks, **arguments)


def _claim(folder: Path, search: dict[str, Any]) -> None:
    """Notes what is searched in a folder; refuses one that holds another search.

    KerasTuner keeps to the ranges of its first call and says nothing.
    """
    path = folder / "search.json"
    search = json.loads(json.dumps(search))
    earlier = json.loads(path.read_text()) if path.exists() else search
    other = [name for name in search if earlier.get(name) != search[name]]
    if other:
        raise ValueError(
            f"{folder} holds a search with another {' and '.join(other)}. Name a new folder with "
            f"`--out`, or go on as before. Received: {search[other[0]]}, "
            f"there: {earlier.get(other[0])}"
        )
    write_atomically(path, (json.dumps(search, indent=2) + "\n").encode())
