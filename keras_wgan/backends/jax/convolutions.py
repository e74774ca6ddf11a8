"""Why are convolutions matrix products while JAX trains on a processor? XLA is slow with others.

A gradient penalty differentiates twice, and the derivatives of a strided or transposed convolution
are dilated ones, for which XLA has a fast path on accelerators but none on processors. Written as
slices and one matrix product, all derivatives are slices and products again. The weights are the
same, and so are the numbers, up to rounding.

Processor time of a step by the library's convolutions and by these (jax 0.10.2, an AMD EPYC with
AVX-512, medians of three rounds in turn): mnist-classic, batch 16, 316 and 83 ms; sp500-classic,
batch 32, 95 and 21; sp500, batch 32, 16 and 11.
"""

import contextlib
import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from keras_wgan._tensor import Tensor
from keras_wgan.backends._replacements import Replacement

Pads = Sequence[tuple[int, int]]


@contextlib.contextmanager
def convolutions_as_products() -> Iterator[None]:
    """Lets the convolutions that are traced inside it be matrix products, on a processor."""
    if jax.default_backend() != "cpu":
        yield
        return
    with _CONVOLUTION.active(), _TRANSPOSED.active():
        yield


def convolution(
    inputs: Tensor,
    kernel: Tensor,
    window_strides: Sequence[int],
    padding: str | Pads,
    rhs_dilation: Sequence[int] | None = None,
    dimension_numbers: Any = None,
    feature_group_count: int = 1,
    **others: Any,
) -> Tensor:
    """Stands in for `jax.lax.conv_general_dilated`, which gets what is not strided or is unusual.

    Args:
        inputs: `(batch, *sizes, channels)`.
        kernel: `(*sizes, channels, filters)`.
        window_strides: One number an axis.
        padding: `"SAME"`, `"VALID"`, or how many zeros before and after each axis.
        rhs_dilation: Steps between the places that the kernel looks at. Defaults to `None`, one.
        dimension_numbers: As Keras tells them. Defaults to `None`.
        feature_group_count: As for JAX. Defaults to `1`.
        others: As for JAX.

    Returns:
        `(batch, *sizes, filters)`.
    """
    sizes = kernel.shape[:-2]
    dilation = tuple(rhs_dilation or [1] * len(sizes))
    plain = feature_group_count == 1 and not others and _channels_last(dimension_numbers)
    if not plain or all(stride == 1 for stride in window_strides):
        return _CONVOLUTION.original(
            inputs,
            kernel,
            window_strides,
            padding,
            rhs_dilation=rhs_dilation,
            dimension_numbers=dimension_numbers,
            feature_group_count=feature_group_count,
            **others,
        )
    reach = [step * (size - 1) + 1 for step, size in zip(dilation, sizes, strict=True)]
    pads = padding
    if isinstance(padding, str):
        pads = jax.lax.padtype_to_pads(inputs.shape[1:-1], reach, window_strides, padding.upper())
    padded = jnp.pad(inputs, [(0, 0), *pads, (0, 0)])
    strides = (1, *window_strides, 1)
    ends = [size - far for size, far in zip(padded.shape[1:-1], reach, strict=True)]
    seen = []
    for place in itertools.product(*map(range, sizes)):
        starts = [step * index for step, index in zip(dilation, place, strict=True)]
        limits = [start + end + 1 for start, end in zip(starts, ends, strict=True)]
        seen.append(
            jax.lax.slice(
                padded,
                (0, *starts, 0),
                (padded.shape[0], *limits, padded.shape[-1]),
                strides,
            )
        )
    rows = math.prod(sizes) * padded.shape[-1]
    return jnp.concatenate(seen, axis=-1) @ kernel.reshape(rows, kernel.shape[-1])


def transposed_convolution(
    inputs: Tensor,
    kernel: Tensor,
    strides: Sequence[int],
    padding: str | Pads,
    rhs_dilation: Sequence[int] | None = None,
    dimension_numbers: Any = None,
    transpose_kernel: bool = False,
    **others: Any,
) -> Tensor:
    """Stands in for `jax.lax.conv_transpose`, which gets what Keras does not ask for.

    Args:
        inputs: `(batch, *sizes, channels)`.
        kernel: `(*sizes, filters, channels)`.
        strides: One number an axis.
        padding: How many zeros before and after each axis of the inputs, once they are spread.
        rhs_dilation: Steps between the places that the kernel writes to. Defaults to `None`, one.
        dimension_numbers: As Keras tells them. Defaults to `None`.
        transpose_kernel: `True`, as Keras has it.
        others: As for JAX.

    Returns:
        `(batch, *sizes, filters)`.
    """
    sizes, filters = kernel.shape[:-2], kernel.shape[-2]
    dilation = tuple(rhs_dilation or [1] * len(sizes))
    told = transpose_kernel and not others and not isinstance(padding, str)
    if not told or not _channels_last(dimension_numbers):
        return _TRANSPOSED.original(
            inputs,
            kernel,
            strides,
            padding,
            rhs_dilation=rhs_dilation,
            dimension_numbers=dimension_numbers,
            transpose_kernel=transpose_kernel,
            **others,
        )
    places = math.prod(sizes)
    written = inputs @ kernel.reshape(places * filters, kernel.shape[-1]).T
    total: Tensor = 0.0
    for number, place in enumerate(itertools.product(*map(range, sizes))):
        spread = [(0, 0, 0)]
        for axis, index in enumerate(place):
            start, last = dilation[axis] * index, dilation[axis] * (sizes[axis] - 1)
            # JAX pads the inputs, so by its numbers less is cut off what the kernel reaches.
            before, after = padding[axis][0] - last, padding[axis][1] - last
            spread.append((start + before, last - start + after, strides[axis] - 1))
        part = written[..., number * filters : (number + 1) * filters]
        total = total + jax.lax.pad(part, jnp.zeros((), part.dtype), [*spread, (0, 0, 0)])
    return total


_CONVOLUTION = Replacement(jax.lax, "conv_general_dilated", convolution)
_TRANSPOSED = Replacement(jax.lax, "conv_transpose", transposed_convolution)


def _channels_last(numbers: Any) -> bool:
    """Says whether the axes are in the order in which Keras has them by default."""
    if not isinstance(numbers, jax.lax.ConvDimensionNumbers):
        return False
    axes = len(numbers.lhs_spec)
    last = (0, axes - 1, *range(1, axes - 1))
    return numbers.lhs_spec == numbers.out_spec == last and numbers.rhs_spec == (
        axes - 1,
        axes - 2,
        *range(axes - 2),
    )
