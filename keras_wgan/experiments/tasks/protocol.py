"""How a page can be made again, by data, command, versions and date, and what to do after it."""

import datetime
import hashlib
import importlib.metadata
import json
import platform
import shlex
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from keras_wgan.backends.description import describe_backend
from keras_wgan.data import ReturnsFacts, SeriesFacts
from keras_wgan.experiments import recipes

if TYPE_CHECKING:
    from keras_wgan.experiments.config import RunConfig
    from keras_wgan.experiments.recipe import Recipe
    from keras_wgan.experiments.spec import ExperimentSpec

LIBRARIES = ("numpy", "scipy", "matplotlib")


def run_protocol(config: "RunConfig") -> dict[str, Any]:
    """Returns data, command, versions and date by name."""
    found: dict[str, Any] = {"data": config.experiment.source.data}
    if isinstance(config.facts, ReturnsFacts) and config.facts.fingerprint:
        checksum = hashlib.sha256(config.facts.fingerprint.encode()).hexdigest()[:16]
        found["data checksum"] = checksum
    if isinstance(config.facts, SeriesFacts):
        found["data checksum"] = config.facts.checksum
    measured_with = {name: importlib.metadata.version(name) for name in LIBRARIES}
    return {
        **found,
        "command": training_command(config.experiment, config.devices),
        "devices": config.devices,
        "trained with": asdict(config.versions),
        "measured with": {"python": platform.python_version(), **measured_with},
        "measured on backend": describe_backend(),
        "measured on": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }


def training_command(experiment: "ExperimentSpec", devices: int = 1) -> str:
    """Returns the command that trains an experiment, with the settings that are not the recipe's.

    Devices are those of a GPU machine; `cpu:2` of a split processor is not known afterwards.
    """
    recipe, source = experiment.recipe, experiment.source
    options = {**source.to_options(), "--accept": ",".join(source.accept)}
    options |= {
        "--select-until": experiment.select_until or "",
        "--warm-start": experiment.warm_start or "",
        "--devices": str(devices) if devices > 1 else "",
        "--seed": str(experiment.seed),
    }
    words = ["keras-wgan", "train", recipe.name]
    for name, value in options.items():
        words += [name, value] if value else []
    usual = asdict(recipes.get(recipe.name).settings)
    for name, value in asdict(recipe.settings).items():
        if value != usual[name]:
            words += ["--set", f"{name}={_as_json(value)}"]
    return shlex.join(words)


def later_assets(facts: ReturnsFacts) -> dict[str, str]:
    """Returns the assets whose missing pasts were masked, with the days of their first returns."""
    later = ", ".join(f"{ticker} {day}" for ticker, day in facts.later_assets.items())
    return {"masked before its first day": later} if later else {}


def next_steps(recipe: "Recipe", *, from_today: bool = False) -> dict[str, str]:
    """Returns the commands that continue from a run in the folder RUN, by what they do.

    `from_today` says whether its scenarios can begin in the state of the last day.
    """
    longer = {"Train it for longer": f"keras-wgan resume RUN --epochs {2 * recipe.settings.epochs}"}
    if recipe.kind == "images":
        return {"Make images": "keras-wgan generate RUN --count 64", **longer}
    if recipe.kind == "series":
        made = "keras-wgan generate RUN --count 1000 --out windows.csv"
        return {"Make windows": made, **longer}
    begin = " --after data" if from_today else ""
    return {
        "Make scenarios": f"keras-wgan generate RUN --count 1000{begin}",
        "Measure what can be lost": f"keras-wgan risk RUN{begin}",
        "Compare it with GARCH, bootstraps and others": "keras-wgan leaderboard RUN",
        **longer,
    }


def _as_json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
