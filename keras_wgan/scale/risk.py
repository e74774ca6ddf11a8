"""The risk of a portfolio over the scenarios of a shard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from keras_wgan.io.progress import silent, with_progress
from keras_wgan.market.risk.engine import RiskAccumulator
from keras_wgan.market.risk.streamed import StreamedRisk
from keras_wgan.scale.job import ScenarioJob
from keras_wgan.scale.shards import Shard


def shard_risk(
    job: ScenarioJob,
    measured: RiskAccumulator,
    shard: Shard,
    *,
    progress: Callable[[str], object] = silent,
) -> StreamedRisk:
    """Returns the risk of a portfolio over a shard's scenarios, of which none is kept.

    Merged, the risks of all shards are the risk of all scenarios, to the last bit.

    Example:
    ```python
    import functools
    from keras_wgan.scale import Shard, map_shards, shard_risk

    def risk_of_all(job, measured, shards, client=None):
        work = functools.partial(shard_risk, job, measured)
        first, *others = map_shards(work, Shard.all(shards), client)
        for risk in others:
            first.merge(risk)
        return first.table()
    ```

    Args:
        job: The scenarios, of at least as many days as the longest horizon.
        measured: What is measured of them.
        shard: The share of them.
        progress: Called every few seconds with a line about the progress. Defaults to a function
            that does nothing.

    Returns:
        The `StreamedRisk`.

    Raises:
        ImportError: If `ddsketch` is missing.
        ValueError: If the portfolio names another asset, or there is a stress.
    """
    risk, numbers = StreamedRisk(measured), shard.scenarios(job.request.count)
    chunks = (returns.astype(np.float64) for returns in job.log_returns(shard))
    risk.add(with_progress(chunks, len(numbers), "scenarios", progress), first=numbers.start)
    return risk
