"""What the models train on: images, prices, returns, and the scalers between them.

`ShuffledBatches` stays out of here, so that data can be read without loading Keras:
`from keras_wgan.data.batches import ShuffledBatches`.
"""

from keras_wgan.data.images import load_images as load_images
from keras_wgan.data.prices import load_price_table as load_price_table
from keras_wgan.data.prices import load_prices as load_prices
from keras_wgan.data.returns import log_returns as log_returns
from keras_wgan.data.returns import price_paths as price_paths
from keras_wgan.data.returns import rolling_windows as rolling_windows
from keras_wgan.data.scalers import AssetScalers as AssetScalers
from keras_wgan.data.scalers import MinMaxScaler as MinMaxScaler
from keras_wgan.data.scalers import Scaler as Scaler
from keras_wgan.data.scalers import StandardScaler as StandardScaler
from keras_wgan.data.scalers import scaler_from_config as scaler_from_config
