"""Wasserstein GANs with gradient penalty for Keras 3: what is public, and where it lives."""

import importlib
import importlib.metadata
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keras_wgan import baselines as baselines
    from keras_wgan import callbacks as callbacks
    from keras_wgan import data as data
    from keras_wgan import extractors as extractors
    from keras_wgan import latents as latents
    from keras_wgan import losses as losses
    from keras_wgan import metrics as metrics
    from keras_wgan import networks as networks
    from keras_wgan import penalties as penalties
    from keras_wgan import recipes as recipes
    from keras_wgan import scoring as scoring
    from keras_wgan import search as search
    from keras_wgan import tuning as tuning
    from keras_wgan.wgan_gp import WGANGP as WGANGP

__version__ = importlib.metadata.version("keras-wgan")

MODULES = (
    "baselines",
    "callbacks",
    "data",
    "extractors",
    "latents",
    "losses",
    "metrics",
    "networks",
    "penalties",
    "recipes",
    "scoring",
    "search",
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
