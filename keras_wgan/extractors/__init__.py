"""Feature networks for distances between images, and the Frechet score of a model.

An extractor is a Keras model or any callable from samples to features. Its attributes `name`,
`hash`, `resize`, `value_range` and `channels`, where it has them, go into the protocol of a number.
"""

from keras_wgan.extractors.digit_classifier import DigitClassifier as DigitClassifier
from keras_wgan.extractors.features import Extractor as Extractor
from keras_wgan.extractors.features import feature_batches as feature_batches
from keras_wgan.extractors.inception import Inception as Inception
from keras_wgan.extractors.mnist_classifier import MnistClassifier as MnistClassifier
from keras_wgan.extractors.reference import FrechetReference as FrechetReference
from keras_wgan.extractors.scoring import frechet_score as frechet_score
from keras_wgan.extractors.scoring import protocol_l as protocol_l
