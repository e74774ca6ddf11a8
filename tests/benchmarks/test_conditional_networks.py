"""The conditional generator runs the recursion of the baseline that it starts from."""

import numpy as np
from keras import ops

from keras_wgan.market.baselines.multiscale_model import (
    MultiscaleFit,
    MultiscaleState,
    simulated,
)


def test_without_a_hidden_volatility_it_is_the_recursion_of_the_baseline(benchmark):
    networks = benchmark("conditional_networks")
    rng = np.random.default_rng(0)
    paths, days = 3, 8
    trend, activity = -0.1 * rng.random(6), 0.2 * rng.random(6)
    state = np.concatenate(
        [0.3 * rng.normal(size=(paths, 6)), rng.uniform(0.5, 1.0, (paths, 6)), np.ones((paths, 1))],
        axis=1,
    )
    shocks = rng.normal(size=(paths, days))
    layer = networks.MultiscaleReturns()
    layer.build([])
    layer.weights_of_averages.assign([0.1, *trend, *activity])
    layer.size.assign(0.0)
    hidden = np.zeros((paths, days + 1))
    found = layer([each.astype("float32") for each in (shocks, hidden, state)])
    fit = MultiscaleFit(0.1, trend, activity, 5.0, 0.8, 1.0, True)
    days_of = iter(shocks.T)
    exact = simulated(
        fit, MultiscaleState(state[:, :12].T, state[:, 12]), days, lambda n: next(days_of)
    )
    np.testing.assert_allclose(ops.convert_to_numpy(found), exact, rtol=1e-4, atol=1e-5)
