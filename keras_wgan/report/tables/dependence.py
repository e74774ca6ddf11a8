"""The table of the dependence between assets, pair by pair."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from keras_wgan.metrics import AssetDependence

LABELS = {
    "daily": "Correlation of a day's returns",
    "monthly": "Correlation over 20 days",
    "sizes": "Correlation of |r|",
    "falls": "Worst 5% of days shared",
}


def dependence_table(
    real: AssetDependence, generated: AssetDependence, tickers: Sequence[str]
) -> pd.DataFrame:
    """Returns the dependence of real and generated assets side by side.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import asset_dependence
    from keras_wgan.report import dependence_table

    dependence = asset_dependence(np.random.default_rng(0).normal(size=(100, 60, 2)))
    table = dependence_table(dependence, dependence, ["SPY", "TLT"])
    assert table.loc[("SPY, TLT", "Correlation of |r|"), "Real"] == dependence.sizes[0, 1]
    ```

    Args:
        real: Dependence of the real assets.
        generated: Dependence of the generated assets.
        tickers: The names of the assets, in their order.

    Returns:
        A table with the columns `Real` and `Generated`, a row for each pair of assets and measure.
    """
    rows = {
        (f"{tickers[one]}, {tickers[other]}", label): {
            "Real": float(getattr(real, name)[one, other]),
            "Generated": float(getattr(generated, name)[one, other]),
        }
        for one, other in combinations(range(len(tickers)), 2)
        for name, label in LABELS.items()
    }
    table = pd.DataFrame(rows).T
    table.index = table.index.set_names(["Assets", "Measure"])
    return table[["Real", "Generated"]]
