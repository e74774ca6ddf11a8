"""The table of states that are known shows the truth, and says how far the furthest is from it."""

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def known_states(benchmark):
    return benchmark("known_states")


def test_the_made_assets_have_the_volatilities_that_are_the_truth(known_states):
    prices = known_states.made_prices(40_000, seed=0)
    moves = np.diff(np.log(prices.to_numpy()), axis=0)
    np.testing.assert_allclose(moves.std(axis=0) * np.sqrt(252), known_states.YEARLY, rtol=0.05)
    pairs = np.corrcoef(moves, rowvar=False)[np.triu_indices(5, 1)]
    np.testing.assert_allclose(pairs, 0.0, atol=0.03)


def test_the_furthest_state_is_named_and_the_truth_of_equal_weights_is_the_closed_form(
    known_states,
):
    truth = np.array([np.sqrt((known_states.YEARLY**2).sum()) / 5, *known_states.YEARLY])
    names = ["equal weights", "A1", "A2", "A3", "A4", "A5", "mean", "deviation"]
    row = [*truth[:3], 1.25 * truth[3], *truth[4:], np.zeros(5), np.ones(5)]
    found = pd.DataFrame([row], index=[504], columns=names)
    text = known_states.table(found, known_states.arguments(["--days", "600"]))
    assert "| truth | 9.5% | 19.0% |" in text and "25.0% from the truth. 600 days" in text
    assert "| 504 | 9.5% | 19.0% | 20.0% | 26.2% |" in text
    made = np.diff(np.log(known_states.made_prices(600, seed=0).to_numpy()), axis=0)
    assert f"| sample | {made.mean(axis=1).std() * np.sqrt(252):.1%} | " in text
    assert "| +0.00 to +0.00 | 1.00 to 1.00 |" in text


@pytest.mark.slow
def test_a_short_training_leaves_its_table_and_is_not_repeated(known_states, tmp_path, monkeypatch):
    # They are behind percentiles, which this table does not show.
    monkeypatch.setattr("keras_wgan.market.states.STARTS", 100)
    given = ["--days", "320", "--epochs", "1", "--shown", "100", "--out", str(tmp_path)]
    monkeypatch.setattr("sys.argv", ["known_states", *given])
    known_states.main()
    first = (tmp_path / "known_states.md").read_text()
    assert "| 100 |" in first
    trained_at = (tmp_path / "run-320-1-0" / "history.csv").stat().st_mtime_ns
    known_states.main()
    assert (tmp_path / "known_states.md").read_text() == first
    assert (tmp_path / "run-320-1-0" / "history.csv").stat().st_mtime_ns == trained_at
