"""Shards in this process, or on the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from keras_wgan.errors import MissingPackageError
from keras_wgan.scale.shards import Shard

if TYPE_CHECKING:
    from distributed import Client

Result = TypeVar("Result")


def map_shards(
    work: Callable[[Shard], Result], shards: Sequence[Shard], client: Client | None = None
) -> Iterator[Result]:
    """Yields the result of each shard, in the order of the shards.

    On a cluster, a shard whose worker was lost is made again by another one. Start workers with one
    thread each, and with `KERAS_BACKEND` and the thread counts of the libraries in their
    environment, such as `OMP_NUM_THREADS=1`.

    Example:
    ```python
    import functools
    from keras_wgan.scale import Shard, map_shards

    def first(count, shard):
        return shard.scenarios(count).start

    assert list(map_shards(functools.partial(first, 1000), Shard.all(4))) == [0, 250, 500, 750]
    ```

    Args:
        work: A function that can be pickled, such as `functools.partial(write_shard, job, folder)`.
        shards: The shards.
        client: A `distributed.Client`. Defaults to `None`, one shard after the other in this
            process.

    Returns:
        An iterator of results.

    Raises:
        ImportError: If a client is given and `distributed` is missing.
    """
    if client is None:
        yield from map(work, shards)
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingPackageError(
            "Dask needs distributed: pip install 'keras-wgan[dask]'"
        ) from error
    assert isinstance(client, Client)
    # Not `pure`: a job that is run again must look at the folder again.
    for future in client.map(work, shards, pure=False):
        yield future.result()
        future.release()
