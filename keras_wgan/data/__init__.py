"""What the models train on: images, prices, returns, and the scalers between them.

`ShuffledBatches` stays out of here, so that data can be read without loading Keras:
`from keras_wgan.data.batches import ShuffledBatches`.
"""

from .images import load_images as load_images
from .joint_prices import load_price_table as load_price_table
from .prices import load_prices as load_prices
from .returns import log_returns as log_returns
from .returns import price_paths as price_paths
from .returns import rolling_windows as rolling_windows
from .scalers import AssetScalers as AssetScalers
from .scalers import MinMaxScaler as MinMaxScaler
from .scalers import Scaler as Scaler
from .scalers import StandardScaler as StandardScaler
from .scalers import scaler_from_config as scaler_from_config
