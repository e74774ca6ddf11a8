"""A run's page in which its simulator runs, and runs that have no such page."""

import json
import re

import numpy as np
import pytest
from markupsafe import escape

import keras_wgan
from keras_wgan.data import Source
from keras_wgan.errors import InvalidInputError, ServiceError
from keras_wgan.experiments import Run, explore, recipes
from keras_wgan.experiments.tasks.browser import browser_market

from helpers import tiny_recipes


def content(page):
    """Returns what the script of a page reads."""
    text = page.read_text("utf-8")
    return json.loads(re.search(r'class="play-data">(.*?)</script>', text)[1])


@pytest.mark.slow
def test_the_page_of_a_run_continues_its_prices_from_todays_state(tmp_path):
    run = tiny_recipes.untrained_run(tmp_path / "r", tiny_recipes.MARKET)
    page = explore(run)
    found, facts = content(page), run.facts
    assert page == run.path / "explore.html"
    prices = run.data().history.iloc[-60:, 0].cumsum() - run.data().history.iloc[-60:, 0].sum()
    (asset,) = found["assets"]
    np.testing.assert_allclose(asset["past"][1:], facts.last_prices[0] * np.exp(prices), rtol=1e-6)
    assert asset["price"] == facts.last_prices[0]
    assert found["past_dates"][-1] == facts.last_day == "2018-12-31"
    assert found["dates"][0] == "2019-01-01" and len(found["dates"]) == 5 * 252
    assert found["scale"] == list(facts.scaler.scale)
    assert np.shape(found["today"]["past"]) == (30, 1)
    assert re.fullmatch(r"[\d.]+% a year, percentile \d+", found["today"]["text"])


@pytest.mark.slow
def test_a_page_of_several_assets_holds_all_of_them(tmp_path):
    source = Source("bundled", ticker="^GSPC,^IXIC", start="2018-01-01", end="2018-12-31")
    run = tiny_recipes.untrained_run(tmp_path / "r", tiny_recipes.PAIR, source)
    found = content(explore(run, tmp_path / "pair.html"))
    assert [asset["name"] for asset in found["assets"]] == ["^GSPC", "^IXIC"]
    assert found["generator"]["assets"] == 2


def test_a_network_that_runs_in_keras_alone_has_no_page(tmp_path):
    run = tiny_recipes.untrained_run(tmp_path / "r", tiny_recipes.RETURNS)
    assert browser_market(run.facts, run.data().history, run.model(), None) is None
    with pytest.raises(InvalidInputError, match="recipe tiny-returns.*keras-wgan generate"):
        explore(run)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mnist", "mnist-conditional"])
def test_a_run_of_images_has_a_page_too(tmp_path, name):
    recipe = recipes.get(name).with_settings({"latent_size": 5, "precision": "float32"})
    run = tiny_recipes.untrained_run(tmp_path / "r", recipe, Source("digits"))
    found = content(explore(run))["generator"]
    assert found["latent_size"] == 5 and found["shape"] == [28, 28, 1]
    assert (found["embedding"] is not None) == (name == "mnist-conditional")


@pytest.mark.slow
def test_a_preset_whose_prices_cannot_be_reached_begins_in_any_state(tmp_path, monkeypatch):
    preset, said = Run.open("preset:sp500"), []

    def away():
        raise ServiceError("Yahoo Finance could not be reached.")

    monkeypatch.setattr(preset, "data", away)
    page = explore(preset, tmp_path / "market.html", progress=said.append)
    found, facts = content(page), preset.facts
    assert found["today"] is None and found["past_dates"] == [facts.last_day]
    (asset,) = found["assets"]
    np.testing.assert_allclose(asset["past"], facts.last_prices, rtol=1e-6)
    assert "Yahoo Finance could not be reached" in said[-1]
    assert "keras-wgan explore sp500 --data FILE" in said[-1]


def test_the_page_of_a_preset_names_its_package_and_says_how_good_it_is(tmp_path):
    preset = Run.open("preset:mnist")
    text = explore(preset, tmp_path / "digits.html").read_text("utf-8")
    assert all(escape(sentence) in text for sentence in preset.card.verdict)
    assert escape(preset.card.protocol) in text
    assert f"<strong>keras-wgan</strong> {keras_wgan.__version__}" in text


def test_other_networks_and_files_than_pages_are_refused(tmp_path):
    run = tiny_recipes.untrained_run(tmp_path / "r", tiny_recipes.IMAGES, Source("digits"))
    with pytest.raises(InvalidInputError, match="A page can only run an `image_generator`"):
        explore(run)
    with pytest.raises(InvalidInputError, match=r"`out` must end in \.html"):
        explore(run, tmp_path / "page.txt")
