"""What does a search leave on disk, and what must be known to go on with it?"""

import json
import math
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from keras_wgan._validation import whole_number
from keras_wgan.errors import InputNotFoundError, InvalidInputError
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import read_object, strict_json
from keras_wgan.report.plots.style import save_picture
from keras_wgan.report.plots.trials import trials_picture
from keras_wgan.tuning.hypermodel import LOG_SCALE, Space
from keras_wgan.tuning.trials import TrialResult, best_first, read_trials, trials_table


@dataclass(frozen=True)
class Search:
    """What is searched.

    Args:
        plan: The recipe, whose epochs are those of a trial, its data, seed and days to choose by.
        space: The ranges.
        trials: How many settings to try.
    """

    plan: ExperimentSpec
    space: Space
    trials: int

    def to_config(self) -> dict[str, Any]:
        """Returns the same, ready for JSON."""
        space = {name: ends for name, ends in asdict(self.space).items() if ends is not None}
        return {**self.plan.to_config(), "space": space, "trials": self.trials}


class SearchFolder:
    """A folder with `search.json`, KerasTuner's trials, and what came of them.

    Args:
        path: The folder; it need not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def config_path(self) -> Path:
        """What is searched."""
        return self.path / "search.json"

    @property
    def table_path(self) -> Path:
        """A row for each trial."""
        return self.path / "trials.csv"

    @property
    def picture_path(self) -> Path:
        """The trials in parallel coordinates."""
        return self.path / "trials.png"

    @property
    def best_path(self) -> Path:
        """The recipe with the best settings, for `train --config`."""
        return self.path / "best.json"

    def refuse_another(self, search: Search) -> None:
        """Refuses a folder that holds another search; one that is longer is the same.

        KerasTuner keeps to the ranges of its first call and says nothing.
        """
        config = json.loads(strict_json(search.to_config()))
        earlier = read_object(self.config_path) if self.config_path.exists() else config
        other = [n for n in config if n != "trials" and earlier.get(n) != config[n]]
        if other:
            raise InvalidInputError(
                f"{self.path} holds a search with another {' and '.join(other)}. Name a new folder "
                f"with `--out`, or go on as before. Received: {config[other[0]]}, "
                f"there: {earlier.get(other[0])}"
            )

    def claim(self, search: Search) -> None:
        """Notes what is searched, unless the folder holds another search."""
        self.refuse_another(search)
        write_atomically(self.config_path, strict_json(search.to_config()))

    def read(self) -> Search:
        """Returns what is searched; refuses a folder without a search, or with a damaged one."""
        if not self.config_path.exists():
            raise InputNotFoundError(
                f"{self.path} is no folder of `keras-wgan tune`: it has no search.json."
            )
        plan, config = ExperimentSpec.read(self.config_path), read_object(self.config_path)
        try:
            trials, space = whole_number("trials", config["trials"]), _space(config["space"])
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InvalidInputError(f"{self.config_path} is damaged: {error}") from error
        return Search(plan, space, trials)

    def trials(self) -> list[TrialResult]:
        """Returns what came of each trial so far."""
        return read_trials(self.path)

    def write_results(self, search: Search, objective: str) -> list[Path]:
        """Writes the table, the picture and the best settings, as far as there are any.

        Args:
            search: What is searched.
            objective: The name of the number that is made small.

        Returns:
            The files written.
        """
        trials = self.trials()
        if not trials:
            return []
        written = [self.table_path]
        table = trials_table(trials)
        write_atomically(self.table_path, table.to_csv(index=False).encode())
        best = best_first(trials)[0]
        if best.status == "done":
            figure = trials_picture(table, objective=objective, log=LOG_SCALE)
            config = search.plan.to_config()
            config["settings"].update(best.settings)
            del config["settings"]["epochs"]  # those of a trial are few
            write_atomically(self.best_path, strict_json(config))
            written += [save_picture(figure, self.picture_path), self.best_path]
        return written


def _space(entries: dict[str, Any]) -> Space:
    known = {field.name for field in fields(Space)}
    if unknown := set(entries) - known:
        raise InvalidInputError(
            f"space may hold {', '.join(sorted(known))}. Received: {sorted(unknown)}"
        )
    for name, values in entries.items():
        choices = name in ("critic_steps", "latent_size")
        kind = int if choices else int | float
        numbers = isinstance(values, list) and all(
            isinstance(v, kind) and not isinstance(v, bool) and math.isfinite(v) for v in values
        )
        if not numbers or not (values if choices else len(values) == 2):
            wanted = "whole numbers" if choices else "two numbers"
            raise InvalidInputError(f"space.{name} must be {wanted}. Received: {values!r}")
    given: dict[str, Any] = {name: tuple(values) for name, values in entries.items()}
    return Space(**{"latent_size": None, **given})
