"""Wasserstein GANs with gradient penalty for Keras 3.

`__init__.pyi` lists what is public; each name is loaded on first use. The folders do the same:
what a folder's `__init__` lists is public, and nothing else in it is.
"""

import importlib
import importlib.metadata
import sys

import lazy_loader

# Loaded on first use: importing Keras chooses a backend, and importing keras_wgan must not.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

__version__ = importlib.metadata.version("keras-wgan")

if "keras" in sys.modules:
    # The backend is chosen already, so nothing is lost by registering our classes with Keras:
    # `keras.saving.load_model` knows them after a bare `import keras_wgan`.
    importlib.import_module("keras_wgan.wgan_gp")
