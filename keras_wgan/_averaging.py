"""A running average of the generator's weights."""

from typing import Any

import keras
from keras import ops

from keras_wgan._tensor import Tensor
from keras_wgan._validation import in_range


class GeneratorAverage(keras.layers.Layer):
    """A running average of a generator's weights, BatchNorm's averages included.

    A plain exponential average with a momentum near one keeps its random initial weights for
    thousands of updates. This one warms up: after `t` updates the momentum is at most
    `(1 + t) / (10 + t)`, so that it reaches back over about a tenth of the training so far.

    Reference:
        Karras et al. (2018), Progressive Growing of GANs, appendix A.1, for the average; the
        warm-up is that of TensorFlow's `ExponentialMovingAverage(num_updates=)`.
    """

    def __init__(self, generator: keras.Model, momentum: float) -> None:
        super().__init__(name="averaged_generator", dtype="float32", trainable=False)
        self.momentum = in_range("ema_momentum", momentum, at_least=0, below=1)
        for weight in generator.weights:
            copy = self.add_weight(
                shape=weight.shape, initializer="zeros", dtype=weight.dtype, trainable=False
            )
            # Through NumPy: JAX would share one buffer, which its trainer donates.
            copy.assign(ops.convert_to_numpy(weight))
        self.built = True

    def update(self, generator: keras.Model, updates: Tensor) -> None:
        """Moves the average toward the generator's weights after this many updates."""
        seen = ops.cast(updates, "float32")
        momentum = ops.minimum(self.momentum, (1.0 + seen) / (10.0 + seen))
        for average, weight in zip(self.weights, generator.weights, strict=True):
            kept = ops.cast(momentum, average.dtype)
            average.assign(kept * average + (1 - kept) * ops.cast(weight, average.dtype))

    def generate(self, generator: keras.Model, inputs: Any) -> Tensor:
        """Returns the samples that the generator makes with the averaged weights."""
        averaged = {
            id(weight): average
            for average, weight in zip(self.weights, generator.weights, strict=True)
        }
        trainable, other = (
            [averaged.get(id(variable), variable).value for variable in variables]
            for variables in (generator.trainable_variables, generator.non_trainable_variables)
        )
        samples, after = generator.stateless_call(trainable, other, inputs, training=False)
        # Random layers go on in their streams, or every batch would get the same noise.
        for variable, value in zip(generator.non_trainable_variables, after, strict=True):
            if id(variable) not in averaged:
                variable.assign(value)
        return samples
