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


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_cluster_that_loses_a_worker_writes_the_bytes_of_one_process(job, tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    alone, shared, mark = tmp_path / "alone", tmp_path / "shared", tmp_path / "mark"
    parts = list(map_shards(functools.partial(write_shard, job, alone), Shard.all(4)))
    work = functools.partial(_write_or_die(shared, mark), job)
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert list(map_shards(work, Shard.all(4), client)) == parts
    assert mark.exists()
    for part in parts:
        assert (shared / part.file).read_bytes() == (alone / part.file).read_bytes()
    assert (shared / "manifest.json").read_bytes() == (alone / "manifest.json").read_bytes()
