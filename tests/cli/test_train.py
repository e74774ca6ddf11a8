"""`keras-wgan recipes` and `train`: options reach the training, and the output names its files."""

import json
import re

import pytest

from keras_wgan.data import PriceFormat, Source
from keras_wgan.experiments import ExperimentSpec
from keras_wgan.experiments.run import Run

from helpers.commands import SHORT, asked_to_train, call, refusal, trained


def test_recipes_lists_names_and_ends_with_the_next_command():
    lines = call("recipes").splitlines()
    assert [line.split()[0] for line in lines[:2]] == ["tiny-returns", "tiny-images"]
    assert lines[-1] == "Next: keras-wgan train tiny-returns"


@pytest.mark.slow
def test_train_shows_progress_table_and_verdict_and_says_where_everything_is(first_training):
    output, folder = first_training.output, first_training.folder
    assert "\nEpoch 1/3  moment_distance " in output
    assert "Excess kurtosis" in output
    assert output.splitlines()[-2:] == [
        "Everything is in runs/tiny-returns",
        "Next: keras-wgan generate runs/tiny-returns --count 1000",
    ]
    assert sorted(file.name for file in folder.iterdir()) == [
        "config.json",
        "histogram.png",
        "history.csv",
        "losses.png",
        "memory.png",
        "metrics.json",
        "model.keras",
        "paths.png",
        "report.html",
        "samples",
    ]
    assert json.loads((folder / "config.json").read_text())["seed"] == 3


@pytest.mark.slow
def test_output_that_is_no_terminal_is_plain_lines_and_names_the_device(first_training):
    output = first_training.output
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", output)  # backspaces, escape sequences
    title = r"(TensorFlow|JAX|PyTorch) \d+\.\d+ on (CPU \(\d+ cores\)|.+), float32"
    assert sum(bool(re.fullmatch(title, line)) for line in output.splitlines()) == 1


@pytest.mark.slow
def test_train_again_takes_the_next_free_folder(r):
    r.parent.joinpath("runs").mkdir()
    r.rename("runs/tiny-returns")
    assert "Everything is in runs/tiny-returns-2" in trained()


def test_the_options_of_train_reach_the_config(monkeypatch):
    options = ("--batch-size", "32", "--set", "gp_weight=5", "--set", "critic_steps=2")
    options = (*SHORT, *options, "--precision", "bfloat16")
    config = asked_to_train(monkeypatch, "tiny-returns", *options).to_config()
    settings = config["settings"]
    assert (settings["batch_size"], settings["gp_weight"], settings["critic_steps"]) == (32, 5, 2)
    assert settings["precision"] == "bfloat16"
    assert config["source"] == {
        "data": "bundled",
        "ticker": None,
        "start": "2018-01-01",
        "end": "2018-12-31",
        "price_format": {},
        "accept": [],
    }


def test_a_config_of_a_run_trains_the_same_again(monkeypatch, r):
    config = Run.open(r).config.to_config()
    config |= {"select_until": "2015-12-31", "warm_start": "egarch"}
    (r / "config.json").write_text(json.dumps(config))
    asked = asked_to_train(monkeypatch, "--config", "r/config.json")
    assert asked.recipe.describe() == {
        name: config[name] for name in ("recipe", "kind", "settings")
    }
    assert asked.source.to_config() == config["source"]
    assert (asked.seed, asked.select_until) == (config["seed"], "2015-12-31")
    assert asked.warm_start == "egarch"


def test_options_next_to_a_config_override_it(monkeypatch, r):
    options = ("--config", "r/config.json", "--seed", "9", "--epochs", "7", "--set", "gp_weight=3")
    asked = asked_to_train(monkeypatch, *options)
    settings = asked.recipe.settings
    assert (asked.seed, settings.epochs, settings.gp_weight) == (9, 7, 3)


def test_the_warm_start_option_reaches_the_training(monkeypatch):
    asked = asked_to_train(monkeypatch, "tiny-returns", "--warm-start", "egarch")
    assert (asked.warm_start, asked.seed) == ("egarch", 0)


@pytest.mark.slow
def test_images_are_trained_and_generated_as_a_picture(tmp_path):
    output = call("train", "tiny-images", "--data", "digits", "--epochs", "1", "--out", "r")
    assert "Frechet distance of 297 generated to 297 real images" in output
    call("generate", "r", "--count", "4", "--out", "four.png")
    assert (tmp_path / "four.png").read_bytes()[:4] == b"\x89PNG"


def test_the_form_of_a_file_reaches_the_training_and_survives_its_config(monkeypatch):
    options = ["--data", "p.csv", "--date-column", "When", "--price-column", "Last"]
    options += ["--date-format", "%d/%m/%Y", "--separator", ";", "--decimal", ","]
    options += ["--sheet", "2", "--returns", "percent"]
    asked = asked_to_train(monkeypatch, "tiny-returns", *options)
    expected = PriceFormat("When", "Last", "%d/%m/%Y", ";", ",", "2", "percent")
    assert asked.source == Source("p.csv", price_format=expected)
    assert ExperimentSpec.from_config(json.loads(json.dumps(asked.to_config()))) == asked
    assert [f"{name} {value}" for name, value in asked.source.to_options().items()] == [
        f"{name} {value}" for name, value in zip(options[::2], options[1::2], strict=True)
    ]


def test_the_form_of_a_file_is_refused_next_to_a_config(monkeypatch, capsys):
    said = refusal(monkeypatch, capsys, "train", "--config", "c.json", "--decimal", ",")
    assert "Leave out these options" in said and "--decimal ," in said
