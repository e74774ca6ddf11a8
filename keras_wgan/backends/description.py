"""The backend and its devices in words."""

import os
import sys

import keras

from keras_wgan.backends import accelerators

TITLES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}


def describe_backend(devices: int = 1) -> str:
    """Returns backend, version and device, such as `"TensorFlow 2.21 on CPU (2 cores)"`.

    `devices` is how many of them share each batch.
    """
    name = keras.backend.backend()
    version = ".".join(sys.modules[name].__version__.split(".")[:2])
    found = accelerators()
    shared = f"{devices} x " if devices > 1 else ""
    return f"{TITLES[name]} {version} on {shared}{found[0] if found else f'CPU ({_cores()} cores)'}"


def _cores() -> int | None:
    if hasattr(os, "sched_getaffinity"):  # those of this process; not on every system
        return len(os.sched_getaffinity(0))
    return os.cpu_count()
