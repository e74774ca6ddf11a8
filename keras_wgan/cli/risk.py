"""The command `keras-wgan risk`."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from keras_wgan.cli.options import (
    Accept,
    Backend,
    Debug,
    Quiet,
    Regime,
    Seed,
    kinds,
    numbers,
    quoted,
    refuse_two_starts,
)
from keras_wgan.cli.startup import start_backend
from keras_wgan.market.risk.rebalancing import Rebalancing


def risk(
    runs: Annotated[
        list[Path],
        typer.Argument(
            metavar="RUN...",
            help="Run folders of the same assets, or a preset such as sp500; several runs show the "
            "spread over trainings.",
        ),
    ],
    weights: Annotated[
        str,
        typer.Option(
            help="equal, a list such as SPY=0.6,TLT=0.4, or a CSV file of names and weights; a "
            "negative weight is a short position, the rest is cash."
        ),
    ] = "equal",
    rebalance: Annotated[
        Rebalancing, typer.Option(help="Keep the weights every day, or buy and hold.")
    ] = "daily",
    horizons: Annotated[str, typer.Option(help="Days ahead.")] = "1,5,20,60",
    levels: Annotated[
        str, typer.Option(help="Tails of value at risk and expected shortfall.")
    ] = "1%,2.5%,5%",
    losses: Annotated[
        str, typer.Option(help="Losses whose probability is reported.")
    ] = "5%,10%,20%",
    count: Annotated[
        int, typer.Option(min=1, help="Scenarios of each run; over a million are not kept.")
    ] = 10_000,
    after: Annotated[
        str | None,
        typer.Option(
            help="Start scenarios in the state after the last day of these prices: data (the "
            "run's own), bundled, yahoo, or a file (recipe sp500). By default, in any state."
        ),
    ] = None,
    regime: Annotated[
        Regime | None,
        typer.Option(help="The volatility with which scenarios start (recipe sp500)."),
    ] = None,
    volatility_percentile: Annotated[
        float | None,
        typer.Option(min=0, max=100, help="The same as a percentile of the past volatilities."),
    ] = None,
    given_events: Annotated[
        list[str] | None,
        typer.Option(
            "--given",
            metavar="EVENT",
            help='Only scenarios with an event, such as "SPY<-0.10 in 20" or "SPY volatility>0.4 '
            'in 20"; repeatable.',
        ),
    ] = None,
    views: Annotated[
        list[str] | None,
        typer.Option(
            "--view",
            metavar="VIEW",
            help='Weight scenarios so that a mean is reached, such as "SPY mean=-0.05 in 20" or '
            '"SPY volatility=0.4 in 20"; repeatable.',
        ),
    ] = None,
    accept: Accept = None,
    out: Annotated[
        Path | None,
        typer.Option(help="A new folder; by default, risk in the first run folder."),
    ] = None,
    seed: Seed = 0,
    backend: Backend = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Measure what a portfolio can lose in the scenarios of a run."""
    refuse_two_starts(regime, volatility_percentile, after, what="scenarios")
    start_backend(backend)
    from keras_wgan.callbacks.interrupt import sigterm_as_ctrl_c
    from keras_wgan.experiments import risk as experiment
    from keras_wgan.experiments.risk_files import refuse_taken, write_risk
    from keras_wgan.experiments.run import Run
    from keras_wgan.experiments.streamed_risk import HELD, stream_risk, write_streamed_risk
    from keras_wgan.market.risk.settings import RiskSettings
    from keras_wgan.market.risk.stress import Stress
    from keras_wgan.market.risk.weights import read_portfolio
    from keras_wgan.market.scenarios import Anywhere, InRegime, Start
    from keras_wgan.report.frequency_words import in_periods
    from keras_wgan.report.tables.portfolio_risk import portfolio_risk_text, streamed_risk_text

    def show(line: str) -> None:
        typer.echo(line, err=True)

    settings = RiskSettings(
        tuple(map(int, numbers("--horizons", horizons, whole=True))),
        numbers("--levels", levels),
        numbers("--losses", losses),
    )
    stress = Stress.parse(given_events or (), views or ())
    folders = [Run.open(run).accepting(kinds(accept)) for run in runs]
    portfolio = read_portfolio(weights, experiment.assets_of(folders), rebalance)
    folder = out or folders[0].next_free_file("risk")
    refuse_taken(folder)
    percentile = volatility_percentile if regime is None else regime
    try:
        with sigterm_as_ctrl_c():
            start: Start = Anywhere() if percentile is None else InRegime(percentile)
            if after is not None:
                start = experiment.after_prices(folders, after)
            request = experiment.RiskRequest(portfolio, count, seed, settings, stress, start)
            frequency = experiment.frequency_of(folders)
            if count > HELD:
                streamed, lines = stream_risk(folders, request, progress=show)
                text = streamed_risk_text(streamed)
                files = write_streamed_risk(streamed, folder, start=lines)
            else:
                found, lines = experiment.measure_risk(folders, request, progress=show)
                text = portfolio_risk_text(found)
                files = write_risk(found, folder, start=lines, frequency=frequency)
    except KeyboardInterrupt:
        typer.echo("\nStopped; nothing is written. The same command starts again.")
        raise typer.Exit(130) from None
    text = in_periods(text, frequency)
    for line in [*lines, "", text, "", "Written to:", *(f"  {file}" for file in files)]:
        typer.echo(line)
    begins_today = ["--after", after or "data"] if folders[0].recipe.assets == "any" else []
    other = [] if begins_today and after is None else ["--rebalance", _other(rebalance)]
    typer.echo(f"Next: {_next(runs, ['--weights', weights, *begins_today, *other])}")


def _other(rebalance: Rebalancing) -> Rebalancing:
    return "never" if rebalance == "daily" else "daily"


def _next(runs: list[Path], options: list[str]) -> str:
    return " ".join(["keras-wgan risk", *map(quoted, runs), *map(shlex.quote, options)])
