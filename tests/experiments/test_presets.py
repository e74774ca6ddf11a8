"""Presets: trained models in the package, which open as runs."""

import shutil
import zipfile
from html import escape
from pathlib import Path

import numpy as np
import pytest

import keras_wgan
from keras_wgan.experiments import ModelCard, Run, preset_index, preset_names
from keras_wgan.experiments.model_card import MeasuredFact
from keras_wgan.experiments.preset_index import FOLDER, preset_card

from helpers.commands import asked_to_train, call, refusal
from helpers.paths import ROOT

EVERY = preset_names()
every_preset = pytest.mark.parametrize("name", EVERY)
MAX_BYTES = 8e6  # of all presets, so that the wheel stays under 10 MB


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """Puts the presets where a test may damage them, and works in an empty folder."""
    folder = shutil.copytree(FOLDER, tmp_path / "preset_files")
    monkeypatch.setattr(preset_index, "FOLDER", folder)
    monkeypatch.chdir(tmp_path)
    return folder


def test_the_presets_are_those_that_the_documentation_lists():
    assert EVERY == ["mnist", "mnist_conditional", "sp500", "sp500_1950", "stocks20"]
    page = (ROOT / "docs" / "presets.md").read_text()
    assert all(f"`{name}`" in page for name in EVERY)


def test_the_presets_fit_into_the_wheel():
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < MAX_BYTES


@every_preset
def test_a_preset_generates_the_same_samples_from_the_same_seed(name):
    run = keras_wgan.from_preset(name)
    model, condition = run.model(), 7 if "conditional" in name else None
    one, other = (model.generate(3, condition=condition, seed=1) for _ in range(2))
    assert np.isfinite(one).all() and one.std() > 0.0
    np.testing.assert_array_equal(one, other)
    assert model.average is None and not model.compiled


@every_preset
def test_the_card_of_a_preset_is_that_of_its_run(name):
    run, card = keras_wgan.from_preset(name), preset_card(name)
    assert (card.name, card.seed) == (name, run.config.experiment.seed)
    assert card.epochs == run.recipe.settings.epochs == len(run.history())
    assert card.parameters == run.model().generator.count_params()
    assert card.not_for and card.license and card.command.startswith("python -m benchmarks.presets")
    assert any(fact.floor > 0.0 for fact in card.measured)
    assert ModelCard.from_config(card.to_config()).to_config() == card.to_config()
    assert card.summary in card.to_markdown() and escape(card.summary) in run._repr_html_()


@every_preset
def test_no_file_of_a_preset_holds_code(name):
    with zipfile.ZipFile(FOLDER / name / "model.keras") as archive:
        config = archive.read("config.json").decode()
        assert sorted(archive.namelist()) == ["config.json", "metadata.json", "model.weights.h5"]
    assert "Lambda" not in config and "pickle" not in config
    assert {path.suffix for path in (FOLDER / name).iterdir()} == {".json", ".csv", ".keras"}


@every_preset
def test_a_damaged_preset_is_refused_when_it_is_opened(name, copied):
    path = copied / name / "model.keras"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match=f"The preset {name} is damaged: {name}/model.keras is"):
        keras_wgan.from_preset(name)


def test_a_preset_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(ValueError, match="one of the presets mnist, .*Received: 'sp600'"):
        keras_wgan.from_preset("sp600")


def test_a_run_may_be_named_by_a_preset_unless_a_folder_has_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert repr(Run.open("sp500")) == "Preset('sp500')"
    assert Run.open("sp500").path == Path("runs/preset-sp500")
    shutil.copytree(FOLDER / "mnist", "sp500")
    with pytest.warns(UserWarning, match="sp500 is a folder here.*which is preset:sp500"):
        assert repr(Run.open("sp500")) == "Run('sp500')"
    assert repr(Run.open("preset:sp500")) == "Preset('sp500')"


def test_a_preset_with_its_data_elsewhere_is_the_same_preset():
    preset = keras_wgan.from_preset("sp500")
    moved = preset.with_data_at("prices.csv").accepting(["jumps"])
    assert moved.model_path == preset.model_path
    assert moved.facts.source == "prices.csv" and preset.facts.source == "bundled"


def test_the_market_of_a_preset_simulates_from_the_state_of_its_last_day():
    preset = keras_wgan.from_preset("sp500")
    market, history = preset.simulator(), preset.data().history.iloc[:, 0]
    paths = market.sample_after(history[-504:], 3, days=5, seed=0)
    assert paths.shape == (3, 5) and np.abs(paths).max() < 0.2


def test_a_simulator_of_images_is_refused():
    with pytest.raises(ValueError, match="A simulator makes returns, and .* makes images"):
        keras_wgan.from_preset("mnist").simulator()


def test_facts_without_a_floor_have_no_ratio():
    assert np.isnan(MeasuredFact("near copies", 0.0, np.nan).times_floor)
    assert MeasuredFact("skew", -0.2, 0.1).times_floor == 2.0


def test_the_command_lists_the_presets_and_shows_a_card():
    lines = call("presets").splitlines()
    assert [line.split()[0] for line in lines[: len(EVERY)]] == EVERY
    assert lines[-1] == "Next: keras-wgan presets sp500, its model card"
    shown = call("presets", "sp500")
    assert "## What it is not for" in shown
    assert shown.splitlines()[-1] == "Next: keras-wgan generate sp500 --count 1000"


def test_a_command_takes_a_preset_and_writes_into_a_folder_of_the_user(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = call("generate", "sp500", "--count", "2", "--days", "3").splitlines()
    assert lines[-2:] == [
        "2 samples are in runs/preset-sp500/samples-2.csv",
        "Next: keras-wgan evaluate sp500",
    ]
    call("generate", "mnist_conditional", "--count", "2", "--condition", "7", "--out", "7.npz")
    assert np.load("7.npz")["labels"].tolist() == [7, 7]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["resume", "sp500"], "sp500 is a preset, which has no optimizers to resume with"),
        (["backtest", "preset:sp500"], "runs/preset-sp500 was trained or selected on days up to"),
        (["generate", "preset:none"], "`name` must be one of the presets"),
    ],
)
def test_what_a_preset_cannot_do_is_one_sentence(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert message in refusal(monkeypatch, capsys, *arguments)


def test_a_training_takes_the_recipe_and_the_settings_of_a_preset(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    spec = asked_to_train(monkeypatch, "--config", "sp500_1950", "--seed", "3")
    assert (spec.recipe.name, spec.seed, spec.source.data) == ("sp500", 3, "yahoo")
    assert spec.recipe.settings.epochs == preset_card("sp500_1950").epochs
