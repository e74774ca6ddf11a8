"""A run's prices are recognized: longer files are cut, restated and foreign ones are refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import Source, find_frequency, load_prices
from keras_wgan.experiments import recipes
from keras_wgan.experiments.same_data import load_as_trained, refuse_other_prices

RECIPE = recipes.get("sp500-classic")
REAL = load_prices(start="2016-01-01", source="bundled")
USED = REAL["2016-06-01":"2017-12-29"]
FOREIGN = load_prices("^IXIC", start="2016-06-01", end="2017-12-29", source="bundled")


@pytest.fixture
def source(tmp_path):
    return Source(str(write(USED, tmp_path / "prices.csv")))


@pytest.fixture
def facts(source):
    return RECIPE.task.load(source).facts


def write(prices, path):
    """Writes prices as a file of two columns; returns its path."""
    prices.rename_axis("Date").rename("Close").to_csv(path)
    return path


def with_one_changed(prices, row):
    """Returns prices with one of them half a percent higher."""
    other = prices.copy()
    other.iloc[row] *= 1.005
    return other


def load(source, facts, *accept):
    """Loads the data of a run that was trained on data of these facts."""
    return load_as_trained(RECIPE, replace(source, accept=accept), facts)


def test_the_same_prices_are_the_same_data(source, facts):
    data = load(source, facts)
    assert data.facts == facts
    np.testing.assert_array_equal(data.samples, RECIPE.task.load(source).samples)


@pytest.mark.parametrize("prices", [REAL["2016-06-01":], REAL[:"2017-12-29"], REAL])
def test_the_days_of_the_training_are_taken_from_a_longer_file(source, facts, prices):
    expected = RECIPE.task.load(source).samples
    write(prices, source.data)
    with pytest.warns(UserWarning, match="has more days than the run was trained on"):
        data = load(source, facts)
    np.testing.assert_array_equal(data.samples, expected)
    assert data.facts == facts


OTHER = {
    "restated": (USED * 0.5, "the prices on 2017-12-29 are 0.5 times those of then"),
    "one price": (with_one_changed(USED, 100), "the returns of 1 of 19 months, 2016-10, differ"),
    "foreign": (FOREIGN, "the returns of all 19 months from 2016-06 to 2017-12 differ"),
    "shorter": (USED[:-30], "the returns of 2 of 19 months, from 2017-11 to 2017-12, differ"),
    "a day less": (USED.drop(USED.index[50]), "the returns of 1 of 19 months, 2016-08, differ"),
}


@pytest.mark.parametrize("kind", OTHER)
def test_other_data_is_refused_by_what_differs_and_can_be_accepted(source, facts, kind):
    prices, words = OTHER[kind]
    write(prices, source.data)
    with pytest.raises(ValueError, match=f"not what .* was trained on: {words}.*accept other-data"):
        load(source, facts)
    data = load(source, facts, "other-data")
    assert data.facts.scaler == facts.scaler  # that of the model
    np.testing.assert_allclose(
        data.returns[:, 0, 0], data.history.iloc[: len(data.returns), 0], atol=1e-6
    )


def test_a_run_of_an_older_version_is_compared_by_its_days_and_scale(source, facts):
    older = replace(facts, fingerprint=None)
    assert load(source, older).facts.scaler == facts.scaler
    write(with_one_changed(USED, 100), source.data)
    load(source, older)  # within its range, a change cannot be seen
    write(USED[:-30], source.data)
    with pytest.raises(ValueError, match=r"last_day differ \(2017-12-29 then, 2017-11"):
        load(source, older)


@pytest.mark.parametrize(
    "prices",
    [USED, REAL, REAL["2017-03-10":], REAL["2017-12-01":], REAL["2016-08-05":"2017-03-10"]],
)
def test_later_prices_may_continue_a_run_where_the_days_of_both_agree(source, facts, prices):
    refuse_other_prices(prices.to_frame(), facts.frequency, facts, source)


@pytest.mark.parametrize(
    ("prices", "words"),
    [
        (FOREIGN, "times those of then"),
        (REAL["2017-03-10":] * 0.5, "are 0.5 times"),
        (with_one_changed(REAL["2017-03-10":], 60), "1 of 9 months, 2017-06, differ"),
    ],
)
def test_prices_that_disagree_with_a_run_do_not_continue_it(source, facts, prices, words):
    with pytest.raises(ValueError, match=f"{words}.*`--accept other-data`"):
        refuse_other_prices(prices.to_frame(), facts.frequency, facts, source)
    refuse_other_prices(
        prices.to_frame(), facts.frequency, facts, replace(source, accept=("other-data",))
    )


def test_prices_without_a_day_of_the_training_say_that_they_cannot_be_checked(source, facts):
    with pytest.warns(UserWarning, match="no day in common with the training, 2016-06-02 to 2017"):
        refuse_other_prices(REAL["2018":].to_frame(), facts.frequency, facts, source)


def test_prices_of_another_frequency_do_not_continue_a_run(source, facts):
    weeks = REAL["2018":].resample("W-FRI").last().to_frame()
    with pytest.raises(ValueError, match="prices of business days.*Received: weeks, 2018-01-05"):
        refuse_other_prices(weeks, find_frequency(weeks.index), facts, source)


def test_a_parquet_file_of_the_same_prices_has_the_same_fingerprint(tmp_path, facts):
    path = tmp_path / "prices.parquet"
    pd.DataFrame({"Date": USED.index, "Close": USED.to_numpy()}).to_parquet(path)
    assert RECIPE.task.load(Source(str(path))).facts.fingerprint == facts.fingerprint
