"""Tensors of a test as numbers, and the numbers that it draws."""

import numpy as np
from keras import ops


def numpy(tensor):
    """Returns a tensor's numbers."""
    return ops.convert_to_numpy(tensor)


def normals(*shape, seed=0):
    """Returns standard normals in single precision."""
    return np.random.default_rng(seed).normal(size=shape).astype("float32")
