"""Our own errors end a command with one sentence, unexpected ones with their traceback."""

import numpy as np
import pytest
from typer.testing import CliRunner

from keras_wgan.cli import app as cli
from keras_wgan.experiments import training

from helpers.commands import ending, refusal


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["train"], "`train` needs a recipe, one of tiny-returns, tiny-images: keras-wgan train"),
        (
            ["train", "celeba"],
            "`recipe` must be one of tiny-returns, tiny-images. Received: celeba",
        ),
        (["tune", "celeba"], "`recipe` must be one of tiny-returns, tiny-images. Received: celeba"),
        (["train", "tiny-returns", "--set", "depth=3"], "A recipe's settings are epochs, batch_si"),
        (["train", "tiny-returns", "--set", "depth"], "`--set` must be NAME=VALUE, such as gp_wei"),
        (["train", "tiny-returns", "--set", "beta_1=x"], "`beta_1` must be a "),
        (["train", "tiny-returns", "--set", "gp_weight=-1"], "`gp_weight` must be a "),
        (["train", "tiny-returns", "--set", "latent_size=0"], "`latent_size` must be a whole numb"),
        (
            ["train", "tiny-returns", "--epochs", "1", "--set", "epochs=3"],
            "Give epochs once. Received: 1 and --set epochs=3",
        ),
        (["train", "tiny-images", "--ticker", "AAPL"], "`ticker` is for returns; this recipe trai"),
        (["train", "tiny-returns", "--devices", "two"], "`--devices` must be a whole number from "),
        (["generate", "nowhere"], "nowhere is not a run folder of `keras-wgan train`: there is no"),
        (["evaluate", "."], ". is not a run folder of `keras-wgan train`: it has no config.json."),
        (["tune"], "`tune` needs a recipe, one of tiny-returns, tiny-images: keras-wgan tune t"),
        (["evaluate", ".", "--backend", "foo"], "`--backend` must be one of jax, tensorflow, torc"),
        (
            ["generate", "r", "--regime", "calm", "--after", "data"],
            "Give one of `--regime`, `--volatility-percentile` and `--after`, which all choose the",
        ),
    ],
)
def test_a_mistake_ends_with_one_sentence(monkeypatch, capsys, arguments, sentence):
    line = refusal(monkeypatch, capsys, *arguments)
    assert line.startswith(f"keras-wgan: {sentence}")


def test_an_unexpected_error_shows_its_traceback_and_asks_for_a_report(monkeypatch, capsys, r):
    def broken(*_, **__):
        return np.zeros(2) + np.zeros(3)

    monkeypatch.setattr(training, "evaluate", broken)
    status, said = ending(monkeypatch, capsys, "evaluate", "r")
    assert status == 1
    assert said.startswith("Traceback (most recent call last):")
    assert "in broken" in said
    assert said.splitlines()[-2:] == [
        "ValueError: operands could not be broadcast together with shapes (2,) (3,) ",
        "keras-wgan: this error was not expected; please report it with this traceback.",
    ]


def test_debug_shows_the_traceback_of_our_own_errors_too(monkeypatch, capsys):
    status, said = ending(monkeypatch, capsys, "train", "celeba", "--debug")
    assert status == 2
    assert said.startswith("Traceback (most recent call last):")
    assert said.splitlines()[-1].endswith(
        "`recipe` must be one of tiny-returns, tiny-images. Received: celeba"
    )


@pytest.mark.parametrize(
    ("arguments", "choices"),
    [
        (["tune", "tiny-returns", "--space", "huge"], ["narrow", "wide", "market"]),
        (["train", "tiny-returns", "--precision", "half"], ["float32", "bfloat16", "auto"]),
        (["train", "tiny-returns", "--warm-start", "garch"], ["egarch"]),
        (["generate", "r", "--regime", "wild"], ["calm", "normal", "crisis"]),
        (["generate", "r", "--volatility-percentile", "101"], ["100"]),
    ],
)
def test_a_value_that_is_no_choice_is_answered_with_the_choices(arguments, choices):
    result = CliRunner().invoke(cli.app, arguments)
    assert result.exit_code == 2
    for choice in choices:
        assert choice in result.output


@pytest.mark.parametrize(
    ("command", "choices"),
    [
        ("train", ["jax|tensorflow|torch", "keras-wganrecipes", "egarch", "float32", "bfloat16"]),
        ("tune", ["narrow", "wide", "market", "keras-wganrecipes"]),
        ("generate", ["calm", "normal", "crisis"]),
    ],
)
def test_help_shows_the_choices(command, choices):
    result = CliRunner().invoke(cli.app, [command, "--help"])
    text = "".join(result.output.split())  # lines break at hyphens
    for choice in choices:
        assert choice in text


def test_data_that_is_not_there_is_named_and_leaves_no_folder(monkeypatch, capsys, tmp_path):
    line = refusal(monkeypatch, capsys, "train", "tiny-returns", "--data", "nowhere.csv")
    assert "nowhere.csv" in line
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_run_folder_is_never_written_over(monkeypatch, capsys, tmp_path, r):
    before = (tmp_path / "r" / "model.keras").read_bytes()
    line = refusal(monkeypatch, capsys, "train", "tiny-returns", "--out", "r")
    assert line.startswith("keras-wgan: `--out` must be a new or an empty folder")
    assert (tmp_path / "r" / "model.keras").read_bytes() == before


@pytest.mark.parametrize("given", [["tiny-images"], ["--data", "yahoo"], ["--end", "2011-12-31"]])
def test_what_a_config_would_ignore_is_refused(monkeypatch, capsys, given):
    line = refusal(monkeypatch, capsys, "train", *given, "--config", "best.json")
    assert line.startswith("keras-wgan: `--config` holds the recipe, its data and how training st")
    assert line.endswith(" ".join(given) if len(given) > 1 else "RECIPE tiny-images")


def test_a_backend_named_in_the_environment_is_checked_too(monkeypatch, capsys):
    monkeypatch.setenv("KERAS_BACKEND", "foo")
    line = refusal(monkeypatch, capsys, "evaluate", ".")
    assert line == (
        "keras-wgan: `KERAS_BACKEND` must be one of jax, tensorflow, torch. Received: foo"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["train", "--config", "nowhere.json"], "nowhere.json does not exist."),
        (["train", "--config", "."], ". cannot be read: Is a directory."),
        (["train", "tiny-returns", "--out", "file/r"], "The run folder file/r cannot be made: "),
        (
            ["train", "tiny-returns", "--out", "n" * 300],
            f"{'n' * 300} cannot be read: File name to",
        ),
        (["evaluate", "n" * 300], f"{'n' * 300}/config.json cannot be read: File name too long"),
        (
            ["train", "tiny-images", "--data", "r/model.keras"],
            "r/model.keras must hold the arrays x_train, y_train, but it holds ",
        ),
        (["generate", "r", "--out", "file/s.csv"], "A temporary file in file cannot be written: "),
    ],
)
def test_a_file_that_cannot_be_used_is_named(monkeypatch, capsys, tmp_path, r, arguments, sentence):
    (tmp_path / "file").write_text("no folder")
    line = refusal(monkeypatch, capsys, *arguments)
    assert line.startswith(f"keras-wgan: {sentence}")
