"""Scores of the joint returns of several assets: dependence, and risks of random portfolios."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array, whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.dependence import (
    AssetDependence,
    asset_dependence,
    dependence_gaps,
)
from keras_wgan.metrics.returns.portfolios import (
    portfolio_log_returns,
    portfolio_risks,
    random_portfolios,
)
from keras_wgan.metrics.returns.sampling_floor import mean_sizes, resampled_histories

MONTH = 20
PORTFOLIOS = 200


@dataclass(frozen=True, eq=False)
class JointFacts:
    """What the returns of several assets are together.

    Args:
        dependence: The dependence of each pair.
        first_eigenvalue: The largest eigenvalue of the correlations of daily returns.
        kurtosis: Excess kurtosis of the daily log return of equal weights.
        risks: Value at risk and expected shortfall of random portfolios, from `portfolio_risks`.
    """

    dependence: AssetDependence
    first_eigenvalue: float
    kurtosis: float
    risks: NDArray[np.float64]


def joint_facts(returns: ArrayLike) -> JointFacts:
    """Measures the returns of several assets together.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import joint_facts

    market, own = np.random.default_rng(0).normal(size=(2, 4000, 1)), 1.0
    assets = market[0] + np.random.default_rng(1).normal(size=(4000, 4))
    facts = joint_facts(0.01 * assets)  # correlations of 0.5
    assert abs(facts.first_eigenvalue - (1 + 3 * 0.5)) < 0.1 and abs(facts.kurtosis) < 0.3
    ```

    Args:
        returns: Daily log returns, a history `(days, assets)` or windows `(windows, days, assets)`
            of at least 20 days and two assets.

    Returns:
        The `JointFacts`.

    Raises:
        ValueError: If the shape is another, or a return is not finite.
    """
    given = finite_array("returns", returns, unit="returns")
    if given.ndim not in (2, 3) or given.shape[-1] < 2 or given.shape[-2] < MONTH:
        raise InvalidInputError(
            "`returns` must have the shape (days, assets) or (windows, days, assets), with at "
            f"least {MONTH} days and two assets. Received: returns.shape={given.shape}"
        )
    from scipy.stats import kurtosis  # loads in a second

    assets = given.shape[-1]
    windows = given
    if given.ndim == 2:
        months = np.lib.stride_tricks.sliding_window_view(given, MONTH, axis=0)
        windows = np.moveaxis(months, -1, 1)
    dependence = asset_dependence(windows, month=MONTH)
    equal = portfolio_log_returns(given, np.full(assets, 1 / assets))
    known = np.isfinite(dependence.daily).all()
    return JointFacts(
        dependence,
        float(np.linalg.eigvalsh(dependence.daily)[-1]) if known else np.nan,
        float(kurtosis(equal, axis=None)),
        portfolio_risks(given, _portfolios(assets)),
    )


def joint_scores(real: JointFacts, generated: JointFacts) -> dict[str, float]:
    """Compares the returns of several assets, generated and real; 0 is best.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import joint_facts, joint_scores

    real = joint_facts(0.01 * np.random.default_rng(0).normal(size=(500, 3)))
    assert set(joint_scores(real, real).values()) == {0.0}
    ```

    Args:
        real: Facts of the real assets.
        generated: Facts of the generated assets, in the same order.

    Returns:
        Scores by name: root mean square gaps over all pairs of `correlation`,
        `correlation_20d`, `correlation_abs` (of |r|) and `joint_worst` (the share of one asset's
        worst 5% of days that are among the other's); `first_eigenvalue`, relative, and
        `kurtosis_equal`, absolute, with their sign; and `portfolio_risk`, the mean relative error
        of the value at risk and the expected shortfall at 1% and 5%, over 1 and 20 days, of 200
        random portfolios. Infinite where a generated asset does not vary.
    """
    gaps = dependence_gaps(real.dependence, generated.dependence)
    with np.errstate(invalid="ignore"):
        scores = {
            "correlation": gaps["daily"],
            "correlation_20d": gaps["monthly"],
            "correlation_abs": gaps["sizes"],
            "joint_worst": gaps["falls"],
            "first_eigenvalue": generated.first_eigenvalue / real.first_eigenvalue - 1.0,
            "kurtosis_equal": generated.kurtosis - real.kurtosis,
            "portfolio_risk": float(np.mean(np.abs(generated.risks / real.risks - 1.0))),
        }
    return {name: score if np.isfinite(score) else np.inf for name, score in scores.items()}


def joint_floor(
    returns: ArrayLike, *, histories: int = 30, block: int = 250, seed: int = 0
) -> dict[str, float]:
    """Measures how large each score of `joint_scores` is by the noise of sampling alone.

    As `sampling_floor`, with blocks of days of all assets.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import joint_floor

    returns = 0.01 * np.random.default_rng(0).standard_t(4, size=(1000, 3))
    floor = joint_floor(returns, histories=3)
    assert 0.0 < floor["correlation"] < 0.1
    ```

    Args:
        returns: Daily log returns in chronological order, `(days, assets)`.
        histories: The number of drawn histories. Defaults to `30`.
        block: Days in a block, at most half of the history. Defaults to `250`, one year.
        seed: Seed of the bootstrap. Defaults to `0`.

    Returns:
        The mean of |score| over the drawn histories, by name of the score.

    Raises:
        ValueError: As `joint_facts`, or if `histories` or `block` is out of range.
    """
    history = np.asarray(returns, np.float64)
    real = joint_facts(history)
    whole_number("histories", histories)
    drawn = resampled_histories(history, histories=histories, block=block, seed=seed)
    return mean_sizes([joint_scores(real, joint_facts(one)) for one in drawn])


@cache
def _portfolios(assets: int) -> NDArray[np.float64]:
    return random_portfolios(assets, PORTFOLIOS)
