"""The ranges of autocorrelations and risks that the sampling noise of one history allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.autocorrelation import lagged_correlations
from keras_wgan.metrics.returns.facts import RISK_HORIZONS, RISK_LEVELS
from keras_wgan.metrics.returns.sampling_floor import bootstrapped
from keras_wgan.metrics.returns.windows import as_series

SHARE = 0.9  # of the drawn histories that lie within a range


@dataclass(frozen=True, eq=False)
class SamplingNoise:
    """The ranges that hold 9 in 10 histories drawn from large blocks of one history.

    Example:
    ```python
    from keras_wgan.metrics import SamplingNoise

    noise = SamplingNoise({}, {(0.01, 1): (-0.04, -0.03)}, {(0.01, 1): (-0.06, -0.04)})
    assert noise.value_at_risk[0.01, 1][0] <= -0.035
    ```

    Args:
        correlations: Lowest and highest autocorrelations, `(2, lags)`, under `"acf"`, `"acf_abs"`,
            `"acf_square"` and `"leverage"`, as `ReturnFacts` names them.
        value_at_risk: Lowest and highest value at risk, by level and days.
        expected_shortfall: Lowest and highest expected shortfall, by level and days.
    """

    correlations: Mapping[str, NDArray[np.float64]]
    value_at_risk: Mapping[tuple[float, int], tuple[float, float]]
    expected_shortfall: Mapping[tuple[float, int], tuple[float, float]]


def sampling_noise(
    returns: ArrayLike, *, lags: int = 20, histories: int = 200, block: int = 250, seed: int = 0
) -> SamplingNoise:
    """Measures how far autocorrelations and risks of a history vary by sampling alone.

    Histories are drawn as for `sampling_floor`, by a circular block bootstrap.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import sampling_noise

    returns = 0.01 * np.random.default_rng(0).normal(size=2000)
    noise = sampling_noise(returns, histories=50)
    low, high = noise.value_at_risk[0.01, 1]
    assert low < np.quantile(returns, 0.01) < high
    assert noise.correlations["acf_abs"].shape == (2, 20)
    ```

    Args:
        returns: Daily log returns in chronological order, shape `(days,)`.
        lags: The number of autocorrelations. Defaults to `20`.
        histories: The number of histories. Defaults to `200`.
        block: Days in a block. Defaults to `250`, one year.
        seed: Seed of the bootstrap. Defaults to `0`.

    Returns:
        The `SamplingNoise`.

    Raises:
        ValueError: If `returns` has another shape, is not finite or is shorter than two blocks, or
            `lags`, `histories` or `block` is below 1.

    Reference:
        Politis and Romano (1992), "A circular block-resampling procedure for stationary data".
    """
    history = as_series(returns)
    if whole_number("block", block) > len(history) // 2:
        raise InvalidInputError(
            "`block` must be at most half of the days of `returns`. "
            f"Received: block={block}, {len(history)} days."
        )
    lags = whole_number("lags", lags, maximum=len(history) - 1)
    rng = np.random.default_rng(seed)
    correlations, risks = [], []
    for _ in range(whole_number("histories", histories)):
        drawn = bootstrapped(history, block, rng)
        correlations.append(_correlations(drawn, lags))
        risks.append(_risks(drawn))
    ranges = {
        name: _range(np.stack([found[name] for found in correlations])) for name in correlations[0]
    }
    bounds = _range(np.array([list(found.values()) for found in risks]))  # (2, cases, 2)
    cases = list(risks[0])
    value_at_risk, shortfall = (
        {case: (float(bounds[0, at, kind]), float(bounds[1, at, kind]))
         for at, case in enumerate(cases)}
        for kind in (0, 1)
    )  # fmt: skip
    return SamplingNoise(ranges, value_at_risk, shortfall)


def _correlations(returns: NDArray[np.float64], lags: int) -> dict[str, NDArray[np.float64]]:
    r = returns[np.newaxis]
    sizes, squares = np.abs(r), r**2
    return {
        "acf": lagged_correlations(r, r, lags),
        "acf_abs": lagged_correlations(sizes, sizes, lags),
        "acf_square": lagged_correlations(squares, squares, lags),
        "leverage": lagged_correlations(r, squares, lags),
    }


def _risks(returns: NDArray[np.float64]) -> dict[tuple[float, int], tuple[float, float]]:
    """Returns value at risk and expected shortfall by level and days."""
    path = np.cumsum(np.pad(returns, (1, 0)))
    found = {}
    for days in RISK_HORIZONS:
        sums = path[days:] - path[:-days]
        for level in RISK_LEVELS:
            risk = float(np.quantile(sums, level))
            found[level, days] = (risk, float(sums[sums <= risk].mean()))
    return found


def _range(drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.quantile(drawn, [0.5 - SHARE / 2, 0.5 + SHARE / 2], axis=0))
