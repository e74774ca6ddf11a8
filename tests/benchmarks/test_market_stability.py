"""The table of fifty years finds paths that explode or die, and has its floor beside it."""

import argparse
import importlib.util

import numpy as np

from helpers.paths import ROOT

# By its path: benchmarks/ is no part of what is installed.
spec = importlib.util.spec_from_file_location(
    "market_stability", ROOT / "benchmarks" / "market_stability.py"
)
market_stability = importlib.util.module_from_spec(spec)
spec.loader.exec_module(market_stability)

ASKED = argparse.Namespace(paths=3, years=20, seed=0)


def test_the_volatility_of_a_year_is_annualized_and_a_broken_first_year_is_left_out():
    steps = 0.01 * np.resize([1.0, -1.0], 3 * 252 + 100)
    np.testing.assert_allclose(market_stability.real_years(steps), 0.01 * np.sqrt(252) * np.ones(3))


def test_a_path_that_explodes_and_one_that_dies_are_counted():
    real = np.linspace(0.1, 0.4, 20)
    sound = np.tile(real, (3, 1))
    assert "0 paths exploded" in market_stability.table(sound, real, ASKED)
    broken = sound.copy()
    broken[0, 3], broken[1, 7] = 5.0, 0.005
    text = market_stability.table(broken, real, ASKED)
    assert "1 paths exploded" in text and ", 1 died" in text
