"""What is to be trained, as a file says it: the best of a search, or the config of a run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keras_wgan.data import Source
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments import recipes
from keras_wgan.experiments.config import check_plan
from keras_wgan.experiments.recipes import Recipe
from keras_wgan.io.json import read_object


@dataclass(frozen=True)
class ExperimentSpec:
    """A recipe with its settings, its data, and what else a training depends on.

    Args:
        recipe: What to train.
        source: Where its data comes from.
        seed: Fixes weights, noise and the order of the data.
        select_until: The last of the days to choose by. Defaults to `None`.
        warm_start: Where a market begins, such as `"egarch"`. Defaults to `None`.
    """

    recipe: Recipe
    source: Source
    seed: int
    select_until: str | None = None
    warm_start: str | None = None

    @classmethod
    def read(cls, path: Path) -> "ExperimentSpec":
        """Returns the plan that stands in `best.json` of a search or `config.json` of a run.

        Settings that the file leaves out are the recipe's.

        Args:
            path: The file.

        Returns:
            What it says.

        Raises:
            OSError: If the file cannot be read.
            ValueError: If it is something else, or damaged.
        """
        config = read_object(path)
        try:
            check_plan(config)
        except ValueError as error:
            raise InvalidInputError(f"{path} {error}") from error
        try:
            recipe = recipes.get(config["recipe"]).with_settings(config["settings"])
            choice = config.get("choice")
            until = choice["until"] if choice else config.get("select_until")
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInputError(f"{path} is of no use here: {error}") from error
        return cls(recipe, Source(**config["source"]), config["seed"], until, config.get("start"))

    def to_config(self) -> dict[str, Any]:
        """Returns the same, ready for JSON."""
        return {
            **self.recipe.describe(),
            "source": self.source.to_config(),
            "seed": self.seed,
            "select_until": self.select_until,
        }
