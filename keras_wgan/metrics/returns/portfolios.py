"""Portfolios of random weights, their returns, and their value at risk and expected shortfall."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array, whole_number
from keras_wgan.errors import InvalidInputError

Array = NDArray[np.float64]

RISK_HORIZONS = (1, 20)  # days
RISK_LEVELS = (0.01, 0.05)
PORTFOLIOS_AT_ONCE = 20  # 3 MB each for 6,000 paths of 60 days


def random_portfolios(assets: int, count: int = 200, *, seed: int = 0) -> Array:
    """Draws weights of portfolios, the first half long-only, the others long-short.

    Long-only weights are uniform on all that sum to one. Long-short ones are normal, and scaled
    so that their absolute values sum to one.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import random_portfolios

    weights = random_portfolios(5, 10)
    assert weights.shape == (10, 5) and (weights[:5] >= 0.0).all()
    np.testing.assert_allclose(np.abs(weights).sum(axis=1), 1.0)
    ```

    Args:
        assets: Number of assets.
        count: Number of portfolios. Defaults to `200`.
        seed: The same seed gives the same weights. Defaults to `0`.

    Returns:
        `(count, assets)` weights.

    Raises:
        ValueError: If a number is no whole number of at least 1.
    """
    assets, count = whole_number("assets", assets), whole_number("count", count)
    rng = np.random.default_rng(seed)
    long_only = rng.dirichlet(np.ones(assets), size=(count + 1) // 2)
    long_short = rng.standard_normal((count // 2, assets))
    long_short /= np.abs(long_short).sum(axis=1, keepdims=True)
    return np.concatenate([long_only, long_short])


def portfolio_log_returns(log_returns: ArrayLike, weights: ArrayLike) -> Array:
    """Returns the log returns of a portfolio that is rebalanced to fixed weights every day.

    They are not the weighted log returns of its assets: the portfolio's simple return is the
    weighted simple return.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import portfolio_log_returns

    days = np.log([[1.10, 0.90], [1.00, 1.20]])
    np.testing.assert_allclose(np.exp(portfolio_log_returns(days, [0.5, 0.5])), [1.0, 1.1])
    ```

    Args:
        log_returns: Log returns of any shape `(..., assets)`.
        weights: `(assets,)` shares of the portfolio's value; what is missing to one is cash.

    Returns:
        Log returns of the shape `(...)`; `-inf` where the portfolio loses all.

    Raises:
        ValueError: If the weights are not finite, or as many as there are assets.
    """
    returns = np.asarray(log_returns, np.float64)
    shares = finite_array("weights", weights, unit="weights")
    if shares.shape != returns.shape[-1:]:
        raise InvalidInputError(
            f"`weights` must hold one weight for each of {returns.shape[-1]} assets. "
            f"Received: weights.shape={shares.shape}"
        )
    simple = np.expm1(returns) @ shares
    with np.errstate(divide="ignore"):
        return np.asarray(np.log1p(np.maximum(simple, -1.0)))


def portfolio_risks(log_returns: ArrayLike, weights: ArrayLike) -> Array:
    """Measures value at risk and expected shortfall of portfolios over 1 and 20 days.

    Losses are positive shares of the portfolio's value.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import portfolio_risks

    days = 0.01 * np.random.default_rng(0).normal(size=(100_000, 1))
    var_1_day = portfolio_risks(days, [[1.0]])[0, 0, 0, 0]
    assert abs(var_1_day - 0.0230) < 0.0005  # 1 - exp(-0.0233)
    ```

    Args:
        log_returns: A history `(days, assets)`, whose sums over 20 days overlap, or windows
            `(windows, days, assets)` of 20 days or more, whose sums do not.
        weights: `(portfolios, assets)` weights.

    Returns:
        `(portfolios, 2, 2, 2)`: by horizon, 1 and 20 days; by level, 1% and 5%; and the value at
        risk, then the expected shortfall.

    Raises:
        ValueError: If the shapes do not fit, or there are fewer days.
    """
    returns = np.asarray(log_returns, np.float64)
    longest = max(RISK_HORIZONS)
    if returns.ndim not in (2, 3) or returns.shape[-2] < longest:
        raise InvalidInputError(
            "`log_returns` must have the shape (days, assets) or (windows, days, assets), with "
            f"at least {longest} days. Received: log_returns.shape={returns.shape}"
        )
    shares = np.atleast_2d(finite_array("weights", weights, unit="weights"))
    if shares.shape[1] != returns.shape[-1]:
        raise InvalidInputError(
            f"`weights` must be (portfolios, {returns.shape[-1]}), one weight for each asset. "
            f"Received: weights.shape={shares.shape}"
        )
    simple = np.expm1(returns)
    found = []
    for first in range(0, len(shares), PORTFOLIOS_AT_ONCE):
        portfolios = np.moveaxis(simple @ shares[first : first + PORTFOLIOS_AT_ONCE].T, -1, 0)
        with np.errstate(divide="ignore"):
            logs = np.log1p(np.maximum(portfolios, -1.0))
        found += [[_tail_losses(_sums(one, days)) for days in RISK_HORIZONS] for one in logs]
    return np.array(found)


def _sums(returns: Array, days: int) -> Array:
    if days == 1:
        return returns.ravel()
    if returns.ndim == 1:
        return np.convolve(returns, np.ones(days), mode="valid")
    whole = returns.shape[1] // days * days
    return np.asarray(returns[:, :whole].reshape(-1, days).sum(axis=1))


def _tail_losses(log_returns: Array) -> list[tuple[float, float]]:
    """Returns the value at risk and the expected shortfall at each level."""
    most = max(1, round(max(RISK_LEVELS) * len(log_returns)))
    worst = -np.expm1(np.sort(np.partition(log_returns, most - 1)[:most]))
    found = []
    for level in RISK_LEVELS:
        tail = worst[: max(1, round(level * len(log_returns)))]
        found.append((float(tail[-1]), float(tail.mean())))
    return found
