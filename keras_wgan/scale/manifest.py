"""The manifest of a folder of scenarios: what made them, and the checksum of each part."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError, OutputExistsError
from keras_wgan.io.files import reading, write_atomically
from keras_wgan.io.json import read_as, strict_json
from keras_wgan.io.schema import Check, checked, mapping, refuse_unknown, text
from keras_wgan.scale.shards import MAX_SHARDS

NAME = "manifest.json"
NOTES = ".parts"  # a folder that readers of Parquet leave out, with a file for each finished part
FORMAT = 1


@dataclass(frozen=True)
class Part:
    """A finished part of a folder of scenarios.

    Args:
        file: The name of its file.
        sha256: The checksum of the file.
        bytes: The size of the file.
        first: The number of its first scenario.
        scenarios: How many scenarios it holds.
        versions: The versions of the software that made it.
    """

    file: str
    sha256: str
    bytes: int
    first: int
    scenarios: int
    versions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_config(cls, config: Any) -> Part:
        """Returns the part of a JSON object."""
        refuse_unknown(config, _PART)
        return cls(**checked(config, _PART))


@dataclass(frozen=True)
class Manifest:
    """What a folder of scenarios holds once it is complete, and its parts so far.

    Args:
        plan: What decides the scenarios, as `ScenarioJob.plan` gives it.
        shards: The number of parts.
        parts: The finished parts.
    """

    plan: Mapping[str, Any]
    shards: int
    parts: tuple[Part, ...] = ()

    @property
    def digest(self) -> str:
        """The SHA-256 of the plan."""
        return hashlib.sha256(strict_json(self.plan)).hexdigest()

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Reads the manifest of a folder."""
        return read_as(folder / NAME, cls.from_config)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Manifest:
        """Returns the manifest that `to_config` gave; raises ValueError with the field."""
        refuse_unknown(config, _ENTRIES)
        entries = checked(config, _ENTRIES)
        parts = tuple(Part.from_config(part) for part in entries["parts"])
        return cls(entries["plan"], entries["shards"], parts)

    def to_config(self) -> dict[str, Any]:
        """Returns the same, ready for JSON."""
        return {
            "format": FORMAT,
            "plan": self.plan,
            "shards": self.shards,
            "parts": [asdict(part) for part in self.parts],
        }

    def check_same(self, other: Manifest, folder: Path) -> None:
        """Refuses to add other scenarios to a folder, or the same in other parts."""
        now = {"the number of shards": other.shards, **other.plan}
        here = {"the number of shards": self.shards, **self.plan}
        changed = [name for name in here if here[name] != now.get(name)]
        if not changed:
            return
        name = changed[0]
        raise OutputExistsError(
            f"{folder} holds other scenarios: {name} is {_short(here[name])} there, and "
            f"{_short(now.get(name))} now. Name another folder, or repeat its own options."
        )


def open_folder(folder: Path, wanted: Manifest) -> None:
    """Prepares a folder for the parts of a manifest; refuses one that holds anything else."""
    with reading(folder):
        if (folder / NAME).exists():
            Manifest.read(folder).check_same(wanted, folder)
            return
        taken = folder.exists() and (not folder.is_dir() or any(folder.glob("[!.]*")))
    if taken:
        raise OutputExistsError(
            f"`--out` must be a new folder, an empty one, or one of the same scenarios: {folder} "
            f"holds other files and no {NAME}. Name another one."
        )
    _write(folder, wanted)


def add_part(folder: Path, wanted: Manifest, part: Part) -> None:
    """Notes a finished part, and writes the manifest again.

    Several processes may do so at once, without a lock: each notes its part in a file of its own
    first, and writes the manifest until it holds all notes that it finds afterwards.
    """
    write_atomically(folder / NOTES / f"{part.file}.json", strict_json(asdict(part)))
    while True:
        noted = noted_parts(folder)
        _write(folder, Manifest(wanted.plan, wanted.shards, noted))
        if noted == noted_parts(folder):
            return


def noted_parts(folder: Path) -> tuple[Part, ...]:
    """Returns the finished parts by name, from their notes and from the manifest."""
    found = {part.file: part for part in Manifest.read(folder).parts}
    for note in (folder / NOTES).glob("part-*.json"):
        part = read_as(note, Part.from_config)
        found[part.file] = part
    return tuple(found[name] for name in sorted(found))


def _write(folder: Path, manifest: Manifest) -> None:
    write_atomically(folder / NAME, strict_json(manifest.to_config()))


def _short(value: Any) -> str:
    shown = str(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _parts(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidInputError(f"`{name}` must be a list of parts.")
    return value


def _from_zero(name: str, value: Any) -> int:
    return whole_number(name, value, minimum=0, maximum=2**63)


def _format(name: str, value: Any) -> int:
    if value != FORMAT:
        raise InvalidInputError(
            f"`{name}` must be {FORMAT}. Received: {value!r}. A newer keras-wgan may read it."
        )
    return FORMAT


def _shards(name: str, value: Any) -> int:
    return whole_number(name, value, maximum=MAX_SHARDS)


_ENTRIES: dict[str, Check] = {
    "format": _format,
    "plan": mapping,
    "shards": _shards,
    "parts": _parts,
}
_PART: dict[str, Check] = {
    "file": text,
    "sha256": text,
    "bytes": _from_zero,
    "first": _from_zero,
    "scenarios": _from_zero,
    "versions": mapping,
}
