"""What binds real and generated assets, pair by pair, in a table a reader can check?"""

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
    """Sets the links between real and generated assets side by side.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import asset_dependence
    from keras_wgan.report import dependence_table

    links = asset_dependence(np.random.default_rng(0).normal(size=(100, 60, 2)))
    table = dependence_table(links, links, ["SPY", "TLT"])
    assert table.loc[("SPY, TLT", "Correlation of |r|"), "Real"] == links.sizes[0, 1]
    ```

    Args:
        real: links of the real assets.
        generated: links of the generated ones.
        tickers: what the assets are called, in their order.

    Returns:
        A table with the columns `Real` and `Generated`, a row for each pair of assets and link.
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
    table.index = table.index.set_names(["Assets", "Link"])
    return table[["Real", "Generated"]]
