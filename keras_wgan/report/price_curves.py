"""At which prices do log returns arrive, day by day, for a picture?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def price_curves(returns: NDArray[np.float64], start_price: float) -> NDArray[np.float64]:
    """Returns prices that begin with `start_price`, also for a generator that diverged.

    Args:
        returns: log returns a day, shape `(windows, days)`.
        start_price: price before the first day, above zero.

    Returns:
        Array of shape `(windows, days + 1)`. What grows by more than e^600 is held there.

    Raises:
        ValueError: for a `start_price` that is not finite and above zero.
    """
    if not (np.isfinite(start_price) and start_price > 0.0):
        raise ValueError(
            "`start_price` must be a finite price above zero. "
            f"Received: start_price={start_price}. Use the last real price, or 100."
        )
    growth = np.cumsum(np.pad(returns, ((0, 0), (1, 0))), axis=1)
    # The cap is for a generator that diverged: e^600 leaves any picture, but not the float range.
    return np.asarray(start_price * np.exp(np.minimum(growth, 600.0)))
