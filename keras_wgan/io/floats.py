"""Arrays as lists of short numbers, for JSON."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def short_floats(values: NDArray[np.floating[Any]]) -> list[Any]:
    """Returns nested lists of the shortest numbers that mean the same float32."""
    if values.ndim > 1:
        return [short_floats(row) for row in values]
    return [float(str(value)) for value in values.astype(np.float32)]
