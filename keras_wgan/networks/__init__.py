"""Which generators and critics come with the package?"""

from keras_wgan.networks.classic import classic_image_critic as classic_image_critic
from keras_wgan.networks.classic import classic_image_generator as classic_image_generator
from keras_wgan.networks.classic import classic_returns_critic as classic_returns_critic
from keras_wgan.networks.classic import classic_returns_generator as classic_returns_generator
from keras_wgan.networks.construction import seeded as seeded
from keras_wgan.networks.images import image_critic as image_critic
from keras_wgan.networks.images import image_generator as image_generator
from keras_wgan.networks.market import market_critic as market_critic
from keras_wgan.networks.market import market_generator as market_generator
from keras_wgan.networks.market import with_days as with_days
from keras_wgan.networks.market_inversion import explain_returns as explain_returns
