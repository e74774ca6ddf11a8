"""The parts of training that differ between backends: gradients, branches and devices.

`wgan_gp.py` holds the algorithm once, in plain Keras. Each backend's `AdversarialTrainer` adds:

1. `loss_and_gradients(loss_function, variables)`: the value of `loss_function()`, a pair
   `(loss, details)`, and the gradients of the loss with respect to the variables.
2. `input_gradient(function, inputs)`: the gradient of `function(inputs)` with respect to the
   inputs, sample by sample, which question 1 can differentiate once more.

3. `conditional_update(condition, update)`: runs `update()` if the condition, a tensor, is true.
4. `shard_rows(count, draw)`: draws noise for the whole batch and returns the rows of this device,
   where `device_count` devices share each batch.
5. `train_step` and `test_step`, which call the model's `adversarial_step(data)` and
   `held_out_step(data)` as the backend's Keras trainer requires. JAX also calls
   `check_batch(data)`, because its compiled step cannot raise an error.

`runs_compiled` says whether a step, or several of them, can be compiled; `export_packages` has the
formats that Keras can export to for any batch size, and the package that each needs.

`bfloat16_is_quick()` says whether mixed precision saves time here, `several_devices(count, ...)`
finds devices for the command line, `on_one_device()` is a context for models other than the one in
training, and `exporting(format)` one for exports. `sorted_columns(values)` sorts the days of each
asset, in which the penalties on distributions spend most of a step. `compile_predictions(model)`
compiles a model's `predict` as a whole where Keras would not and that is quicker.
"""

import keras

from keras_wgan.errors import MissingPackageError

NAMES = ("tensorflow", "jax", "torch")

match keras.backend.backend():
    case "tensorflow":
        from keras_wgan.backends.tensorflow.devices import accelerators as accelerators
        from keras_wgan.backends.tensorflow.devices import on_one_device as on_one_device
        from keras_wgan.backends.tensorflow.devices import several_devices as several_devices
        from keras_wgan.backends.tensorflow.export import exporting as exporting
        from keras_wgan.backends.tensorflow.predictions import (
            compile_predictions as compile_predictions,
        )
        from keras_wgan.backends.tensorflow.sorting import sorted_columns as sorted_columns
        from keras_wgan.backends.tensorflow.trainer import AdversarialTrainer as AdversarialTrainer
        from keras_wgan.backends.tensorflow.trainer import bfloat16_is_quick as bfloat16_is_quick
    case "jax":
        from keras_wgan.backends.jax.devices import accelerators as accelerators
        from keras_wgan.backends.jax.devices import on_one_device as on_one_device
        from keras_wgan.backends.jax.devices import several_devices as several_devices
        from keras_wgan.backends.jax.sorting import sorted_columns as sorted_columns
        from keras_wgan.backends.jax.trainer import AdversarialTrainer as AdversarialTrainer
        from keras_wgan.backends.jax.trainer import bfloat16_is_quick as bfloat16_is_quick
        from keras_wgan.backends.jax.trainer import compile_predictions as compile_predictions
        from keras_wgan.backends.jax.trainer import exporting as exporting
    case "torch":
        from keras_wgan.backends.torch.devices import accelerators as accelerators
        from keras_wgan.backends.torch.devices import on_one_device as on_one_device
        from keras_wgan.backends.torch.devices import several_devices as several_devices
        from keras_wgan.backends.torch.sorting import sorted_columns as sorted_columns
        from keras_wgan.backends.torch.trainer import AdversarialTrainer as AdversarialTrainer
        from keras_wgan.backends.torch.trainer import bfloat16_is_quick as bfloat16_is_quick
        from keras_wgan.backends.torch.trainer import compile_predictions as compile_predictions
        from keras_wgan.backends.torch.trainer import exporting as exporting
    case other:
        raise MissingPackageError(
            f"keras-wgan trains on {', '.join(NAMES)}, not on the Keras backend {other!r}. Set the "
            "environment variable KERAS_BACKEND to one of them before Keras is imported."
        )

# For processes that share a GPU: TensorFlow and JAX would each take all of its memory.
SHARED_DEVICE = {
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
}
OUT_OF_MEMORY = ("ResourceExhaustedError", "OutOfMemoryError")  # TensorFlow's and PyTorch's names
# JAX raises one class for all, and PyTorch on a CPU a plain RuntimeError.
OUT_OF_MEMORY_WORDS = ("RESOURCE_EXHAUSTED", "can't allocate memory", "not enough memory")


def out_of_memory(error: BaseException) -> bool:
    """Returns whether an error means that a step needs more memory than the device has."""
    named = type(error).__name__ in OUT_OF_MEMORY or isinstance(error, MemoryError)
    return named or any(words in str(error) for words in OUT_OF_MEMORY_WORDS)
