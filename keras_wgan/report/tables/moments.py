"""The table of real and generated moments."""

from __future__ import annotations

import pandas as pd

from keras_wgan.metrics import ReturnMoments


def moments_table(real: ReturnMoments, generated: ReturnMoments) -> pd.DataFrame:
    """Returns the moments of real and generated returns side by side.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import return_moments
    from keras_wgan.report import moments_table

    moments = return_moments(np.random.default_rng(0).normal(size=(100, 30)))
    table = moments_table(moments, moments)
    assert table.loc["Std", "Real"] == moments.std
    ```

    Args:
        real: Moments of the real returns.
        generated: Moments of the generated returns.

    Returns:
        A table with the columns `Real` and `Generated`, unrounded: mean and std as log returns
        a day, the rest without a unit. NaN where a moment is undefined.
    """
    return pd.DataFrame({"Real": _column(real), "Generated": _column(generated)})


def _column(moments: ReturnMoments) -> dict[str, float]:
    return {
        "Mean": moments.mean,
        "Std": moments.std,
        "Skew": moments.skew,
        "Excess kurtosis": moments.excess_kurtosis,
        "ACF r lag 1": float(moments.acf[0]),
        "ACF |r| lag 1": float(moments.acf_abs[0]),
        f"ACF |r| lags 1-{len(moments.acf_abs)} mean": float(moments.acf_abs.mean()),
    }
