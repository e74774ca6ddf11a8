"""Which market simulators must a trained model beat? Those that practitioners use today.

All are fitted and simulated with `arch`, and all have the same face: `fit(returns)`, then
`sample(n, days, seed)`. They know no Keras and take well under a second to fit.
For annotations, that face is `keras_wgan.market.baselines.simulator.Simulator`.
"""

from keras_wgan.market.baselines.bootstraps import IIDBootstrap as IIDBootstrap
from keras_wgan.market.baselines.bootstraps import StationaryBootstrap as StationaryBootstrap
from keras_wgan.market.baselines.catalogue import BASELINES as BASELINES
from keras_wgan.market.baselines.catalogue import get as get
from keras_wgan.market.baselines.garch import (
    FilteredHistoricalSimulation as FilteredHistoricalSimulation,
)
from keras_wgan.market.baselines.garch import Garch as Garch
from keras_wgan.market.baselines.normal import IIDNormal as IIDNormal
