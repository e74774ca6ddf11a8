"""The page "What works with WGANGP": what is measured, and how it is written."""

import importlib.util
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import keras

from keras_wgan.errors import KerasWGANError, MissingPackageError

from helpers.paths import ROOT

BACKENDS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
MEASURED = ROOT / "docs" / "_measured"
PAGE = ROOT / "docs" / "what_works.md"
WORKS, NOT_TRIED = "works", "not tried"


@dataclass(frozen=True)
class Habit:
    """One row of the page: what is tried, under which heading, and how."""

    group: str
    name: str
    run: Callable[[], object]
    package: str = "keras"  # without it the habit is not tried


def measure(habit: Habit) -> str:
    """Returns `works`, `not tried`, or the first sentence of the refusal or the failure."""
    if importlib.util.find_spec(habit.package) is None:
        return NOT_TRIED
    try:
        habit.run()
    except MissingPackageError:
        return NOT_TRIED
    except (KerasWGANError, ValueError, NotImplementedError) as error:
        return f"refused: {first_sentence(str(error))}"
    except Exception as error:  # the page says what fails too
        return f"fails: {first_sentence(str(error))}"
    return WORKS


def first_sentence(message: str) -> str:
    """Returns the first sentence of a message, without names that change from run to run."""
    sentence = re.split(r"(?<=\w)[.:](?=\s|$)", " ".join(message.split()))[0]
    return re.sub(r"_\d+\b", "", sentence)[:160]


def read_results(backend: str) -> dict[str, str]:
    """Returns what was measured on a backend, by the name of the row."""
    path = MEASURED / f"what_works_{backend}.json"
    return json.loads(path.read_text()) if path.exists() else {}


def record(habit: Habit, found: str) -> None:
    """Writes a result of the backend in use into its file."""
    backend = keras.backend.backend()
    results = {**read_results(backend), habit.name: found}
    path = MEASURED / f"what_works_{backend}.json"
    path.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")


def page(habits: list[Habit]) -> str:
    """Returns the text of the page."""
    results = [read_results(backend) for backend in BACKENDS]
    lines, group = [PREAMBLE], ""
    for habit in habits:
        if habit.group != group:
            group = habit.group
            lines += [f"\n## {group}\n", f"| | {' | '.join(BACKENDS.values())} |"]
            lines += ["|---|---|---|---|"]
        cells = [each.get(habit.name, NOT_TRIED).replace("|", "\\|") for each in results]
        lines.append(f"| {habit.name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


PREAMBLE = """# What works with WGANGP

Each row is a small training, or a call, that a test runs on each backend; the test fails when
the result is no longer what this page says. *Refused* means that an error says so at once, and
begins with the words given here. *Fails* means that Keras or the backend ends it with another
error. *Not tried* means that no result was recorded.

The rows are in `tests/helpers/habits_*.py`. With `KERAS_WGAN_WRITE_MATRIX=1` the test
`tests/core/test_what_works.py` writes this page again, with the results of the backend in use.
"""
