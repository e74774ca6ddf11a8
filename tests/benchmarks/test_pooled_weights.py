"""Weights that are fitted to other series too lie between one's own and theirs."""

import numpy as np
import pytest

from keras_wgan.market.baselines import MultiscaleVolatility
from keras_wgan.market.baselines.multiscale_model import Likelihood


def series(persistence, seed, days=1500):
    """Returns returns whose log volatility is an autoregression."""
    rng = np.random.default_rng(seed)
    volatility, found = 0.0, []
    for _ in range(days):
        volatility = persistence * volatility + 0.3 * rng.standard_normal()
        found.append(0.01 * np.exp(volatility) * rng.standard_normal())
    return np.array(found)


OWN, OTHER = series(0.95, 0), series(0.0, 1)


@pytest.fixture
def pooled_weights(benchmark):
    return benchmark("pooled_weights")


def test_others_that_do_not_count_change_nothing(pooled_weights):
    alone = MultiscaleVolatility().fit(OWN)
    pooled = pooled_weights.PooledMultiscale([OTHER], 0.0).fit(OWN)
    assert pooled.volatility_after(OWN) == pytest.approx(alone.volatility_after(OWN), rel=1e-4)


def test_the_likelihood_of_two_series_is_the_sum_of_each_without_a_penalty(pooled_weights):
    joined = pooled_weights.joined
    numbers = np.array([0.1, *[-0.05] * 6, *[0.15] * 6, 0.0, 1.5])
    parts = [joined([each]).negative(numbers)[0] for each in (OWN, OTHER)]
    assert joined([OWN, OTHER]).negative(numbers)[0] == pytest.approx(sum(parts))
    own = Likelihood.of((OWN - OWN.mean()) / OWN.std())
    penalty = numbers[:-2] @ own.penalty @ numbers[:-2]
    assert own.negative(numbers)[0] == pytest.approx(parts[0] + penalty)


def test_a_series_without_clustering_that_counts_more_takes_activity_from_the_fit(pooled_weights):
    activity = [
        sum(value for name, value in model.fit(OWN).describe().items() if "activity" in name)
        for model in (
            pooled_weights.PooledMultiscale([OTHER], strength) for strength in (0.0, 1.0, 100.0)
        )
    ]
    assert activity[0] > activity[1] > activity[2]
