"""The command `keras-wgan risk`."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from keras_wgan.errors import InvalidInputError
from keras_wgan.market.risk.rebalancing import Rebalancing

if TYPE_CHECKING:
    from keras_wgan.experiments import RiskRequest, Run


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
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="K/N",
            help="Measure the K-th of N shards of the scenarios, such as 3/100 or 1-10/100, into a "
            "folder that several processes may share; keras-wgan merge makes one table of it.",
        ),
    ] = None,
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
        typer.Option(
            help="A new folder; by default, risk in the first run folder. With --shard, the "
            "folder of the shards."
        ),
    ] = None,
    seed: Seed = 0,
    backend: Backend = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Measure what a portfolio can lose in the scenarios of a run."""
    if shard is not None and out is None:
        raise InvalidInputError(f"`--shard {shard}` needs a folder: `--out risks`.")
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
    if shard is None:
        refuse_taken(folder)
    percentile = volatility_percentile if regime is None else regime
    try:
        with sigterm_as_ctrl_c():
            start: Start = Anywhere() if percentile is None else InRegime(percentile)
            if after is not None:
                start = experiment.after_prices(folders, after)
            request = experiment.RiskRequest(portfolio, count, seed, settings, stress, start)
            if shard is not None:
                _write_shards(folders, request, folder, shard, show)
                return
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
        kept = f"finished shards are kept in {folder}" if shard else "nothing is written"
        typer.echo(f"\nStopped; {kept}. The same command starts again.")
        raise typer.Exit(130) from None
    text = in_periods(text, frequency)
    for line in [*lines, "", text, "", "Written to:", *(f"  {file}" for file in files)]:
        typer.echo(line)
    begins_today = ["--after", after or "data"] if folders[0].recipe.assets == "any" else []
    other = [] if begins_today and after is None else ["--rebalance", _other(rebalance)]
    typer.echo(f"Next: {_next(runs, ['--weights', weights, *begins_today, *other])}")


def _write_shards(
    runs: "list[Run]",
    request: "RiskRequest",
    folder: Path,
    named: str,
    progress: Callable[[str], object],
) -> None:
    from keras_wgan.experiments.streamed_risk import measured_by
    from keras_wgan.scale import ScenarioJob, write_shard_risk
    from keras_wgan.scale.shards import parse_shards

    shards = parse_shards(named)
    measured = measured_by(runs, request)
    job = ScenarioJob.of_risk(runs[0], request)
    for shard in shards:
        part = write_shard_risk(job, measured, folder, shard, progress=progress)
        typer.echo(
            f"Shard {shard}: the risk over {part.scenarios:,} scenarios from number "
            f"{part.first:,} is in {folder / part.file}"
        )
    typer.echo(f"Next: keras-wgan merge {quoted(folder)}, once all {shards[0].of:,} are there")


def _other(rebalance: Rebalancing) -> Rebalancing:
    return "never" if rebalance == "daily" else "daily"


def _next(runs: list[Path], options: list[str]) -> str:
    return " ".join(["keras-wgan risk", *map(quoted, runs), *map(shlex.quote, options)])
