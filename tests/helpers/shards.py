"""A small job of scenarios, for the tests of shards and for their worker processes."""

from dataclasses import replace

from keras_wgan.experiments import GenerationRequest, Run, recipes
from keras_wgan.market import scenario_stream
from keras_wgan.scale import ScenarioJob

from helpers import tiny_recipes

COUNT, DAYS = 10, 5
TWO = replace(tiny_recipes.SHORT, ticker="^GSPC,^IXIC")


def offer_small():
    """Offers a tiny recipe, and computes four scenarios at a time, from now on."""
    recipes.RECIPES = (tiny_recipes.PAIR,)
    scenario_stream.BLOCK = 4


def job_of(run, **changes):
    """Returns ten scenarios of five days of a run, or others."""
    request = GenerationRequest(**{"count": COUNT, "seed": 3, "days": DAYS, **changes})
    return ScenarioJob.of(Run.open(run.path), request)
