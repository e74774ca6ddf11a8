"""Market simulators that practitioners use today, fitted and simulated with `arch`.

All have the same interface: `fit(returns)`, then `sample(n, days, seed)`; those with a state also
have `sample_after(returns, n, days, seed)`. Those of several assets take and draw a column for
each. They need no Keras; for one asset all but the path-dependent volatility take well under a
second to fit, and that a few seconds. For several assets it is half a second an asset, and for the
DCC-GARCH of twenty half a minute.
"""

from keras_wgan.market.baselines.bootstraps import IIDBootstrap as IIDBootstrap
from keras_wgan.market.baselines.bootstraps import StationaryBootstrap as StationaryBootstrap
from keras_wgan.market.baselines.catalogue import BASELINES as BASELINES
from keras_wgan.market.baselines.catalogue import FORECASTERS as FORECASTERS
from keras_wgan.market.baselines.catalogue import JOINT_BASELINES as JOINT_BASELINES
from keras_wgan.market.baselines.catalogue import get as get
from keras_wgan.market.baselines.copulas import GarchCopula as GarchCopula
from keras_wgan.market.baselines.dcc import DccGarch as DccGarch
from keras_wgan.market.baselines.garch import (
    FilteredHistoricalSimulation as FilteredHistoricalSimulation,
)
from keras_wgan.market.baselines.garch import Garch as Garch
from keras_wgan.market.baselines.historical import HistoricalSimulation as HistoricalSimulation
from keras_wgan.market.baselines.historical import HistoricalVolatility as HistoricalVolatility
from keras_wgan.market.baselines.historical import TrainingHistory as TrainingHistory
from keras_wgan.market.baselines.joint_garch import (
    JointHistoricalSimulation as JointHistoricalSimulation,
)
from keras_wgan.market.baselines.multiscale import MultiscaleVolatility as MultiscaleVolatility
from keras_wgan.market.baselines.normal import IIDNormal as IIDNormal
from keras_wgan.market.baselines.path_dependent import (
    PathDependentVolatility as PathDependentVolatility,
)
from keras_wgan.market.baselines.simulator import Baseline as Baseline
from keras_wgan.market.baselines.simulator import Simulator as Simulator
from keras_wgan.market.baselines.simulator import StatefulSimulator as StatefulSimulator
from keras_wgan.market.baselines.vine import VineCopula as VineCopula
