"""What may be typed behind a command, and what is it taken for?"""

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from textwrap import shorten
from typing import Annotated, Any

import typer

from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.settings import PRECISIONS

MAX_DEVICES = 64  # of one machine

Backend = Annotated[
    str | None, typer.Option(help="The Keras backend; without it, KERAS_BACKEND or Keras' own.")
]
RecipeName = Annotated[str, typer.Argument(help="A name that `keras-wgan recipes` lists.")]
Data = Annotated[
    str | None,
    typer.Option(
        help="Returns: bundled, yahoo, or a CSV or Parquet file. Images: mnist, fashion_mnist, "
        "digits (offline), or a Keras-format .npz file. Without it, the recipe's own."
    ),
]
Ticker = Annotated[
    str | None,
    typer.Option(
        help="Yahoo's symbol, ^GSPC or ^IXIC of --data bundled, or a column of a file; several "
        "with commas, such as SPY,TLT, for the recipe sp500."
    ),
]
Start = Annotated[str | None, typer.Option(help="First day of the prices.")]
End = Annotated[str | None, typer.Option(help="Last day of the prices.")]
ChooseUntil = Annotated[
    str | None,
    typer.Option(
        help="Choose by the days after --end up to this one, 60 days apart; returns of one asset "
        "only. `train` then keeps its best weights, else the last; `tune` judges trials by them."
    ),
]
ManyDevices = Annotated[
    str | None,
    typer.Option(
        "--devices",
        help="How many GPUs share each batch, such as 2; cpu:2 splits the processor, to try it.",
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same result.")]
RunPath = Annotated[Path, typer.Argument(help="A run folder that `train` made.")]


def refuse_beside(context: typer.Context, option: str, *kept: str) -> None:
    """Refuses options that a file or folder behind `option` answers already, all but those kept."""
    may = [f"`--{'set' if name == 'setting' else name.replace('_', '-')}`" for name in kept]
    for name in context.params:
        if _typed(context, name) and f"--{name}" != option and name not in kept:
            raise InvalidInputError(
                f"`{option}` takes everything but {', '.join(may[:-1])} and {may[-1]} from there. "
                f"Received beside it: {name}={context.params[name]}. Leave it out, or start anew."
            )


def typed_or(context: typer.Context, name: str, other: int) -> int:
    """Returns what was typed for an option, or where nothing was, another value."""
    return context.params[name] if _typed(context, name) else other


def _typed(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def asked_devices(text: str) -> tuple[int, bool]:
    """Returns how many devices are asked for, and whether the processor is to be split."""
    count = text.removeprefix("cpu:")
    if not (count.isdecimal() and count.isascii() and 1 <= int(count) <= MAX_DEVICES):
        raise InvalidInputError(
            f"`--devices` must be a whole number from 1 to {MAX_DEVICES}, such as 2, or cpu:2 to "
            f"split the processor. Received: {shorten(text, 80)}"
        )
    return int(count), text.startswith("cpu:")


def given_recipe(command: str, name: str, known: list[str]) -> str:
    """Returns the recipe's name, or says that there must be one."""
    if not name:
        raise InvalidInputError(
            f"`{command}` needs a recipe, one of {', '.join(known)}: "
            f"keras-wgan {command} {known[0]}"
        )
    return name


def one_start(
    regime: str | None, percentile: float | None, after: str | None
) -> str | float | None:
    """Returns the one of three options that says how paths begin."""
    options = {"--regime": regime, "--volatility-percentile": percentile, "--after": after}
    given = [f"{name} {value}" for name, value in options.items() if value is not None]
    if len(given) > 1:
        raise InvalidInputError(
            "Give one of `--regime`, `--volatility-percentile` and `--after`, which all say how "
            f"paths begin. Received: {' '.join(given)}"
        )
    return percentile if regime is None else regime


def one_of(name: str, value: str, known: list[str]) -> str:
    """Returns a value that is one of those known, or names them."""
    if value not in known:
        raise InvalidInputError(f"`{name}` must be one of {', '.join(known)}. Received: {value}")
    return value


def changed_settings(given: list[str] | None, **named: Any) -> dict[str, Any]:
    """Returns settings by name, from options of their own and from `--set NAME=VALUE`."""
    changes = {name: value for name, value in named.items() if value is not None}
    for entry in given or []:
        name, sign, text = entry.partition("=")
        if not sign:
            raise InvalidInputError(
                f"`--set` wants NAME=VALUE, such as gp_weight=5. Received: {shorten(entry, 80)}"
            )
        if name in changes:
            raise InvalidInputError(
                f"Give {name} once. Received: {changes[name]} and --set {entry}"
            )
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = text
        if not (isinstance(value, int | float | None) or value in PRECISIONS):
            raise InvalidInputError(
                f"`--set` wants a number, such as gp_weight=5. Received: {shorten(entry, 80)}"
            )
        changes[name] = value
    return changes


def free_file(path: Path) -> Path:
    """Returns a path at which there is no file yet."""
    taken: Callable[[int], Path] = lambda k: path.with_name(f"{path.stem}-{k}{path.suffix}")  # noqa: E731
    number = 2
    if not path.exists():
        return path
    while taken(number).exists():
        number += 1
    return taken(number)


def quoted(path: Path) -> str:
    """Returns a path as a shell wants it."""
    return shlex.quote(str(path))
