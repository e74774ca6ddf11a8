"""Tests of shards on a cluster."""

import functools
import os
import signal

import pytest

from keras_wgan.scale import Shard, map_shards, write_shard

from helpers.paths import TESTS


def test_shards_are_worked_on_in_order_in_one_process():
    assert list(map_shards(str, Shard.all(3))) == ["1/3", "2/3", "3/3"]


def _write_or_die(folder, mark):
    """Returns work of which the first process that gets the second shard dies, as without power."""

    def work(job, shard):  # inside, so that it is sent as it is: workers do not know this file
        from helpers.shards import offer_small

        offer_small()
        if shard.number == 2 and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return write_shard(job, folder, shard)

    return work


def _on_dask(work, shards):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        return list(map_shards(work, shards, client))


def _on_ray(work, shards):
    ray = pytest.importorskip("ray")
    # Its workers are as nice as can be by default, and starve beside any other process.
    ray.init(
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        _system_config={"worker_niceness": 0},
    )
    try:
        return ray.get([ray.remote(work).remote(shard) for shard in shards])
    finally:
        ray.shutdown()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("map_on", [_on_dask, _on_ray])
def test_a_cluster_that_loses_a_worker_writes_the_bytes_of_one_process(
    map_on, job, tmp_path, monkeypatch
):
    alone, shared, mark = tmp_path / "alone", tmp_path / "shared", tmp_path / "mark"
    parts = list(map_shards(functools.partial(write_shard, job, alone), Shard.all(4)))
    work = _write_or_die(shared, mark)
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    assert map_on(lambda shard: work(job, shard), Shard.all(4)) == parts
    assert mark.exists()
    for part in parts:
        assert (shared / part.file).read_bytes() == (alone / part.file).read_bytes()
    assert (shared / "manifest.json").read_bytes() == (alone / "manifest.json").read_bytes()
