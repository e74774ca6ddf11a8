"""The type of a backend's tensors in annotations."""

from typing import Any, TypeAlias

Tensor: TypeAlias = Any  # TensorFlow, JAX and PyTorch have no common class
