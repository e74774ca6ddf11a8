"""The devices over which JAX shares a batch."""

import contextlib
from collections.abc import Iterator

import jax
import keras

from keras_wgan.backends.devices import Devices, check_count


def several_devices(count: int, *, split_processor: bool) -> Devices:
    """Returns devices under Keras' `DataParallel`, or parts of a processor, to try it out."""
    if split_processor:
        jax.config.update("jax_num_cpu_devices", count)
    names = keras.distribution.list_devices("cpu" if split_processor else None)
    check_count(count, names)
    scope = keras.distribution.DataParallel(devices=names[:count]).scope
    return Devices(count, building=scope, training=scope)


def accelerators() -> list[str]:
    """Returns the names of the GPUs or TPUs, where there are any."""
    return [device.device_kind for device in jax.local_devices() if device.platform != "cpu"]


def batch_devices() -> int:
    """Returns how many devices share a batch under the current distribution."""
    distribution = keras.distribution.distribution()
    if distribution is None:
        return 1
    mesh = distribution.device_mesh
    return int(mesh.shape[mesh.axis_names.index(distribution.batch_dim_name)])


@contextlib.contextmanager
def on_one_device() -> Iterator[None]:
    """Runs models on one device, also on batches that several devices could not share evenly."""
    distribution = keras.distribution.distribution()
    keras.distribution.set_distribution(None)
    try:
        yield
    finally:
        keras.distribution.set_distribution(distribution)
