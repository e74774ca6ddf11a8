"""How is a recipe tuned from the command line, and how does a stopped search go on?"""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras_tuner

from keras_wgan.data.batches import ShuffledBatches
from keras_wgan.data.cache import write_atomically
from keras_wgan.recipes import Recipe
from keras_wgan.search import Space, WGANGPHyperModel
from keras_wgan.stopping import StopOnCtrlC
from keras_wgan.subjects.subject import Source, TrainingData
from keras_wgan.wgan_gp import WGANGP


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
    recipe: Recipe, source: Source, folder: Path, *, trials: int, space: Space, seed: int
) -> Best:
    """Searches a recipe's settings at random; called again, goes on where it stopped.

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

    Returns:
        The best trial.

    Raises:
        ValueError: If the folder holds a search of something else, or no trial could be scored.
    """
    subject = recipe.subject
    data = subject.load(source)
    _claim(
        folder,
        {
            **recipe.describe(),
            "source": source.to_config(),
            "space": asdict(space),
            "seed": seed,
        },
    )
    tuner = keras_tuner.RandomSearch(
        _RecipeTrials(recipe, space, seed=seed, data=data),
        objective=keras_tuner.Objective(subject.score, direction="min"),
        max_trials=trials,
        seed=seed + 1,  # KerasTuner takes 0 for no seed
        directory=folder.parent,
        project_name=folder.name,
    )
    scorer = subject.scorer(data, every=1, samples=1000)
    with StopOnCtrlC() as ctrl_c:
        tuner.search(epochs=recipe.settings.epochs, callbacks=[scorer, ctrl_c], verbose=1)
    found = tuner.oracle.get_best_trials(1)
    if not found or found[0].score is None or not math.isfinite(found[0].score):
        raise ValueError(
            f"No trial of the search gave a finite {subject.score}: all failed or diverged. What "
            f"went wrong is in {folder}; start anew elsewhere, in a narrower space."
        )
    best = found[0]
    return Best(subject.score, best.score, dict(best.hyperparameters.values))


class _RecipeTrials(WGANGPHyperModel):
    """Trials that all see the data in the same order, from the seed."""

    def __init__(self, recipe: Recipe, space: Space, *, seed: int, data: TrainingData) -> None:
        super().__init__(recipe, space, seed=seed)
        self.data, self.order = data, seed

    def build(self, hp: keras_tuner.HyperParameters) -> WGANGP:
        """Returns the compiled model of one trial, for as many assets as the data has."""
        return self.recipe.with_settings(self.settings(hp)).build(self.seed, self.data.assets)

    def fit(self, hp: keras_tuner.HyperParameters, model: WGANGP, **arguments: Any) -> Any:
        """Trains one trial; the arguments are KerasTuner's own."""
        del hp
        batches = ShuffledBatches(
            self.data.samples,
            batch_size=self.recipe.settings.batch_size,
            seed=self.order,
            first_epoch=arguments.get("initial_epoch", 0),  # Hyperband goes on with a trial
        )
        return model.fit(batches, shuffle=False, **arguments)


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
