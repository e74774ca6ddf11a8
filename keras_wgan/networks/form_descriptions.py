"""What the descriptions of all forms of market generator share: sizes, and tails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from keras_wgan.io.floats import short_floats
from keras_wgan.networks._numbers import numbers
from keras_wgan.networks.market_layers import TwoSidedTail

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TailDescription:
    """The numbers of a `TwoSidedTail`."""

    tail_weights: Numbers  # (2, assets): of losses and gains
    tail_scales: Numbers
    tail_mean: Numbers
    tail_deviation: Numbers


@dataclass(frozen=True, eq=False)
class GeneratorDescription:
    """The sizes and weights of a market generator, and the name of the program that runs them.

    A further form of the generator is a further class, returned by `describe_generator`, and a
    program of the same name in `keras_wgan/report/browser/`.
    """

    form: ClassVar[str]
    assets: int
    history: int  # days of noise before a path
    half_lives: tuple[float, ...]  # days

    def to_config(self) -> dict[str, Any]:
        """Returns all of it, ready for JSON."""
        return {"form": self.form} | _as_json(self)


def describe_tail(tail: TwoSidedTail) -> TailDescription:
    """Describes a tail of each asset."""
    weights, scales, mean, deviation = tail.shape()
    return TailDescription(
        np.stack([numbers(each) for each in weights]),
        np.stack([numbers(each) for each in scales]),
        numbers(mean),
        numbers(deviation),
    )


def _as_json(description: GeneratorDescription | TailDescription) -> dict[str, Any]:
    return {name: _plain(value) for name, value in vars(description).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, TailDescription):
        return _as_json(value)
    return short_floats(value) if isinstance(value, np.ndarray) else value
