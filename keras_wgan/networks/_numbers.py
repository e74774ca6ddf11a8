"""Weights of a network as NumPy numbers in double precision."""

import numpy as np
from keras import ops
from numpy.typing import NDArray


def numbers(tensor: object) -> NDArray[np.float64]:
    """Returns a weight or another tensor as an array."""
    return np.asarray(ops.convert_to_numpy(tensor), np.float64)
