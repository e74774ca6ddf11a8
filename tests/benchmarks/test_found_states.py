"""The error of a found volatility is that of the days shown, and zero where nothing moves it."""

import numpy as np
import pytest

from keras_wgan.data import Scaler
from keras_wgan.experiments import recipes
from keras_wgan.market import PathSimulator


@pytest.mark.slow
def test_the_error_is_zero_where_volatility_never_moves_and_has_its_quantiles(
    benchmark, monkeypatch
):
    monkeypatch.setattr("keras_wgan.market.states.STARTS", 100)
    found_states = benchmark("found_states")
    model = recipes.get("sp500").with_settings({"latent_size": 60}).build(seed=1)
    simulator = PathSimulator("untrained", model, Scaler(np.zeros(1), np.array([0.01])))
    asked = found_states.arguments(["untrained", "--paths", "3"])
    np.testing.assert_allclose(found_states.errors(simulator, 60, asked), 0.0, atol=1e-5)
    text = found_states.table({60: np.linspace(0.0, 0.1, 101)}, asked)
    assert "| 60 | 5.0% | 9.0% | 10.0% |" in text
