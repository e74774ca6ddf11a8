"""The KerasTuner HyperModel of a WGAN-GP, and the ranges of its settings."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

import keras
import keras_tuner

from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.recipes import Recipe
from keras_wgan.io.schema import checked
from keras_wgan.wgan_gp import WGANGP

Networks = Callable[[int], tuple[keras.Model, keras.Model]]


@dataclass(frozen=True)
class Space:
    """The ranges of a search: the lowest and highest value of a setting, or its choices.

    A setting with equal ends or a single choice is fixed instead of searched. `None` keeps the
    recipe's value.

    Example:
    ```python
    from dataclasses import replace

    from keras_wgan.tuning import NARROW

    more_critic = replace(NARROW, critic_steps=(1, 3, 5))
    assert more_critic.learning_rate == (1e-4, 1e-3)
    ```

    Args:
        learning_rate: Lowest and highest, searched on a log scale.
        gp_weight: Lowest and highest, searched on a log scale.
        beta_1: Lowest and highest, searched on a linear scale.
        critic_steps: The choices.
        latent_size: The choices, or `None`.
        critic_learning_rate: Lowest and highest, searched on a log scale. Defaults to `None`.

    Reference:
        Lucic et al. (2018), Are GANs Created Equal?, in the ranges of its published code.
    """

    learning_rate: tuple[float, float]
    gp_weight: tuple[float, float]
    beta_1: tuple[float, float]
    critic_steps: tuple[int, ...]
    latent_size: tuple[int, ...] | None
    critic_learning_rate: tuple[float, float] | None = None

    def to_config(self) -> dict[str, Any]:
        """Returns the ranges by name, without those that are `None`, ready for JSON."""
        return {name: list(ends) for name, ends in asdict(self).items() if ends is not None}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Returns the space that `to_config` described; an error names the entry."""
        known = [field.name for field in fields(cls)]
        if unknown := set(config) - set(known):
            raise InvalidInputError(
                f"space may hold {', '.join(sorted(known))}. Received: {sorted(unknown)}"
            )
        ranges = dict.fromkeys(known, _range)
        optional = {name: ranges.pop(name) for name in ("latent_size", "critic_learning_rate")}
        return cls(**checked(config, ranges, optional, inside="space"))


# compare_gan v1.0, the code of Lucic et al. (2018), except that its wide beta_1 ends at 1, where
# Adam divides by zero, and that the latent sizes are ours, around 100 of the classic recipes.
WIDE = Space((1e-5, 1e-2), (1e-1, 1e2), (0.0, 0.99), (1, 5), (32, 64, 100, 128))
NARROW = Space((1e-4, 1e-3), (1e-1, 1e1), (0.5, 0.5), (1,), (100,))
# Ours, about a factor of three around the recipe sp500, whose latent size is its history.
MARKET = Space((2e-3, 2e-2), (3.0, 30.0), (0.0, 0.7), (1, 2, 3), None, (6e-4, 6e-3))
LOG_SCALE = ("learning_rate", "critic_learning_rate", "gp_weight")
CHOICES = ("critic_steps", "latent_size")
SPACES = {"narrow": NARROW, "wide": WIDE, "market": MARKET}


def usual(recipe: Recipe) -> tuple[str, int]:
    """Returns the space and the epochs of a trial that suit a recipe.

    Example:
    ```python
    from keras_wgan.experiments import recipes
    from keras_wgan.tuning import usual

    assert usual(recipes.get("sp500-classic")) == ("narrow", 10)
    assert usual(recipes.get("sp500"))[0] == "market"
    ```

    Args:
        recipe: The recipe whose settings are searched.

    Returns:
        A name in `SPACES`, and the epochs of a trial: 10, or a quarter of those of a recipe of
        z-scored returns, whose penalties are phased in slowly, or of series, whose epochs are
        short.
    """
    quarter = max(1, recipe.settings.epochs // 4)
    if recipe.scaling == "z-score":
        return "market", quarter
    return "narrow", quarter if recipe.kind == "series" else 10


class WGANGPHyperModel(keras_tuner.HyperModel):
    """A HyperModel for any KerasTuner tuner, whose trials build a compiled `WGANGP`.

    The objective is `fid`, `moment_distance` or `facts_median` with direction `min`, which
    `callbacks.FID`, `Moments` or `StylizedFacts` log when they are passed to `search`. The losses
    are no objective: they scale with the penalty weight and the critic.

    Example:
    ```python
    import tempfile

    import keras
    import keras_tuner
    import numpy as np
    from keras_wgan.callbacks import FID
    from keras_wgan.tuning import NARROW, WGANGPHyperModel

    def networks(latent_size):
        generator = keras.Sequential([keras.Input((latent_size,)), keras.layers.Dense(2)])
        critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        return generator, critic

    real = np.random.default_rng(1).normal(size=(64, 2)).astype("float32")
    with tempfile.TemporaryDirectory() as folder:
        tuner = keras_tuner.RandomSearch(
            WGANGPHyperModel(networks, NARROW, seed=1),
            objective=keras_tuner.Objective("fid", "min"),
            max_trials=1,
            directory=folder,
        )
        fid = FID(real, extractor=lambda samples: samples, samples=64)
        tuner.search(real, epochs=1, callbacks=[fid], verbose=0)
        assert 1e-4 <= tuner.get_best_hyperparameters()[0]["learning_rate"] <= 1e-3
    ```

    Args:
        experiment: A recipe, or a function from the latent size to a generator and a critic.
        space: The ranges to search. Defaults to `NARROW`.
        seed: Fixes weights and noise, the same in every trial. Defaults to `None`.

    Reference:
        Lucic et al. (2018), Are GANs Created Equal?
    """

    def __init__(
        self, experiment: Recipe | Networks, space: Space = NARROW, *, seed: int | None = None
    ) -> None:
        super().__init__()
        if not isinstance(experiment, Recipe):
            experiment = Recipe("own", "Networks of the user's.", "images", "", experiment)
        self.recipe, self.space, self.seed = experiment, space, seed

    def build(self, hp: keras_tuner.HyperParameters) -> WGANGP:
        """Returns the compiled model of one trial, whose learning rates stay as they are drawn.

        How far they would fall in an epoch depends on the data, which KerasTuner passes later.
        """
        constant = {"final_rate": 1.0, "full_rate_epochs": None}
        recipe = self.recipe.with_settings(self.settings(hp) | constant)
        model = recipe.build(self.seed)
        recipe.compile(model, steps_per_epoch=1)
        return model

    def settings(self, hp: keras_tuner.HyperParameters) -> dict[str, Any]:
        """Returns the values of a trial by the names of a recipe's settings."""
        return {
            name: _draw(hp, name, values)
            for name, values in asdict(self.space).items()
            if values is not None
        }


def _range(name: str, values: Any) -> tuple[Any, ...]:
    choices = name.removeprefix("space.") in CHOICES
    kind = int if choices else int | float
    numbers = isinstance(values, list) and all(
        isinstance(value, kind) and not isinstance(value, bool) and math.isfinite(value)
        for value in values
    )
    if not numbers or not (values if choices else len(values) == 2):
        expected = "whole numbers" if choices else "two numbers"
        raise InvalidInputError(f"{name} must be {expected}. Received: {values!r}")
    return tuple(values)


def _draw(hp: keras_tuner.HyperParameters, name: str, values: tuple[Any, ...]) -> Any:
    if len(set(values)) == 1:
        return hp.Fixed(name, values[0])
    if name in CHOICES:
        return hp.Choice(name, list(values))
    sampling = "log" if name in LOG_SCALE else "linear"
    return hp.Float(name, *values, sampling=sampling)
