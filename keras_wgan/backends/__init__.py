"""How are gradients taken? The two questions that a backend answers, and what else differs.

`wgan_gp.py` writes the algorithm once, in plain Keras. What Keras leaves to its backends is here:

1. `loss_and_gradients(loss_function, variables)`: the value of `loss_function()`, a pair
   `(loss, details)`, and the gradients of the loss with respect to the variables.
2. `input_gradient(function, inputs)`: the gradient of `function(inputs)` with respect to the
   inputs, sample by sample, which question 1 can differentiate once more.

and a branch, `conditional_update(condition, update)`, that runs `update()` where a condition that
is known only while the step runs is true. Where several devices share a batch,
`shard_rows(count, draw)` gives each its rows of what is drawn for the whole batch, and
`device_count` says how many they are. Each backend's `AdversarialTrainer` also calls the model's
`adversarial_step(data)` and
`held_out_step(data)` the way its Keras trainer wants them called.

`bfloat16_is_quick()` says whether mixed precision saves time here, `several_devices(count, ...)`
finds devices for the command line, and `on_one_device()` is a context for models beside the one
that is trained.
"""

import keras

from keras_wgan.errors import MissingPackageError

NAMES = ("tensorflow", "jax", "torch")

match keras.backend.backend():
    case "tensorflow":
        from keras_wgan.backends.tensorflow.devices import accelerators as accelerators
        from keras_wgan.backends.tensorflow.devices import on_one_device as on_one_device
        from keras_wgan.backends.tensorflow.devices import several_devices as several_devices
        from keras_wgan.backends.tensorflow.trainer import AdversarialTrainer as AdversarialTrainer
        from keras_wgan.backends.tensorflow.trainer import bfloat16_is_quick as bfloat16_is_quick
    case "jax":
        from keras_wgan.backends.jax.devices import accelerators as accelerators
        from keras_wgan.backends.jax.devices import on_one_device as on_one_device
        from keras_wgan.backends.jax.devices import several_devices as several_devices
        from keras_wgan.backends.jax.trainer import AdversarialTrainer as AdversarialTrainer
        from keras_wgan.backends.jax.trainer import bfloat16_is_quick as bfloat16_is_quick
    case "torch":
        from keras_wgan.backends.torch.devices import accelerators as accelerators
        from keras_wgan.backends.torch.devices import on_one_device as on_one_device
        from keras_wgan.backends.torch.devices import several_devices as several_devices
        from keras_wgan.backends.torch.trainer import AdversarialTrainer as AdversarialTrainer
        from keras_wgan.backends.torch.trainer import bfloat16_is_quick as bfloat16_is_quick
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
    """Says whether an error means that a step needs more memory than there is."""
    named = type(error).__name__ in OUT_OF_MEMORY or isinstance(error, MemoryError)
    return named or any(words in str(error) for words in OUT_OF_MEMORY_WORDS)
