"""The error of a volatility forecast trained on generated and tested on real windows."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.windows import as_window_pair, time_blocks

AHEAD = 5
LOOK_BACKS = (1, 5, 20)
MIN_DAYS = LOOK_BACKS[-1] + AHEAD + 1
RIDGE = 1e-6
SMALLEST = 0.01  # of the real mean |r|; keeps the logarithm finite on days without a move


def prediction_excess(real: ArrayLike, generated: ArrayLike) -> float:
    """Returns the relative increase in the error of a volatility forecast from generated windows.

    A linear regression predicts log mean |r| of the last five days of a window from the days
    before: from log mean |r| of the last 1, 5, 20 and all of them, and from the mean of the last
    five returns, for the leverage effect. One model is fitted to all generated windows, another to
    the real windows outside the tested block of time and a gap of one window on either side. Both
    are tested on the real windows by the mean absolute error.

    The score is error(generated) / error(real) - 1. At 0, training on generated windows loses
    nothing; below 0, they train a better forecaster than four fifths of the real history.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import prediction_excess

    rng = np.random.default_rng(0)
    real = 0.01 * rng.normal(size=(400, 60)) * rng.uniform(0.3, 3.0, size=(400, 1))
    same = 0.01 * rng.normal(size=(400, 60)) * rng.uniform(0.3, 3.0, size=(400, 1))
    no_regimes = 0.02 * rng.normal(size=(400, 60))
    assert abs(prediction_excess(real, same)) < 0.05 < prediction_excess(real, no_regimes)
    ```

    Args:
        real: Daily log returns, shape `(windows, days)` or `(windows, days, 1)`, in chronological
            order; at least 26 days, and five windows for each day of a window.
        generated: Windows with the same number of days.

    Returns:
        A finite number above -1.

    Raises:
        ValueError: If the windows have another shape, different or too few days, or are not finite;
            or if there are too few real windows, or all of them are zero.

    Reference:
        Corsi (2009), "A simple approximate long-memory model of realized volatility"; Esteban,
        Hyland and Raetsch (2017), https://arxiv.org/abs/1706.02633, train on synthetic, test on
        real.
    """
    history, samples = as_window_pair(real, generated, min_days=MIN_DAYS)
    if not history.any():
        raise InvalidInputError(
            "`real` must hold returns that are not all zero. Received: zeros on every day. "
            "Look for a constant column in the data."
        )
    scale = float(np.abs(history).mean())
    past, ahead = _past(history, scale), _ahead(history, scale)
    learned = _forecast(_past(samples, scale), _ahead(samples, scale), past)
    own = np.empty_like(ahead)
    for train, test in time_blocks(history, "real"):
        own[test] = _forecast(past[train], ahead[train], past[test])
    return float(np.abs(ahead - learned).mean() / np.abs(ahead - own).mean()) - 1.0


def _past(windows: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    past = windows[:, :-AHEAD] / scale
    sizes = np.abs(past)
    levels = [np.log(sizes[:, -days:].mean(axis=1) + SMALLEST) for days in LOOK_BACKS]
    return np.stack(
        [
            *levels,
            np.log(sizes.mean(axis=1) + SMALLEST),
            # Bounded, so that a single generated crash does not dominate the fit.
            np.tanh(past[:, -LOOK_BACKS[1] :].mean(axis=1)),
        ],
        axis=1,
    )


def _ahead(windows: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    return np.log(np.abs(windows[:, -AHEAD:] / scale).mean(axis=1) + SMALLEST)


def _forecast(
    past: NDArray[np.float64], ahead: NDArray[np.float64], later_past: NDArray[np.float64]
) -> NDArray[np.float64]:
    # Least squares about the means. The ridge matters only for a collapsed generator, whose equal
    # windows would make the system singular.
    center = past.mean(axis=0)
    centered = past - center
    gram = centered.T @ centered / len(past) + RIDGE * np.eye(past.shape[1])
    slopes = np.linalg.solve(gram, centered.T @ (ahead - ahead.mean()) / len(past))
    return np.asarray(ahead.mean() + (later_past - center) @ slopes, dtype=np.float64)
