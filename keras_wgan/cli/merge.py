"""The command `keras-wgan merge`."""

from pathlib import Path
from typing import Annotated

import typer

from keras_wgan.cli.options import Debug, Quiet


def merge(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A folder that `risk --shard` wrote.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="A new folder; by default, risk in the folder.")
    ] = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Make one table of the risk over all shards."""
    from keras_wgan.data import Frequency
    from keras_wgan.experiments.risk_files import refuse_taken
    from keras_wgan.experiments.streamed_risk import write_streamed_risk
    from keras_wgan.io.files import first_free
    from keras_wgan.report.frequency_words import in_periods
    from keras_wgan.report.tables.portfolio_risk import streamed_risk_text
    from keras_wgan.scale import merge_risks, risk_folder

    place = out or first_free(folder / "risk", Path.exists)
    refuse_taken(place)
    risk = merge_risks(folder, progress=lambda line: typer.echo(line, err=True))
    lines = risk_folder.merged_lines(folder)
    files = write_streamed_risk(risk, place, start=lines)
    frequency = Frequency.from_config(risk_folder.risk_manifest(folder).plan["frequency"])
    text = in_periods(streamed_risk_text(risk), frequency)
    for line in [*lines, "", text, "", "Written to:", *(f"  {file}" for file in files)]:
        typer.echo(line)
