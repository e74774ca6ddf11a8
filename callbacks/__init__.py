"""Callbacks for `WGANGP` and for any Keras model that generates.

The folder lies at the top of the repository and is imported as `keras_wgan.callbacks`.
"""

if __name__ != "keras_wgan.callbacks":
    # From the repository's root `import callbacks` would work too, and make every class twice.
    raise ImportError(
        "Import `keras_wgan.callbacks` instead of `callbacks`; after a fresh clone run "
        "`pip install -e .` first."
    )

from keras_wgan._sampling import Sampler as Sampler
from keras_wgan.callbacks.fid import FID as FID
from keras_wgan.callbacks.moments import Moments as Moments
from keras_wgan.callbacks.samples import SampleImages as SampleImages
from keras_wgan.callbacks.samples import SamplePaths as SamplePaths
from keras_wgan.callbacks.series import SampleSeries as SampleSeries
from keras_wgan.callbacks.series import SeriesDistance as SeriesDistance
from keras_wgan.callbacks.stylized_facts import StylizedFacts as StylizedFacts
