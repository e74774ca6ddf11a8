"""The configuration of a run, as `config.json` holds it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from keras_wgan._validation import whole_number
from keras_wgan.data import Facts, ImageFacts, ReturnsFacts, SeriesFacts
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.selection import HeldOutSelection
from keras_wgan.experiments.spec import OPTIONAL, REQUIRED, ExperimentSpec
from keras_wgan.io.json import read_as
from keras_wgan.io.schema import Check, checked, day, mapping, refuse_unknown, text


@dataclass(frozen=True)
class Versions:
    """The versions of the software that trained a run, and its Keras backend."""

    keras_wgan: str
    keras: str
    backend: str

    @classmethod
    def installed(cls) -> "Versions":
        """Returns the versions of this process."""
        import keras

        from keras_wgan import __version__

        return cls(__version__, keras.__version__, keras.backend.backend())


@dataclass(frozen=True)
class RunConfig:
    """The configuration of a run: its experiment, and what its training found and used."""

    experiment: ExperimentSpec
    facts: Facts
    selection: HeldOutSelection | None = None  # None keeps the last weights
    egarch: Mapping[str, Mapping[str, float]] | None = None  # by asset, where training started
    devices: int = 1  # that share a batch
    versions: Versions = field(default_factory=Versions.installed)

    @property
    def steps_per_epoch(self) -> int:
        """The number of batches in an epoch."""
        facts = self.facts
        samples = facts.images if isinstance(facts, ImageFacts) else facts.windows
        return self.experiment.recipe.settings.steps_per_epoch(samples)

    @classmethod
    def read(cls, path: Path) -> "RunConfig":
        """Returns the configuration in a file; raises ValueError with the file and the field."""
        return read_as(path, cls.from_config)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "RunConfig":
        """Returns the configuration that `to_config` gave; raises ValueError with the field."""
        refuse_unknown(config, [*REQUIRED, *OPTIONAL, *_REQUIRED, *_OPTIONAL])
        experiment = ExperimentSpec.from_config(config)
        entries = checked(config, _REQUIRED, _OPTIONAL)
        kind = experiment.recipe.kind
        if entries.pop("kind") != kind:
            raise InvalidInputError(f"`kind` must be {kind}, as the recipe has it.")
        try:
            facts = _FACTS[kind].from_config(entries.pop("data"))
        except ValueError as error:
            raise InvalidInputError(f"`data`: {error}") from error
        return cls(experiment, facts, **entries)

    def to_config(self) -> dict[str, Any]:
        """Returns the same, ready for JSON."""
        return {
            **self.experiment.to_config(),
            "data": self.facts.to_config(),
            "selection": None if self.selection is None else asdict(self.selection),
            "egarch": self.egarch,
            "devices": self.devices,
            "versions": asdict(self.versions),
        }


_FACTS: dict[str, type[Facts]] = {
    "images": ImageFacts,
    "returns": ReturnsFacts,
    "series": SeriesFacts,
}


def _selection(name: str, value: Any) -> HeldOutSelection:
    days = dict.fromkeys(("first_day", "last_day"), day)
    return HeldOutSelection(**checked(value, {**days, "days": whole_number}, inside=name))


def _versions(name: str, value: Any) -> Versions:
    names = [entry.name for entry in fields(Versions)]
    return Versions(**checked(value, dict.fromkeys(names, text), inside=name))


_REQUIRED: dict[str, Check] = {
    "kind": text,
    "data": mapping,
    "devices": whole_number,
    "versions": _versions,
}
_OPTIONAL: dict[str, Check] = {"selection": _selection, "egarch": mapping}
