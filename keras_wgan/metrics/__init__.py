"""Numbers that compare generated with real data, in plain NumPy and SciPy.

A metric is three small steps, features -> statistics -> number, so that the statistics of the real
data are computed once.
"""

from keras_wgan.metrics.images.feature_statistics import FeatureStatistics as FeatureStatistics
from keras_wgan.metrics.images.feature_statistics import RunningStatistics as RunningStatistics
from keras_wgan.metrics.images.feature_statistics import feature_statistics as feature_statistics
from keras_wgan.metrics.images.feature_statistics import merge_statistics as merge_statistics
from keras_wgan.metrics.images.frechet import frechet_distance as frechet_distance
from keras_wgan.metrics.images.inception_score import ClassifierScore as ClassifierScore
from keras_wgan.metrics.images.inception_score import classifier_score as classifier_score
from keras_wgan.metrics.images.kernel_distance import KernelDistance as KernelDistance
from keras_wgan.metrics.images.kernel_distance import kernel_distance as kernel_distance
from keras_wgan.metrics.images.precision_recall import DensityCoverage as DensityCoverage
from keras_wgan.metrics.images.precision_recall import PrecisionRecall as PrecisionRecall
from keras_wgan.metrics.images.precision_recall import density_coverage as density_coverage
from keras_wgan.metrics.images.precision_recall import precision_recall as precision_recall
from keras_wgan.metrics.images.sliced_wasserstein import sliced_wasserstein as sliced_wasserstein
from keras_wgan.metrics.measurement import Measurement as Measurement
from keras_wgan.metrics.measurement import Protocol as Protocol
from keras_wgan.metrics.returns.autocorrelation import clustering_decay as clustering_decay
from keras_wgan.metrics.returns.calibration import CentralInterval as CentralInterval
from keras_wgan.metrics.returns.calibration import PITHistogram as PITHistogram
from keras_wgan.metrics.returns.calibration import central_interval as central_interval
from keras_wgan.metrics.returns.calibration import pit_histogram as pit_histogram
from keras_wgan.metrics.returns.calibration import (
    probability_integral_transform as probability_integral_transform,
)
from keras_wgan.metrics.returns.christoffersen import ChristoffersenTest as ChristoffersenTest
from keras_wgan.metrics.returns.christoffersen import christoffersen_test as christoffersen_test
from keras_wgan.metrics.returns.copies import copy_rate as copy_rate
from keras_wgan.metrics.returns.crps import crps as crps
from keras_wgan.metrics.returns.crps import empirical_crps as empirical_crps
from keras_wgan.metrics.returns.dependence import AssetDependence as AssetDependence
from keras_wgan.metrics.returns.dependence import asset_dependence as asset_dependence
from keras_wgan.metrics.returns.dependence import dependence_gaps as dependence_gaps
from keras_wgan.metrics.returns.expected_shortfall import (
    fissler_ziegel_loss as fissler_ziegel_loss,
)
from keras_wgan.metrics.returns.facts import ReturnFacts as ReturnFacts
from keras_wgan.metrics.returns.facts import return_facts as return_facts
from keras_wgan.metrics.returns.families import FAMILIES as FAMILIES
from keras_wgan.metrics.returns.families import FamilyScores as FamilyScores
from keras_wgan.metrics.returns.families import LevelReference as LevelReference
from keras_wgan.metrics.returns.first_passage import FirstPassage as FirstPassage
from keras_wgan.metrics.returns.first_passage import first_passage as first_passage
from keras_wgan.metrics.returns.joint_scores import JointFacts as JointFacts
from keras_wgan.metrics.returns.joint_scores import joint_facts as joint_facts
from keras_wgan.metrics.returns.joint_scores import joint_floor as joint_floor
from keras_wgan.metrics.returns.joint_scores import joint_scores as joint_scores
from keras_wgan.metrics.returns.kupiec import KupiecTest as KupiecTest
from keras_wgan.metrics.returns.kupiec import kupiec_test as kupiec_test
from keras_wgan.metrics.returns.like_days import (
    windows_after_like_days as windows_after_like_days,
)
from keras_wgan.metrics.returns.matched_scores import family_floor as family_floor
from keras_wgan.metrics.returns.matched_scores import matched_scores as matched_scores
from keras_wgan.metrics.returns.moments import ReturnMoments as ReturnMoments
from keras_wgan.metrics.returns.moments import moment_distance as moment_distance
from keras_wgan.metrics.returns.moments import return_moments as return_moments
from keras_wgan.metrics.returns.paired_comparison import PairedComparison as PairedComparison
from keras_wgan.metrics.returns.paired_comparison import paired_comparison as paired_comparison
from keras_wgan.metrics.returns.path_scores import energy_score as energy_score
from keras_wgan.metrics.returns.path_scores import variogram_score as variogram_score
from keras_wgan.metrics.returns.portfolios import (
    portfolio_log_returns as portfolio_log_returns,
)
from keras_wgan.metrics.returns.portfolios import portfolio_risks as portfolio_risks
from keras_wgan.metrics.returns.portfolios import random_portfolios as random_portfolios
from keras_wgan.metrics.returns.prediction import prediction_excess as prediction_excess
from keras_wgan.metrics.returns.sampling_floor import sampling_floor as sampling_floor
from keras_wgan.metrics.returns.sampling_noise import SamplingNoise as SamplingNoise
from keras_wgan.metrics.returns.sampling_noise import sampling_noise as sampling_noise
from keras_wgan.metrics.returns.scores import fact_scores as fact_scores
from keras_wgan.metrics.returns.scores import median_ratio as median_ratio
from keras_wgan.metrics.returns.scores import score_ratios as score_ratios
from keras_wgan.metrics.returns.stylized_facts import FactScores as FactScores
from keras_wgan.metrics.returns.stylized_facts import stylized_facts as stylized_facts
from keras_wgan.metrics.returns.two_sample import classifier_two_sample as classifier_two_sample
from keras_wgan.metrics.series.copies import CopyShares as CopyShares
from keras_wgan.metrics.series.copies import series_copies as series_copies
from keras_wgan.metrics.series.scores import SeriesReference as SeriesReference
from keras_wgan.metrics.series.scores import SeriesScore as SeriesScore
from keras_wgan.metrics.series.scores import series_distance as series_distance
from keras_wgan.metrics.series.statistics import MotionStatistics as MotionStatistics
from keras_wgan.metrics.series.statistics import SeriesStatistics as SeriesStatistics
from keras_wgan.metrics.series.statistics import series_statistics as series_statistics
