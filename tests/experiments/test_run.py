"""A run folder is created empty, opened with a check, and written whole or not at all."""

import json
import warnings

import keras
import numpy as np
import pandas as pd
import pytest

from keras_wgan import WGANGP
from keras_wgan.data import ImageFacts, Source
from keras_wgan.experiments import recipes
from keras_wgan.experiments.config import RunConfig
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec

from helpers.tiny import table_model

RECIPE = recipes.get("mnist")
CONFIG = RunConfig(
    ExperimentSpec(RECIPE, Source("digits"), seed=0), ImageFacts("digits", 1500, (28, 28, 1))
)
NEEDED = ["data", "devices", "kind", "recipe", "seed", "settings", "source", "versions"]


def names_in(folder):
    """Returns the sorted names of a folder's files, hidden ones too."""
    return sorted(file.name for file in folder.iterdir())


def test_create_makes_a_folder_and_its_parents(tmp_path):
    run = Run.create(tmp_path / "a" / "b")
    assert run.path == tmp_path / "a" / "b"
    assert names_in(run.path) == []


def test_create_refuses_a_folder_that_holds_a_file_and_leaves_it(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="`--out` must be a new or an empty folder"):
        Run.create(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_create_refuses_a_file_of_that_name(tmp_path):
    (tmp_path / "run").write_text("mine")
    with pytest.raises(FileExistsError, match="nothing is overwritten"):
        Run.create(tmp_path / "run")


def test_next_free_counts_up_from_the_first_taken_name(tmp_path):
    made = []
    for _ in range(3):
        run = Run.next_free(tmp_path / "sp500")
        run.write_config(CONFIG)
        made.append(run.path.name)
    assert made == ["sp500", "sp500-2", "sp500-3"]


def test_a_path_may_be_a_string(tmp_path):
    run = Run.create(str(tmp_path / "run"))
    run.save_model(table_model())
    run.write_config(CONFIG)
    assert Run.open(str(tmp_path / "run")).config == CONFIG


def test_opening_no_folder_says_that_there_is_none(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no such folder, so no config.json"):
        Run.open(tmp_path / "nowhere")


def test_opening_another_folder_says_what_is_missing(tmp_path):
    Run(tmp_path).write_config(CONFIG)
    with pytest.raises(FileNotFoundError, match="no model.keras. It stopped before"):
        Run.open(tmp_path)


def test_a_config_comes_back_as_it_was_written(tmp_path):
    Run(tmp_path).write_config(CONFIG)
    assert Run(tmp_path).config == CONFIG


def test_a_config_cut_short_is_called_damaged(tmp_path):
    (tmp_path / "config.json").write_text('{"recipe": "r", ')
    with pytest.raises(ValueError, match="config.json is damaged"):
        assert Run(tmp_path).config


@pytest.mark.parametrize("missing", NEEDED)
def test_a_config_without_a_key_is_refused_by_its_name(tmp_path, missing):
    entries = {k: v for k, v in CONFIG.to_config().items() if k != missing}
    (tmp_path / "config.json").write_text(json.dumps(entries))
    with pytest.raises(ValueError, match=f"config.json is damaged: `{missing}` is missing"):
        assert Run(tmp_path).config


def test_a_config_that_is_a_list_is_refused(tmp_path):
    (tmp_path / "config.json").write_text("[1]")
    with pytest.raises(ValueError, match="was not written by `keras-wgan`: it must hold an object"):
        assert Run(tmp_path).config


@pytest.mark.parametrize("content", [None, ""])
def test_a_history_that_is_missing_or_empty_has_no_row(tmp_path, content):
    if content is not None:
        (tmp_path / "history.csv").write_text(content)
    assert len(Run(tmp_path).history()) == 0


def test_a_history_comes_without_the_columns_of_a_validation_that_never_was(tmp_path):
    text = "epoch,loss,val_loss,val_gap\n0,nan,NA,1.0\n1,nan,NA,2.0\n"
    (tmp_path / "history.csv").write_text(text)
    expected = pd.DataFrame({"epoch": [0, 1], "loss": [np.nan] * 2, "val_gap": [1.0, 2.0]})
    pd.testing.assert_frame_equal(Run(tmp_path).history(), expected)


def test_a_saved_model_comes_back_with_its_weights(tmp_path):
    model = table_model()
    Run(tmp_path).save_model(model)
    loaded = Run(tmp_path).model()
    for weight, other in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, other)


def test_a_save_that_fails_leaves_the_old_model_and_nothing_else(tmp_path):
    class Broken:
        def save(self, path):
            path.write_bytes(b"half")
            raise OSError("disk full")

    (tmp_path / "model.keras").write_bytes(b"old")
    with pytest.raises(OSError, match="disk full"):
        Run(tmp_path).save_model(Broken())
    assert names_in(tmp_path) == ["model.keras"]
    assert (tmp_path / "model.keras").read_bytes() == b"old"


def test_a_model_file_cut_short_is_named_in_the_error(tmp_path):
    run = Run(tmp_path)
    run.save_model(table_model())
    run.model_path.write_bytes(run.model_path.read_bytes()[:500])
    with pytest.raises(ValueError, match="model.keras cannot be read"):
        run.model()


def test_loading_does_not_repeat_what_was_warned_about_when_the_critic_was_built(tmp_path):
    layers = keras.layers
    generator = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    critic = keras.Sequential([keras.Input((2,)), layers.BatchNormalization(), layers.Dense(1)])
    with pytest.warns(UserWarning, match="is a BatchNormalization"):
        model = WGANGP(generator, critic, latent=3)
    model.compile()
    Run(tmp_path).save_model(model)
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        Run(tmp_path).model()
    assert [str(warning.message) for warning in shown if "critic" in str(warning.message)] == []


def test_a_run_without_a_model_is_removed_whole(tmp_path):
    run = Run.create(tmp_path / "run")
    run.write_config(CONFIG)
    run.history_path.write_text("epoch\n")
    run.remove_if_untrained()
    assert names_in(tmp_path) == []


def test_removing_spares_a_model_and_what_is_not_of_the_run(tmp_path):
    trained, foreign = Run.create(tmp_path / "a"), Run.create(tmp_path / "b")
    trained.write_config(CONFIG)
    trained.model_path.write_bytes(b"model")
    (foreign.path / "notes.txt").write_text("mine")
    for run in (trained, foreign):
        run.remove_if_untrained()
    assert names_in(trained.path) == ["config.json", "model.keras"]
    assert names_in(foreign.path) == ["notes.txt"]


def test_a_notebook_shows_the_data_the_score_and_a_picture_of_a_run(tmp_path):
    run = Run.create(tmp_path / "run")
    assert "not trained yet" in run._repr_html_()
    run.write_config(CONFIG)
    run.write_metrics({"fid": 2.5, "floor": 1.25})
    (run.path / "samples.png").write_bytes(b"dots")
    shown = run._repr_html_()
    assert "digits: 1,500 images of (28, 28, 1)" in shown
    assert "Frechet distance 2.5, floor 1.25" in shown
    assert 'src="data:image/png;base64,ZG90cw=="' in shown
    run.write_metrics({"families": {"mean": 0.8}})
    assert "0.800 times the sampling floor" in run._repr_html_()
