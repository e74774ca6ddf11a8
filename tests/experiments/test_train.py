"""A run folder holds all of a run, and a run resumes where it stopped."""

import dataclasses
import json

import keras
import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import Source
from keras_wgan.experiments import fit, generation, training
from keras_wgan.experiments.generation import GenerationRequest
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec

from helpers import tiny_recipes
from helpers.tiny_recipes import IMAGES, RETURNS, SHORT

ONE_EPOCH = RETURNS.with_settings({"epochs": 1})


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    """Offers the tiny recipes, and draws few pictures of them."""
    tiny_recipes.offer(monkeypatch)
    monkeypatch.setattr(fit, "PICTURES_IN_A_RUN", 1)
    monkeypatch.setattr(fit, "SCORED", 100)


@pytest.fixture
def run(tmp_path, trained_run):
    """Returns a run of one epoch."""
    return trained_run(tmp_path / "run", ExperimentSpec(ONE_EPOCH, SHORT, 1))


def train(path, epochs=2, seed=1, recipe=RETURNS, source=SHORT):
    """Trains a tiny recipe into a new run folder."""
    recipe = recipe.with_settings({"epochs": epochs})
    return training.train(ExperimentSpec(recipe, source, seed), Run.create(path), verbose=0)


@pytest.mark.slow
def test_training_leaves_config_model_history_and_pictures_of_samples(run):
    names = sorted(file.name for file in run.path.iterdir())
    assert names == ["config.json", "history.csv", "model.keras", "samples"]
    assert [file.name for file in run.samples_path.iterdir()] == ["epoch_0001.png"]


def test_the_config_says_what_was_trained_on_what_and_with_what(run):
    config = json.loads(run.config_path.read_text())
    assert (config["recipe"], config["kind"], config["seed"]) == ("tiny-returns", "returns", 1)
    assert config["settings"] == {**dataclasses.asdict(RETURNS.settings), "epochs": 1}
    assert config["source"] == SHORT.to_config()
    assert config["data"]["windows"] == 191
    assert config["versions"]["keras"] == keras.__version__
    assert config["versions"]["backend"] == keras.backend.backend()


@pytest.mark.slow
def test_the_same_seed_gives_the_same_history_and_another_seed_another(tmp_path, run):
    outcomes = [train(tmp_path / str(k), epochs=1, seed=seed) for k, seed in enumerate((1, 2))]
    one = run.history()
    same, other = (outcome.run.history() for outcome in outcomes)
    pd.testing.assert_frame_equal(one, same)
    assert one["critic_loss"][0] != other["critic_loss"][0]


@pytest.mark.slow
def test_two_epochs_and_two_more_are_the_same_as_four_at_once(tmp_path):
    whole = train(tmp_path / "whole", epochs=4).run
    parts = train(tmp_path / "parts", epochs=2).run
    outcome = training.resume(parts, epochs=4, verbose=0)
    assert (outcome.epochs, outcome.interrupted) == (4, False)
    assert parts.recipe.settings.epochs == 4
    pd.testing.assert_frame_equal(whole.history(), parts.history(), rtol=1e-6)
    models = (whole.model(), parts.model())
    for weight, other in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_allclose(weight, other, rtol=1e-6, atol=1e-7)


def test_data_that_cannot_be_had_frees_the_folders_name(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.csv"):
        train(tmp_path / "run", source=Source("nowhere.csv"))
    assert not (tmp_path / "run").exists()


def test_a_finished_run_is_not_resumed_without_more_epochs(run):
    with pytest.raises(ValueError, match="has done 1 epochs.*`--epochs 2`.*Received: epochs=1"):
        training.resume(run, verbose=0)


@pytest.mark.slow
@pytest.mark.pictures
def test_evaluating_writes_metrics_four_pictures_and_a_page(run):
    lines, drawn = training.evaluate(run, count=100, seed=5)
    metrics = json.loads(run.metrics_path.read_text())
    assert metrics["protocol"] == {"windows": 100, "real_windows": 191, "seed": 5}
    assert 0.0 < metrics["moment_distance"] < np.inf
    assert "191 real and 100 generated windows" in lines[0]
    names = ["losses.png", "paths.png", "histogram.png", "memory.png", "report.html"]
    assert drawn == [run.path / name for name in names]
    assert all(len(picture.read_bytes()) > 10_000 for picture in drawn)


@pytest.mark.slow
@pytest.mark.pictures
def test_images_train_measure_and_come_out_as_bytes(tmp_path):
    run = train(tmp_path / "run", epochs=1, recipe=IMAGES, source=Source("digits")).run
    lines, drawn = training.evaluate(run, count=50, seed=0)
    stems = ["losses", "samples", "real", "interpolation", "neighbors", "frechet"]
    assert [file.name for file in drawn] == [*(f"{name}.png" for name in stems), "report.html"]
    metrics = json.loads(run.metrics_path.read_text())
    assert any(f"{metrics['fid']:.1f}" in line for line in lines)
    assert metrics["fid"] > metrics["floor"] > 0.0
    generation.generate(run, GenerationRequest(count=2, seed=4), tmp_path / "s.npz")
    samples = run.model().generate(2, seed=4)
    with np.load(tmp_path / "s.npz") as archive:
        np.testing.assert_array_equal(archive["images"], np.rint((samples + 1.0) * 127.5))


def test_data_that_changed_since_is_refused_with_what_differs(run):
    prices = tuple(price + 1.0 for price in run.facts.last_prices)
    facts = dataclasses.replace(run.facts, last_prices=prices)
    run.write_config(dataclasses.replace(run.config, facts=facts))
    for use in (lambda: training.evaluate(run, count=100, seed=1), lambda: more(run)):
        with pytest.raises(
            ValueError, match="not what the run was trained on: the prices on 2018-12-31 are 0.999"
        ):
            use()


def more(run):
    training.resume(run, epochs=4, verbose=0)
