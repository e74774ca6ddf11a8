"""What do critic and generator minimise? Pure `keras.ops`, no state."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from keras_wgan._tensor import Tensor
from keras_wgan._validation import in_range, whole_numbers


def critic_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
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

    Returns:
        A scalar, in units of the critic's score.

    Reference:
        Arjovsky, Chintala and Bottou (2017), Wasserstein GAN, Algorithm 1.
    """
    return ops.mean(fake_scores) - ops.mean(real_scores)


def generator_loss(fake_scores: Tensor) -> Tensor:
    """Returns the generator's loss, -E[D(fake)].

    Example:
    ```python
    import numpy as np
    from keras_wgan.losses import generator_loss

    assert float(generator_loss(np.array([1.0, 3.0]))) == -2.0
    ```

    Args:
        fake_scores: `(batch,)` critic scores of generated samples.

    Returns:
        A scalar, in units of the critic's score.

    Reference:
        Arjovsky, Chintala and Bottou (2017), Wasserstein GAN, Algorithm 1.
    """
    return -ops.mean(fake_scores)


def interpolate(real: Tensor, fake: Tensor, mixing_weights: Tensor) -> Tensor:
    """Returns the points between real and generated samples where the slope is penalised.

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
        `(batch, *shape)`: weight times real plus the rest times fake.

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
    # The square root has no slope at zero: without the detour a flat critic turns training to NaN.
    positive = squares > 0.0
    roots = ops.sqrt(ops.where(positive, squares, ops.ones_like(squares)))
    return ops.where(positive, roots, ops.zeros_like(roots))


def gradient_penalty(norms: Tensor, *, target: float = 1.0, one_sided: bool = False) -> Tensor:
    """Returns how far the critic's slopes are from the wanted slope, as a mean square.

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
        target: The wanted slope. Defaults to `1.0`.
        one_sided: Whether slopes below the target go unpunished. Defaults to `False`.

    Returns:
        A scalar: the mean of `(norm / target - 1) ** 2`.

    Reference:
        Gulrajani et al. (2017), Improved Training of Wasserstein GANs, equation 3 and section 4
        (one-sided).
    """
    excess = norms / target - 1.0
    if one_sided:
        excess = ops.relu(excess)
    return ops.mean(ops.square(excess))


@keras.saving.register_keras_serializable(package="keras_wgan")
class MomentPenalty:
    """A generator penalty on the gap between real and generated moments of a batch.

    Both batches are flattened and measured in units of the real batch's mean and standard
    deviation. Order 1 compares the mean, order 2 the standard deviation, and a higher order `k`
    the k-th standardised moment `m`, as `sign(m) log(1 + |m|)`. The penalty is the mean squared
    gap over the orders, times `weight`.

    Example:
    ```python
    import numpy as np
    from keras_wgan.losses import moment_penalty

    penalty = moment_penalty(order=(1, 2), weight=10.0)
    real = np.array([[-1.0], [1.0]], "float32")
    # The mean is off by one real standard deviation, the spread is right: 10 * (1 + 0) / 2.
    assert abs(float(penalty(real, real + 1.0)) - 5.0) < 1e-5
    ```

    Args:
        order: The moments to compare, each a whole number of at least 1. Defaults to
            `(1, 2, 3, 4)`.
        weight: What the penalty is multiplied by. Defaults to `1.0`.

    Raises:
        ValueError: If `order` is empty or holds something else than whole numbers from 1 on, or
            `weight` is negative or not finite.

    Reference:
        The source deck's second future development: a penalty term for higher-order moments.
    """

    def __init__(self, order: Sequence[int] = (1, 2, 3, 4), weight: float = 1.0) -> None:
        self.order = whole_numbers("order", order)
        self.weight = in_range("weight", weight, at_least=0)

    def __call__(self, real: Tensor, fake: Tensor) -> Tensor:
        """Returns the penalty, a scalar, for a real and a generated batch of any one shape."""
        real, fake = ops.reshape(real, (-1,)), ops.reshape(fake, (-1,))
        center, spread = ops.mean(real), ops.std(real) + keras.config.epsilon()
        gaps = [
            _moment(fake, k, center, spread) - _moment(real, k, center, spread) for k in self.order
        ]
        return self.weight * ops.mean(ops.square(ops.stack(gaps)))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"order": list(self.order), "weight": self.weight}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "MomentPenalty":
        """Builds the penalty from what `get_config` returned."""
        return cls(**config)


moment_penalty = MomentPenalty  # named as the other losses are


def weight_penalties(variables: Sequence[keras.Variable]) -> Tensor:
    """Returns the sum of what the variables' own regularizers ask for.

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
        variables: Trainable Keras variables; those without a regularizer count nothing.

    Returns:
        A scalar.
    """
    asked = [v.regularizer(v) for v in variables if v.regularizer is not None]
    return sum(asked, start=ops.zeros(()))


def _moment(values: Tensor, order: int, center: Tensor, spread: Tensor) -> Tensor:
    """Returns one moment in units of the real batch, as a number of order one."""
    standardized = (values - center) / spread
    if order == 1:
        return ops.mean(standardized)
    own = standardized - ops.mean(standardized)
    deviation = ops.sqrt(ops.mean(ops.square(own)) + keras.config.epsilon())
    if order == 2:
        return deviation
    moment = ops.mean(ops.power(own / deviation, order))
    # The logarithm keeps sign and rank and tames the slope: the fourth moment of a heavy-tailed
    # batch, one extreme day, would otherwise be most of the generator's gradient.
    return ops.sign(moment) * ops.log1p(ops.abs(moment))
