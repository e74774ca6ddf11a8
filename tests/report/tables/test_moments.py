"""The table of moments."""

import numpy as np

from keras_wgan.metrics import return_moments
from keras_wgan.report import moments_table

RNG = np.random.default_rng(0)
FAT = 0.01 * RNG.standard_t(4, size=(150, 30))
THIN = 0.02 * RNG.normal(size=(200, 30))


def test_the_table_holds_the_moments_side_by_side():
    real, generated = return_moments(FAT), return_moments(THIN)
    table = moments_table(real, generated)
    assert list(table.columns) == ["Real", "Generated"]
    assert table["Generated"].to_dict() == {
        "Mean": generated.mean,
        "Std": generated.std,
        "Skew": generated.skew,
        "Excess kurtosis": generated.excess_kurtosis,
        "ACF r lag 1": generated.acf[0],
        "ACF |r| lag 1": generated.acf_abs[0],
        "ACF |r| lags 1-20 mean": generated.acf_abs.mean(),
    }
    assert table.loc["Excess kurtosis", "Real"] == real.excess_kurtosis
