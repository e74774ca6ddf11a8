"""Numbers that compare generated with real data, in plain NumPy and SciPy.

A metric is three small steps, features -> statistics -> number, so that the statistics of the real
data are worked out once and kept.
"""

from keras_wgan.metrics.asset_links import AssetLinks as AssetLinks
from keras_wgan.metrics.asset_links import asset_links as asset_links
from keras_wgan.metrics.asset_links import link_gaps as link_gaps
from keras_wgan.metrics.classifier_score import ClassifierScore as ClassifierScore
from keras_wgan.metrics.classifier_score import classifier_score as classifier_score
from keras_wgan.metrics.exceedances import KupiecTest as KupiecTest
from keras_wgan.metrics.exceedances import kupiec_test as kupiec_test
from keras_wgan.metrics.fact_scores import fact_scores as fact_scores
from keras_wgan.metrics.fact_scores import median_ratio as median_ratio
from keras_wgan.metrics.fact_scores import score_ratios as score_ratios
from keras_wgan.metrics.feature_statistics import FeatureStatistics as FeatureStatistics
from keras_wgan.metrics.feature_statistics import RunningStatistics as RunningStatistics
from keras_wgan.metrics.feature_statistics import feature_statistics as feature_statistics
from keras_wgan.metrics.feature_statistics import merge_statistics as merge_statistics
from keras_wgan.metrics.first_passage import FirstPassage as FirstPassage
from keras_wgan.metrics.first_passage import first_passage as first_passage
from keras_wgan.metrics.frechet import frechet_distance as frechet_distance
from keras_wgan.metrics.kernel_distance import KernelDistance as KernelDistance
from keras_wgan.metrics.kernel_distance import kernel_distance as kernel_distance
from keras_wgan.metrics.long_memory import clustering_decay as clustering_decay
from keras_wgan.metrics.measured import Measured as Measured
from keras_wgan.metrics.measured import Protocol as Protocol
from keras_wgan.metrics.moments import ReturnMoments as ReturnMoments
from keras_wgan.metrics.moments import moment_distance as moment_distance
from keras_wgan.metrics.moments import return_moments as return_moments
from keras_wgan.metrics.neighbourhoods import DensityCoverage as DensityCoverage
from keras_wgan.metrics.neighbourhoods import PrecisionRecall as PrecisionRecall
from keras_wgan.metrics.neighbourhoods import density_coverage as density_coverage
from keras_wgan.metrics.neighbourhoods import precision_recall as precision_recall
from keras_wgan.metrics.novelty import copy_rate as copy_rate
from keras_wgan.metrics.prediction import prediction_excess as prediction_excess
from keras_wgan.metrics.return_facts import ReturnFacts as ReturnFacts
from keras_wgan.metrics.return_facts import return_facts as return_facts
from keras_wgan.metrics.sampling_floor import sampling_floor as sampling_floor
from keras_wgan.metrics.sliced_wasserstein import sliced_wasserstein as sliced_wasserstein
from keras_wgan.metrics.stylized_facts import FactScores as FactScores
from keras_wgan.metrics.stylized_facts import stylized_facts as stylized_facts
from keras_wgan.metrics.two_sample import classifier_two_sample as classifier_two_sample
