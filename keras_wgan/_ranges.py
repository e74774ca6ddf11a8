"""The ranges of real samples and of what a generator can make, compared when training begins."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

ROWS = 1024  # samples that are looked at in an array, evenly spread
TOLERANCE = 0.05  # of the width of a bounded output
OTHER_SCALE = 10.0  # widths that differ by more are in other units
IMAGE_RANK = 4  # batch, height, width, channels

BOUNDED = {
    "tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
    "hard_tanh": (-1.0, 1.0),
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
}
# Layers that move values without changing them, so that the layer before decides the range.
MOVING = (
    keras.layers.Reshape,
    keras.layers.Flatten,
    keras.layers.Permute,
    keras.layers.RepeatVector,
    keras.layers.Cropping1D,
    keras.layers.Cropping2D,
    keras.layers.Identity,
)


@dataclass(frozen=True)
class ValueRange:
    """The smallest and the largest of some values, and whether they are the pixels of images."""

    low: float
    high: float
    images: bool = False

    @classmethod
    def of(cls, samples: Any) -> "ValueRange | None":
        """Returns the range of finite samples, of some of them if there are many."""
        step = max(1, len(samples) // ROWS)
        values = np.asarray(keras.ops.convert_to_numpy(samples[::step]))
        if values.dtype.kind not in "fiub" or not values.size:
            return None
        values = values[np.isfinite(values)].astype(np.float64)
        if not values.size:
            return None
        return cls(float(values.min()), float(values.max()), len(np.shape(samples)) >= IMAGE_RANK)

    @property
    def width(self) -> float:
        """The largest value less the smallest one."""
        return self.high - self.low

    def __str__(self) -> str:
        return f"[{self.low:.4g}, {self.high:.4g}]"


def output_range(network: Any) -> ValueRange | None:
    """Returns the range that the last layers of a network confine its output to, if any."""
    scale, offset = 1.0, 0.0
    for layer in last_first(network):
        if isinstance(layer, keras.layers.Rescaling):
            if np.ndim(layer.scale) or np.ndim(layer.offset):
                return None
            scale, offset = scale * layer.scale, offset + scale * layer.offset
            continue
        if isinstance(layer, MOVING):
            continue
        bounds = BOUNDED.get(activation_name(layer))
        if bounds is None:
            return None
        ends = sorted(scale * bound + offset for bound in bounds)
        return ValueRange(ends[0], ends[1])
    return None


def warn_if_unreachable(name: str, real: ValueRange | None, generator: Any) -> None:
    """Warns if a generator cannot make values as large, or as small, as the real ones."""
    reached = output_range(generator)
    if real is None or reached is None:
        return
    slack = TOLERANCE * reached.width
    if real.low < reached.low - slack or real.high > reached.high + slack:
        _warn(
            f"{name} lie in {real}, but the last layers of the generator confine its output to "
            f"{reached}: it can never make such samples."
        )


def warn_if_other_scale(
    name: str, real: ValueRange | None, model: ValueRange | None, does: str
) -> None:
    """Warns if real samples are on another scale than those that a model trains on or makes."""
    if real is None or model is None or not (real.width and model.width):
        return
    apart = real.low > model.high or model.low > real.high
    ratio = max(real.width / model.width, model.width / real.width)
    moved = max(abs(real.low - model.low), abs(real.high - model.high))
    # Pixels fill their range, while the extremes of other data are a matter of chance.
    other_pixels = real.images and moved > 0.25 * max(real.width, model.width)
    if apart or ratio > OTHER_SCALE or other_pixels:
        _warn(f"{name} lie in {real}, but the model {does} samples in {model}.")


def _warn(sentence: str) -> None:
    cure = "Bring both to one scale, for example `x.astype('float32') / 127.5 - 1` for pixels."
    warnings.warn(f"{sentence} {cure}", UserWarning, stacklevel=5)


def last_first(network: Any) -> Iterator[Any]:
    """Yields the layers and operations of a network from its output on, those of networks inside.

    A network that does not say how its layers follow each other yields nothing.
    """
    if isinstance(network, keras.Sequential):
        for layer in reversed(network.layers):
            yield from last_first(layer)
    elif isinstance(network, keras.Model):
        if len(getattr(network, "outputs", None) or ()) != 1:
            return
        tensor = network.outputs[0]
        while True:
            operation, node, _ = tensor._keras_history
            yield from last_first(operation)
            inputs = operation._inbound_nodes[node].input_tensors
            if len(inputs) != 1:
                return
            tensor = inputs[0]
    elif network is not None:
        yield network


def activation_name(layer: Any) -> str:
    """Returns the name of a layer's activation, or of an operation such as `ops.tanh`."""
    function = getattr(layer, "activation", None)
    if function is not None:
        return str(getattr(function, "__name__", ""))
    return type(layer).__name__.lower()
