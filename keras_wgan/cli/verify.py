"""The command `keras-wgan verify`."""

from pathlib import Path
from typing import Annotated

import typer

from keras_wgan.cli.options import Debug, Quiet, quoted


def verify(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A folder that `generate --shard` wrote.")
    ],
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Check a folder of scenarios: complete, and as it was written."""
    from keras_wgan.scale import Shard, verification

    found = verification.verify(folder, progress=lambda line: typer.echo(line, err=True))
    plan = found.plan
    first = quoted(folder / Shard(1, found.shards).file_name)
    typer.echo(
        f"{folder} is whole: {int(plan['count']):,} scenarios of {plan['days']} days, "
        f"{', '.join(plan['assets'])}, in {found.shards:,} files.\n"
        f"Next: pandas.read_parquet({first!r}) in Python"
    )
