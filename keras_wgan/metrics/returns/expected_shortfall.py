"""The joint score of a value at risk and an expected shortfall."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array, in_range
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.windows import as_series


def fissler_ziegel_loss(
    returns: ArrayLike, value_at_risk: ArrayLike, expected_shortfall: ArrayLike, *, level: float
) -> NDArray[np.float64]:
    """Returns the joint loss of a value at risk v and an expected shortfall e, for each day.

    The loss at the return y is 1{y <= v} (y - v) / (level e) + v / e + log(-e) - 1; lower is
    better. In expectation it is smallest at the true pair, which no loss of the expected shortfall
    alone is. It is the one of Fissler and Ziegel's family whose differences between two forecasters
    do not depend on the unit of the returns (FZ0).

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import fissler_ziegel_loss

    returns = np.random.default_rng(0).normal(size=20_000)
    right, too_calm = (
        fissler_ziegel_loss(returns, scale * -1.645, scale * -2.063, level=0.05).mean()
        for scale in (1.0, 0.7)
    )
    assert right < too_calm
    ```

    Args:
        returns: Log returns of held-out days, shape `(days,)`.
        value_at_risk: The log return that a share `level` of the days should fall below: one
            number, or one for each day. Losses are negative.
        expected_shortfall: The mean log return of these days, of the same form, below 0 and not
            above the value at risk.
        level: The share of days, between 0 and 1, such as 0.05 for 5%.

    Returns:
        `(days,)` losses.

    Raises:
        ValueError: If the shapes do not fit, a number is not finite, an expected shortfall is not
            negative or above its value at risk, or `level` does not lie between 0 and 1.

    Reference:
        Fissler and Ziegel (2016), "Higher order elicitability and Osband's principle"; Patton,
        Ziegel and Chen (2019), "Dynamic semiparametric models for expected shortfall".
    """
    days = as_series(returns)
    level = in_range("level", level, above=0.0, below=1.0)
    threshold = _forecast("value_at_risk", value_at_risk, days)
    shortfall = _forecast("expected_shortfall", expected_shortfall, days)
    wrong = int(np.sum((shortfall >= 0.0) | (shortfall > threshold)))
    if wrong:
        raise InvalidInputError(
            "`expected_shortfall` must be negative and not above `value_at_risk`, because it is "
            f"the mean of the returns below it. Received: {wrong} of {len(days)} that are not."
        )
    below = np.where(days <= threshold, days - threshold, 0.0)
    return below / (level * shortfall) + threshold / shortfall + np.log(-shortfall) - 1.0


def _forecast(name: str, values: ArrayLike, days: NDArray[np.float64]) -> NDArray[np.float64]:
    found = finite_array(name, values)
    if found.shape not in ((), days.shape):
        raise InvalidInputError(
            f"`{name}` must be a number, or one number for each of `returns`. "
            f"Received: {name}.shape={found.shape}, {len(days)} returns"
        )
    return np.broadcast_to(found, days.shape)
