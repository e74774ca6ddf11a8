"""The devices of PyTorch: one, unless a script of the user averages gradients."""

import contextlib

import torch

from keras_wgan.backends.devices import Devices
from keras_wgan.errors import InvalidInputError


def several_devices(count: int, *, split_processor: bool) -> Devices:
    """Raises an error, because Keras does not share batches over devices on PyTorch."""
    raise InvalidInputError(
        "`--devices` needs TensorFlow or JAX, because Keras shares no batch over devices on "
        "PyTorch. Take `--backend tensorflow` or `--backend jax`, or start a script of your own in "
        "several processes: docs/many_devices.md has one. "
        f"Received: devices={'cpu:' * split_processor}{count}"
    )


def accelerators() -> list[str]:
    """Returns the names of the GPUs, where there are any."""
    if torch.backends.mps.is_available():
        return ["Apple GPU"]
    return [torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count())]


def on_one_device() -> contextlib.AbstractContextManager[None]:
    """Does nothing, because only models that are built for several devices use them."""
    return contextlib.nullcontext()
