"""The arguments and options that several commands share, and how their values are read."""

import contextlib
import io
import json
import math
import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from keras_wgan.cli.startup import BACKENDS
from keras_wgan.data.questions import Question, accepted
from keras_wgan.errors import InvalidInputError
from keras_wgan.io.console import DEBUG

if TYPE_CHECKING:
    from keras_wgan.experiments.recipes import Recipe


def _start_debugging(debug: bool) -> bool:
    if debug:
        os.environ[DEBUG] = "1"
    return debug


class _Nowhere(io.TextIOBase):
    def write(self, text: str) -> int:
        return len(text)


def _start_quiet(context: typer.Context, quiet: bool) -> bool:
    if quiet:
        context.with_resource(contextlib.redirect_stdout(_Nowhere()))
    return quiet


DecimalMark = Literal[".", ","]
KindOfReturns = Literal["simple", "log", "percent"]
RecipeName = Annotated[
    str | None,
    typer.Argument(metavar="RECIPE", help="Such as sp500; `keras-wgan recipes` lists them."),
]
RunPath = Annotated[
    Path,
    typer.Argument(
        metavar="RUN", help="A run folder that `train` made, or a preset, such as sp500."
    ),
]
MovedData = Annotated[
    str | None,
    typer.Option(help="Where the run's data is now, if it was moved after training."),
]
Data = Annotated[
    str | None,
    typer.Option(
        help="Returns: bundled, yahoo, or a CSV, Excel or Parquet file. Series: a CSV or Parquet "
        "file, or waves (made). Images: mnist, fashion_mnist, digits (offline), or a .npz file in "
        "the Keras format. By default, the recipe's own.",
    ),
]
Ticker = Annotated[
    str | None,
    typer.Option(
        help="A Yahoo symbol, ^GSPC or ^IXIC of the bundled data, or a column of a file. The "
        "recipe portfolio takes several, such as SPY,TLT."
    ),
]
Start = Annotated[str | None, typer.Option(help="First day of the prices, such as 2010-01-04.")]
End = Annotated[
    str | None, typer.Option(help="Last day of the prices; for yahoo, yesterday by default.")
]
Accept = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KIND",
        help=f"Accept unlikely findings in prices, of {', '.join(Question)}; repeatable.",
    ),
]
DateColumn = Annotated[
    str | None,
    typer.Option(
        help="The column of dates of a file, by name or by number from 1; for series also none."
    ),
]
PriceColumn = Annotated[
    str | None,
    typer.Option(help="The column of prices; by default, adjusted closes or closes."),
]
DateFormat = Annotated[
    str | None,
    typer.Option(help="The form of a file's dates, such as %d/%m/%Y."),
]
Separator = Annotated[
    str | None,
    typer.Option(help="What separates the fields of a file's lines, such as ; or tab."),
]
Decimal = Annotated[DecimalMark | None, typer.Option(help="The decimal mark of a file's numbers.")]
Sheet = Annotated[
    str | None,
    typer.Option(help="The sheet of an Excel file, by name or by number from 1."),
]
ReturnsKind = Annotated[
    KindOfReturns | None,
    typer.Option("--returns", help="The file holds such returns instead of prices."),
]
SelectUntil = Annotated[
    str | None,
    typer.Option(
        help="Judge by the days from 60 trading days after --end to this day: `train` keeps the "
        "best epoch's weights, `tune` scores its trials. Returns of one asset only."
    ),
]
DeviceCount = Annotated[
    str,
    typer.Option(
        "--devices",
        help="How many GPUs share each batch, such as 2; cpu:2 splits the processor instead.",
    ),
]
Workers = Annotated[int, typer.Option(min=0, help="Processes that run trials in parallel.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same result.")]
Backend = Annotated[
    str | None,
    typer.Option(
        metavar=f"[{'|'.join(BACKENDS)}]",
        help="The Keras backend; by default KERAS_BACKEND, or the one that Keras is set to.",
    ),
]
Debug = Annotated[
    bool,
    typer.Option(
        "--debug",
        callback=_start_debugging,
        is_eager=True,
        help="Show all messages of the backend, and the traceback of every error.",
    ),
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        callback=_start_quiet,
        is_eager=True,
        help="Print nothing but errors and notes.",
    ),
]
WarmStart = Literal["egarch"]
ExportFormat = Literal["onnx", "litert", "saved_model"]
Precision = Literal["float32", "bfloat16", "auto"]
Regime = Literal["calm", "normal", "crisis"]
SpaceName = Literal["narrow", "wide", "market"]


def kinds(accept: list[str] | None) -> tuple[str, ...]:
    """Returns the kinds of `--accept`, also of one option with several, such as jumps,holes."""
    return tuple(map(str, accepted(",".join(accept)))) if accept else ()


def given(options: Mapping[str, Any]) -> list[str]:
    """Returns the options that were given, as they are typed."""
    return [f"{name} {value}" for name, value in options.items() if value is not None]


def refuse_two_starts(
    regime: str | None, volatility_percentile: float | None, after: str | None, *, what: str
) -> None:
    """Refuses more than one of the options that choose the state in which `what` starts."""
    starts = {"--regime": regime, "--volatility-percentile": volatility_percentile}
    if len(chosen := given({**starts, "--after": after})) > 1:
        raise InvalidInputError(
            "Give one of `--regime`, `--volatility-percentile` and `--after`, which all choose the "
            f"state in which {what} start. Received: {' '.join(chosen)}"
        )


def required_recipe(command: str, name: str | None) -> "Recipe":
    """Returns the named recipe, or raises an error that says that a name is needed."""
    from keras_wgan.experiments import recipes

    if name is None:
        known = recipes.names()
        raise InvalidInputError(
            f"`{command}` needs a recipe, one of {', '.join(known)}: "
            f"keras-wgan {command} {known[0]}"
        )
    return recipes.get(name)


def changed_settings(entries: list[str] | None, **named: Any) -> dict[str, Any]:
    """Returns settings by name, from options of their own and from `--set NAME=VALUE`."""
    changes = {name: value for name, value in named.items() if value is not None}
    for entry in entries or []:
        name, sign, text = entry.partition("=")
        if not sign:
            raise InvalidInputError(
                f"`--set` must be NAME=VALUE, such as gp_weight=5. Received: {shorten(entry, 80)}"
            )
        if name in changes:
            raise InvalidInputError(
                f"Give {name} once. Received: {changes[name]} and --set {shorten(entry, 80)}"
            )
        try:
            changes[name] = json.loads(text)
        except (ValueError, RecursionError):
            changes[name] = text
    return changes


def quoted(path: Path) -> str:
    """Returns a path as a shell wants it."""
    return shlex.quote(str(path))


def numbers(option: str, text: str, *, whole: bool = False) -> tuple[float, ...]:
    """Returns the numbers of a list such as 1,5,20 or 1%,2.5%, in ascending order."""
    numbers = []
    for part in text.split(","):
        word = part.strip()
        try:
            number = float(word.removesuffix("%")) / (100.0 if word.endswith("%") else 1.0)
        except ValueError:
            number = float("nan")
        if not math.isfinite(number) or (whole and number != int(number)):
            wanted = "whole numbers such as 1,5,20" if whole else "numbers such as 1%,5% or .01,.05"
            raise InvalidInputError(f"`{option}` must hold {wanted}. Received: {text}")
        numbers.append(number)
    return tuple(sorted(numbers))
