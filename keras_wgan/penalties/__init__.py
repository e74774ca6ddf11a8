"""Penalties on the generator: moments, distributions, autocorrelations and correlations.

Each penalty compares statistics of a generated batch with those of the real batch, so it needs
large batches: tails and autocorrelations of fewer than a few hundred windows are mostly noise.
Statistics are pooled over the batch with its global mean. Means per window would remove the
differences between calm and volatile windows, which are most of the clustering and of the tails.
"""

from keras_wgan.penalties.autocorrelation import AutocorrelationPenalty as AutocorrelationPenalty
from keras_wgan.penalties.autocorrelation import LeveragePenalty as LeveragePenalty
from keras_wgan.penalties.correlation import CorrelationPenalty as CorrelationPenalty
from keras_wgan.penalties.distributions import ExtremesPenalty as ExtremesPenalty
from keras_wgan.penalties.distributions import QuantilePenalty as QuantilePenalty
from keras_wgan.penalties.moments import MomentPenalty as MomentPenalty
from keras_wgan.penalties.portfolios import JointFallsPenalty as JointFallsPenalty
from keras_wgan.penalties.portfolios import PortfolioPenalty as PortfolioPenalty
from keras_wgan.penalties.time_asymmetry import CoarseFinePenalty as CoarseFinePenalty
from keras_wgan.penalties.unbiased import UnbiasedPenalty as UnbiasedPenalty
