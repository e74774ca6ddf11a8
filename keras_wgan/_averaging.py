"""A running average of the generator's weights."""

from collections import Counter
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import ops

from keras_wgan._tensor import Tensor
from keras_wgan._validation import in_range

# Modes in which the weights alone determine the quantized ones.
REPEATABLE = ("int8", "int4")


class Key(NamedTuple):
    """What tells a weight of the generator from the others, also after others came or went."""

    path: str
    occurrence: int  # a user's own network may use a path twice
    shape: tuple[int, ...]
    dtype: str


class GeneratorAverage(keras.layers.Layer):
    """A running average of a generator's weights, BatchNorm's averages included.

    A plain exponential average with a momentum near one keeps its random initial weights for
    thousands of updates. This one warms up: after `t` updates the momentum is at most
    `(1 + t) / (10 + t)`, so that it reaches back over about a tenth of the training so far.

    How many updates there were is the model's to count (`FollowedNetworks`), beyond an optimizer.

    `quantize` and `enable_lora` replace weights of a generator. `follow` then continues the average
    of each weight that is still there, quantizes the average of one that was quantized, and starts
    that of a new one at the generator's.

    Reference:
        Karras et al. (2018), Progressive Growing of GANs, appendix A.1, for the average; the
        warm-up is that of TensorFlow's `ExponentialMovingAverage(num_updates=)`.
    """

    def __init__(self, generator: keras.Model, momentum: float) -> None:
        super().__init__(name="averaged_generator", dtype="float32", trainable=False)
        self.momentum = in_range("ema_momentum", momentum, at_least=0, below=1)
        self.keys: tuple[Key, ...] = ()
        self.absent_from_file = False  # whether a file was loaded that holds no average
        self.follow(generator)
        self.built = True

    def follow(self, generator: keras.Model) -> None:
        """Averages the weights that the generator has now."""
        keys = _keys(generator)
        if keys == self.keys:
            return
        continued = _continued(generator, dict(zip(self.keys, self.weights, strict=True)))
        self._tracker.unlock()
        for weight in self.weights:
            self._untrack_variable(weight)
        self.keys = keys
        for key, weight in zip(keys, generator.weights, strict=True):
            copy = self.add_weight(
                shape=weight.shape, initializer="zeros", dtype=weight.dtype, trainable=False
            )
            # Through NumPy: JAX would share one buffer, which its trainer donates.
            copy.assign(continued.get(key, ops.convert_to_numpy(weight)))
        self.copied = self._fingerprint()

    def start_again(self, generator: keras.Model) -> None:
        """Makes the average a copy of the generator's weights, unless it was given its own."""
        if self._fingerprint() != self.copied:
            return
        for average, weight in zip(self.weights, generator.weights, strict=True):
            average.assign(ops.convert_to_numpy(weight))
        self.copied = self._fingerprint()

    def _fingerprint(self) -> int:
        return hash(b"".join(ops.convert_to_numpy(each).tobytes() for each in self.weights))

    def load_own_variables(self, store: Any) -> None:
        """Loads the average; a file of a model without one leaves it to follow the generator."""
        self.absent_from_file = not store.keys()
        if self.absent_from_file:
            self.copied = self._fingerprint()  # what it holds is no longer its own
        else:
            super().load_own_variables(store)

    def update(self, generator: keras.Model, updates: Tensor) -> None:
        """Moves the average toward the generator's weights after this many updates."""
        seen = ops.cast(updates, "float32")
        momentum = ops.minimum(self.momentum, (1.0 + seen) / (10.0 + seen))
        for average, weight in zip(self.weights, generator.weights, strict=True):
            if "float" not in average.dtype:
                continue  # quantized, and no longer trained
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


def _keys(network: keras.Model) -> tuple[Key, ...]:
    seen: Counter[str] = Counter()
    keys = []
    for weight in network.weights:
        keys.append(Key(weight.path, seen[weight.path], tuple(weight.shape), weight.dtype))
        seen[weight.path] += 1
    return tuple(keys)


def _continued(
    generator: keras.Model, averages: dict[Key, keras.Variable]
) -> dict[Key, np.ndarray]:
    """Returns the averages, and for weights that were quantized the quantized averages."""
    kept = {key: ops.convert_to_numpy(average) for key, average in averages.items()}
    by_path = {key.path: value for key, value in kept.items() if "float" in key.dtype}
    for layer in generator._flatten_layers():
        mode = getattr(layer, "quantization_mode", None)
        if mode in REPEATABLE and any(weight.path not in by_path for weight in layer.weights):
            kept.update(_quantized(layer, by_path))
    return kept


def _quantized(layer: keras.layers.Layer, averages: dict[str, np.ndarray]) -> dict[Key, np.ndarray]:
    """Returns what a layer's weights would be had the averages been quantized."""
    config = {**layer.get_config(), "dtype": _before(layer)}
    config.pop("lora_rank", None)  # adapted after it was quantized
    counterpart = type(layer).from_config(config)
    counterpart.build_from_config(layer.get_build_config())
    paths = {weight.name: weight.path for weight in layer.weights}
    for weight in counterpart.weights:
        path = paths.get(weight.name, "")
        if path not in averages or averages[path].shape != tuple(weight.shape):
            return {}
        weight.assign(averages[path])
    counterpart.quantize(layer.quantization_mode, config=layer.quantization_config)
    values = {weight.name: ops.convert_to_numpy(weight) for weight in counterpart.weights}
    return {
        key: values[weight.name]
        for key, weight in zip(_keys(layer), layer.weights, strict=True)
        if weight.name in values
    }


def _before(layer: keras.layers.Layer) -> str:
    """Returns the dtype policy that a layer had before it was quantized, such as `"float32"`."""
    return str(layer.dtype_policy.name).split("_from_")[-1]
