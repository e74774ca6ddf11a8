"""A batch shared by several devices trains the same model as one device."""

import subprocess

import keras
import numpy as np
import pytest

from keras_wgan.backends import on_one_device, several_devices
from keras_wgan.backends.devices import check_count
from keras_wgan.cli.startup import asked_devices
from keras_wgan.data.batches import ShuffledBatches
from keras_wgan.experiments import recipes
from keras_wgan.metrics import feature_statistics, merge_statistics

from helpers.paths import ROOT, program, program_environment

pytestmark = pytest.mark.slow

BACKEND = keras.backend.backend()
WAYS = {
    "tensorflow": ["two replicas", "worker 0", "worker 1"],
    "jax": ["two host devices"],
    "torch": ["process 0", "process 1"],
}[BACKEND]
# What is smaller is rounding: a momentum whose gradients cancel, a penalty near nothing.
SMALLEST = 1e-3
every_way = pytest.mark.parametrize("way", WAYS)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Trains in all ways of this backend, and returns what came of each."""
    folder = tmp_path_factory.mktemp("devices")
    ended = subprocess.run(
        [*program("helpers.many_devices"), folder],
        env=program_environment(PYTHONWARNINGS="ignore"),
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-4000:]
    return {file.stem: dict(np.load(file)) for file in folder.glob("*.npz")}


def agree(trained, way, kind):
    """Asserts that all of a kind is as on one device, to 1e-5 of the largest number."""
    one = {name: value for name, value in trained["one device"].items() if name.startswith(kind)}
    assert one
    for name, value in one.items():
        size = max(abs(value).max(), SMALLEST)
        if name.endswith("wasserstein"):
            # The difference of two means of scores is rounded as they are, however small it is.
            size = max(size, trained["one device"]["largest score"])
        np.testing.assert_allclose(trained[way][name], value, atol=1e-5 * size, err_msg=name)


@every_way
def test_two_devices_end_with_the_weights_averages_and_noise_of_one(trained, way):
    agree(trained, way, "weight")


@every_way
def test_two_devices_end_with_the_optimizers_of_one(trained, way):
    agree(trained, way, "optimizer")


@every_way
def test_two_devices_report_the_losses_the_penalty_and_the_distance_of_one(trained, way):
    agree(trained, way, "log")


@every_way
def test_two_devices_evaluate_held_out_data_as_one(trained, way):
    agree(trained, way, "held-out")


@every_way
def test_samples_are_made_once_and_the_same(trained, way):
    agree(trained, way, "generated")


def test_a_batch_with_fewer_samples_than_replicas_is_refused(trained):
    name = "one sample for two"
    refusals = [str(found[name]) for found in trained.values() if name in found]
    assert len(refusals) == (BACKEND == "tensorflow")  # JAX shares evenly or says that it cannot
    assert all("A batch has fewer samples than there are devices" in each for each in refusals)


def test_replicas_that_pause_each_other_put_back_what_they_replaced(trained):
    flags = [bool(found["put back"]) for found in trained.values() if "put back" in found]
    assert flags == [True] * (BACKEND == "tensorflow")


def test_statistics_of_two_shards_are_merged_to_those_of_the_whole():
    whole = np.random.default_rng(0).normal(size=(501, 4)) * [1.0, 2.0, 3.0, 4.0]
    shards = [feature_statistics(whole[:200]), feature_statistics(10.0 + whole[200:])]
    merged = merge_statistics(shards)
    together = np.concatenate([whole[:200], 10.0 + whole[200:]])
    np.testing.assert_allclose(merged.mean, together.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(merged.covariance, np.cov(together, rowvar=False), rtol=1e-9)
    # Averaged covariances would miss the gap between the shards' means.
    assert merged.covariance[0, 0] > 10 * np.mean([part.covariance[0, 0] for part in shards])


# ---- The command line ----------------------------------------------------------------------------


def test_train_on_two_devices_and_resumed_on_one_is_a_run_on_one(trained):
    if BACKEND == "torch":  # where the next test sees it refused
        assert not any(way.startswith("command line") for way in trained)
        return
    one, two = (trained[f"command line, {count}"] for count in ("one device", "two devices"))
    assert one["devices"].tolist() == [1, 1]
    assert two["devices"].tolist() == [2, 1]
    assert len(two["wasserstein"]) == 3
    np.testing.assert_allclose(two["wasserstein"], one["wasserstein"], rtol=1e-4)
    largest = np.abs(one["generator"]).max()
    np.testing.assert_allclose(two["generator"], one["generator"], atol=1e-5 * largest)


def test_several_devices_are_refused_where_there_are_none():
    wanted = "needs TensorFlow or JAX" if BACKEND == "torch" else "--devices cpu:999"
    with pytest.raises(ValueError, match=wanted):
        several_devices(999, split_processor=False)


def test_too_few_devices_are_named_with_the_way_to_try_it():
    with pytest.raises(ValueError, match=r"3 devices.* only 1 .*: CPU:0\..*--devices cpu:3"):
        check_count(3, ["CPU:0"])


@pytest.mark.parametrize(("text", "asked"), [("2", (2, False)), ("cpu:2", (2, True))])
def test_devices_are_asked_for_by_number(text, asked):
    assert asked_devices(text) == asked


@pytest.mark.parametrize("text", ["", "0", "-1", "two", "gpu:2", "cpu:", "65", "2.0", "٢"])
def test_other_devices_are_refused(text):
    with pytest.raises(ValueError, match="`--devices` must be a whole number from 1 to 64"):
        asked_devices(text)


# ---- Batches that can be shared ------------------------------------------------------------------


def test_a_last_batch_that_cannot_be_shared_is_filled_with_the_first_samples_of_its_epoch():
    batches = ShuffledBatches(np.arange(9.0), batch_size=4, seed=7, devices=4)
    order = np.random.default_rng([7, 0]).permutation(9)
    assert [len(batch) for batch in batches] == [4, 4, 4]
    np.testing.assert_array_equal(np.concatenate(list(batches)), [*order, *order[:3]])


def test_a_batch_that_cannot_be_shared_evenly_is_refused():
    with pytest.raises(
        ValueError, match="`batch_size` must be a multiple.*batch_size=7, devices=2"
    ):
        ShuffledBatches(np.arange(9.0), batch_size=7, seed=7, devices=2)


def test_one_device_leaves_nothing_behind():
    before = keras.distribution.distribution()
    with on_one_device():
        assert keras.distribution.distribution() is None
    assert keras.distribution.distribution() is before


# ---- The page ------------------------------------------------------------------------------------

CIRCLE = {8: 2 * 7 / 8, 64: 2 * 63 / 64}  # what a ring sends of each byte, and as often receives


@pytest.mark.parametrize(("name", "shape"), [("mnist", (28, 28, 1)), ("sp500", None)])
def test_the_cost_on_the_page_follows_from_the_recipe(name, shape):
    page = (ROOT / "docs" / "many_devices.md").read_text()
    model = recipes.get(name).build(0, shape=shape)
    critic, generator = (
        sum(int(np.prod(variable.shape)) for variable in network.trainable_variables)
        for network in (model.critic, model.generator)
    )
    numbers = [critic, generator, 4 * critic, 4 * generator]
    numbers += [round(4 * (critic + generator) * share) for share in CIRCLE.values()]
    row = f"| `{name}` | " + " | ".join(f"{number:,}" for number in numbers) + " |"
    assert row in page
