"""Generator penalties on the distributions, autocorrelations, leverage and correlations of a batch.

Each penalty compares statistics of a generated batch with those of the real batch, so it needs
large batches: tails and autocorrelations of fewer than some hundred windows are mostly noise.
Statistics are pooled over the batch with its global mean. Within-window means would delete the
differences between calm and turbulent windows, which make most of the clustering and of the tails.
"""

from keras_wgan.penalties.autocorrelation import AutocorrelationPenalty as AutocorrelationPenalty
from keras_wgan.penalties.autocorrelation import LeveragePenalty as LeveragePenalty
from keras_wgan.penalties.correlation import CorrelationPenalty as CorrelationPenalty
from keras_wgan.penalties.distributions import ExtremesPenalty as ExtremesPenalty
from keras_wgan.penalties.distributions import QuantilePenalty as QuantilePenalty
