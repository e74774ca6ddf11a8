"""Forecasts pooled over origins: baselines and recipes side by side."""

import argparse

import numpy as np
import pandas as pd
import pytest

from keras_wgan.experiments import recipes
from keras_wgan.experiments.run import Run
from keras_wgan.market import BacktestSettings, RollingOrigin

from helpers.tiny_recipes import MARKET


@pytest.fixture
def pooled_backtest(benchmark):
    return benchmark("pooled_backtest")


def test_a_forecaster_with_half_the_error_has_half_of_the_references_score(pooled_backtest):
    settings = BacktestSettings(paths=100)
    rng = np.random.default_rng(0)
    errors = rng.uniform(1.0, 2.0, (2, 40, len(settings.horizons)))
    reference = [np.stack([each, np.ones_like(each)]) for each in errors]
    better = [np.stack([0.5 * each, np.zeros_like(each)]) for each in errors]
    scores = {"FHS-EGARCH": reference, "mine": better}
    lines = pooled_backtest.table(scores, settings, [1970, 1974]).splitlines()
    cells = [cell.strip() for cell in lines[-1].split("|")[1:-1]]
    assert cells == ["mine", *["0.5000±0.0000, 2, 0.0"] * len(settings.horizons)]


@pytest.mark.slow
def test_a_recipe_is_trained_on_the_days_before_an_origin_and_forecasts_those_after(
    pooled_backtest, tmp_path, monkeypatch
):
    monkeypatch.setattr(recipes, "RECIPES", (*recipes.RECIPES, MARKET))
    days = pd.bdate_range("1998-01-01", "2003-12-31")
    moves = pd.Series(0.01 * np.random.default_rng(0).normal(size=len(days)), days)
    file = tmp_path / "prices.csv"
    np.exp(moves.cumsum()).rename_axis("Date").rename("Close").to_csv(file)
    origin = RollingOrigin(2002, moves[:"2001"], moves["2002":])
    asked = argparse.Namespace(data=str(file), out=tmp_path)
    scores = pooled_backtest.origin_scores(
        MARKET.name, origin, BacktestSettings(every=100, paths=100), asked
    )
    assert scores.shape[0] == 2 and np.isfinite(scores).all()
    assert Run.open(tmp_path / "runs" / f"{MARKET.name}_2002").facts.last_day == "2001-12-31"
