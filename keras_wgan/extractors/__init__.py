"""Which network's features are compared in a Frechet distance of images?

An extractor is a Keras model or any callable from samples to features. What it says of itself as
`name`, `hash`, `resize`, `value_range` and `channels` goes into the protocol of a number.
"""

from keras_wgan.extractors.digit_classifier import DigitClassifier as DigitClassifier
from keras_wgan.extractors.features import Extractor as Extractor
from keras_wgan.extractors.features import feature_batches as feature_batches
from keras_wgan.extractors.inception import Inception as Inception
from keras_wgan.extractors.mnist_classifier import MnistClassifier as MnistClassifier
from keras_wgan.extractors.reference import FrechetReference as FrechetReference
