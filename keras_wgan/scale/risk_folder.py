"""A folder of the risk of a portfolio over shards, which merges to that over all scenarios."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.risk import ANY_STATE
from keras_wgan.io.files import atomic_path, remove_unfinished
from keras_wgan.io.npz import read_npz_arrays, write_npz
from keras_wgan.io.progress import silent, with_progress
from keras_wgan.market.risk.engine import RiskAccumulator, refuse_too_few
from keras_wgan.market.risk.portfolio import Portfolio
from keras_wgan.market.risk.settings import RiskSettings
from keras_wgan.market.risk.streamed import StreamedRisk
from keras_wgan.market.risk.stress import Stress
from keras_wgan.market.scenarios import Anywhere
from keras_wgan.scale.job import ScenarioJob, checksum
from keras_wgan.scale.manifest import Manifest, Part, noted_parts, open_folder
from keras_wgan.scale.parts import ABANDONED, finish_part, finished_part
from keras_wgan.scale.risk import shard_risk
from keras_wgan.scale.shards import Shard

MEASURED = "measured"  # the entry of a plan that tells it from one of scenarios
NAMED = 5  # parts that a message names
LINES = "start"


def write_shard_risk(
    job: ScenarioJob,
    measured: RiskAccumulator,
    folder: str | os.PathLike[str],
    shard: Shard,
    *,
    progress: Callable[[str], object] = silent,
) -> Part:
    """Writes the risk over a shard's scenarios to its file in a folder, whole or not at all.

    As with `write_shard`, a shard that is there with its checksum is kept, and any number of
    processes may write to the folder at once.

    Example:
    ```python
    import functools
    from keras_wgan.scale import Shard, map_shards, merge_risks, write_shard_risk

    def risk_of_all(job, measured, folder, shards, client=None):
        work = functools.partial(write_shard_risk, job, measured, folder)
        list(map_shards(work, Shard.all(shards), client))
        return merge_risks(folder).table()
    ```

    Args:
        job: The scenarios, of at least as many days as the longest horizon.
        measured: What is measured of them.
        folder: A new or empty folder, or one of the same risk in as many shards.
        shard: The share of them.
        progress: Called every few seconds with a line about the progress. Defaults to a function
            that does nothing.

    Returns:
        The file's name, checksum and scenarios.

    Raises:
        FileExistsError: If the folder holds something else.
        ImportError: If `ddsketch` is missing.
        OSError: If the file cannot be written.
        ValueError: If the portfolio names another asset, there is a stress, there are too few
            scenarios for the smallest level, or the run's model is another one than the job's.
    """
    refuse_too_few(job.request.count, measured.settings)
    place, numbers = Path(folder), shard.scenarios(job.request.count)
    StreamedRisk(measured)  # refused before the folder is made
    manifest = Manifest(_plan(job, measured), shard.of)
    open_folder(place, manifest)
    path = place / shard.risk_file_name
    if (done := finished_part(place, path.name)) is not None:
        return done
    risk = shard_risk(job, measured, shard, progress=progress)
    arrays = {**risk.to_arrays(), LINES: np.array(start_lines(job), np.str_)}
    remove_unfinished(place, path.name, idle=ABANDONED)
    with atomic_path(path) as unfinished:
        write_npz(unfinished, {name: (len(each), [each]) for name, each in arrays.items()})
    return finish_part(path, manifest, numbers, ("numpy", "ddsketch"))


def start_lines(job: ScenarioJob) -> list[str]:
    """Returns the lines about the state in which paths begin, after some were made."""
    return [*([ANY_STATE] if job.request.start == Anywhere() else []), *job.describe()]


def merge_risks(
    folder: str | os.PathLike[str], *, progress: Callable[[str], object] = silent
) -> StreamedRisk:
    """Returns the risk over all scenarios, from the files of all shards in a folder.

    It is that of one process to the last bit.

    Example:
    ```python
    import tempfile
    from keras_wgan.errors import InputNotFoundError
    from keras_wgan.scale import merge_risks

    with tempfile.TemporaryDirectory() as folder:
        try:
            merge_risks(folder)
        except InputNotFoundError as error:
            assert "manifest.json does not exist" in str(error)
    ```

    Args:
        folder: A folder that `risk --shard` or `write_shard_risk` wrote.
        progress: Called every few seconds with a line about the progress. Defaults to a function
            that does nothing.

    Returns:
        The `StreamedRisk`.

    Raises:
        FileNotFoundError: If there is no manifest.
        ImportError: If `ddsketch` is missing.
        ValueError: If parts are missing or damaged, or the folder holds something else.
    """
    place = Path(folder)
    manifest = risk_manifest(place)
    measured, shards = measured_of(manifest.plan), Shard.all(manifest.shards)
    _refuse_faults(place, shards)
    risk = StreamedRisk(measured)
    names = list(risk.to_arrays())
    for (shard,) in with_progress([(each,) for each in shards], len(shards), "parts", progress):
        arrays = read_npz_arrays(place / shard.risk_file_name, names)
        risk.merge(StreamedRisk.from_arrays(measured, arrays))
    return risk


def merged_lines(folder: Path) -> list[str]:
    """Returns the lines about the state in which paths begin, as the first shard has them."""
    first = folder / Shard(1, risk_manifest(folder).shards).risk_file_name
    return [str(line) for line in read_npz_arrays(first, [LINES])[LINES]]


def risk_manifest(folder: Path) -> Manifest:
    """Returns the manifest of a folder of risks; refuses one of scenarios."""
    manifest = Manifest.read(folder)
    if MEASURED not in manifest.plan:
        raise InvalidInputError(
            f"{folder} holds scenarios, not the risk over them. Check it with `keras-wgan verify`, "
            "or measure the run with `keras-wgan risk --shard`."
        )
    return manifest


def measured_of(plan: Mapping[str, Any]) -> RiskAccumulator:
    """Returns what a plan says is measured of its scenarios."""
    entry = plan[MEASURED]
    portfolio = Portfolio(entry["weights"], entry["rebalance"])
    horizons, levels, losses = (tuple(entry[name]) for name in ("horizons", "levels", "losses"))
    settings = RiskSettings(horizons, levels, losses)
    return RiskAccumulator(tuple(plan["assets"]), portfolio, settings, Stress())


def _plan(job: ScenarioJob, measured: RiskAccumulator) -> dict[str, Any]:
    portfolio, settings = measured.portfolio, measured.settings
    entry = {
        "weights": dict(portfolio.weights),
        "rebalance": portfolio.rebalance,
        "horizons": list(settings.horizons),
        "levels": list(settings.levels),
        "losses": list(settings.losses),
    }
    return {**job.plan, "frequency": job.facts.frequency.to_config(), MEASURED: entry}


def _refuse_faults(folder: Path, shards: list[Shard]) -> None:
    parts, faults = {part.file: part for part in noted_parts(folder)}, []
    for shard in shards:
        path, part = folder / shard.risk_file_name, parts.get(shard.risk_file_name)
        if part is None or not path.exists():
            faults.append((shard, "is missing"))
        elif checksum(path) != part.sha256:
            faults.append((shard, "is damaged: it has another checksum"))
    if faults:
        shown = "; ".join(f"{shard.risk_file_name} {fault}" for shard, fault in faults[:NAMED])
        more = f"; and {len(faults) - NAMED} more" if len(faults) > NAMED else ""
        raise InvalidInputError(
            f"{folder} has {len(shards) - len(faults)} of {len(shards)} whole parts: {shown}"
            f"{more}. Make them again with the command of the others and `--shard {faults[0][0]}`."
        )
