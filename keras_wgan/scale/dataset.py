"""A folder of scenarios: a Parquet file for each shard, and a manifest."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from keras_wgan.io.files import atomic_path, remove_unfinished
from keras_wgan.io.progress import silent, with_progress
from keras_wgan.scale.job import ScenarioJob
from keras_wgan.scale.manifest import Manifest, Part, open_folder
from keras_wgan.scale.parts import ABANDONED, finish_part, finished_part
from keras_wgan.scale.shards import Shard
from keras_wgan.scale.tables import schema_of, shard_tables


def write_shard(
    job: ScenarioJob,
    folder: str | os.PathLike[str],
    shard: Shard,
    *,
    progress: Callable[[str], object] = silent,
) -> Part:
    """Writes a shard's scenarios to its file in a folder, completely or not at all.

    A shard that is there already is kept if its checksum is right, and made again otherwise. Any
    number of processes may write shards to the folder at once, also the same ones: they write the
    same bytes.

    Example:
    ```python
    import functools
    from keras_wgan.scale import Shard, map_shards, write_shard

    def write_all(job, folder, shards, client=None):
        work = functools.partial(write_shard, job, folder)
        return list(map_shards(work, Shard.all(shards), client))
    ```

    Args:
        job: The scenarios.
        folder: A new or empty folder, or one of the same scenarios in as many shards.
        shard: The share of them.
        progress: Called every few seconds with a line about the progress. Defaults to a function
            that does nothing.

    Returns:
        The file's name, checksum and scenarios.

    Raises:
        FileExistsError: If the folder holds something else.
        ImportError: If pyarrow is missing.
        OSError: If the file cannot be written.
        ValueError: If the run's model is another one than the job's.
    """
    place, manifest = Path(folder), Manifest(job.plan, shard.of)
    schema = schema_of(job, shard)
    open_folder(place, manifest)
    path = place / shard.file_name
    if (done := finished_part(place, shard.file_name)) is not None:
        return done
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    numbers = shard.scenarios(job.request.count)
    tables = with_progress(
        shard_tables(job, shard), len(numbers) * job.request.days, "rows written", progress
    )
    remove_unfinished(place, shard.file_name, idle=ABANDONED)
    with (
        atomic_path(path) as unfinished,
        parquet.ParquetWriter(
            unfinished, schema, compression="zstd", use_dictionary=["day"]
        ) as writer,
    ):
        for table in tables:
            writer.write_table(table, row_group_size=table.num_rows)
    return finish_part(path, manifest, numbers, ("numpy", "pyarrow"))
