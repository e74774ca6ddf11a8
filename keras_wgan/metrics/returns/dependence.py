"""Dependence between assets by day and by month, and in falling markets."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError

WORST = 0.05  # the days that count as falls


@dataclass(frozen=True, eq=False)
class AssetDependence:
    """What binds several assets together, each a symmetric `(assets, assets)` array.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import AssetDependence

    apart = np.eye(2)
    links = AssetDependence(daily=apart, monthly=apart, sizes=apart, falls=apart)
    assert links.to_dict()["daily"] == [[1.0, 0.0], [0.0, 1.0]]
    ```

    Args:
        daily: correlations of the returns of a day.
        monthly: correlations of sums over 20 days.
        sizes: correlations of |r|: whether wild days are wild for all.
        falls: of the worst 5 % of one asset's days, the share on which the other has one of its
            worst 5 % too; .05 where they have nothing to do with each other.
    """

    daily: NDArray[np.float64]
    monthly: NDArray[np.float64]
    sizes: NDArray[np.float64]
    falls: NDArray[np.float64]

    def to_dict(self) -> dict[str, list[list[float]]]:
        """Returns the arrays as lists, ready for JSON."""
        return {name: values.tolist() for name, values in vars(self).items()}


def asset_dependence(windows: ArrayLike, *, month: int = 20) -> AssetDependence:
    """Measures how strongly assets move together, over all windows pooled.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import asset_dependence

    one, other = np.random.default_rng(0).normal(size=(2, 500, 60))
    links = asset_dependence(np.stack([one, 0.6 * one + 0.8 * other], axis=-1))
    assert abs(links.daily[0, 1] - 0.6) < 0.02
    ```

    Args:
        windows: log returns a day, `(windows, days, assets)` with two assets or more.
        month: days in a sum, from parts of a window that do not overlap. Defaults to `20`.

    Returns:
        The `AssetDependence`; NaN where an asset does not vary.

    Raises:
        ValueError: where `windows` has another shape, is not finite, or is shorter than `month`.
    """
    returns = np.asarray(windows, dtype=np.float64)
    if returns.ndim != 3 or returns.shape[2] < 2 or len(returns) == 0:
        raise InvalidInputError(
            "`windows` must have the shape (windows, days, assets) with two assets or more. "
            f"Received: windows.shape={returns.shape}."
        )
    if not np.isfinite(returns).all():
        raise InvalidInputError(
            "`windows` must be finite. Received: returns that are NaN or infinite."
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
    """Compares what binds generated assets with what binds real ones; zero where the two agree.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import dependence_gaps
    from keras_wgan.metrics import asset_dependence

    links = asset_dependence(np.random.default_rng(0).normal(size=(100, 60, 2)))
    assert set(dependence_gaps(links, links).values()) == {0.0}
    ```

    Args:
        real: links of the real assets.
        generated: links of the generated ones, in the same order.

    Returns:
        The root mean square gap over all pairs of assets, by name of the link; `inf` where a
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
