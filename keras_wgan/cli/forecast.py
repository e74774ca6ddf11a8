"""The command `keras-wgan forecast`."""

import shlex
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
    End,
    PriceColumn,
    Quiet,
    ReturnsKind,
    Seed,
    Separator,
    Sheet,
    Start,
    Ticker,
    kinds,
    numbers,
)
from keras_wgan.cli.startup import start_backend
from keras_wgan.market.risk.rebalancing import Rebalancing


def forecast(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FORECASTER]...",
            help="Baselines such as fhs-multiscale, which are fitted to all prices in seconds, run "
            "folders, or presets; by default three usual baselines.",
        ),
    ] = None,
    data: Annotated[
        str, typer.Option(help="Prices: bundled, yahoo, or a CSV, Excel or Parquet file.")
    ] = "bundled",
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
    weights: Annotated[
        str,
        typer.Option(
            help="equal, a list such as SPY=0.6,TLT=0.4, or a CSV file of names and weights."
        ),
    ] = "equal",
    rebalance: Annotated[
        Rebalancing, typer.Option(help="Keep the weights every day, or buy and hold.")
    ] = "daily",
    horizons: Annotated[str, typer.Option(help="Days ahead.")] = "1,5,20,60",
    levels: Annotated[
        str, typer.Option(help="Tails of value at risk and expected shortfall.")
    ] = "1%,2.5%,5%",
    count: Annotated[int, typer.Option(min=1, help="Paths of each forecaster.")] = 10_000,
    scenarios: Annotated[
        Path | None,
        typer.Option(
            help="Also write the paths of the first forecaster to a new .csv, .npz or .parquet "
            "file."
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="A new folder.")] = Path("runs/forecast"),
    seed: Seed = 0,
    backend: Backend = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Measure what prices can lose from their last day on."""
    start_backend(backend)
    from keras_wgan.callbacks.interrupt import sigterm_as_ctrl_c
    from keras_wgan.data import PriceFormat, Source
    from keras_wgan.experiments import forecasting
    from keras_wgan.experiments.risk_files import refuse_taken, write_risk
    from keras_wgan.market.risk.settings import RiskSettings
    from keras_wgan.market.risk.weights import read_portfolio
    from keras_wgan.report.frequency_words import in_periods
    from keras_wgan.report.tables.portfolio_risk import by_model_text, portfolio_risk_text

    def show(line: str) -> None:
        typer.echo(line, err=True)

    price_format = PriceFormat(
        date_column, price_column, date_format, separator, decimal, sheet, returns
    )
    source = Source(data, ticker, start, end, price_format, kinds(accept))
    refuse_taken(out)
    settings = RiskSettings(
        tuple(map(int, numbers("--horizons", horizons, whole=True))),
        numbers("--levels", levels),
    )
    portfolio = read_portfolio(weights, source.tickers, rebalance)
    request = forecasting.ForecastRequest(
        source, tuple(names or ()), portfolio, count, seed, settings
    )
    try:
        with sigterm_as_ctrl_c():
            found = forecasting.forecast(request, scenarios=scenarios, progress=show)
            files = write_risk(found.risk, out, start=found.lines, frequency=found.frequency)
    except KeyboardInterrupt:
        typer.echo("\nStopped; nothing is written. The same command starts again.")
        raise typer.Exit(130) from None
    text = "\n".join([portfolio_risk_text(found.risk), "", by_model_text(found.risk)])
    for line in [*found.lines, "", in_periods(text, found.frequency), "", "Written to:"]:
        typer.echo(line)
    for file in [*files, *([scenarios] if scenarios else [])]:
        typer.echo(f"  {file}")
    typer.echo(f"Next: {_next(names, data, ticker)}")


def _next(names: list[str] | None, data: str, ticker: str | None) -> str:
    """Returns the command that says how good such forecasts were."""
    asked = {"--data": data, "--ticker": ticker}
    options = [
        part for option, value in asked.items() if value for part in (option, shlex.quote(value))
    ]
    return " ".join(["keras-wgan backtest", *map(shlex.quote, names or ()), *options])
