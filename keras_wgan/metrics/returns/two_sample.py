"""A classifier two-sample test of generated against real windows."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.cross_validation import FOLDS, time_blocks
from keras_wgan.metrics.returns.moments import as_windows

FURTHEST = 5.0  # standard deviations a feature may count for, or its square would rule


def classifier_two_sample(real: ArrayLike, generated: ArrayLike, *, seed: int = 0) -> float:
    """Returns how much better than chance a classifier sorts real from generated windows.

    A logistic regression looks at 17 features of each window (mean, volatility, skew, kurtosis,
    largest moves, autocorrelations of r and |r|, leverage, halves, drawdown, run-up, 5-day sums,
    median) and their squares. It is trained on four fifths and judged on the last, five times.
    The real fifths are blocks in time with a gap of one window, so that overlapping windows never
    stand on both sides; the generated windows are dealt at random.

    The score is the balanced accuracy less one half: 0 is chance and .5 is perfect. It falls
    below zero where generated windows reuse the held-out days, as those of a bootstrap do; read
    it beside the copy rate.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import classifier_two_sample

    rng = np.random.default_rng(0)
    real = 0.01 * rng.standard_t(4, size=(400, 60))
    same = 0.01 * rng.standard_t(4, size=(400, 60))
    normal = 0.01 * rng.normal(size=(400, 60))
    assert classifier_two_sample(real, same) < 0.1 < classifier_two_sample(real, normal)
    ```

    Args:
        real: log returns a day, shape `(windows, days)` or `(windows, days, 1)`, in the order of
            time; at least 20 days, and five windows for each day of a window.
        generated: windows of as many days, independent of each other, at least 100.
        seed: whole number on which the dealing depends. Defaults to `0`.

    Returns:
        Balanced accuracy less one half, between -.5 and .5.

    Raises:
        ValueError: for other shapes, different or too few days or windows, NaN or infinity, or
            real returns that never vary.

    Reference:
        Lopez-Paz and Oquab (2017), "Revisiting classifier two-sample tests",
        https://arxiv.org/abs/1610.06545.
    """
    history = as_windows(real, "real")
    samples = as_windows(generated, "generated")
    _refuse_unusable(history, samples)
    scale = float(history.std())
    real_features = window_features(history, scale)
    generated_features = window_features(samples, scale)
    dealt = np.random.default_rng(seed).permutation(len(samples)) % FOLDS
    found = [
        _balanced_accuracy(
            (real_features[train], generated_features[dealt != fold]),
            (real_features[test], generated_features[dealt == fold]),
        )
        for fold, (train, test) in enumerate(time_blocks(history, "real"))
    ]
    return float(np.mean(found)) - 0.5


def _balanced_accuracy(
    train: tuple[NDArray[np.float64], NDArray[np.float64]],
    test: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> float:
    from sklearn.linear_model import LogisticRegression

    everything = np.concatenate(train)
    mean, std = everything.mean(axis=0), everything.std(axis=0)
    std = np.where(std > 0.0, std, 1.0)

    def with_squares(features: NDArray[np.float64]) -> NDArray[np.float64]:
        standard = np.clip((features - mean) / std, -FURTHEST, FURTHEST)
        return np.concatenate([standard, standard**2], axis=1)

    labels = np.repeat([0, 1], [len(train[0]), len(train[1])])
    model = LogisticRegression(class_weight="balanced", max_iter=2000)
    model.fit(with_squares(everything), labels)
    shares = [np.mean(model.predict(with_squares(part)) == k) for k, part in enumerate(test)]
    return float(np.mean(shares))


def _refuse_unusable(real: NDArray[np.float64], generated: NDArray[np.float64]) -> None:
    if real.shape[1] != generated.shape[1] or real.shape[1] < MIN_DAYS:
        raise InvalidInputError(
            f"`real` and `generated` must have windows of the same days, {MIN_DAYS} or more. "
            f"Received: real.shape={real.shape}, generated.shape={generated.shape}. "
            "Generate as many days as the real windows have."
        )
    if len(generated) < 100:
        raise InvalidInputError(
            "`generated` must hold at least 100 windows, or the accuracy is mostly luck. "
            f"Received: generated.shape={generated.shape}. Generate more."
        )
    if real.min() == real.max():
        raise InvalidInputError(
            f"`real` must hold returns that vary. Received: {real.flat[0]} on every day. "
            "Look for a constant column in the data."
        )


MIN_DAYS = 20
# Keeps logarithms and ratios finite for a window that never moves; in real standard deviations.
TINY = 1e-3
LARGEST = 20.0


def window_features(windows: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """Describes each window by 17 numbers.

    Mean and volatility, skew and kurtosis, largest move, fall and rise, autocorrelation of r at 1
    and of |r| at 1, 5 and 10 days, corr(r_t, r^2_{t+1}), volatility of the second half against the
    first, deepest fall and highest rise of the path, volatility of 5-day sums against that of
    days, and the median move against the volatility. Sizes are in logarithms, and skew, kurtosis
    and correlations are the window's own: the features are meant to differ from window to window.

    Args:
        windows: log returns a day, shape `(windows, days)`, at least 20 days.
        scale: standard deviation of the real log returns a day, the unit of all sizes.

    Returns:
        Finite numbers between -20 and 20, shape `(windows, 17)`.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        returns = windows / scale
        sizes = np.abs(returns)
        volatility = returns.std(axis=1) + TINY
        standard = (returns - returns.mean(axis=1, keepdims=True)) / volatility[:, np.newaxis]
        squares = standard**2
        paths = np.cumsum(np.pad(returns, ((0, 0), (1, 0))), axis=1)
        half = returns.shape[1] // 2
        features = [
            returns.mean(axis=1) * np.sqrt(returns.shape[1]),
            np.log(volatility),
            np.mean(standard * squares, axis=1),
            np.log(np.mean(squares**2, axis=1) + TINY),
            np.log(sizes.max(axis=1) + TINY),
            np.arcsinh(returns.min(axis=1)),
            np.arcsinh(returns.max(axis=1)),
            np.mean(standard[:, :-1] * standard[:, 1:], axis=1),
            *[_autocorrelation(np.abs(standard), lag) for lag in (1, 5, 10)],
            np.mean(standard[:, :-1] * squares[:, 1:], axis=1),
            np.log(sizes[:, half:].mean(axis=1) + TINY)
            - np.log(sizes[:, :half].mean(axis=1) + TINY),
            np.log((np.maximum.accumulate(paths, axis=1) - paths).max(axis=1) + TINY),
            np.log((paths - np.minimum.accumulate(paths, axis=1)).max(axis=1) + TINY),
            np.log((paths[:, 5:] - paths[:, :-5]).std(axis=1) + TINY) - np.log(volatility),
            np.log(np.median(sizes, axis=1) + TINY) - np.log(volatility),
        ]
        table = np.nan_to_num(np.stack(features, axis=1), nan=0.0)
    return np.clip(table, -LARGEST, LARGEST)


def _autocorrelation(values: NDArray[np.float64], lag: int) -> NDArray[np.float64]:
    centred = values - values.mean(axis=1, keepdims=True)
    return np.mean(centred[:, :-lag] * centred[:, lag:], axis=1) / (centred.var(axis=1) + TINY)
