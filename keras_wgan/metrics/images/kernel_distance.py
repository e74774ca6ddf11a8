"""The kernel distance between two sets of features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.metrics.images.features import as_feature_pair

# Kernel and power of the kernel Inception distance (Binkowski et al. 2018, section 3.2).
POWER = 3
CONSTANT = 1.0


@dataclass(frozen=True)
class KernelDistance:
    """A kernel distance with its standard deviation over blocks.

    Example:
    ```python
    from keras_wgan.metrics import KernelDistance

    found = KernelDistance(value=0.02, block_std=0.003, blocks=9)
    assert found.standard_error == 0.001
    ```

    Args:
        value: Mean over the blocks. It is unbiased and may be negative.
        block_std: Standard deviation of the blocks' values.
        blocks: Number of blocks.
    """

    value: float
    block_std: float
    blocks: int

    @property
    def standard_error(self) -> float:
        """Standard error of `value`: the blocks share no sample."""
        return float(self.block_std / np.sqrt(self.blocks))


def kernel_distance(
    real: ArrayLike, generated: ArrayLike, *, block_size: int = 1000, seed: int = 0
) -> KernelDistance:
    """Returns the squared maximum mean discrepancy under the kernel (x y / dim + 1)^3.

    Both sets are shuffled and divided into at least two blocks, each of which gives an unbiased
    estimate. Unlike the Frechet distance, it does not fall with the number of samples, and it
    depends on more than mean and covariance. Memory: one block's kernel, 8 MB for 1000 samples.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import kernel_distance

    rng = np.random.default_rng(0)
    real, same = rng.normal(size=(2, 800, 4))
    found = kernel_distance(real, same, block_size=200)
    assert abs(found.value) < 4 * found.standard_error
    assert kernel_distance(real, same + 1.0).value > 1.0
    ```

    Args:
        real: Finite features of shape `(n, dim)`, n at least 4.
        generated: Finite features of shape `(m, dim)`, m at least 4, from the same extractor.
        block_size: About how many samples of the smaller set a block holds, at least 2. Defaults
            to `1000`.
        seed: Fixes the shuffling. Defaults to `0`.

    Returns:
        The `KernelDistance`.

    Raises:
        ValueError: Where the features cannot be used, or `block_size` is below 2.

    Reference:
        Binkowski et al. (2018), "Demystifying MMD GANs", https://arxiv.org/abs/1801.01401.
    """
    block_size = whole_number("block_size", block_size, minimum=2)
    first, second = as_feature_pair(real, generated, min_rows=4)
    blocks = max(2, min(len(first), len(second)) // block_size)
    rng = np.random.default_rng(seed)
    divided = [np.array_split(rows[rng.permutation(len(rows))], blocks) for rows in (first, second)]
    values = np.array([_unbiased(a, b) for a, b in zip(*divided, strict=True)])
    return KernelDistance(float(values.mean()), float(values.std(ddof=1)), blocks)


def _unbiased(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Returns the mean kernel of distinct samples of each side, minus twice that between them."""
    within = sum(_mean_of_pairs(_kernel(side, side)) for side in (first, second))
    return float(within - 2.0 * _kernel(first, second).mean())


def _mean_of_pairs(kernel: NDArray[np.float64]) -> float:
    n = len(kernel)
    return float((kernel.sum() - np.trace(kernel)) / (n * (n - 1)))


def _kernel(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    inner = first @ second.T
    return np.asarray((inner / first.shape[1] + CONSTANT) ** POWER)
