"""`keras-wgan tune`: its options reach the search, and its output ends with the best settings."""

import typing

import pandas as pd
import pytest
from typer.testing import CliRunner

from keras_wgan.cli import app as cli
from keras_wgan.cli import options
from keras_wgan.data.price_checks import TO_THE_LAST_BIT
from keras_wgan.tuning import hypermodel, search

from helpers import tiny_recipes
from helpers.commands import SHORT, asked_to_train, call

# KerasTuner 1.4.8 asks for its thread by a name that Python is giving up.
pytestmark = pytest.mark.filterwarnings("ignore:(currentThread|getName):DeprecationWarning")


@pytest.mark.slow
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


def test_the_options_of_tune_reach_the_search(monkeypatch):
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


def test_the_choices_of_space_are_the_spaces():
    assert set(typing.get_args(options.SpaceName)) == set(hypermodel.SPACES)
