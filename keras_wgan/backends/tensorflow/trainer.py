"""Gradients and training steps on TensorFlow, with two gradient tapes."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import keras
import tensorflow as tf

from keras_wgan._tensor import Tensor
from keras_wgan.backends._replacements import Replacement
from keras_wgan.backends._second_derivatives import twice_differentiable
from keras_wgan.backends.tensorflow import replicas
from keras_wgan.backends.tensorflow.normalization import fused_batch_normalization

UNUSABLE_WEIGHTS = (
    "The weights of the data set must be finite and not negative: a sample counts as often as its "
    "weight says."
)


class AdversarialTrainer(keras.Model):
    """The TensorFlow part of `WGANGP`; see `keras_wgan.backends`."""

    runs_compiled = True
    export_packages: ClassVar[dict[str, str]] = {
        "onnx": "tf2onnx",
        "litert": "tensorflow",
        "tf_saved_model": "tensorflow",
    }

    def loss_and_gradients(
        self, loss_function: Callable[[], tuple[Tensor, Any]], variables: Sequence[keras.Variable]
    ) -> tuple[Tensor, Any, list[Tensor]]:
        """Returns the loss, its details and its gradients."""
        tensors = [variable.value for variable in variables]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(tensors)
            loss, details = loss_function()
            shared = replicas.shared(loss)
        zero = tf.UnconnectedGradients.ZERO
        return loss, details, tape.gradient(shared, tensors, unconnected_gradients=zero)

    def input_gradient(self, function: Callable[[Tensor], Tensor], inputs: Tensor) -> Tensor:
        """Returns the gradient of the function with respect to its inputs."""
        with (
            fused_batch_normalization(),
            EXACT_MOMENTS.active(),
            twice_differentiable(),
            tf.GradientTape(watch_accessed_variables=False) as tape,
        ):
            tape.watch(inputs)
            outputs = function(inputs)
        return tape.gradient(outputs, inputs, unconnected_gradients=tf.UnconnectedGradients.ZERO)

    def conditional_update(self, condition: Tensor, update: Callable[[], None]) -> None:
        """Runs the update if the condition holds, as a branch of the graph."""
        replicas.branch(condition, update)

    @property
    def device_count(self) -> int:
        """The number of devices that share a batch."""
        return int(self.distribute_strategy.num_replicas_in_sync)

    def shard_rows(self, count: Tensor, draw: Callable[[Tensor], Tensor]) -> Tensor:
        """Draws for the whole batch and returns this device's rows."""
        return replicas.shard_rows(count, draw)

    def train_step(self, data: Any) -> dict[str, Tensor]:
        """Runs one step of `fit`, as Keras' TensorFlow trainer calls it."""
        with replicas.part_of_batch(data), fused_batch_normalization():
            logs = replicas.as_one(lambda: self.adversarial_step(data))
            return replicas.same_on_every_worker(logs)

    def test_step(self, data: Any) -> dict[str, Tensor]:
        """Runs one step of `evaluate`, as Keras' TensorFlow trainer calls it."""
        with replicas.part_of_batch(data):
            return replicas.same_on_every_worker(self.held_out_step(data))

    def predict_on_batch(self, x: Any) -> Any:
        """Returns the samples of one batch once, although Keras makes every replica return all."""
        made = super().predict_on_batch(x)
        return made[: len(tf.nest.flatten(x)[0])]

    def _maybe_symbolic_build(self, iterator: Any = None, data_batch: Any = None) -> None:
        """Prepares the data, instead of reading a batch ahead to build a model that is built."""
        dataset = getattr(iterator, "_distributed_dataset", None)
        if isinstance(dataset, tf.data.Dataset):
            iterator._distributed_dataset = _checked(_without_tuner(dataset))


def _checked(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """Stops a data set at weights of samples that cannot be used; without weights it is itself."""
    spec = dataset.element_spec
    if not (isinstance(spec, tuple) and len(spec) == 3 and isinstance(spec[2], tf.TensorSpec)):
        return dataset

    def check(real: Any, condition: Any, weight: Any) -> tuple[Any, Any, Any]:
        numbers = tf.cast(weight, "float32")
        usable = tf.reduce_all(tf.math.is_finite(numbers) & (numbers >= 0))
        with tf.control_dependencies([tf.debugging.Assert(usable, [UNUSABLE_WEIGHTS, numbers])]):
            return real, condition, tf.identity(weight)

    return dataset.map(check)


def _without_tuner(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """Switches off the autotuner of a dataset's buffers, unless the user has chosen it.

    The tuner wakes up after 10 ms, 20 ms, 40 ms, ... up to a minute, and at the end of an epoch
    TensorFlow 2.18 to 2.21 mostly waits for it: on one core two of three epochs of 47 s took 82 s,
    and on two cores a third of epochs of 7 s took 10 s. Buffers that run empty still grow.
    """
    if dataset.options().autotune.enabled is not None:
        return dataset
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def exact_moments(
    x: Tensor, axes: Any, shift: Any = None, keepdims: bool = False, name: Any = None
) -> tuple[Tensor, Tensor]:
    """Returns mean and variance with the right second derivative, for `tf.nn.moments`.

    Keras' normalization layers on TensorFlow, where they are not fused, call `tf.nn.moments`, which
    stops the gradient of the mean inside the variance. The first derivative is right all the same,
    because the deviations sum to zero. The second, which a gradient penalty needs, is not: for a
    small critic with LayerNormalization it is off by some percent, as a comparison with PyTorch and
    JAX shows (tests/core/test_reference_step.py).
    """
    del shift, name
    mean = tf.reduce_mean(x, axes, keepdims=True)
    variance = tf.reduce_mean(tf.math.squared_difference(x, mean), axes, keepdims=keepdims)
    return mean if keepdims else tf.squeeze(mean, axes), variance


EXACT_MOMENTS = Replacement(tf.nn, "moments", exact_moments)


def bfloat16_is_quick() -> bool:
    """Returns whether there is a GPU, or a processor with bfloat16 instructions."""
    if tf.config.list_physical_devices("GPU"):
        return True
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:  # not Linux
        return False
    return bool({"avx512_bf16", "amx_bf16"} & set(flags))
