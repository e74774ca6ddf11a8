"""The model card of a preset: what it was trained on, how good it is, and what it is not for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.io.html import html_facts, html_table, short_number
from keras_wgan.io.json import number, plain, read_as
from keras_wgan.io.schema import checked, mapping, refuse_unknown, text


@dataclass(frozen=True)
class MeasuredFact:
    """A measured number of a preset, with its floor.

    Example:
    ```python
    from keras_wgan.experiments import MeasuredFact

    assert MeasuredFact("skew", value=-0.2, floor=0.1).times_floor == 2.0
    ```

    Args:
        name: The name of the number.
        value: Its value for generated samples.
        floor: Its value for as much other real data, which a perfect model reaches; NaN for a
            number without a floor.
    """

    name: str
    value: float
    floor: float

    @property
    def times_floor(self) -> float:
        """The size of the value over its floor; NaN without a floor."""
        return abs(self.value) / self.floor


@dataclass(frozen=True)
class ModelCard:
    """The model card of a preset.

    Example:
    ```python
    import keras_wgan

    card = keras_wgan.from_preset("sp500").card
    assert card.seed == 0 and card.command.startswith("python -m benchmarks.presets sp500")
    assert "## What it is not for" in card.to_markdown()
    ```

    Args:
        name: The name of the preset.
        summary: One sentence about it.
        data: What it was trained on.
        license: The license of the weights, and the source of the data.
        purpose: What it is for.
        not_for: What it must not be used for.
        command: The command that trained it.
        seed: The seed of the training.
        epochs: The number of epochs.
        parameters: The number of weights of the generator.
        versions: The versions that trained it, by name.
        verdict: Sentences about the samples, from all that was measured.
        measured: The measured numbers.
        protocol: How they were measured.
    """

    name: str
    summary: str
    data: str
    license: str
    purpose: str
    not_for: tuple[str, ...]
    command: str
    seed: int
    epochs: int
    parameters: int
    versions: Mapping[str, str]
    verdict: tuple[str, ...]
    measured: tuple[MeasuredFact, ...]
    protocol: str

    @classmethod
    def read(cls, path: Path) -> ModelCard:
        """Returns the card in a file."""
        return read_as(path, cls.from_config)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> ModelCard:
        """Returns the card that `to_config` gave."""
        checks = {each.name: text for each in fields(cls)} | {
            "not_for": _texts,
            "seed": _whole,
            "epochs": _whole,
            "parameters": _whole,
            "versions": mapping,
            "verdict": _texts,
            "measured": _measured,
        }
        refuse_unknown(config, checks)
        return cls(**checked(config, checks))

    def to_config(self) -> dict[str, Any]:
        """Returns the same, ready for JSON; a missing floor is `None`."""
        form: dict[str, Any] = plain(asdict(self))
        return form

    def to_markdown(self) -> str:
        """Returns the card as Markdown, which ends in a newline."""
        rows = ["| | value | floor | times the floor |", "|---|---:|---:|---:|"]
        rows += [f"| {' | '.join(cells)} |" for cells in self._rows()]
        parts = [
            f"# {self.name}",
            self.summary,
            *(f"**{name}**: {value}" for name, value in self._facts()),
            "## What it is not for",
            "\n".join(f"- {sentence}" for sentence in self.not_for),
            "## How good it is",
            "\n".join(f"- {sentence}" for sentence in self.verdict),
            "\n".join(rows),
            self.protocol,
        ]
        return "\n\n".join(parts) + "\n"

    def _repr_html_(self) -> str:
        """Returns the card for notebooks."""
        listed = [("Not for", sentence) for sentence in self.not_for]
        judged = [("Verdict", sentence) for sentence in self.verdict]
        facts = html_facts(f"{self.name}: {self.summary}", [*self._facts(), *listed, *judged])
        header = ("", "value", "floor", "times the floor")
        return f"<div>{facts}{html_table('Measured', header, self._rows(), [self.protocol])}</div>"

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("Purpose", self.purpose),
            ("Data", self.data),
            ("License", self.license),
            ("Training", f"{self.command} (seed {self.seed}, {self.epochs} epochs)"),
            ("Generator", f"{self.parameters:,} weights"),
            ("Versions", ", ".join(f"{name} {one}" for name, one in self.versions.items())),
        ]

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (fact.name, *map(short_number, (fact.value, fact.floor, fact.times_floor)))
            for fact in self.measured
        ]


def _whole(name: str, value: Any) -> int:
    return whole_number(name, value, minimum=0)


def _texts(name: str, value: Any) -> tuple[str, ...]:
    return tuple(text(name, each) for each in _list(name, value))


def _measured(name: str, value: Any) -> tuple[MeasuredFact, ...]:
    return tuple(
        MeasuredFact(text(name, row["name"]), number(row["value"]), number(row["floor"]))
        for row in (mapping(name, each) for each in _list(name, value))
    )


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise InvalidInputError(f"`{name}` must be a list. Received: {name}={value!r}")
    return list(value)
