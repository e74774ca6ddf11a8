"""Generators and critics, and the layers of the market simulator."""

from keras_wgan.networks.classic import classic_image_critic as classic_image_critic
from keras_wgan.networks.classic import classic_image_generator as classic_image_generator
from keras_wgan.networks.classic import classic_returns_critic as classic_returns_critic
from keras_wgan.networks.classic import classic_returns_generator as classic_returns_generator
from keras_wgan.networks.construction import seeded as seeded
from keras_wgan.networks.images import channels_to_pixels as channels_to_pixels
from keras_wgan.networks.images import image_critic as image_critic
from keras_wgan.networks.images import image_generator as image_generator
from keras_wgan.networks.images import pixels_to_channels as pixels_to_channels
from keras_wgan.networks.market import market_critic as market_critic
from keras_wgan.networks.market import market_generator as market_generator
from keras_wgan.networks.market import with_days as with_days
from keras_wgan.networks.market_inversion import Explained as Explained
from keras_wgan.networks.market_inversion import explain_returns as explain_returns
from keras_wgan.networks.market_layers import ShockMemory as ShockMemory
from keras_wgan.networks.market_layers import TwoSidedTail as TwoSidedTail
from keras_wgan.networks.market_layers import VolatilityBand as VolatilityBand
from keras_wgan.networks.path_views import PathViews as PathViews
