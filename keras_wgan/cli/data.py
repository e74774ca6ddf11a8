"""The command `keras-wgan data`, which shows what would be read and trains nothing."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from keras_wgan.cli.options import (
    Accept,
    DateColumn,
    DateFormat,
    Debug,
    Decimal,
    End,
    PriceColumn,
    Quiet,
    ReturnsKind,
    Separator,
    Sheet,
    Start,
    Ticker,
    kinds,
    quoted,
)
from keras_wgan.errors import InvalidInputError, OutputExistsError


def data(
    source: Annotated[
        str, typer.Argument(metavar="FILE", help="A file of prices, bundled, or yahoo.")
    ],
    ticker: Ticker = None,
    start: Start = None,
    end: End = None,
    date_column: DateColumn = None,
    price_column: PriceColumn = None,
    date_format: DateFormat = None,
    separator: Separator = None,
    decimal: Decimal = None,
    sheet: Sheet = None,
    returns: ReturnsKind = None,
    accept: Accept = None,
    out: Annotated[
        Path | None, typer.Option(help="A new .png file; by default, next to the file.")
    ] = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Show and draw the prices that a command would read."""
    typer.echo(f"Reading {source} ...")  # before the libraries that read it are loaded
    from keras_wgan.data import PriceFormat, Source
    from keras_wgan.data.questions import Question
    from keras_wgan.experiments.settings import WINDOW
    from keras_wgan.io.files import first_free
    from keras_wgan.report.plots.reading import reading_picture
    from keras_wgan.report.plots.style import save_picture

    price_format = PriceFormat(
        date_column, price_column, date_format, separator, decimal, sheet, returns
    )
    asked = Source(source, ticker, start, end, price_format, kinds(accept))
    place = Path(source)
    picture = out or first_free(place.with_name(f"{place.stem}-prices.png"), Path.exists)
    if picture.exists() or picture.suffix != ".png":
        raise OutputExistsError(f"`--out` must be a new file that ends in .png. Received: {out}")
    shown = replace(asked, accept=tuple(Question)).read()
    for note in shown.notes:
        typer.echo(note)
    typer.echo(shown.describe())
    save_picture(reading_picture(shown), picture)
    try:
        asked.read()
    except InvalidInputError:
        typer.echo(str(picture))
        raise
    options = {"--ticker": ticker, "--start": start, "--end": end, **price_format.to_options()}
    options["--accept"] = ",".join(asked.accept)
    given = [f" {name} {shlex.quote(value)}" for name, value in options.items() if value]
    recipe = "sp500" if len(asked.tickers) == 1 else "portfolio"
    if len(shown.prices) > WINDOW:
        typer.echo(f"Next: keras-wgan train {recipe} --data {quoted(place)}{''.join(given)}")
    else:
        typer.echo(f"A training needs at least {WINDOW + 1} prices of all assets.")
    typer.echo(str(picture))
