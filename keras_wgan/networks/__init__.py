"""Generators and critics."""

from keras_wgan.networks.classic import classic_image_critic as classic_image_critic
from keras_wgan.networks.classic import classic_image_generator as classic_image_generator
from keras_wgan.networks.classic import classic_returns_critic as classic_returns_critic
from keras_wgan.networks.classic import classic_returns_generator as classic_returns_generator
from keras_wgan.networks.construction import seeded as seeded
from keras_wgan.networks.images import channels_to_pixels as channels_to_pixels
from keras_wgan.networks.images import image_critic as image_critic
from keras_wgan.networks.images import image_generator as image_generator
from keras_wgan.networks.images import pixels_to_channels as pixels_to_channels
from keras_wgan.networks.market import MarketGenerator as MarketGenerator
from keras_wgan.networks.market import market_critic as market_critic
from keras_wgan.networks.market import market_generator as market_generator
from keras_wgan.networks.market_inversion import ExplainedReturns as ExplainedReturns
from keras_wgan.networks.market_inversion import explain_returns as explain_returns
from keras_wgan.networks.series import series_critic as series_critic
from keras_wgan.networks.series import series_generator as series_generator
