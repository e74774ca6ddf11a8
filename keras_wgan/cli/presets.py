"""The command `keras-wgan presets`."""

from typing import Annotated

import typer

from keras_wgan.cli.options import Debug


def presets(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Show the model card of this one.")
    ] = None,
    debug: Debug = False,
) -> None:
    """List the trained models of the package, or show a card."""
    from keras_wgan.experiments.preset_index import preset_card, preset_names

    if name is not None:
        typer.echo(preset_card(name).to_markdown())
        typer.echo(f"Next: keras-wgan generate {name} --count 1000")
        return
    names = preset_names()
    width = max(map(len, names))
    for each in names:
        typer.echo(f"{each:{width}}  {preset_card(each).summary}")
    typer.echo("\nA preset stands for a run: keras-wgan generate sp500 --count 1000")
    typer.echo("Next: keras-wgan presets sp500, its model card")
