"""The pictures that a run of returns saves of each asset."""

from __future__ import annotations

from functools import partial

from keras_wgan.data import Frequency
from keras_wgan.experiments.tasks.one_asset import AssetWindows, noise_of
from keras_wgan.experiments.tasks.pictures import Draw
from keras_wgan.metrics import return_facts
from keras_wgan.report.frequency_words import label_periods
from keras_wgan.report.plots.autocorrelation import autocorrelation_picture
from keras_wgan.report.plots.paths import price_and_volatility_picture
from keras_wgan.report.plots.returns import histogram_picture


def asset_pictures(asset: AssetWindows) -> dict[str, Draw]:
    """Returns what draws the pictures of an asset, by their names."""
    real, generated = asset.real, asset.generated
    pictures: dict[str, Draw] = {
        "paths": partial(
            price_and_volatility_picture,
            real,
            generated,
            asset.last_price,
            periods_per_year=asset.frequency.periods_per_year,
        ),
        "histogram": partial(histogram_picture, real, generated),
        "memory": lambda: autocorrelation_picture(
            return_facts(real), return_facts(generated), noise=noise_of(asset)
        ),
    }
    return {name: in_frequency(draw, asset.frequency) for name, draw in pictures.items()}


def in_frequency(draw: Draw, frequency: Frequency) -> Draw:
    """Returns what draws the same picture with labels in the periods of a frequency."""
    return lambda: label_periods(draw(), frequency)
