from . import callbacks as callbacks
from . import data as data
from . import errors as errors
from . import experiments as experiments
from . import extractors as extractors
from . import latents as latents
from . import losses as losses
from . import market as market
from . import metrics as metrics
from . import networks as networks
from . import penalties as penalties
from . import report as report
from . import scale as scale
from . import tuning as tuning
from .experiments.presets import from_preset as from_preset
from .wgan_gp import WGANGP as WGANGP

__version__: str
