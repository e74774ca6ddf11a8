"""Dependence between assets by day, by month and in falling markets."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array, whole_number
from keras_wgan.errors import InvalidInputError

WORST = 0.05  # the days that count as falls


@dataclass(frozen=True, eq=False)
class AssetDependence:
    """Measures of the dependence between assets, each a symmetric `(assets, assets)` array.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import AssetDependence

    none = np.eye(2)
    dependence = AssetDependence(daily=none, monthly=none, sizes=none, falls=none)
    assert dependence.to_dict()["daily"] == [[1.0, 0.0], [0.0, 1.0]]
    ```

    Args:
        daily: Correlations of daily returns.
        monthly: Correlations of sums over 20 days.
        sizes: Correlations of |r|, the shared volatility.
        falls: Share of the worst 5% of one asset's days that are among the other's worst 5%; 0.05
            for independent assets.
    """

    daily: NDArray[np.float64]
    monthly: NDArray[np.float64]
    sizes: NDArray[np.float64]
    falls: NDArray[np.float64]

    def to_dict(self) -> dict[str, list[list[float]]]:
        """Returns the arrays as lists, ready for JSON."""
        return {name: values.tolist() for name, values in vars(self).items()}


def asset_dependence(windows: ArrayLike, *, month: int = 20) -> AssetDependence:
    """Measures the dependence between assets, pooled over all windows.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import asset_dependence

    one, other = np.random.default_rng(0).normal(size=(2, 500, 60))
    dependence = asset_dependence(np.stack([one, 0.6 * one + 0.8 * other], axis=-1))
    assert abs(dependence.daily[0, 1] - 0.6) < 0.02
    ```

    Args:
        windows: Daily log returns, `(windows, days, assets)` with two assets or more.
        month: Days in each of the sums, which do not overlap. Defaults to `20`.

    Returns:
        The `AssetDependence`; NaN where an asset does not vary.

    Raises:
        ValueError: If `windows` has another shape, is not finite, or is shorter than `month`.
    """
    returns = finite_array("windows", windows, unit="returns")
    if returns.ndim != 3 or returns.shape[2] < 2 or len(returns) == 0:
        raise InvalidInputError(
            "`windows` must have the shape (windows, days, assets) with two assets or more. "
            f"Received: windows.shape={returns.shape}."
        )
    count, days, assets = returns.shape
    month = whole_number("month", month, maximum=days)
    whole = returns[:, : days // month * month].reshape(count, -1, month, assets)
    pooled = returns.reshape(-1, assets)
    return AssetDependence(
        daily=_correlations(pooled),
        monthly=_correlations(whole.sum(axis=2).reshape(-1, assets)),
        sizes=_correlations(np.abs(pooled)),
        falls=_shared_falls(pooled),
    )


def dependence_gaps(real: AssetDependence, generated: AssetDependence) -> dict[str, float]:
    """Compares the dependence of generated and real assets; a gap is zero where they agree.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import asset_dependence, dependence_gaps

    real = asset_dependence(np.random.default_rng(0).normal(size=(100, 60, 2)))
    assert set(dependence_gaps(real, real).values()) == {0.0}
    ```

    Args:
        real: Dependence of the real assets.
        generated: Dependence of the generated assets, in the same order.

    Returns:
        The root mean square gap over all pairs of assets, by name of the measure; `inf` where a
        generated asset does not vary.
    """
    pairs = np.triu_indices(len(real.daily), k=1)
    gaps = {}
    for name, wanted in vars(real).items():
        gap = getattr(generated, name)[pairs] - wanted[pairs]
        gaps[name] = float(np.sqrt(np.mean(gap**2))) if np.isfinite(gap).all() else float("inf")
    return gaps


def _correlations(values: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.atleast_2d(np.corrcoef(values, rowvar=False))


def _shared_falls(pooled: NDArray[np.float64]) -> NDArray[np.float64]:
    falls = (pooled <= np.quantile(pooled, WORST, axis=0)).astype(np.float64)
    counts = falls.sum(axis=0)
    return (falls.T @ falls) / np.sqrt(np.outer(counts, counts))
