"""Parts of a folder that are finished already, and the note of one that is finished now."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from keras_wgan.experiments.config import Versions
from keras_wgan.scale.job import checksum
from keras_wgan.scale.manifest import Manifest, Part, add_part, noted_parts

ABANDONED = 3600.0  # seconds without a write, after which an unfinished file is of a dead process


def finished_part(folder: Path, name: str) -> Part | None:
    """Returns the part of a file if it is finished and has its checksum, or `None`."""
    path = folder / name
    noted = {part.file: part for part in noted_parts(folder)}.get(name)
    if noted is None or not path.exists() or checksum(path) != noted.sha256:
        return None
    return noted


def finish_part(path: Path, wanted: Manifest, numbers: range, packages: Sequence[str]) -> Part:
    """Notes the file of a part, with the versions that made it, in the manifest of its folder."""
    others = {name: importlib.metadata.version(name) for name in packages}
    part = Part(
        file=path.name,
        sha256=checksum(path),
        bytes=path.stat().st_size,
        first=numbers.start,
        scenarios=len(numbers),
        versions={**asdict(Versions.installed()), **others},
    )
    add_part(path.parent, wanted, part)
    return part
