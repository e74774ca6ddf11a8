"""The check of a folder of scenarios against its manifest."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.files import reading
from keras_wgan.io.parquet import require_pyarrow
from keras_wgan.io.progress import silent, with_progress
from keras_wgan.scale.job import checksum
from keras_wgan.scale.manifest import Manifest, Part, noted_parts
from keras_wgan.scale.shards import Shard

if TYPE_CHECKING:
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

NAMED = 5  # parts that a message names


def verify(
    folder: str | os.PathLike[str], *, progress: Callable[[str], object] = silent
) -> Manifest:
    """Checks that a folder of scenarios is complete, and that no part was changed.

    Each part must have the checksum of the manifest, the scenarios of its shard, and the mark of
    the plan in the manifest.

    Example:
    ```python
    import tempfile
    from keras_wgan.errors import InputNotFoundError
    from keras_wgan.scale import verify

    with tempfile.TemporaryDirectory() as folder:
        try:
            verify(folder)
        except InputNotFoundError as error:
            assert "manifest.json does not exist" in str(error)
    ```

    Args:
        folder: A folder that `generate --shard` or `write_shard` wrote.
        progress: Called every few seconds with a line about the progress. Defaults to a function
            that does nothing.

    Returns:
        The manifest.

    Raises:
        FileNotFoundError: If there is no manifest.
        ImportError: If pyarrow is missing.
        ValueError: If parts are missing, damaged or do not belong to the manifest.
    """
    require_pyarrow()
    place = Path(folder)
    manifest = Manifest.read(place)
    parts = {part.file: part for part in noted_parts(place)}
    shards = Shard.all(manifest.shards)
    faults = []
    for (shard,) in with_progress([(each,) for each in shards], len(shards), "parts", progress):
        fault = _fault(place, manifest, shard, parts.get(shard.file_name))
        if fault is not None:
            faults.append((shard, fault))
    with reading(place):
        extra = {path.name for path in place.glob("*.parquet")} - {s.file_name for s in shards}
    if extra:
        raise InvalidInputError(
            f"{place} holds files that its manifest does not know, and readers of the folder would "
            f"read them: {', '.join(sorted(extra)[:NAMED])}. Move them elsewhere."
        )
    if faults:
        shown = "; ".join(f"{shard.file_name} {fault}" for shard, fault in faults[:NAMED])
        more = f"; and {len(faults) - NAMED} more" if len(faults) > NAMED else ""
        raise InvalidInputError(
            f"{place} has {len(shards) - len(faults)} of {len(shards)} whole parts: {shown}{more}. "
            f"Make them again with the command of the others and `--shard {faults[0][0]}`."
        )
    return manifest


def _fault(folder: Path, manifest: Manifest, shard: Shard, part: Part | None) -> str | None:
    """Returns what is wrong with a part, or `None`."""
    path = folder / shard.file_name
    if not path.exists():
        return "is missing"
    if part is None:
        return "is not finished"
    if checksum(path) != part.sha256:
        return "is damaged: it has another checksum"
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(path) as file:
        return _other_content(file, manifest, shard)


def _other_content(file: parquet.ParquetFile, manifest: Manifest, shard: Shard) -> str | None:
    marks = file.schema_arrow.metadata or {}
    wanted = {b"keras_wgan.plan": manifest.digest, b"keras_wgan.shard": str(shard)}
    if any(marks.get(name) != value.encode() for name, value in wanted.items()):
        return "belongs to other scenarios"
    numbers = shard.scenarios(int(manifest.plan["count"]))
    if file.metadata.num_rows != len(numbers) * int(manifest.plan["days"]):
        return f"has {file.metadata.num_rows:,} rows"
    found = _scenario_range(file.metadata)
    if found is not None and found != (numbers.start, numbers.stop - 1):
        return f"holds the scenarios {found[0]:,} to {found[1]:,}"
    return None


def _scenario_range(metadata: Any) -> tuple[int, int] | None:
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    ends = [group.column(0).statistics for group in groups]
    return (min(e.min for e in ends), max(e.max for e in ends)) if ends else None
