"""Wasserstein GANs with gradient penalty for Keras 3."""

import importlib
import importlib.metadata
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keras_wgan import callbacks as callbacks
    from keras_wgan import data as data
    from keras_wgan import errors as errors
    from keras_wgan import experiments as experiments
    from keras_wgan import extractors as extractors
    from keras_wgan import latents as latents
    from keras_wgan import losses as losses
    from keras_wgan import market as market
    from keras_wgan import metrics as metrics
    from keras_wgan import networks as networks
    from keras_wgan import penalties as penalties
    from keras_wgan import report as report
    from keras_wgan import tuning as tuning
    from keras_wgan.wgan_gp import WGANGP as WGANGP

__version__ = importlib.metadata.version("keras-wgan")

MODULES = (
    "callbacks",
    "data",
    "errors",
    "experiments",
    "extractors",
    "latents",
    "losses",
    "market",
    "metrics",
    "networks",
    "penalties",
    "report",
    "tuning",
)


def __getattr__(name: str) -> Any:
    # Loaded on first use: importing Keras chooses a backend, and importing keras_wgan must not.
    if name in MODULES:
        return importlib.import_module(f"keras_wgan.{name}")
    if name == "WGANGP":
        return importlib.import_module("keras_wgan.wgan_gp").WGANGP
    raise AttributeError(f"module 'keras_wgan' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*MODULES, "WGANGP", "__version__"]


if "keras" in sys.modules:
    # The backend is chosen already, so nothing is lost by registering our classes with Keras:
    # `keras.saving.load_model` knows them after a bare `import keras_wgan`.
    importlib.import_module("keras_wgan.wgan_gp")
