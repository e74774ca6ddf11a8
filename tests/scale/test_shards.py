"""Tests of the division of scenarios into shards."""

import itertools

import pytest

from keras_wgan.scale import Shard
from keras_wgan.scale.shards import parse_shards


@pytest.mark.parametrize(("count", "of"), [(10, 3), (100, 7), (2, 5), (100_000_000, 99)])
def test_every_scenario_is_in_one_shard_and_shards_differ_by_one(count, of):
    ranges = [shard.scenarios(count) for shard in Shard.all(of)]
    assert ranges[0].start == 0 and ranges[-1].stop == count
    assert all(one.stop == other.start for one, other in itertools.pairwise(ranges))
    sizes = {len(each) for each in ranges}
    assert max(sizes) - min(sizes) <= 1


def test_a_text_names_one_shard_or_several():
    assert parse_shards("3/100") == [Shard(3, 100)]
    assert [str(shard) for shard in parse_shards("9-11/11")] == ["9/11", "10/11", "11/11"]
    assert Shard(3, 100).file_name == "part-00003.parquet"


@pytest.mark.parametrize("text", ["", "3", "0/4", "5/4", "3-2/4", "a/b", "1/-4", "1/2/3", "²/4"])
def test_what_names_no_shard_is_refused(text):
    with pytest.raises(ValueError, match="from 1, and how many there are, such as 3/100"):
        parse_shards(text)


@pytest.mark.parametrize(("number", "of"), [(0, 2), (3, 2), (1, 0), (1.0, 2)])
def test_a_shard_that_cannot_be_is_refused(number, of):
    with pytest.raises(ValueError, match="must be a whole number of at least 1"):
        Shard(number, of)
