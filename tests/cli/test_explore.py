"""`keras-wgan explore` writes a run's page and opens it."""

import webbrowser

import pytest

from helpers import tiny_recipes
from helpers.commands import call, refusal


@pytest.mark.slow
def test_explore_opens_the_page_of_a_market(monkeypatch, tmp_path):
    tiny_recipes.untrained_run(tmp_path / "m", tiny_recipes.MARKET)
    opened = []
    monkeypatch.setattr(webbrowser, "open", lambda address: opened.append(address) or False)
    monkeypatch.setattr(
        "keras_wgan.experiments.recipes.RECIPES", (tiny_recipes.MARKET, tiny_recipes.RETURNS)
    )
    lines = call("explore", "m").splitlines()
    assert opened == [(tmp_path / "m" / "explore.html").as_uri()]
    assert lines[-3:] == [
        "The page is m/explore.html",
        "There is no browser here: open that file in one; it needs nothing else.",
        "Next: keras-wgan generate m --count 1000",
    ]
    call("explore", "m", "--no-open", "--out", "elsewhere.html")
    assert (tmp_path / "elsewhere.html").exists() and len(opened) == 1


def test_explore_refuses_a_run_whose_network_runs_in_keras_alone(monkeypatch, capsys, r):
    line = refusal(monkeypatch, capsys, "explore", "r", "--no-open")
    assert "A page can only run a `market_generator`" in line
