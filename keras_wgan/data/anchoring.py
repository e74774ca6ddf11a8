"""How do generated returns get exactly the mean and the volatility that a user asks for?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def anchor(
    returns: ArrayLike, *, mean: float | None = None, volatility: float | None = None
) -> NDArray[np.float64]:
    """Moves and stretches all returns alike, so that their pooled mean and volatility are given.

    One linear map for all days of all scenarios: skew, kurtosis, autocorrelations, the leverage
    effect, and which scenario is calm or wild beside the others, stay as they are. Mean and
    volatility are those of all days of all scenarios together; a single scenario keeps its own
    drift and its own spells.

    Both are per day. Divide a yearly mean by 252 and a yearly volatility by the square root of
    252, the trading days of a year.

    Example:
    ```python
    import numpy as np
    from keras_wgan.data.anchoring import anchor

    returns = np.random.default_rng(0).normal(0.001, 0.02, size=(100, 60))
    calm = anchor(returns, mean=0.0, volatility=0.16 / 252**0.5)  # 16 % a year
    assert np.isclose(calm.std() * 252**0.5, 0.16, rtol=1e-12) and abs(calm.mean()) < 1e-15
    ```

    Args:
        returns: log returns a day, of any shape, such as `(scenarios, days)`.
        mean: mean log return a day that all returns together shall have. Defaults to `None`, the
            one they have. Prices grow by about half the variance more than this says.
        volatility: standard deviation (`ddof=0`) of the log returns, a day, above zero. Defaults
            to `None`, the one they have.

    Returns:
        New float64 returns of the same shape; exact up to rounding.

    Raises:
        ValueError: for an empty array, returns that are NaN or infinite, a `mean` that is not
            finite, a `volatility` not above zero, or one asked of returns that never vary.
    """
    values = np.asarray(returns, dtype=np.float64)
    _refuse_unusable(values, mean, volatility)
    own_mean = float(values.mean())
    deviations = values - own_mean
    if volatility is not None:
        # Centered once more: rounding in a mean of millions of returns would enter the stretch.
        deviations -= deviations.mean()
        deviations *= volatility / float(np.sqrt(np.mean(deviations**2)))
    return np.asarray(deviations + (own_mean if mean is None else mean))


def _refuse_unusable(
    values: NDArray[np.float64], mean: float | None, volatility: float | None
) -> None:
    if values.size == 0 or not np.isfinite(values).all():
        raise ValueError(
            "`returns` must be finite, and at least one. "
            f"Received: returns.shape={values.shape}, {values.size - np.isfinite(values).sum()} "
            "of them NaN or infinite. Look for a generator that diverged."
        )
    if mean is not None and not np.isfinite(mean):
        raise ValueError(
            "`mean` must be a finite log return a day, such as 0.0002. "
            f"Received: mean={mean}. Leave it out to keep the mean."
        )
    if volatility is None:
        return
    if not (np.isfinite(volatility) and volatility > 0.0):
        raise ValueError(
            "`volatility` must be a finite standard deviation a day above zero, such as 0.01. "
            f"Received: volatility={volatility}. Leave it out to keep the volatility."
        )
    if values.min() == values.max():
        raise ValueError(
            "`returns` must vary to be given a `volatility`; nothing stretches a constant. "
            f"Received: {values.size} returns of {values.flat[0]}. Look for a collapsed generator."
        )
