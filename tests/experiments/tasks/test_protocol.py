"""The protocol of a page holds what it takes to make it again."""

import hashlib
import shlex

from typer.testing import CliRunner

from keras_wgan.cli import app as cli
from keras_wgan.data import PriceFormat, Source
from keras_wgan.experiments import ExperimentSpec, recipes, training
from keras_wgan.experiments.config import RunConfig
from keras_wgan.experiments.tasks.protocol import next_steps, run_protocol, training_command
from keras_wgan.experiments.tasks.returns import Returns

from helpers.tiny_recipes import SHORT


def test_the_command_trains_the_same_experiment_again(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    changes = {"epochs": 7, "gp_weight": 5.0, "precision": "bfloat16"}
    source = Source("my prices.csv", "A", price_format=PriceFormat(decimal=","), accept=("jumps",))
    spec = ExperimentSpec(
        recipes.get("sp500").with_settings(changes), source, 3, "2015-12-31", "egarch"
    )
    seen = []
    monkeypatch.setattr(training, "train", lambda experiment, *_, **__: seen.append(experiment))
    program, *words = shlex.split(training_command(spec))
    CliRunner().invoke(cli.app, words)
    assert program == "keras-wgan" and seen == [spec]


def test_settings_of_the_recipe_are_left_out():
    spec = ExperimentSpec(recipes.get("sp500"), Source("bundled"), 0)
    assert training_command(spec) == "keras-wgan train sp500 --data bundled --seed 0"


def test_the_protocol_names_data_checksum_versions_and_date():
    data = Returns().load(SHORT)
    found = run_protocol(RunConfig(ExperimentSpec(recipes.get("sp500"), SHORT, 0), data.facts))
    checksum = hashlib.sha256(data.facts.fingerprint.encode()).hexdigest()[:16]
    assert (found["data"], found["data checksum"]) == ("bundled", checksum)
    assert set(found["trained with"]) == {"keras_wgan", "keras", "backend"}
    assert {"python", "numpy"} <= set(found["measured with"])
    assert len(found["measured on"]) == len("2026-01-01")


def test_the_next_steps_are_commands_that_exist():
    for recipe in recipes.RECIPES:
        for command in next_steps(recipe, from_today=recipe.name == "sp500").values():
            program, name, run, *options = shlex.split(command)
            assert (program, run) == ("keras-wgan", "RUN")
            found = CliRunner().invoke(cli.app, [name, "--help"])
            assert found.exit_code == 0
            assert all(each in found.output for each in options if each.startswith("--"))
