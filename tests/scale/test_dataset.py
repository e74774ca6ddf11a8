"""Tests of folders of scenarios: the same bytes for any way to make them, whole or not at all."""

import json
import os
import pickle
import shutil

import numpy as np
import pandas as pd
import pyarrow.parquet as parquet
import pytest

from keras_wgan import from_preset
from keras_wgan.data import inspect_prices
from keras_wgan.experiments import GenerationRequest, Run, YearlyMoments, generate, recipes
from keras_wgan.market.scenarios import AfterPrices
from keras_wgan.scale import ScenarioJob, Shard, dataset, shard_table, verify, write_shard
from keras_wgan.scale.manifest import Manifest, add_part

from helpers.shards import COUNT, DAYS, job_of

RECIPES = recipes.RECIPES  # before the fixtures offer a small one


def _write(job, folder, of):
    return [write_shard(job, folder, shard) for shard in Shard.all(of)]


def _read(folder):
    names = sorted(path for path in folder.glob("*.parquet"))
    return pd.concat([pd.read_parquet(name) for name in names], ignore_index=True)


@pytest.fixture(scope="module")
def written(run, small, tmp_path_factory):
    """Returns a folder of three shards, once for all tests that only look at it."""
    folder = tmp_path_factory.mktemp("written") / "s"
    _write(job_of(run), folder, 3)
    return folder


@pytest.fixture
def folder(written, tmp_path):
    """Returns a copy of that folder."""
    return shutil.copytree(written, tmp_path / "s")


def test_a_folder_holds_each_scenario_and_day_once_whatever_the_shards(job, written, tmp_path):
    table = _read(written)
    assert list(table) == ["scenario", "day", "^GSPC", "^IXIC"]
    assert table["scenario"].tolist() == np.repeat(range(COUNT), DAYS).tolist()
    assert table["day"].tolist() == list(range(1, DAYS + 1)) * COUNT
    _write(job, tmp_path / "one", 1)
    pd.testing.assert_frame_equal(_read(tmp_path / "one"), table, check_exact=True)
    assert parquet.read_metadata(written / "part-00001.parquet").row_group(0).column(2).compression


def test_a_folder_holds_the_scenarios_of_one_file_of_the_same_seed(run, written, tmp_path):
    request = GenerationRequest(COUNT, seed=3, days=DAYS)
    generate(Run.open(run.path), request, tmp_path / "s.npz")
    with np.load(tmp_path / "s.npz") as archive:
        held = archive["log_return"].reshape(-1, 2)
    np.testing.assert_allclose(_read(written)[["^GSPC", "^IXIC"]], held, rtol=1e-6)


def test_a_shard_made_again_or_elsewhere_has_the_same_bytes(job, folder, tmp_path):
    before = {path.name: path.read_bytes() for path in folder.glob("*.parquet")}
    (folder / "part-00001.parquet").unlink()
    (folder / "part-00002.parquet").write_bytes(before["part-00002.parquet"][:-9])
    times = (folder / "part-00003.parquet").stat().st_mtime_ns
    _write(pickle.loads(pickle.dumps(job)), folder, 3)
    assert {path.name: path.read_bytes() for path in folder.glob("*.parquet")} == before
    assert (folder / "part-00003.parquet").stat().st_mtime_ns == times  # kept, not made again
    _write(job, tmp_path / "other", 3)
    assert (tmp_path / "other" / "manifest.json").read_bytes() == (
        folder / "manifest.json"
    ).read_bytes()


def test_the_manifest_says_what_made_the_scenarios(run, written):
    manifest = json.loads((written / "manifest.json").read_text())
    plan = manifest["plan"]
    assert (plan["seed"], plan["count"], plan["days"]) == (3, COUNT, DAYS)
    assert plan["assets"]["^GSPC"] == {"column": "^GSPC", "start_price": 2506.850098}
    assert plan["trained_on"] == {"first_day": "2018-01-03", "last_day": "2018-12-31"}
    assert plan["start"] == {"kind": "any"} and len(plan["dates"]) == DAYS
    parts = manifest["parts"]
    assert [part["first"] for part in parts] == [0, 3, 6]
    assert sum(part["scenarios"] for part in parts) == COUNT
    assert parts[0]["versions"]["numpy"] == np.__version__
    assert verify(written) == Manifest.read(written)


def _cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def _exchange(path):
    shutil.copy(path, path.with_name("x"))
    shutil.copy(path.with_name("part-00001.parquet"), path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda path: path.unlink(), "2 of 3 whole parts: part-00002.parquet is missing"),
        (_cut, "part-00002.parquet is damaged: it has another checksum"),
        (_exchange, "part-00002.parquet is damaged"),
        (lambda path: shutil.copy(path, path.with_name("z.parquet")), "does not know.*z.parquet"),
    ],
)
def test_verify_names_each_part_that_is_not_as_it_was_written(folder, change, message):
    change(folder / "part-00002.parquet")
    with pytest.raises(ValueError, match=message):
        verify(folder)


def test_verify_notices_a_part_of_other_scenarios_with_a_note_of_its_own(run, folder, tmp_path):
    job = job_of(run, seed=4)
    part = write_shard(job, tmp_path / "t", Shard(2, 3))
    shutil.copy(tmp_path / "t" / part.file, folder / part.file)
    add_part(folder, Manifest.read(folder), part)
    with pytest.raises(ValueError, match=r"part-00002.parquet belongs to other scenarios.*2/3"):
        verify(folder)


def test_a_folder_of_other_scenarios_or_files_is_refused(run, job, folder, tmp_path):
    other = job_of(run, seed=4)
    with pytest.raises(FileExistsError, match="seed is 3 there, and 4 now"):
        write_shard(other, folder, Shard(1, 3))
    with pytest.raises(FileExistsError, match="the number of shards is 3 there, and 4 now"):
        write_shard(job, folder, Shard(1, 4))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x")
    with pytest.raises(FileExistsError, match="must be a new folder, an empty one, or one of the"):
        write_shard(job, tmp_path / "mine", Shard(1, 3))


def test_a_shard_that_fails_leaves_no_file_and_the_others_alone(job, folder, monkeypatch):
    (folder / "part-00002.parquet").unlink()

    def fail(*_):
        yield from ()
        raise RuntimeError("the power went off")

    monkeypatch.setattr(dataset, "shard_tables", fail)
    with pytest.raises(RuntimeError):
        write_shard(job, folder, Shard(2, 3))
    assert sorted(path.name for path in folder.iterdir()) == [
        ".parts",
        "manifest.json",
        "part-00001.parquet",
        "part-00003.parquet",
    ]


def test_what_a_dead_process_left_is_removed_and_what_another_writes_is_not(job, folder):
    (folder / "part-00002.parquet").unlink()
    dead, living = (folder / f".{name}.part.part-00002.parquet" for name in "ab")
    for path in (dead, living):
        path.touch()
    os.utime(dead, (0, 0))
    write_shard(job, folder, Shard(2, 3))
    assert not dead.exists() and living.exists()


def test_shards_that_end_at_the_same_time_are_all_in_the_manifest(job, folder, monkeypatch):
    manifest = Manifest.read(folder)
    (folder / "manifest.json").unlink()
    shutil.rmtree(folder / ".parts")
    first, second, third = manifest.parts
    from keras_wgan.scale import manifest as module

    module.open_folder(folder.parent / "t", Manifest(manifest.plan, 3))
    target, write, others = folder.parent / "t", module._write, [second, third]

    def late(place, content):  # another process notes its part just before this one writes
        if others:
            part = others.pop()
            path = place / ".parts" / f"{part.file}.json"
            path.write_bytes(module.strict_json(module.asdict(part)))
        write(place, content)

    monkeypatch.setattr(module, "_write", late)
    add_part(target, manifest, first)
    assert Manifest.read(target).parts == manifest.parts


def test_more_scenarios_than_a_table_holds_are_written_in_groups(job, tmp_path, monkeypatch):
    monkeypatch.setattr("keras_wgan.scale.tables.NUMBERS", 3 * DAYS * 2)
    part = write_shard(job, tmp_path / "s", Shard(1, 1))
    file = parquet.ParquetFile(tmp_path / "s" / part.file)
    assert [file.metadata.row_group(k).num_rows for k in range(4)] == [15, 15, 15, 5]
    assert shard_table(job, Shard(1, 1)).equals(file.read())


def test_more_shards_than_scenarios_leave_empty_parts(run, tmp_path):
    job = job_of(run, count=2)
    _write(job, tmp_path / "s", 3)
    assert verify(tmp_path / "s").plan["count"] == 2
    assert len(_read(tmp_path / "s")) == 2 * DAYS


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (GenerationRequest(2, seed=None), "`seed` must be given"),
        (GenerationRequest(2, seed=0, yearly=YearlyMoments(0.1)), "need all scenarios at once"),
        (GenerationRequest(2, seed=0, condition=3), "`--condition` is for images"),
    ],
)
def test_what_cannot_be_made_in_shards_is_refused(run, request_, message):
    with pytest.raises(ValueError, match=message):
        ScenarioJob.of(Run.open(run.path), request_)


def test_a_preset_is_made_in_shards_like_a_run(monkeypatch):
    monkeypatch.setattr(recipes, "RECIPES", RECIPES)
    job = ScenarioJob.of(from_preset("sp500"), GenerationRequest(2, seed=0, days=1))
    assert job == pickle.loads(pickle.dumps(job))
    assert job.run == "preset:sp500" and job.plan["recipe"] == "sp500"


def test_another_model_than_that_of_the_job_is_refused(run, job, tmp_path):
    moved = shutil.copytree(run.path, tmp_path / "r")
    there = ScenarioJob(str(moved), "0" * 64, job.request)
    with pytest.raises(ValueError, match="is not the model that these scenarios are made with"):
        shard_table(there, Shard(1, 3))


@pytest.mark.slow
def test_scenarios_after_prices_continue_them(run, tmp_path, monkeypatch):
    monkeypatch.setattr("keras_wgan.market.states.STARTS", 400)
    monkeypatch.setattr("keras_wgan.market.noise_search.CANDIDATES", 2)
    tickers = ("^GSPC", "^IXIC")
    prices = inspect_prices(tickers, "2017-12-01", "2018-03-28", "bundled").prices
    start = AfterPrices(prices)
    job = job_of(run, count=4, days=2, start=start)
    assert len(shard_table(job, Shard(1, 2))) == 4
    assert job.plan["start"]["last_day"] == "2018-03-28"
    assert job.plan["dates"] == ["2018-03-29T00:00:00", "2018-03-30T00:00:00"]
    assert job == pickle.loads(pickle.dumps(job))
