"""Numbers that compare generated with real data, in plain NumPy and SciPy.

A metric is three small steps, features -> statistics -> number, so that the statistics of the real
data are worked out once and kept.
"""

from keras_wgan.metrics.frechet import FeatureStatistics as FeatureStatistics
from keras_wgan.metrics.frechet import feature_statistics as feature_statistics
from keras_wgan.metrics.frechet import frechet_distance as frechet_distance
from keras_wgan.metrics.moments import ReturnMoments as ReturnMoments
from keras_wgan.metrics.moments import moment_distance as moment_distance
from keras_wgan.metrics.moments import return_moments as return_moments
