"""Arrow tables of scenarios: a row for each scenario and day, a column for each asset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from keras_wgan.io.parquet import require_pyarrow
from keras_wgan.scale.job import IN_TABLE, Returns, ScenarioJob
from keras_wgan.scale.shards import Shard

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

NUMBERS = 4_000_000  # returns in a table, 16 MB


def shard_table(job: ScenarioJob, shard: Shard) -> pa.Table:
    """Returns the scenarios of a shard as one Arrow table: a pure function of its arguments.

    Its columns are `scenario` (int64, from 0 over all shards), `day` (int32, from 1), and the
    log returns of each asset (float32). Prices are the start price times the exponential of the
    sum of the log returns so far.

    Example:
    ```python
    from keras_wgan.scale import Shard, shard_table

    def first_days(job):
        table = shard_table(job, Shard(1, of=100))
        return table.filter(table["day"].to_numpy() == 1)
    ```

    Args:
        job: The scenarios.
        shard: The share of them.

    Returns:
        The table, with as many rows as the shard's scenarios have days.

    Raises:
        ImportError: If pyarrow is missing.
        ValueError: If the run's model is another one than the job's.
    """
    import pyarrow as pa

    return pa.concat_tables([schema_of(job, shard).empty_table(), *shard_tables(job, shard)])


def shard_tables(job: ScenarioJob, shard: Shard) -> Iterator[pa.Table]:
    """Yields the rows of `shard_table` in tables whose sizes depend on the shard alone."""
    import pyarrow as pa

    schema = schema_of(job, shard)
    first, days = shard.scenarios(job.request.count).start, job.request.days
    each = max(1, NUMBERS // (days * len(job.columns)))
    for returns in _in_groups(job.log_returns(shard), each):
        numbers = np.arange(first, first + len(returns), dtype=np.int64)
        columns = [np.repeat(numbers, days), np.tile(_days(days), len(returns))]
        flat = returns.reshape(-1, len(job.columns))
        columns += [np.ascontiguousarray(flat[:, asset]) for asset in range(flat.shape[1])]
        yield pa.Table.from_arrays([pa.array(column) for column in columns], schema=schema)
        first += len(returns)


def schema_of(job: ScenarioJob, shard: Shard) -> pa.Schema:
    """Returns the columns of a shard's table, with the plan's checksum and the shard's name."""
    require_pyarrow()
    import pyarrow as pa

    kinds = [*zip(IN_TABLE, (pa.int64(), pa.int32()), strict=True)]
    kinds += [(column, pa.float32()) for column in job.columns]
    fields = [pa.field(name, kind, nullable=False) for name, kind in kinds]
    return pa.schema(fields, {"keras_wgan.plan": job.digest, "keras_wgan.shard": str(shard)})


def _days(days: int) -> np.ndarray:
    return np.arange(1, days + 1, dtype=np.int32)


def _in_groups(batches: Iterable[Returns], size: int) -> Iterator[Returns]:
    """Yields the rows of all batches in groups of one size, of which the last may be smaller."""
    held: list[Returns] = []
    room = size
    for batch in batches:
        rest = batch
        while len(rest):
            some, rest = rest[:room], rest[room:]
            held.append(some)
            room -= len(some)
            if not room:
                yield np.concatenate(held)
                held, room = [], size
    if held:
        yield np.concatenate(held)
