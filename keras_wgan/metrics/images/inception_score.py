"""The classifier score, which is the Inception score with Inception's probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import rel_entr

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.images.features import as_features


@dataclass(frozen=True)
class ClassifierScore:
    """A classifier score with its standard deviation over splits.

    Example:
    ```python
    from keras_wgan.metrics import ClassifierScore

    assert ClassifierScore(value=9.6, split_std=0.1, splits=10).value <= 10  # of ten classes
    ```

    Args:
        value: Mean over the splits, from 1 to the number of classes.
        split_std: Standard deviation of the splits' values.
        splits: Number of splits.
    """

    value: float
    split_std: float
    splits: int


def classifier_score(probabilities: ArrayLike, *, splits: int = 10) -> ClassifierScore:
    """Returns exp of the mean divergence between a sample's classes and those of all samples.

    With Inception's probabilities it is the Inception score. It ignores real samples, so that a
    generator of one perfect sample of each class has the full score.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import classifier_score

    sure_and_varied = np.eye(10)[np.arange(1000) % 10]
    assert round(classifier_score(sure_and_varied).value, 9) == 10.0
    unsure = np.full((1000, 10), 0.1)
    assert round(classifier_score(unsure).value, 9) == 1.0
    ```

    Args:
        probabilities: Shape `(n, classes)`, zero or above, each row of sum 1, in the order in
            which the samples were drawn.
        splits: Number of consecutive parts. Defaults to `10`.

    Returns:
        The `ClassifierScore`.

    Raises:
        ValueError: Where a row is no probability, or there are fewer rows than splits.

    Reference:
        Salimans et al. (2016), "Improved techniques for training GANs",
        https://arxiv.org/abs/1606.03498.
    """
    splits = whole_number("splits", splits)
    rows = as_features(probabilities, "probabilities", min_rows=splits)
    sums = rows.sum(axis=1)
    if rows.min() < 0.0 or np.abs(sums - 1.0).max() > 1e-3:  # float16 rows of 10 add up to 1e-3
        raise InvalidInputError(
            "`probabilities` must hold rows of numbers of at least 0 that sum to 1. Received: "
            f"lowest {rows.min():g}, sums from {sums.min():g} to {sums.max():g}. "
            "Apply a softmax to logits first."
        )
    scores = []
    for part in np.array_split(rows / sums[:, None], splits):
        divergences = rel_entr(part, part.mean(axis=0)).sum(axis=1)
        scores.append(float(np.exp(divergences.mean())))
    return ClassifierScore(float(np.mean(scores)), float(np.std(scores)), splits)
