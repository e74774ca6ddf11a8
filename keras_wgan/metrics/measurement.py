"""Measured numbers with their error, floor and protocol, so that they can be compared."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from textwrap import shorten
from typing import Any

import numpy as np

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.html import html_facts, short_number
from keras_wgan.io.json import number, strict_json


@dataclass(frozen=True)
class Protocol:
    """The protocol of a number: everything that it depends on besides the generator.

    Example:
    ```python
    import dataclasses
    from keras_wgan.metrics import Protocol

    protocol = Protocol(
        metric="frechet distance", extractor="mnist-classifier", extractor_hash="5e8f",
        resize="none", value_range="[-1, 1]", channels="1", data="0b2a", split="test",
        real=10_000, generated=10_000, seed=0,
    )
    fewer = dataclasses.replace(protocol, generated=1000)
    assert protocol.differences(fewer) == {"generated": (10_000, 1000)}
    ```

    Args:
        metric: The name of the metric.
        extractor: The name of the network whose features are compared.
        extractor_hash: Hash of its weights, or of the data and settings that they come from.
        resize: How images are resized for the extractor.
        value_range: The range of values that the extractor gets.
        channels: The number of channels that the extractor gets, and their origin.
        data: Hash of the real samples.
        split: Which part of the data they are.
        real: The number of real samples.
        generated: The number of generated samples.
        seed: Seed of the latents, and of the choice of real samples.
    """

    metric: str
    extractor: str
    extractor_hash: str
    resize: str
    value_range: str
    channels: str
    data: str
    split: str
    real: int
    generated: int
    seed: int

    def differences(self, other: Protocol) -> dict[str, tuple[Any, Any]]:
        """Returns the entries in which two protocols differ, with both values."""
        pairs = ((f.name, getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return {name: (ours, theirs) for name, ours, theirs in pairs if ours != theirs}

    def __str__(self) -> str:
        images = f"resize {self.resize}, range {self.value_range}, channels {self.channels}"
        return (
            f"{self.generated} generated against {self.real} real samples ({self.split} split, "
            f"data {self.data}), features of {self.extractor} ({self.extractor_hash}; {images}), "
            f"seed {self.seed}"
        )


@dataclass(frozen=True)
class Measurement:
    """A number with its error bar, its floor and its protocol.

    Example:
    ```python
    import dataclasses
    from keras_wgan.metrics import Measurement, Protocol

    protocol = Protocol(
        metric="frechet distance", extractor="mnist-classifier", extractor_hash="5e8f",
        resize="none", value_range="[-1, 1]", channels="1", data="0b2a", split="test",
        real=10_000, generated=10_000, seed=0,
    )
    early = Measurement.of_repeats([35.0, 36.0, 37.0], floor=3.0, protocol=protocol)
    late = dataclasses.replace(early, value=12.0)
    assert early.times_floor == 12.0
    assert early.minus(late)[0] == 24.0
    assert Measurement.from_json(early.to_json()) == early
    ```

    Args:
        value: Mean over repeats.
        standard_error: Standard error of that mean; NaN for a single repeat or an infinite value.
        floor: The same number for as many other real samples instead of generated ones, which a
            perfect generator would reach.
        repeats: How often new samples were drawn.
        protocol: Everything else that the number depends on.
    """

    value: float
    standard_error: float
    floor: float
    repeats: int
    protocol: Protocol

    @classmethod
    def of_repeats(
        cls, values: Sequence[float], *, floor: float, protocol: Protocol
    ) -> Measurement:
        """Returns mean and standard error of the values of one or more draws."""
        if len(values) == 0:
            raise InvalidInputError(
                "`values` must hold the value of at least one draw. Received: none"
            )
        if not np.isfinite(values).all():  # the model diverged
            return cls(math.inf, math.nan, float(floor), len(values), protocol)
        deviation = float(np.std(values, ddof=1)) if len(values) > 1 else math.nan
        error = deviation / math.sqrt(len(values))
        return cls(float(np.mean(values)), error, float(floor), len(values), protocol)

    @property
    def times_floor(self) -> float:
        """The value over its floor: 1 is perfect; it compares across extractors."""
        return self.value / self.floor if self.floor else math.inf

    def minus(self, other: Measurement) -> tuple[float, float]:
        """Returns the difference of two values and its standard error.

        Raises:
            ValueError: If the two have different protocols; the message names the differences.
        """
        unlike = self.protocol.differences(other.protocol)
        if unlike:
            named = "; ".join(f"{name}: {a!r} and {b!r}" for name, (a, b) in unlike.items())
            raise InvalidInputError(
                "`other` must be measured under the same protocol, or the values do not compare. "
                f"They differ in {named}. Measure both again under one of the two."
            )
        error = math.hypot(self.standard_error, other.standard_error)
        return self.value - other.value, error

    def to_dict(self) -> dict[str, Any]:
        """Returns everything by name, ready for JSON if its numbers are finite."""
        return asdict(self)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Measurement:
        """Builds a measurement from `to_dict`; `null` stands for NaN and `"inf"` for infinity."""
        try:
            protocol = Protocol(**content["protocol"])
            for entry in fields(protocol):
                if type(getattr(protocol, entry.name)).__name__ != entry.type:
                    raise InvalidInputError(f"protocol.{entry.name} is no {entry.type}")
            return cls(
                value=number(content["value"]),
                standard_error=number(content["standard_error"]),
                floor=number(content["floor"]),
                repeats=int(content["repeats"]),
                protocol=protocol,
            )
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise InvalidInputError(
                "`content` must hold what `Measurement.to_dict` returned, with its protocol. "
                f"The fault: {shorten(str(error), 200)}"
            ) from error

    def to_json(self) -> str:
        """Returns strict JSON, in which NaN is `null` and infinity `"inf"`."""
        return strict_json(self.to_dict()).decode()

    @classmethod
    def from_json(cls, text: str) -> Measurement:
        """Builds a measurement from `to_json`."""
        try:
            content = json.loads(text)
        except (RecursionError, ValueError) as error:
            raise InvalidInputError(
                f"`text` must be what `Measurement.to_json` returned: {error}"
            ) from error
        return cls.from_dict(content)

    def _repr_html_(self) -> str:
        """Returns a table for notebooks."""
        error = "" if math.isnan(self.standard_error) else f" ± {self.standard_error:.2g}"
        facts = (
            ("value", f"{short_number(self.value)}{error}"),
            ("floor", short_number(self.floor)),
            ("times the floor", short_number(self.times_floor)),
        )
        return html_facts(self.protocol.metric, facts, [str(self.protocol)])

    def __str__(self) -> str:
        times = f"{self.times_floor:.1f} times the floor {self.floor:.3g}"
        error = "?" if math.isnan(self.standard_error) else f"{self.standard_error:.2g}"
        return f"{self.protocol.metric} {self.value:.4g} +- {error}, {times}; {self.protocol}"
