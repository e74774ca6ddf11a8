"""Each command does its work, says what it made and what comes next, and errs in one sentence."""

import json
import os
import shutil
import subprocess
import sys
import warnings

import keras
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from keras_wgan.callbacks import samples as pictures
from keras_wgan.cli import app as cli
from keras_wgan.data.price_checks import TO_THE_LAST_BIT
from keras_wgan.experiments import fit as fitting
from keras_wgan.experiments import training
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks import returns
from keras_wgan.experiments.tasks.returns import Returns
from keras_wgan.io.console import NATIVE_LOG_LEVEL
from keras_wgan.tuning import hypermodel, search, search_folder

from helpers import tiny_recipes

# KerasTuner 1.4.8 asks for its thread by a name that Python is giving up.
pytestmark = pytest.mark.filterwarnings("ignore:(currentThread|getName):DeprecationWarning")

SHORT = ["--start", "2018-01-01", "--end", "2018-12-31"]


@pytest.fixture(autouse=True)
def tiny(monkeypatch, tmp_path):
    """Offers the tiny recipes, draws few pictures of them, and works in an empty folder."""
    tiny_recipes.offer(monkeypatch)
    monkeypatch.setattr(fitting, "PICTURES_IN_A_RUN", 1)
    monkeypatch.setattr(fitting, "SCORED", 100)
    monkeypatch.setattr(Returns, "evaluated", 100)
    tiny_recipes.skip_drawing(monkeypatch, pictures, returns, search_folder)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Trains one epoch of the tiny returns, once for all tests that only look at the run."""
    path = tmp_path_factory.mktemp("finished") / "r"
    recipe = tiny_recipes.RETURNS.with_settings({"epochs": 1})
    with pytest.MonkeyPatch.context() as patched:
        tiny_recipes.skip_drawing(patched, pictures)
        training.train(ExperimentSpec(recipe, tiny_recipes.SHORT, 0), Run.create(path), verbose=0)
    return path


@pytest.fixture
def r(finished, tmp_path):
    """Puts a copy of that run into the working folder, as `r`."""
    return shutil.copytree(finished, tmp_path / "r")


def call(*arguments):
    """Returns the output of a command that succeeds."""
    result = CliRunner().invoke(cli.app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def trained(*arguments):
    """Trains one epoch of the tiny returns and returns the output."""
    return call("train", "tiny-returns", *SHORT, "--epochs", "1", *arguments)


def refusal(monkeypatch, capsys, *arguments):
    """Returns the one line that `keras-wgan` ends with where it refuses."""
    monkeypatch.setattr(sys, "argv", ["keras-wgan", *arguments])
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    return line


# ---- What the commands do ----------------------------------------------------------------------


def test_recipes_lists_names_and_ends_with_the_next_command():
    lines = call("recipes").splitlines()
    assert [line.split()[0] for line in lines[:2]] == ["tiny-returns", "tiny-images"]
    assert lines[-1] == "Next: keras-wgan train tiny-returns"


def test_train_shows_progress_table_and_verdict_and_says_where_everything_is(tmp_path):
    output = trained("--seed", "3")
    assert "3/3" in output  # the steps of Keras' progress bar
    assert "critic_loss: " in output
    assert "Excess kurtosis" in output
    assert output.splitlines()[-2:] == [
        "Everything is in runs/tiny-returns",
        "Next: keras-wgan generate runs/tiny-returns --count 1000",
    ]
    folder = tmp_path / "runs" / "tiny-returns"
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


def test_train_again_takes_the_next_free_folder(r):
    r.parent.joinpath("runs").mkdir()
    r.rename("runs/tiny-returns")
    assert "Everything is in runs/tiny-returns-2" in trained()


def test_the_options_of_train_reach_the_config(tmp_path):
    trained("--batch-size", "32", "--set", "gp_weight=5", "--set", "critic_steps=2", "--out", "r")
    config = json.loads((tmp_path / "r" / "config.json").read_text())
    settings = config["settings"]
    assert (settings["batch_size"], settings["gp_weight"], settings["critic_steps"]) == (32, 5, 2)
    assert config["source"] == {
        "data": "bundled",
        "ticker": None,
        "start": "2018-01-01",
        "end": "2018-12-31",
    }


def test_generate_writes_as_many_scenarios_as_asked_for(tmp_path, r):
    lines = call("generate", "r", "--count", "7", "--out", "new folder/s.csv").splitlines()
    assert lines == ["7 samples are in new folder/s.csv", "Next: keras-wgan evaluate r"]
    table = pd.read_csv(tmp_path / "new folder" / "s.csv")
    assert table["scenario"].unique().tolist() == list(range(7))
    assert table["day"].max() == 60


def test_generate_without_a_file_name_never_writes_over_an_earlier_one(r):
    r.rename("my run")
    outputs = [call("generate", "my run", "--count", "2").splitlines() for _ in range(3)]
    assert [lines[0] for lines in outputs] == [
        "2 samples are in my run/samples-2.csv",
        "2 samples are in my run/samples-2-2.csv",
        "2 samples are in my run/samples-2-3.csv",
    ]
    assert outputs[0][1] == "Next: keras-wgan evaluate 'my run'"


def test_the_seed_of_generate_says_which_samples(tmp_path, r):
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        call("generate", "r", "--count", "2", "--seed", seed, "--out", f"{name}.npz")
    found = [np.load(tmp_path / f"{name}.npz")["log_return"] for name in "abc"]
    np.testing.assert_array_equal(found[0], found[1])
    assert not np.any(found[0] == found[2])


def test_evaluate_measures_again_with_another_count(tmp_path, r):
    lines = call("evaluate", "r", "--count", "150").splitlines()
    assert json.loads((tmp_path / "r" / "metrics.json").read_text())["protocol"]["windows"] == 150
    assert lines[-2:] == [
        "Numbers: r/metrics.json",
        "Next: keras-wgan generate r --count 1000",
    ]


def test_tune_ends_with_a_table_a_picture_and_the_command_that_trains_with_the_best(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(
        search._RecipeHyperModel, "fit", lambda self, hp, model, **_: hp["gp_weight"]
    )
    arguments = ("tune", "tiny-returns", *SHORT, "--trials", "2", "--epochs", "1", "--out", "t")
    lines = call(*arguments, "--seed", "5").splitlines()
    assert lines[-3:] == [
        "Table:   t/trials.csv",
        "Picture: t/trials.png",
        "Next: keras-wgan train --config t/best.json",
    ]
    table = pd.read_csv(tmp_path / "t" / "trials.csv", **TO_THE_LAST_BIT)
    assert table.columns.tolist() == [
        *("trial", "score", "status", "seconds", "learning_rate", "gp_weight", "beta_1"),
        *("critic_steps", "latent_size", "cause"),
    ]
    assert table["status"].tolist() == ["done", "done"]
    assert (table["seconds"] > 0).all()
    best = table.loc[table["score"].idxmin()]
    assert f"Best moment_distance: {best['score']:.4f}, with" in lines
    assert f"  learning_rate = {best['learning_rate']}" in lines
    asked = asked_to_train(monkeypatch, "--config", "t/best.json")
    recipe = asked.recipe
    assert recipe.settings.learning_rate == best["learning_rate"]
    assert recipe.settings.gp_weight == best["gp_weight"] == best["score"]
    assert recipe.settings.epochs == tiny_recipes.SETTINGS.epochs  # not those of a trial
    assert (asked.seed, asked.source.end) == (5, "2018-12-31")


def asked_to_train(monkeypatch, *options):
    """Returns the experiment that `train` is asked for."""
    seen = []

    def train(experiment, run, **_):
        seen.append(experiment)
        raise ValueError("enough")

    monkeypatch.setattr(training, "train", train)
    CliRunner().invoke(cli.app, ["train", *options])
    return seen[0]


def test_tune_hands_its_options_on(monkeypatch):
    seen = {}

    def tune(asked, folder, *, workers):
        seen.update(vars(asked.experiment), space=asked.space, trials=asked.trials)
        seen.update(folder=folder, workers=workers)
        raise KeyboardInterrupt

    monkeypatch.setattr(search, "tune", tune)
    monkeypatch.setattr(tiny_recipes.recipes, "RECIPES", (tiny_recipes.MARKET,))
    given = ["--end", "2011-12-31", "--select-until", "2015-12-31", "--workers", "2"]
    CliRunner().invoke(cli.app, ["tune", "tiny-market", "--ticker", "^GSPC", *given])
    assert (seen["space"], seen["select_until"]) == (hypermodel.MARKET, "2015-12-31")
    assert (seen["source"].ticker, seen["source"].end) == ("^GSPC", "2011-12-31")
    assert (seen["workers"], seen["trials"]) == (2, 10)
    assert str(seen["folder"]) == "runs/tune-tiny-market"


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


def test_what_is_typed_beside_a_config_counts(monkeypatch, r):
    options = ("--config", "r/config.json", "--seed", "9", "--epochs", "7", "--set", "gp_weight=3")
    asked = asked_to_train(monkeypatch, *options)
    settings = asked.recipe.settings
    assert (asked.seed, settings.epochs, settings.gp_weight) == (9, 7, 3)


def test_train_begins_where_it_is_told_to(monkeypatch):
    asked = asked_to_train(monkeypatch, "tiny-returns", "--warm-start", "egarch")
    assert asked.warm_start == "egarch"


def test_images_are_trained_and_generated_as_a_picture(tmp_path):
    output = call("train", "tiny-images", "--data", "digits", "--epochs", "1", "--out", "r")
    assert "Frechet distance of 297 generated to 297 real images" in output
    call("generate", "r", "--count", "4", "--out", "four.png")
    assert (tmp_path / "four.png").read_bytes()[:4] == b"\x89PNG"


# ---- Going on ----------------------------------------------------------------------------------


def test_ctrl_c_says_how_to_go_on_and_that_command_finishes_the_run(tmp_path, monkeypatch):
    class Stopping(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Returns, "sample_callback", lambda *_, **__: Stopping())
        arguments = ["train", "tiny-returns", *SHORT, "--epochs", "2", "--out", "a run"]
        result = CliRunner().invoke(cli.app, arguments)
    assert result.exit_code == 130
    assert result.output.splitlines()[-3:] == [
        "Stopped after 1 whole epochs; the model so far is in 'a run'.",
        "Go on:  keras-wgan train --resume 'a run'",
        "Use it: keras-wgan evaluate 'a run'",
    ]
    call("train", "--resume", "a run")
    assert pd.read_csv(tmp_path / "a run" / "history.csv")["epoch"].tolist() == [0, 1]


def test_resume_with_epochs_goes_further_than_the_run_was_meant_to(tmp_path, r):
    assert "Everything is in r" in call("train", "--resume", "r", "--epochs", "2")
    assert pd.read_csv(tmp_path / "r" / "history.csv")["epoch"].tolist() == [0, 1]


def test_a_search_killed_in_its_second_trial_goes_on_from_its_folder(tmp_path, monkeypatch):
    tried = []

    def fit_or_stop(self, hp, model, **_):
        tried.append(hp["learning_rate"])
        if len(tried) == 2:
            raise KeyboardInterrupt
        return 1.0

    monkeypatch.setattr(search._RecipeHyperModel, "fit", fit_or_stop)
    command = ["tune", "tiny-returns", *SHORT, "--trials", "2", "--epochs", "1", "--out", "a t"]
    result = CliRunner().invoke(cli.app, command)
    assert result.exit_code == 130
    assert result.output.splitlines()[-2:] == [
        "Stopped; the trials that ended are in 'a t'.",
        "Go on:  keras-wgan tune --resume 'a t'",
    ]
    call("tune", "--resume", "a t")
    assert tried[2] == tried[1] != tried[0]
    assert pd.read_csv(tmp_path / "a t" / "trials.csv")["status"].tolist() == ["done", "done"]
    call("tune", "--resume", "a t", "--trials", "3")
    assert len(tried) == len(pd.read_csv(tmp_path / "a t" / "trials.csv")) + 1 == 4


# ---- What is refused ---------------------------------------------------------------------------


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
        (["train", "tiny-returns", "--set", "depth"], "`--set` wants NAME=VALUE, such as gp_weigh"),
        (["train", "tiny-returns", "--set", "beta_1=x"], "`--set` wants a number, such as gp_weig"),
        (["train", "tiny-returns", "--set", "gp_weight=-1"], "`gp_weight` must be a number 0 or m"),
        (["train", "tiny-returns", "--set", "latent_size=0"], "`latent_size` must be a whole numb"),
        (
            ["train", "tiny-returns", "--epochs", "1", "--set", "epochs=3"],
            "Give epochs once. Received: 1 and --set epochs=3",
        ),
        (["train", "tiny-images", "--ticker", "AAPL"], "`ticker` is for returns; this recipe trai"),
        (["train", "--resume", "nowhere"], "nowhere is not a run folder of `keras-wgan train`: th"),
        (["generate", "nowhere"], "nowhere is not a run folder of `keras-wgan train`: there is no"),
        (["evaluate", "."], ". is not a run folder of `keras-wgan train`: it has no config.json."),
        (["tune"], "`tune` needs a recipe, one of tiny-returns, tiny-images: keras-wgan tune t"),
        (["tune", "--resume", "nowhere"], "nowhere is no folder of `keras-wgan tune`: it has no s"),
        (["train", "--config", "nowhere"], "[Errno 2] No such file or directory: 'nowhere'"),
        (["tune", "tiny-returns", "--space", "huge"], "`--space` must be one of narrow, wide, mar"),
        (["evaluate", ".", "--backend", "foo"], "`--backend` must be one of jax, tensorflow, torc"),
    ],
)
def test_a_mistake_ends_with_one_sentence(monkeypatch, capsys, arguments, sentence):
    line = refusal(monkeypatch, capsys, *arguments)
    assert line.startswith(f"keras-wgan: {sentence}")


def test_data_that_is_not_there_is_named_and_leaves_no_folder(monkeypatch, capsys, tmp_path):
    line = refusal(monkeypatch, capsys, "train", "tiny-returns", "--data", "nowhere.csv")
    assert "nowhere.csv" in line
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_run_folder_is_never_written_over(monkeypatch, capsys, tmp_path, r):
    before = (tmp_path / "r" / "model.keras").read_bytes()
    line = refusal(monkeypatch, capsys, "train", "tiny-returns", "--out", "r")
    assert line.startswith("keras-wgan: `--out` must be a new or an empty folder")
    assert (tmp_path / "r" / "model.keras").read_bytes() == before


def test_an_unknown_form_of_file_is_answered_with_the_known_ones(monkeypatch, capsys, r):
    line = refusal(monkeypatch, capsys, "generate", "r", "--out", "s.txt")
    assert line == (
        "keras-wgan: `--out` must end in .csv, .npz, .parquet for this run. Received: s.txt"
    )


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--seed", "0"),
        ("--batch-size", "8"),
        ("--data", "yahoo"),
        ("--out", "s"),
        ("--set", "a=1"),
        ("--warm-start", "egarch"),
    ],
)
def test_what_resume_would_ignore_is_refused(monkeypatch, capsys, option, value):
    line = refusal(monkeypatch, capsys, "train", "--resume", "r", option, value)
    assert line.startswith("keras-wgan: `--resume` takes everything but `--epochs`, `--devices` ")


@pytest.mark.parametrize(("option", "value"), [("--epochs", "5"), ("--space", "wide")])
def test_what_a_resumed_search_would_ignore_is_refused(monkeypatch, capsys, option, value):
    line = refusal(monkeypatch, capsys, "tune", "--resume", "t", option, value)
    assert line.startswith("keras-wgan: `--resume` takes everything but `--trials`, `--workers` an")


def test_what_a_config_would_ignore_is_refused(monkeypatch, capsys):
    line = refusal(monkeypatch, capsys, "train", "tiny-images", "--config", "best.json")
    assert line.startswith("keras-wgan: `--config` takes everything but `--epochs`, `--batch-size`")
    assert "Received beside it: recipe=tiny-images." in line


def test_a_recipe_beside_resume_is_refused(monkeypatch, capsys):
    line = refusal(monkeypatch, capsys, "train", "tiny-images", "--resume", "r")
    assert "Received beside it: recipe=tiny-images." in line


def test_a_backend_named_in_the_environment_is_checked_too(monkeypatch, capsys):
    monkeypatch.setenv("KERAS_BACKEND", "foo")
    line = refusal(monkeypatch, capsys, "evaluate", ".")
    assert line == (
        "keras-wgan: `KERAS_BACKEND` must be one of jax, tensorflow, torch. Received: foo"
    )


# ---- How it starts -----------------------------------------------------------------------------


def fresh_python(code, **environment):
    """Runs code in a Python of its own, without the log level that the tests set."""
    kept = {name: value for name, value in os.environ.items() if name != NATIVE_LOG_LEVEL}
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**kept, **environment},
    )


def python(code, **environment):
    """Returns what code that succeeds prints: lines of its output, and what it says beside."""
    done = fresh_python(code, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines(), done.stderr


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_the_backend_option_is_set_before_keras_is_imported(backend):
    code = (
        "import importlib.machinery, os, sys\n"
        "class Watch:\n"
        "    def find_spec(name, *_):\n"
        "        if name == 'keras': sys.exit(os.environ['KERAS_BACKEND'])\n"
        f"        if name == {backend!r}:\n"  # as if installed, where it is not
        "            return importlib.machinery.ModuleSpec(name, None)\n"
        "sys.meta_path.insert(0, Watch)\n"
        "from keras_wgan.cli import app as cli\n"
        f"sys.argv = ['keras-wgan', 'evaluate', '.', '--backend', {backend!r}]\n"
        "cli.main()"
    )
    other = "jax" if backend == "torch" else "torch"
    done = fresh_python(code, KERAS_BACKEND=other)
    assert (done.returncode, done.stderr) == (1, f"{backend}\n")


def test_keras_really_runs_on_the_chosen_backend():
    chosen = keras.backend.backend()
    other = "jax" if chosen == "torch" else "torch"
    code = (
        "from keras_wgan.cli.startup import choose_backend as choose\n"
        f"choose({chosen!r})\n"
        "import keras\n"
        "print(keras.backend.backend())"
    )
    assert python(code, KERAS_BACKEND=other)[0] == [chosen]


def test_loading_keras_hides_start_up_notes_and_nothing_else():
    code = (
        "import os, sys\n"
        "from keras_wgan.io.console import without_start_up_notes as quietly\n"
        "with quietly():\n"
        "    os.write(2, b'I0000 00:00:17 note.cc:1] a note\\n')\n"
        "    os.write(2, b'E0000 00:00:17 x.cc:1] an error\\n')\n"
        "    print('from Python', file=sys.stderr)\n"
        "os.write(2, b'I0000 after\\n')"
    )
    assert python(code)[1] == "E0000 00:00:17 x.cc:1] an error\nfrom Python\nI0000 after\n"


def test_a_log_level_of_the_users_own_shows_all_that_it_lets_through():
    code = (
        "import os\n"
        "from keras_wgan.io.console import without_start_up_notes as quietly\n"
        "with quietly():\n"
        "    os.write(2, b'I0000 00:00:17 note.cc:1] a note\\n')"
    )
    assert python(code, **{NATIVE_LOG_LEVEL: "0"})[1] == "I0000 00:00:17 note.cc:1] a note\n"


def test_an_import_that_fails_is_still_seen():
    code = (
        "from keras_wgan.io.console import without_start_up_notes as quietly\n"
        "try:\n"
        "    with quietly():\n"
        "        raise ImportError('no such library')\n"
        "except ImportError as error:\n"
        "    print(error)"
    )
    assert python(code)[0] == ["no such library"]


def test_a_warning_is_shown_once_as_one_sentence():
    code = (
        "import warnings\n"
        "from keras_wgan.cli.startup import show_warnings_as_notes\n"
        "show_warnings_as_notes()\n"
        "warnings.warn('Mind the gap.')\n"
        "warnings.warn('Mind the gap.')"
    )
    assert python(code)[1] == "Note: Mind the gap.\n"


@pytest.mark.parametrize("arguments", [["--help"], ["recipes"], ["train", "--help"]])
def test_help_and_recipes_come_without_loading_keras(arguments):
    code = (
        "import sys\n"
        "from keras_wgan.cli import app as cli\n"
        f"sys.argv = {['keras-wgan', *arguments]!r}\n"
        "try:\n"
        "    cli.main()\n"
        "except SystemExit as ended:\n"
        "    assert not ended.code\n"
        "print('keras' in sys.modules)"
    )
    assert python(code)[0][-1] == "False"
