"""The catalogue of baselines, in the order of the leaderboard."""

from __future__ import annotations

from collections.abc import Callable

from keras_wgan.errors import InvalidInputError
from keras_wgan.market.baselines.bootstraps import IIDBootstrap, StationaryBootstrap
from keras_wgan.market.baselines.copulas import GarchCopula
from keras_wgan.market.baselines.dcc import DccGarch
from keras_wgan.market.baselines.garch import FilteredHistoricalSimulation, Garch
from keras_wgan.market.baselines.historical import (
    HistoricalSimulation,
    HistoricalVolatility,
    TrainingHistory,
)
from keras_wgan.market.baselines.joint_garch import JointHistoricalSimulation
from keras_wgan.market.baselines.multiscale import MultiscaleVolatility
from keras_wgan.market.baselines.normal import IIDNormal
from keras_wgan.market.baselines.path_dependent import PathDependentVolatility
from keras_wgan.market.baselines.simulator import Baseline
from keras_wgan.market.baselines.vine import VineCopula

_MAKERS: tuple[Callable[[], Baseline], ...] = (
    IIDNormal,
    IIDBootstrap,
    lambda: StationaryBootstrap(20),
    # About half a year is what arch.bootstrap.optimal_block_length finds for |r| of the S&P 500
    # (156 days). That is far longer than the windows, so it wins every likeness score by copying.
    lambda: StationaryBootstrap(150),
    HistoricalVolatility,
    lambda: Garch("GARCH", "normal"),
    lambda: Garch("GARCH", "t"),
    lambda: Garch("GJR", "skewt"),
    lambda: Garch("EGARCH", "skewt"),
    FilteredHistoricalSimulation,
    lambda: FilteredHistoricalSimulation("GJR"),
    lambda: FilteredHistoricalSimulation("HAR"),
    PathDependentVolatility,
    lambda: PathDependentVolatility("historical"),
    MultiscaleVolatility,
)
_OF_SEVERAL: tuple[Callable[[], Baseline], ...] = (
    IIDBootstrap,
    lambda: StationaryBootstrap(20),
    lambda: StationaryBootstrap(150),
    lambda: GarchCopula("Gaussian"),
    lambda: GarchCopula("t"),
    JointHistoricalSimulation,
    DccGarch,
)
# A leaderboard has a row of its own for the training history, and compares no moving window.
_FORECASTERS_ALONE: tuple[Callable[[], Baseline], ...] = (TrainingHistory, HistoricalSimulation)
_OF_ONE = {make().name: make for make in (*_FORECASTERS_ALONE, *_MAKERS)}
# The vine copula is on no leaderboard unless asked for: it needs skfolio, and a minute to fit.
_BY_NAME = _OF_ONE | {make().name: make for make in (*_OF_SEVERAL, VineCopula)}

FORECASTERS = tuple(_OF_ONE)
BASELINES = FORECASTERS[len(_FORECASTERS_ALONE) :]
JOINT_BASELINES = tuple(make().name for make in _OF_SEVERAL)


def get(name: str) -> Baseline:
    """Returns a new, unfitted baseline.

    Example:
    ```python
    from keras_wgan.market import baselines

    assert baselines.get("EGARCH-skewt").name == "EGARCH-skewt"
    ```

    Args:
        name: One of `FORECASTERS`, or of `JOINT_BASELINES` or `"vine copula"` for several assets.

    Returns:
        A `Baseline`.

    Raises:
        ValueError: If no baseline has this name.
    """
    if name not in _BY_NAME:
        listed = ", ".join(repr(known) for known in _BY_NAME)
        raise InvalidInputError(f"`name` must be one of {listed}. Received: name={name!r}.")
    return _BY_NAME[name]()
