"""The command `keras-wgan backtest`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    Start,
    Ticker,
    kinds,
    quoted,
)
from keras_wgan.cli.startup import start_backend

if TYPE_CHECKING:
    from keras_wgan.market import BacktestSpan


def backtest(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FORECASTER]...",
            help="Baselines such as fhs-egarch, run folders, or recipes, which are trained here "
            "first; by default all baselines and the training history.",
        ),
    ] = None,
    data: Annotated[
        str, typer.Option(help="Prices: bundled, yahoo, or a CSV, Excel or Parquet file.")
    ] = "bundled",
    ticker: Ticker = None,
    start: Start = None,
    date_column: DateColumn = None,
    price_column: PriceColumn = None,
    date_format: DateFormat = None,
    separator: Separator = None,
    decimal: Decimal = None,
    sheet: Sheet = None,
    returns: ReturnsKind = None,
    accept: Accept = None,
    weights: Annotated[
        str | None,
        typer.Option(
            help="Forecast a portfolio, rebalanced daily: equal, a list such as SPY=0.6,TLT=0.4, "
            "or a CSV file of names and weights."
        ),
    ] = None,
    fit_until: Annotated[
        str | None,
        typer.Option(
            help="Last day of fitting; by default 2011-12-31, or the day before --test-from."
        ),
    ] = None,
    test_from: Annotated[
        str | None, typer.Option(help="First day forecast; by default 2016-01-01.")
    ] = None,
    test_until: Annotated[
        str | None, typer.Option(help="Last day forecast; by default the last of the data.")
    ] = None,
    every: Annotated[int, typer.Option(min=1, help="Days from one forecast to the next.")] = 5,
    paths: Annotated[int, typer.Option(min=100, help="Paths of each forecast.")] = 2000,
    seed: Seed = 0,
    out: Annotated[
        Path, typer.Option(help="A new folder, or that of a backtest to resume or to add to.")
    ] = Path("runs/backtest"),
    backend: Backend = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Score forecasts from the state of every few days."""
    start_backend(backend)
    from keras_wgan.callbacks.interrupt import sigterm_as_ctrl_c
    from keras_wgan.data import PriceFormat, Source
    from keras_wgan.experiments.backtest import run_backtest
    from keras_wgan.experiments.backtest_request import BacktestRequest
    from keras_wgan.market import BacktestSettings, read_portfolio
    from keras_wgan.report.tables.backtest import backtest_text

    price_format = PriceFormat(
        date_column, price_column, date_format, separator, decimal, sheet, returns
    )
    source = Source(data, ticker, start, None, price_format, kinds(accept))
    request = BacktestRequest(
        tuple(names or ()),
        source,
        _span(fit_until, test_from, test_until),
        BacktestSettings(every=every, paths=paths, seed=seed),
        None if weights is None else read_portfolio(weights, source.tickers),
    )
    try:
        with sigterm_as_ctrl_c():
            result, files = run_backtest(request, out, progress=typer.echo)
    except KeyboardInterrupt:
        typer.echo(f"\nStopped; what is done is in {out}. The same command continues.")
        raise typer.Exit(130) from None
    typer.echo("\n" + backtest_text(result) + "\n\nWritten to:")
    for file in files:
        typer.echo(f"  {file}")
    typer.echo(
        f"{len(result.scores)} forecasters are compared in {quoted(out)}\n"
        f"Next: keras-wgan backtest sp500 --out {quoted(out)}, with the same options, adds one"
    )


def _span(fit_until: str | None, test_from: str | None, test_until: str | None) -> "BacktestSpan":
    import pandas as pd

    from keras_wgan.io.dates import day_of
    from keras_wgan.market import BacktestSpan
    from keras_wgan.market.leaderboard import TEST_YEARS

    if test_from is None:
        first = day_of("select_until", TEST_YEARS.select_until) + pd.Timedelta(days=1)
        test_from, usual = f"{first:%Y-%m-%d}", TEST_YEARS.fit_until
    else:
        before = day_of("test_from", test_from) - pd.Timedelta(days=1)
        usual = f"{before:%Y-%m-%d}"
    return BacktestSpan(fit_until or usual, test_from, test_until)
