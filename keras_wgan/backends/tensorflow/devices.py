"""The devices over which TensorFlow shares a batch."""

import contextlib

import tensorflow as tf

from keras_wgan.backends.devices import Devices, check_count


def several_devices(count: int, *, split_processor: bool) -> Devices:
    """Returns devices under a `MirroredStrategy`, or parts of a processor, to try it out."""
    if split_processor:
        (processor, *_) = tf.config.list_physical_devices("CPU")
        part = tf.config.LogicalDeviceConfiguration()
        tf.config.set_logical_device_configuration(processor, [part] * count)
        found = tf.config.list_logical_devices("CPU")
    else:
        found = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
    names = [device.name.removeprefix("/device:") for device in found]
    check_count(count, names)
    return Devices(count, building=tf.distribute.MirroredStrategy(names[:count]).scope)


def accelerators() -> list[str]:
    """Returns the names of the GPUs, where there are any."""
    details = tf.config.experimental.get_device_details
    return [
        details(gpu).get("device_name", "GPU") for gpu in tf.config.list_physical_devices("GPU")
    ]


def on_one_device() -> contextlib.AbstractContextManager[None]:
    """Does nothing, because only models that are built for several devices use them."""
    return contextlib.nullcontext()
