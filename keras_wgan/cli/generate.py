"""The command `keras-wgan generate`."""

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
    RunPath,
    Seed,
    kinds,
    quoted,
    refuse_two_starts,
)
from keras_wgan.cli.startup import start_backend
from keras_wgan.errors import InvalidInputError

if TYPE_CHECKING:
    from keras_wgan.experiments import GenerationRequest, Run


def generate(
    run: RunPath,
    count: Annotated[int, typer.Option(min=1, help="How many samples.")] = 1000,
    out: Annotated[
        Path | None,
        typer.Option(
            help="A new file. Returns and series: .csv, .npz or .parquet. Images: .npz or .png. By "
            "default, samples-COUNT or windows-COUNT in the run folder. With --shard, a folder."
        ),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="K/N",
            help="Write the K-th of N shards of the scenarios, such as 3/100 or 1-10/100, into a "
            "folder of Parquet files that several processes may share.",
        ),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(min=1, help="Days of each path, if not as trained (recipe sp500)."),
    ] = None,
    regime: Annotated[
        Regime | None,
        typer.Option(help="The volatility with which paths start (recipe sp500)."),
    ] = None,
    volatility_percentile: Annotated[
        float | None,
        typer.Option(min=0, max=100, help="The same as a percentile of the past volatilities."),
    ] = None,
    after: Annotated[
        str | None,
        typer.Option(
            help="Start paths in the state after the last day of these prices: data (the run's "
            "own), bundled, yahoo, or a file (recipe sp500)."
        ),
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option(
            help="The portfolio whose volatility is that of --regime, --volatility-percentile and "
            "--after: equal, a list such as SPY=0.6,TLT=0.4, or a CSV file of names and weights; "
            "by default equal weights of all assets."
        ),
    ] = None,
    accept: Accept = None,
    yearly_mean: Annotated[
        float | None,
        typer.Option(
            help="Shift the returns of all scenarios to this mean log return a year, such as "
            "0.05; one asset only."
        ),
    ] = None,
    yearly_volatility: Annotated[
        float | None,
        typer.Option(help="Scale them to this volatility a year, such as 0.16; one asset only."),
    ] = None,
    condition: Annotated[
        int | None,
        typer.Option(min=0, help="The label of all samples, such as 7 (recipe mnist-conditional)."),
    ] = None,
    seed: Seed = 0,
    backend: Backend = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Write new samples of a trained run."""
    refuse_two_starts(regime, volatility_percentile, after, what="paths")
    chosen = any(start is not None for start in (regime, volatility_percentile, after))
    if weights is not None and not chosen:
        raise InvalidInputError(
            "`--weights` names the portfolio whose volatility a start has. Received: "
            f"--weights {weights}, and no start. Add --regime, --volatility-percentile or --after, "
            "or leave it out; keras-wgan risk measures a portfolio."
        )
    if out is not None and shard is None:
        from keras_wgan.experiments.output_file import refuse_existing

        refuse_existing("--out", out)  # before Keras loads, which takes seconds
    start_backend(backend)
    from keras_wgan.callbacks.interrupt import sigterm_as_ctrl_c
    from keras_wgan.data import SeriesFacts
    from keras_wgan.experiments import generation
    from keras_wgan.experiments.run import Run
    from keras_wgan.market.scenarios import AfterPrices, Anywhere, InRegime, Start

    def show(line: str) -> None:
        typer.echo(line, err=True)

    folder = Run.open(run).accepting(kinds(accept))
    if shard is not None and out is None:
        raise InvalidInputError(f"`--shard {shard}` needs a folder: `--out scenarios`.")
    made = "windows" if isinstance(folder.facts, SeriesFacts) else "samples"
    path = out or folder.next_free_file(f"{made}-{count}{folder.recipe.task.suffixes[0]}")
    percentile = volatility_percentile if regime is None else regime
    try:
        with sigterm_as_ctrl_c():
            portfolio = None if weights is None else generation.portfolio_of(folder, weights)
            start: Start = Anywhere() if percentile is None else InRegime(percentile, portfolio)
            if after is not None:
                prices = generation.prices_to_continue(folder, after)
                start = AfterPrices(prices, portfolio)
            yearly = generation.YearlyMoments(yearly_mean, yearly_volatility)
            request = generation.GenerationRequest(
                count,
                seed,
                days=days,
                start=start,
                yearly=None if yearly == generation.YearlyMoments() else yearly,
                condition=condition,
            )
            if shard is not None:
                _write_shards(folder, request, path, shard, show)
                return
            lines = generation.generate(folder, request, path, progress=show)
    except KeyboardInterrupt:
        kept = "finished shards are kept in" if shard else "nothing is left of"
        typer.echo(f"\nStopped; {kept} {path}. The same command starts again.")
        raise typer.Exit(130) from None
    for line in lines:
        typer.echo(line)
    typer.echo(f"{count} {made} are in {path}\nNext: keras-wgan evaluate {quoted(run)}")


def _write_shards(
    run: "Run",
    request: "GenerationRequest",
    folder: Path,
    named: str,
    progress: Callable[[str], object],
) -> None:
    from keras_wgan.market.scenarios import Anywhere
    from keras_wgan.scale import ScenarioJob, write_shard
    from keras_wgan.scale.shards import parse_shards

    shards = parse_shards(named)
    job = ScenarioJob.of(run, request)
    for shard in shards:
        part = write_shard(job, folder, shard, progress=progress)
        typer.echo(
            f"Shard {shard}: {part.scenarios:,} scenarios from number {part.first:,} are in "
            f"{folder / part.file}"
        )
    if request.start != Anywhere():
        for line in job.describe():
            typer.echo(line)
    typer.echo(f"Next: keras-wgan verify {quoted(folder)}, once all {shards[0].of:,} are there")
