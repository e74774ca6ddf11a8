"""The command `keras-wgan rolling`."""

from pathlib import Path
from typing import Annotated

import typer

from keras_wgan.cli.options import (
    Accept,
    Backend,
    DateColumn,
    DateFormat,
    Debug,
    Decimal,
    PriceColumn,
    Quiet,
    ReturnsKind,
    Seed,
    Separator,
    Sheet,
    Ticker,
    kinds,
    quoted,
)
from keras_wgan.cli.startup import start_backend


def rolling(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[MODEL]...",
            help="Baselines such as PDV or fhs-egarch, and recipes of returns, fitted at each "
            "origin; by default all baselines.",
        ),
    ] = None,
    data: Annotated[
        str, typer.Option(help="A long history of prices: yahoo, or a CSV, Excel or Parquet file.")
    ] = "yahoo",
    ticker: Ticker = None,
    date_column: DateColumn = None,
    price_column: PriceColumn = None,
    date_format: DateFormat = None,
    separator: Separator = None,
    decimal: Decimal = None,
    sheet: Sheet = None,
    returns: ReturnsKind = None,
    accept: Accept = None,
    first: Annotated[int, typer.Option(help="First test year of the first origin.")] = 1970,
    last: Annotated[int, typer.Option(help="First test year of the last origin.")] = 2018,
    every: Annotated[int, typer.Option(min=1, help="Years from one origin to the next.")] = 4,
    fit_years: Annotated[int, typer.Option(min=1, help="Years of fitting before an origin.")] = 20,
    test_years: Annotated[int, typer.Option(min=1, help="Years after it that are scored.")] = 4,
    paths: Annotated[int, typer.Option(min=100, help="Paths of each model and origin.")] = 4000,
    seed: Seed = 0,
    out: Annotated[
        Path, typer.Option(help="A new folder, or that of the same origins to resume or add to.")
    ] = Path("runs/rolling"),
    backend: Backend = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Score models that were fitted before many origins."""
    start_backend(backend)
    from keras_wgan.callbacks.interrupt import sigterm_as_ctrl_c
    from keras_wgan.data import PriceFormat, Source
    from keras_wgan.experiments.rolling import RollingRequest, run_rolling
    from keras_wgan.market import RollingPlan
    from keras_wgan.report.tables.rolling import rolling_text

    plan = RollingPlan(first, last, every, fit_years, test_years, paths=paths, seed=seed)
    source = Source(
        data,
        ticker,
        start=f"{plan.first - plan.fit_years - 1}-12-01",  # for the first return of a year
        end=f"{plan.origins[-1] + plan.test_years - 1}-12-31",
        price_format=PriceFormat(
            date_column, price_column, date_format, separator, decimal, sheet, returns
        ),
        accept=kinds(accept),
    )
    try:
        with sigterm_as_ctrl_c():
            found, files = run_rolling(
                RollingRequest(tuple(names or ()), source, plan), out, progress=typer.echo
            )
    except KeyboardInterrupt:
        typer.echo(f"\nStopped; what is done is in {out}. The same command continues.")
        raise typer.Exit(130) from None
    typer.echo("\n" + rolling_text(found) + "\n\nWritten to:")
    for file in files:
        typer.echo(f"  {file}")
    typer.echo(
        f"Next: keras-wgan rolling sp500 --data {data} --out {quoted(out)}, with the same options, "
        "adds a recipe"
    )
