"""The losses of critic and generator, as pure functions of `keras.ops`."""

from collections.abc import Sequence

import keras
from keras import ops

from keras_wgan._tensor import Tensor


def weighted_mean(values: Tensor, sample_weight: Tensor | None = None) -> Tensor:
    """Returns the mean of one value a sample, in which a sample counts as much as its weight.

    All losses, the penalty and the logged means are such means, so that a weight of two has the
    effect of a sample that is there twice.

    Example:
    ```python
    import numpy as np
    from keras_wgan.losses import weighted_mean

    values, weights = np.array([1.0, 5.0], "float32"), np.array([3.0, 1.0], "float32")
    assert float(weighted_mean(values)) == 3.0
    assert float(weighted_mean(values, weights)) == 2.0
    ```

    Args:
        values: `(batch,)` values.
        sample_weight: `(batch,)` weights, none negative. Defaults to `None`, all equal.

    Returns:
        A scalar; zero if all weights are zero.
    """
    if sample_weight is None:
        return ops.mean(values)
    total = ops.sum(ops.multiply(sample_weight, values))
    return ops.divide_no_nan(total, ops.sum(sample_weight))


def critic_loss(
    real_scores: Tensor, fake_scores: Tensor, sample_weight: Tensor | None = None
) -> Tensor:
    """Returns the critic's loss without its penalty, E[D(fake)] - E[D(real)].

    Its negative is the critic's estimate of the Wasserstein distance.

    Example:
    ```python
    import numpy as np
    from keras_wgan.losses import critic_loss

    assert float(critic_loss(np.array([3.0, 5.0]), np.array([1.0, 1.0]))) == -3.0
    ```

    Args:
        real_scores: `(batch,)` critic scores of real samples.
        fake_scores: `(batch,)` critic scores of generated samples.
        sample_weight: `(batch,)` weights, see `weighted_mean`. Defaults to `None`.

    Returns:
        A scalar, in units of the critic's score.

    Reference:
        Arjovsky, Chintala and Bottou (2017), Wasserstein GAN, Algorithm 1.
    """
    return weighted_mean(fake_scores, sample_weight) - weighted_mean(real_scores, sample_weight)


def generator_loss(fake_scores: Tensor, sample_weight: Tensor | None = None) -> Tensor:
    """Returns the generator's loss, -E[D(fake)].

    Example:
    ```python
    import numpy as np
    from keras_wgan.losses import generator_loss

    assert float(generator_loss(np.array([1.0, 3.0]))) == -2.0
    ```

    Args:
        fake_scores: `(batch,)` critic scores of generated samples.
        sample_weight: `(batch,)` weights, see `weighted_mean`. Defaults to `None`.

    Returns:
        A scalar, in units of the critic's score.

    Reference:
        Arjovsky, Chintala and Bottou (2017), Wasserstein GAN, Algorithm 1.
    """
    return -weighted_mean(fake_scores, sample_weight)


def interpolate(real: Tensor, fake: Tensor, mixing_weights: Tensor) -> Tensor:
    """Returns the points between real and generated samples where the slope is penalized.

    Example:
    ```python
    import numpy as np
    from keras_wgan.losses import interpolate

    real, fake = np.ones((2, 3), "float32"), np.zeros((2, 3), "float32")
    mixed = np.asarray(interpolate(real, fake, np.array([[0.25], [1.0]], "float32")))
    assert mixed.tolist() == [[0.25, 0.25, 0.25], [1.0, 1.0, 1.0]]
    ```

    Args:
        real: `(batch, *shape)` real samples.
        fake: `(batch, *shape)` generated samples.
        mixing_weights: `(batch, 1, ..., 1)`, one number in [0, 1] per sample.

    Returns:
        `(batch, *shape)`: weight times real plus one minus weight times fake.

    Reference:
        Gulrajani et al. (2017), Improved Training of Wasserstein GANs, Algorithm 1, line 6.
    """
    return mixing_weights * real + (1.0 - mixing_weights) * fake


def gradient_norm(slope: Tensor) -> Tensor:
    """Returns the Euclidean norm of each sample's gradient, in float32.

    Example:
    ```python
    import numpy as np
    from keras_wgan.losses import gradient_norm

    assert np.asarray(gradient_norm(np.array([[[3.0], [4.0]]], "float32"))).tolist() == [5.0]
    ```

    Args:
        slope: `(batch, *shape)` gradient of the critic's score at each sample.

    Returns:
        `(batch,)` norms over all axes but the first. Zero where the gradient is zero, with a
        zero (not an infinite) slope of its own there.

    Reference:
        Gulrajani et al. (2017), Improved Training of Wasserstein GANs, Algorithm 1, line 7.
    """
    slope = ops.cast(slope, "float32")
    squares = ops.sum(ops.square(slope), axis=tuple(range(1, len(slope.shape))))
    # The square root has an infinite slope at zero: a flat critic would turn to NaN.
    positive = squares > 0.0
    roots = ops.sqrt(ops.where(positive, squares, ops.ones_like(squares)))
    return ops.where(positive, roots, ops.zeros_like(roots))


def gradient_penalty(
    norms: Tensor,
    *,
    target: float = 1.0,
    one_sided: bool = False,
    sample_weight: Tensor | None = None,
) -> Tensor:
    """Returns the mean squared relative distance of the critic's slopes from the target slope.

    Example:
    ```python
    import numpy as np
    from keras_wgan.losses import gradient_penalty

    assert float(gradient_penalty(np.array([4.0], "float32"))) == 9.0
    assert float(gradient_penalty(np.array([4.0], "float32"), target=2.0)) == 1.0
    assert float(gradient_penalty(np.array([0.5], "float32"), one_sided=True)) == 0.0
    ```

    Args:
        norms: `(batch,)` gradient norms, see `gradient_norm`.
        target: The target slope. Defaults to `1.0`.
        one_sided: Whether only slopes above the target are penalized. Defaults to `False`.
        sample_weight: `(batch,)` weights, see `weighted_mean`. Defaults to `None`.

    Returns:
        A scalar: the mean of `(norm / target - 1) ** 2`.

    Reference:
        Gulrajani et al. (2017), Improved Training of Wasserstein GANs, equation 3 and section 4
        (one-sided).
    """
    excess = norms / target - 1.0
    if one_sided:
        excess = ops.relu(excess)
    return weighted_mean(ops.square(excess), sample_weight)


def weight_penalties(variables: Sequence[keras.Variable]) -> Tensor:
    """Returns the sum of the penalties of the variables' own regularizers.

    Example:
    ```python
    import keras
    from keras_wgan.losses import weight_penalties

    ridge = keras.regularizers.L2(0.5)
    layer = keras.layers.Dense(1, kernel_initializer="ones", kernel_regularizer=ridge)
    layer.build((None, 4))
    penalty = weight_penalties(layer.trainable_variables)
    assert keras.ops.convert_to_numpy(penalty) == 2.0
    ```

    Args:
        variables: Trainable Keras variables; those without a regularizer add nothing.

    Returns:
        A scalar.
    """
    penalties = [v.regularizer(v) for v in variables if v.regularizer is not None]
    # float32 as all losses, also where variables or Keras' default are of another precision.
    return sum((ops.cast(each, "float32") for each in penalties), start=ops.zeros((), "float32"))


def added_losses(network: keras.layers.Layer) -> list[Tensor]:
    """Returns what the layers of a network added to the loss in its last call.

    Example:
    ```python
    import keras
    import numpy as np
    from keras_wgan.losses import added_losses

    layer = keras.layers.ActivityRegularization(l2=0.5)
    layer(np.full((1, 4), 2.0, "float32"))
    assert [float(loss) for loss in added_losses(layer)] == [8.0]
    ```

    Args:
        network: A Keras model or layer that was called.

    Returns:
        Scalars: those that its layers gave to `add_loss` and those of activity regularizers. The
        penalties of weights, which `weight_penalties` returns, are not among them.
    """
    # `losses` ends with the penalties of the weights, one for each that has a regularizer.
    regularized = [each for each in network.trainable_weights if each.regularizer is not None]
    found = network.losses
    return [ops.cast(loss, "float32") for loss in found[: len(found) - len(regularized)]]


def in_proportion(sample_weight: Tensor | None, *batches: Tensor) -> list[Tensor]:
    """Returns batches of the same size in which each row is as frequent as its weight says.

    A generator penalty compares batches as a whole and knows no weights, so it gets these. How
    often a row is repeated is rounded; with equal weights each row is there once.

    Example:
    ```python
    import numpy as np
    from keras_wgan.losses import in_proportion

    weights, batch = np.array([2.0, 0.0, 1.0, 1.0], "float32"), np.array([5.0, 6.0, 7.0, 8.0])
    (rows,) = in_proportion(weights, batch)
    assert np.asarray(rows).tolist() == [5.0, 5.0, 7.0, 8.0]
    ```

    Args:
        sample_weight: `(batch,)` weights, none negative, or `None` for the batches themselves.
        batches: Arrays of `(batch, ...)`, of which the same rows are taken.

    Returns:
        A list of arrays of the same shapes.

    Reference:
        Kitagawa (1996), Monte Carlo Filter and Smoother, appendix, for resampling at equally
        spaced points.
    """
    if sample_weight is None:
        return list(batches)
    total = ops.cumsum(sample_weight)
    size = ops.shape(sample_weight)[0]
    middles = (ops.arange(size, dtype="float32") + 0.5) / ops.cast(size, "float32")
    rows = ops.minimum(ops.searchsorted(total, middles * total[-1], side="right"), size - 1)
    return [ops.take(batch, rows, axis=0) for batch in batches]
