"""The score of a forecaster that was trained on generated windows and tested on real ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.cross_validation import time_blocks
from keras_wgan.metrics.returns.moments import as_windows

AHEAD = 5
LOOK_BACKS = (1, 5, 20)
MIN_DAYS = LOOK_BACKS[-1] + AHEAD + 1
RIDGE = 1e-6
SMALLEST = 0.01  # of the real mean |r|: keeps the logarithm of a still day finite


def prediction_excess(real: ArrayLike, generated: ArrayLike) -> float:
    """Returns how much worse a volatility forecast is when it was learnt from generated windows.

    The forecaster foretells log mean |r| of the last five days of a window from the days before:
    a linear regression on log mean |r| of the last 1, 5, 20 and all of them, and on the sum of
    the last five returns, which carries the leverage effect. Fitted once to all generated windows
    it is judged, by the mean absolute error, on real windows; so is one fitted to real windows,
    with the judged block of time and a gap of one window on either side left out.

    The score is error(generated) / error(real) - 1. At 0 nothing is lost by training on generated
    windows; below 0 they teach better than four fifths of the real history.

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
        real: log returns a day, shape `(windows, days)` or `(windows, days, 1)`, in the order of
            time; at least 26 days, and five windows for each day of a window.
        generated: windows of as many days.

    Returns:
        A finite number above -1.

    Raises:
        ValueError: for other shapes, different or too few days or windows, NaN or infinity, or
            real returns that are all zero.

    Reference:
        Corsi (2009), "A simple approximate long-memory model of realized volatility"; Esteban,
        Hyland and Raetsch (2017), https://arxiv.org/abs/1706.02633, train on synthetic, test on
        real.
    """
    history = as_windows(real, "real")
    samples = as_windows(generated, "generated")
    _refuse_unusable(history, samples)
    scale = float(np.abs(history).mean())
    past, ahead = _past(history, scale), _ahead(history, scale)
    learnt = _forecast(_past(samples, scale), _ahead(samples, scale), past)
    own = np.empty_like(ahead)
    for train, test in time_blocks(history, "real"):
        own[test] = _forecast(past[train], ahead[train], past[test])
    return float(np.abs(ahead - learnt).mean() / np.abs(ahead - own).mean()) - 1.0


def _past(windows: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    past = windows[:, :-AHEAD] / scale
    sizes = np.abs(past)
    levels = [np.log(sizes[:, -days:].mean(axis=1) + SMALLEST) for days in LOOK_BACKS]
    return np.stack(
        [
            *levels,
            np.log(sizes.mean(axis=1) + SMALLEST),
            # Bounded, so that one crash of an odd generator does not rule the fit.
            np.tanh(past[:, -LOOK_BACKS[1] :].mean(axis=1)),
        ],
        axis=1,
    )


def _ahead(windows: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    return np.log(np.abs(windows[:, -AHEAD:] / scale).mean(axis=1) + SMALLEST)


def _forecast(
    past: NDArray[np.float64], ahead: NDArray[np.float64], later_past: NDArray[np.float64]
) -> NDArray[np.float64]:
    # Least squares about the means. The ridge matters for a collapsed generator alone: where
    # nothing ever differs, nothing but the mean is learnt.
    centre = past.mean(axis=0)
    centred = past - centre
    gram = centred.T @ centred / len(past) + RIDGE * np.eye(past.shape[1])
    slopes = np.linalg.solve(gram, centred.T @ (ahead - ahead.mean()) / len(past))
    return np.asarray(ahead.mean() + (later_past - centre) @ slopes, dtype=np.float64)


def _refuse_unusable(real: NDArray[np.float64], generated: NDArray[np.float64]) -> None:
    if real.shape[1] != generated.shape[1] or real.shape[1] < MIN_DAYS:
        raise InvalidInputError(
            f"`real` and `generated` must have windows of the same days, {MIN_DAYS} or more. "
            f"Received: real.shape={real.shape}, generated.shape={generated.shape}. "
            "Generate as many days as the real windows have."
        )
    if not real.any():
        raise InvalidInputError(
            "`real` must hold returns that are not all zero. Received: zeros on every day. "
            "Look for a constant column in the data."
        )
