"""The table of the dependence between assets, pair by pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from keras_wgan.metrics import AssetDependence

MAX_PAIRS = 6  # that are listed one by one, those of four assets
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
    return _as_table(rows)


def dependence_summary(
    real: AssetDependence, generated: AssetDependence, tickers: Sequence[str]
) -> pd.DataFrame:
    """Returns all pairs of up to four assets, or the mean and the worst pair of each measure."""
    pairs = np.triu_indices(len(tickers), k=1)
    count = len(pairs[0])
    if count <= MAX_PAIRS:
        return dependence_table(real, generated, tickers)
    means, worst = {}, {}
    for name, label in LABELS.items():
        sides = {"Real": getattr(real, name)[pairs], "Generated": getattr(generated, name)[pairs]}
        gaps = np.abs(sides["Generated"] - sides["Real"])
        place = int(np.argmax(np.where(np.isnan(gaps), np.inf, gaps)))
        pair = ", ".join(tickers[int(side[place])] for side in pairs)
        means[f"Mean of {count} pairs", label] = {key: each.mean() for key, each in sides.items()}
        worst[f"Largest gap: {pair}", label] = {key: each[place] for key, each in sides.items()}
    return _as_table(means | worst)


def _as_table(rows: Mapping[tuple[str, str], Mapping[str, float]]) -> pd.DataFrame:
    table = pd.DataFrame(rows).T.astype(np.float64)
    table.index = table.index.set_names(["Assets", "Measure"])
    return table[["Real", "Generated"]]
