"""The search of a market: its ranges, its objective, and the training of its trials."""

import numpy as np
import pytest

from keras_wgan.data import Source
from keras_wgan.experiments.selection import SEED, WINDOWS, days_after
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.metrics import (
    fact_scores,
    median_ratio,
    moment_distance,
    return_facts,
    return_moments,
    sampling_floor,
    score_ratios,
)
from keras_wgan.tuning.hypermodel import Space
from keras_wgan.tuning.search import _RecipeHyperModel, tune
from keras_wgan.tuning.search_folder import Search

from helpers import tiny_recipes
from helpers.tiny_recipes import IMAGES, SHORT

# KerasTuner 1.4.8 asks for its thread by a name that Python is giving up.
pytestmark = pytest.mark.filterwarnings("ignore:(currentThread|getName):DeprecationWarning")

YEARS = Source("bundled", start="2013-01-01", end="2015-12-31")
TINY = tiny_recipes.MARKET
FEW = Space((1e-3, 1e-2), (1.0, 10.0), (0.5, 0.5), (1,), None, (1e-4, 1e-3))


@pytest.fixture
def trained(monkeypatch):
    """Returns a list in which each trial leaves its trained model."""
    models, fit = [], _RecipeHyperModel.fit

    def fit_and_keep(self, hp, model, **arguments):
        models.append(model)
        return fit(self, hp, model, **arguments)

    monkeypatch.setattr(_RecipeHyperModel, "fit", fit_and_keep)
    return models


def tune_once(folder, recipe=TINY, source=YEARS, select_until=None):
    """Searches one setting for one epoch."""
    experiment = ExperimentSpec(recipe, source, 0, select_until)
    return tune(Search(experiment, FEW, trials=1), folder / "search")


def median_of(model, history, data, seed):
    """Returns the median of a model's stylized facts over their floor, from the metrics alone."""
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(history, np.float64).ravel(), 60)
    drawn = data.facts.scaler.inverse(model.generate(WINDOWS, seed=seed))
    scores = fact_scores(return_facts(windows), return_facts(drawn[..., 0]))
    return median_ratio(score_ratios(scores, sampling_floor(np.ravel(history), days=60)))


# ---- The objective -----------------------------------------------------------------------------


@pytest.mark.slow
def test_a_market_is_tuned_by_the_median_of_its_facts(tmp_path, trained):
    best = tune_once(tmp_path)
    data = TINY.task.load(YEARS)
    assert best.objective == "facts_median"
    assert best.score == pytest.approx(median_of(trained[0], data.history, data, 0), rel=1e-3)


@pytest.mark.slow
def test_with_days_to_choose_by_no_trial_sees_them(tmp_path, trained):
    best = tune_once(tmp_path, select_until="2018-12-31")
    data = TINY.task.load(YEARS)
    later = days_after(TINY, YEARS, data, "2018-12-31")
    assert best.objective == "val_facts_median"
    assert best.score == pytest.approx(median_of(trained[0], later, data, SEED), rel=1e-3)


@pytest.mark.slow
def test_a_history_too_short_for_a_floor_is_tuned_by_its_moments(tmp_path, trained):
    best = tune_once(tmp_path, source=SHORT)
    data = TINY.task.load(SHORT)
    drawn = data.facts.scaler.inverse(trained[0].generate(1000, seed=0))
    real = return_moments(data.returns)
    assert best.objective == "moment_distance"
    assert best.score == pytest.approx(
        moment_distance(real, return_moments(drawn[..., 0])), rel=1e-3
    )


def test_days_to_choose_by_are_for_returns_and_nothing_is_written_for_others(tmp_path):
    with pytest.raises(ValueError, match="selected by the stylized facts of one asset's returns"):
        tune_once(tmp_path, IMAGES, Source("digits"), select_until="2018-12-31")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_search_by_other_days_is_another_search(tmp_path, monkeypatch):
    monkeypatch.setattr(_RecipeHyperModel, "fit", lambda self, hp, model, **_: 1.0)
    tune_once(tmp_path)
    with pytest.raises(ValueError, match="holds a search with another select_until"):
        tune_once(tmp_path, select_until="2018-12-31")


# ---- The training ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_trial_lowers_its_learning_rates_as_train_does(tmp_path, trained):
    best = tune_once(tmp_path, TINY.with_settings({"epochs": 2, "final_rate": 0.1}), SHORT)
    rates = [float(side.learning_rate) for side in trained[0].optimizer.optimizers]
    wanted = (best.settings["learning_rate"], best.settings["critic_learning_rate"])
    assert rates == pytest.approx([0.1 * rate for rate in wanted])
