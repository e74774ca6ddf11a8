"""A run's weights are selected by later days, and the best ones are kept."""

import dataclasses
import math
from functools import partial

import keras
import numpy as np
import pandas as pd
import pytest

from keras_wgan.callbacks import StylizedFacts, stylized_facts
from keras_wgan.data import ReturnsFacts, Scaler, Source, load_prices, log_returns
from keras_wgan.experiments import selection
from keras_wgan.experiments.checkpoint import EpochCheckpoint
from keras_wgan.experiments.config import RunConfig
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.selection import (
    GAP_DAYS,
    MEASURE,
    HeldOutFacts,
    HeldOutSelection,
    days_after,
)
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.metrics import sampling_floor

from helpers.tiny import table_model
from helpers.tiny_recipes import IMAGES, RETURNS

EARLY = Source("bundled", start="2014-01-01", end="2015-12-31")
ALL = log_returns(load_prices(start="2014-01-01", end="2018-12-31", source="bundled"))
DATES = dict(first_day="2016-03-31", last_day="2018-12-31", days=694)


@pytest.fixture(scope="module")
def data():
    """Returns what the tiny recipe trains on: the years 2014 and 2015."""
    return RETURNS.task.load(EARLY)


def test_choosing_looks_from_exactly_sixty_trading_days_after_the_training(data):
    chosen = days_after(RETURNS, EARLY, data, "2018-12-31")
    training = ALL[:"2015-12-31"]
    assert data.history.index[-1] == training.index[-1]
    assert ALL.index.get_loc(chosen.index[0]) == len(training) + GAP_DAYS
    expected = ALL.iloc[len(training) + GAP_DAYS :]
    pd.testing.assert_series_equal(chosen, expected, check_names=False)


def test_choosing_never_looks_beyond_the_last_day_that_it_may(data):
    chosen = days_after(RETURNS, EARLY, data, "2018-06-30")
    assert chosen.index[-1] == pd.Timestamp("2018-06-29")


@pytest.mark.parametrize("days", [499, 500])
def test_choosing_wants_five_hundred_days(data, days):
    until = str(ALL.index[len(data.history) + GAP_DAYS + days - 1].date())
    if days == 500:
        assert len(days_after(RETURNS, EARLY, data, until)) == 500
    else:
        with pytest.raises(ValueError, match=r"at least 500 days.*Received: 499 of them from"):
            days_after(RETURNS, EARLY, data, until)


def test_data_that_ends_with_the_training_is_refused(data):
    with pytest.raises(ValueError, match=r"Received: 0 of them.*End the training earlier"):
        days_after(RETURNS, EARLY, data, EARLY.end)


def test_images_and_several_assets_are_refused_with_what_to_do():
    digits = Source("digits")
    with pytest.raises(ValueError, match="tiny-images, which makes images. Train it without"):
        days_after(IMAGES, digits, IMAGES.task.load(digits), "2018-12-31")
    two = Source("bundled", ticker="^GSPC,^IXIC", start="2014-01-01", end="2015-12-31")
    with pytest.raises(ValueError, match="tiny-returns, which makes several assets"):
        days_after(RETURNS, two, RETURNS.task.load(two), "2018-12-31")


def test_a_last_day_that_is_none_is_named(data):
    with pytest.raises(ValueError, match="up to soon cannot be read: `end` must be a day"):
        days_after(RETURNS, EARLY, data, "soon")


def test_the_measured_numbers_are_those_of_the_stylized_facts_on_the_later_days(data, monkeypatch):
    monkeypatch.setattr(stylized_facts, "sampling_floor", partial(sampling_floor, histories=3))
    monkeypatch.setattr(selection, "WINDOWS", 100)
    later = days_after(RETURNS, EARLY, data, "2018-12-31")
    callback, model = HeldOutFacts(later, data, every=2), RETURNS.build(seed=0)
    callback.set_model(model)
    logs = [{}, {}]
    for epoch in (0, 1):
        callback.on_epoch_end(epoch, logs[epoch])
    low, high = data.history.min().item(), data.history.max().item()
    windows = model.generate(100, seed=selection.SEED)[..., 0].astype(np.float64)
    returns = low + (windows + 1.0) / 2.0 * (high - low)
    expected = StylizedFacts(later.to_numpy(), samples=100).measure_returns(returns)
    assert logs[0] == {
        MEASURE: math.inf,
        "val_facts_composite": math.inf,
        f"{MEASURE}_fresh": 0.0,
    }
    assert logs[1] == {
        MEASURE: pytest.approx(expected["facts_median"], rel=1e-6),
        "val_facts_composite": pytest.approx(expected["facts_composite"], rel=1e-6),
        f"{MEASURE}_fresh": 1.0,
    }


BATCHES = 3  # an epoch
FACTS = ReturnsFacts(
    source="bundled",
    tickers=("^GSPC",),
    first_day="2015-01-02",
    last_day="2015-12-31",
    last_prices=(2043.94,),
    returns=250,
    windows=191,
    scaler=Scaler((0.0,), (0.01,)),
)
CONFIG = RunConfig(
    ExperimentSpec(RETURNS, Source("bundled"), 0, select_until="2018-12-31"),
    FACTS,
    HeldOutSelection(**DATES),
)


def keep(path, scores, earlier=()):
    """Goes through epochs that measured a number each; returns in which a model was saved.

    An epoch's weights are recognized by a bias, which is its number from 1.
    """
    run, model, saved = Run(path), table_model(), []
    run.write_config(CONFIG)
    rows = pd.DataFrame({"epoch": np.arange(len(earlier)), MEASURE: earlier})
    checkpoint = EpochCheckpoint(run, model, rows, selecting=True)
    checkpoint.on_train_begin()
    for epoch, score in enumerate(scores, len(earlier)):
        before = run.model_path.read_bytes() if run.model_path.exists() else b""
        model.generator.layers[-1].bias.assign([epoch + 1.0] * 2)
        model.optimizer.iterations.assign((epoch + 1) * BATCHES)
        checkpoint.on_epoch_end(epoch, {MEASURE: score})
        saved += [epoch + 1] if run.model_path.read_bytes() != before else []
    checkpoint.finish()
    return saved, run


def epoch_of(model):
    """Returns whose weights these are."""
    return keras.ops.convert_to_numpy(model.generator.layers[-1].bias).tolist()[0]


@pytest.mark.slow
def test_the_epoch_with_the_lowest_number_is_kept(tmp_path):
    saved, run = keep(tmp_path, [math.inf, 3.0, 3.0, 1.5, 2.0, math.inf, 1.5])
    assert saved == [1, 2, 4]  # the first only so that there is one
    assert (epoch_of(run.model()), epoch_of(run.last_model())) == (4.0, 7.0)
    assert run.selected_weights() == HeldOutSelection(**DATES).describe(4, 1.5)


def test_where_nothing_was_measured_the_last_epoch_is_kept(tmp_path):
    _, run = keep(tmp_path, [math.inf, math.nan, math.inf])
    assert epoch_of(run.model()) == 3.0
    assert run.selected_weights() == HeldOutSelection(**DATES).describe(3, math.inf)


@pytest.mark.slow
@pytest.mark.parametrize(("later", "epoch"), [([1.75, 1.5], 2), ([1.25, 1.5], 4)])
def test_an_earlier_best_stays_until_there_is_a_better_one(tmp_path, later, epoch):
    earlier = [2.0, 1.5, math.nan]
    keep(tmp_path, earlier)
    _, run = keep(tmp_path, later, earlier)
    assert (epoch_of(run.model()), epoch_of(run.last_model())) == (epoch, 5.0)
    assert run.selected_weights() == HeldOutSelection(**DATES).describe(
        epoch, [*earlier, *later][epoch - 1]
    )


def test_an_earlier_epoch_that_measured_no_number_hides_no_later_best(tmp_path):
    earlier = [math.nan, 2.0]
    keep(tmp_path, earlier)
    _, run = keep(tmp_path, [1.5, 3.0], earlier)
    assert epoch_of(run.model()) == 3.0


def test_a_run_that_does_not_choose_says_nothing_of_it(tmp_path):
    run = Run(tmp_path)
    run.write_config(dataclasses.replace(CONFIG, selection=None))
    assert run.selected_weights() is None


def test_a_choice_says_in_words_which_weights_these_are():
    assert HeldOutSelection(**DATES).describe(7, math.inf) == (
        "the weights of epoch 7, since none could be measured on 2016-03-31 to 2018-12-31"
    )
    assert HeldOutSelection(**DATES).describe(40, 1.304) == (
        "the weights of epoch 40, selected on 2016-03-31 to 2018-12-31 "
        "(median of score over sampling floor 1.30)"
    )


def test_a_choice_names_the_first_and_the_last_day_of_its_returns(data):
    chosen = days_after(RETURNS, EARLY, data, "2018-12-31")
    assert HeldOutSelection.of(chosen) == HeldOutSelection(**DATES)
