"""The program `keras-wgan`: its commands, and how it ends where something fails."""

import sys
import traceback
from typing import Annotated

import typer

from keras_wgan import __version__
from keras_wgan.cli.backtest import backtest
from keras_wgan.cli.data import data
from keras_wgan.cli.evaluate import evaluate, leaderboard
from keras_wgan.cli.explore import explore
from keras_wgan.cli.export import export
from keras_wgan.cli.forecast import forecast
from keras_wgan.cli.generate import generate
from keras_wgan.cli.merge import merge
from keras_wgan.cli.options import Debug
from keras_wgan.cli.presets import presets
from keras_wgan.cli.resume import resume
from keras_wgan.cli.risk import risk
from keras_wgan.cli.rolling import rolling
from keras_wgan.cli.startup import show_warnings_as_notes
from keras_wgan.cli.train import train
from keras_wgan.cli.tune import tune
from keras_wgan.cli.verify import verify
from keras_wgan.errors import KerasWGANError
from keras_wgan.io.console import is_debugging

# Keras settles its backend when it is imported, so the commands import whatever imports Keras
# after they have read `--backend`.

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain lines, also in a pipe
    help="Train Wasserstein GANs with gradient penalty, and use what they generate.",
)


def main() -> None:
    """Runs the command line.

    An error that the package raises on purpose ends it with one sentence and status 2; any other is
    unexpected, and ends it with its traceback and status 1.
    """
    show_warnings_as_notes()
    try:
        app()
    except KerasWGANError as error:
        if is_debugging():
            traceback.print_exc()
        else:
            lines = [f"keras-wgan: {error}", *getattr(error, "__notes__", [])]
            print("\n".join(lines), file=sys.stderr)
        sys.exit(2)
    except Exception:
        traceback.print_exc()
        print(
            "keras-wgan: this error was not expected; please report it with this traceback.",
            file=sys.stderr,
        )
        sys.exit(1)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"keras-wgan {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    pass


@app.command()
def recipes(debug: Debug = False) -> None:
    """List the experiments that come with the package."""
    from keras_wgan.experiments.recipes import RECIPES

    width = max(len(recipe.name) for recipe in RECIPES)
    for recipe in RECIPES:
        typer.echo(f"{recipe.name:{width}}  {recipe.summary}")
    typer.echo(f"\nNext: keras-wgan train {RECIPES[0].name}")


for command in (
    presets,
    data,
    train,
    resume,
    generate,
    verify,
    export,
    evaluate,
    explore,
    leaderboard,
    risk,
    merge,
    forecast,
    backtest,
    rolling,
    tune,
):
    app.command()(command)
