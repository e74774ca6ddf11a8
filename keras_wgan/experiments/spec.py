"""The specification of an experiment: a recipe, its data, and what else its training depends on."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from keras_wgan._validation import whole_number
from keras_wgan.data import PriceFormat, Source
from keras_wgan.data.questions import accepted
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments import recipes
from keras_wgan.experiments.recipes import Recipe
from keras_wgan.io.json import read_as
from keras_wgan.io.schema import Check, checked, day, mapping, refuse_unknown, text

MAX_SEED = 2**63 - 1


@dataclass(frozen=True)
class ExperimentSpec:
    """A recipe with its settings, its data, and what else its training depends on.

    Example:
    ```python
    from keras_wgan.data import PriceFormat, Source
    from keras_wgan.experiments import ExperimentSpec, recipes

    spec = ExperimentSpec(recipes.get("sp500"), Source("bundled", end="2011-12-31"), seed=1)
    assert ExperimentSpec.from_config(spec.to_config()) == spec
    ```

    Args:
        recipe: The recipe, with its settings.
        source: The source of its data.
        seed: Fixes weights, noise and the order of the data.
        select_until: The last held-out day by which weights are selected. Defaults to `None`, the
            last weights are kept.
        warm_start: `"egarch"`, or `None` for a start that knows nothing of the market. Defaults to
            `None`.
    """

    recipe: Recipe
    source: Source
    seed: int
    select_until: str | None = None
    warm_start: str | None = None

    @classmethod
    def read(cls, path: Path) -> "ExperimentSpec":
        """Returns the experiment in `best.json` of a search or `config.json` of a run.

        Settings that the file leaves out are the recipe's.
        """
        return read_as(path, cls.from_config)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "ExperimentSpec":
        """Returns the experiment whose entries `to_config` gave; other entries are left alone."""
        entries = checked(config, REQUIRED, OPTIONAL)
        recipe = recipes.get(entries["recipe"]).with_settings(entries["settings"])
        rest = {name: entries[name] for name in ("source", "seed", *OPTIONAL)}
        return cls(recipe, **rest)

    def to_config(self) -> dict[str, Any]:
        """Returns the same, ready for JSON."""
        return {
            **self.recipe.describe(),
            "source": self.source.to_config(),
            "seed": self.seed,
            "select_until": self.select_until,
            "warm_start": self.warm_start,
        }


def _seed(name: str, value: Any) -> int:
    return whole_number(name, value, minimum=0, maximum=MAX_SEED)


def _source(name: str, value: Any) -> Source:
    names = [entry.name for entry in fields(Source)]
    refuse_unknown(value, names, inside=name)
    optional = {**dict.fromkeys(names[1:], text), "price_format": _price_format, "accept": _accept}
    entries = checked(value, {"data": text}, optional, inside=name)
    return Source(**{entry: found for entry, found in entries.items() if found is not None})


def _accept(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise InvalidInputError(f"`{name}` must be a list. Received: {name}={value!r}")
    return tuple(accepted(text(name, each) for each in value))


def _price_format(name: str, value: Any) -> PriceFormat:
    return PriceFormat.from_config(value, inside=name)


REQUIRED: dict[str, Check] = {"recipe": text, "settings": mapping, "source": _source, "seed": _seed}
OPTIONAL: dict[str, Check] = {"select_until": day, "warm_start": text}
