"""A classifier two-sample test of generated against real windows."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.windows import FOLDS, as_window_pair, time_blocks

FURTHEST = 5.0  # standard deviations; the square of a larger feature would dominate
MIN_DAYS = 20
MIN_SAMPLES = 100
# Keeps logarithms and ratios finite for a constant window; in real standard deviations.
TINY = 1e-3
LARGEST = 20.0


def classifier_two_sample(real: ArrayLike, generated: ArrayLike, *, seed: int = 0) -> float:
    """Returns how much better than chance a classifier separates real from generated windows.

    A logistic regression uses 17 features of each window (mean, volatility, skew, kurtosis,
    largest moves, autocorrelations of r and |r|, leverage, halves, drawdown, run-up, 5-day sums,
    median) and their squares, with five-fold cross-validation. The real folds are blocks of time,
    with a gap of one window so that no window overlaps one of the test fold; the generated windows
    are assigned to folds at random.

    The score is the balanced accuracy minus one half: 0 is chance and 0.5 is perfect. It is below
    zero where generated windows reuse the held-out days, as those of a bootstrap do, so read it
    together with the copy rate.

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
        real: Daily log returns, shape `(windows, days)` or `(windows, days, 1)`, in chronological
            order; at least 20 days, and five windows for each day of a window.
        generated: At least 100 independent windows with the same number of days.
        seed: Seed of the assignment to folds. Defaults to `0`.

    Returns:
        Balanced accuracy minus one half, between -0.5 and 0.5.

    Raises:
        ValueError: If the windows have another shape, different or too few days, or are not finite;
            or if there are too few windows, or the real returns are constant.

    Reference:
        Lopez-Paz and Oquab (2017), "Revisiting classifier two-sample tests",
        https://arxiv.org/abs/1610.06545.
    """
    history, samples = as_window_pair(real, generated, min_days=MIN_DAYS)
    if len(samples) < MIN_SAMPLES:
        raise InvalidInputError(
            f"`generated` must hold at least {MIN_SAMPLES} windows, or the accuracy is mostly "
            f"luck. Received: generated.shape={samples.shape}. Generate more."
        )
    if history.min() == history.max():
        raise InvalidInputError(
            f"`real` must hold returns that vary. Received: {history.flat[0]} on every day. "
            "Look for a constant column in the data."
        )
    scale = float(history.std())
    real_features = window_features(history, scale)
    generated_features = window_features(samples, scale)
    folds = np.random.default_rng(seed).permutation(len(samples)) % FOLDS
    accuracies = [
        _balanced_accuracy(
            (real_features[train], generated_features[folds != fold]),
            (real_features[test], generated_features[folds == fold]),
        )
        for fold, (train, test) in enumerate(time_blocks(history, "real"))
    ]
    return float(np.mean(accuracies)) - 0.5


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


def window_features(windows: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """Returns 17 features of each of (windows, days) log returns, clipped to -20..20.

    `scale` is the unit of all sizes, which are in logarithms. The features are not pooled: each
    window has its own moments and correlations.
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
    centered = values - values.mean(axis=1, keepdims=True)
    return np.mean(centered[:, :-lag] * centered[:, lag:], axis=1) / (centered.var(axis=1) + TINY)
