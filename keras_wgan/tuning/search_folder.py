"""The folder of a hyperparameter search: its definition, its trials and its results."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from keras_wgan._validation import whole_number
from keras_wgan.errors import InputNotFoundError, InvalidInputError
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import read_as, read_object, strict_json
from keras_wgan.io.schema import checked, mapping
from keras_wgan.report.plots.style import save_picture
from keras_wgan.report.plots.trials import trials_picture
from keras_wgan.tuning.hypermodel import LOG_SCALE, Space
from keras_wgan.tuning.trials import TrialResult, best_first, read_trials, trials_table


@dataclass(frozen=True)
class Search:
    """The definition of a search.

    Example:
    ```python
    from keras_wgan.experiments import recipes
    from keras_wgan.experiments.spec import ExperimentSpec
    from keras_wgan.data import Source
    from keras_wgan.tuning import NARROW, Search

    recipe = recipes.get("sp500-classic").with_settings({"epochs": 10})
    search = Search(ExperimentSpec(recipe, Source("bundled"), seed=0), NARROW, trials=20)
    ```

    Args:
        experiment: The recipe, whose epochs are those of a trial, its data, its seed, and, with
            `select_until`, the later days by which trials are judged.
        space: The ranges.
        trials: How many settings to try, those of an earlier call included.
    """

    experiment: ExperimentSpec
    space: Space
    trials: int

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Returns the search that `to_config` described; an error names the entry."""
        entries = checked(config, {"space": mapping, "trials": whole_number})
        experiment, space = ExperimentSpec.from_config(config), Space.from_config(entries["space"])
        return cls(experiment, space, entries["trials"])

    def to_config(self) -> dict[str, Any]:
        """Returns the definition, ready for JSON."""
        space = self.space.to_config()
        return {**self.experiment.to_config(), "space": space, "trials": self.trials}


class SearchFolder:
    """A folder with `search.json`, KerasTuner's trials, and their results."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config_path = path / "search.json"
        self.table_path = path / "trials.csv"  # a row for each trial
        self.picture_path = path / "trials.png"  # the trials in parallel coordinates
        self.best_path = path / "best.json"  # the recipe with the best settings

    def refuse_another(self, search: Search) -> None:
        """Refuses a folder that holds another search; more trials make no other search.

        KerasTuner would silently keep the ranges of its first call.
        """
        config = json.loads(strict_json(search.to_config()))
        earlier = read_object(self.config_path) if self.config_path.exists() else config
        other = [n for n in config if n != "trials" and earlier.get(n) != config[n]]
        if other:
            raise InvalidInputError(
                f"{self.path} holds a search with another {' and '.join(other)}. Name a new folder "
                f"with `--out`, or repeat the earlier arguments. Received: {config[other[0]]}, "
                f"there: {earlier.get(other[0])}"
            )

    def claim(self, search: Search) -> None:
        """Writes the definition of the search, unless the folder holds another one."""
        self.refuse_another(search)
        write_atomically(self.config_path, strict_json(search.to_config()))

    def read(self) -> Search:
        """Returns the definition; refuses a folder without a search, or with a damaged one."""
        if not self.config_path.exists():
            raise InputNotFoundError(
                f"{self.path} is no folder of `keras-wgan tune`: it has no search.json."
            )
        return read_as(self.config_path, Search.from_config)

    def trials(self) -> list[TrialResult]:
        """Returns the results of the trials so far."""
        return read_trials(self.path)

    def write_results(self, search: Search, objective: str) -> None:
        """Writes the table of all trials, and if one has a score, picture and best settings."""
        trials = self.trials()
        if not trials:
            return
        table = trials_table(trials)
        write_atomically(self.table_path, table.to_csv(index=False).encode())
        best = best_first(trials)[0]
        if best.status == "done":
            figure = trials_picture(
                table, objective=objective, log=LOG_SCALE, space=search.space.to_config()
            )
            save_picture(figure, self.picture_path)
            config = search.experiment.to_config()
            config["settings"].update(best.settings)
            del config["settings"]["epochs"]  # `train --config` takes the recipe's own number
            write_atomically(self.best_path, strict_json(config))
