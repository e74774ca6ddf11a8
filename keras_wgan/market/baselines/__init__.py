"""Market simulators that practitioners use today, fitted and simulated with `arch`.

All have the same interface: `fit(returns)`, then `sample(n, days, seed)`; those with a state also
have `sample_after(returns, n, days, seed)`. They need no Keras; all but the
path-dependent volatility take well under a second to fit, and that a few seconds.
"""

from keras_wgan.market.baselines.bootstraps import IIDBootstrap as IIDBootstrap
from keras_wgan.market.baselines.bootstraps import StationaryBootstrap as StationaryBootstrap
from keras_wgan.market.baselines.catalogue import BASELINES as BASELINES
from keras_wgan.market.baselines.catalogue import FORECASTERS as FORECASTERS
from keras_wgan.market.baselines.catalogue import get as get
from keras_wgan.market.baselines.garch import (
    FilteredHistoricalSimulation as FilteredHistoricalSimulation,
)
from keras_wgan.market.baselines.garch import Garch as Garch
from keras_wgan.market.baselines.historical import HistoricalSimulation as HistoricalSimulation
from keras_wgan.market.baselines.historical import HistoricalVolatility as HistoricalVolatility
from keras_wgan.market.baselines.historical import TrainingHistory as TrainingHistory
from keras_wgan.market.baselines.multiscale import MultiscaleVolatility as MultiscaleVolatility
from keras_wgan.market.baselines.normal import IIDNormal as IIDNormal
from keras_wgan.market.baselines.path_dependent import (
    PathDependentVolatility as PathDependentVolatility,
)
from keras_wgan.market.baselines.simulator import Baseline as Baseline
from keras_wgan.market.baselines.simulator import Simulator as Simulator
from keras_wgan.market.baselines.simulator import StatefulSimulator as StatefulSimulator
