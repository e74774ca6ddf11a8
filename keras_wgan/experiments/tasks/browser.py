"""The generator of a run as a page carries it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import keras

from keras_wgan.data import ReturnsData
from keras_wgan.experiments.tasks.today import FromToday
from keras_wgan.latents import Normal
from keras_wgan.networks.image_description import ImageDescription, describe_image_generator
from keras_wgan.networks.market_description import describe_generator
from keras_wgan.report.browser.content import BrowserMarket, StateToday
from keras_wgan.wgan_gp import WGANGP

T = TypeVar("T")

NO_MARKET = (
    "This page carries no simulator, because this run's network runs in Keras alone. The networks "
    "of the recipe sp500 also run in a page."
)
NO_IMAGES = (
    "This page carries no generator, because this run's network runs in Keras alone. The networks "
    "of the recipes mnist and mnist-conditional also run in a page."
)


def browser_market(
    data: ReturnsData, model: WGANGP, today: FromToday | None
) -> BrowserMarket | None:
    """Returns the simulator after the last day of its data, or `None` for other networks."""
    generator, facts = _described(model, describe_generator), data.facts
    if generator is None:
        return None
    return BrowserMarket(
        generator,
        facts.scaler,
        history=data.history.set_axis(list(facts.tickers), axis=1),
        last_prices=facts.last_prices,
        last_moment=facts.last_moment,
        frequency=facts.frequency,
        horizon=data.samples.shape[1],
        today=None if today is None else StateToday(str(today.state), today.past),
    )


def browser_images(model: WGANGP) -> ImageDescription | None:
    """Returns the generator of images, or `None` for other networks."""
    return _described(model, describe_image_generator)


def _described(model: WGANGP, describe: Callable[[keras.Model], T | None]) -> T | None:
    """Describes a generator with the weights that samples are made with, if a page can run it."""
    if type(model.latent) is not Normal or describe(model.generator) is None:
        return None
    sampling = keras.models.clone_model(model.generator)
    sampling.set_weights(model.sampling_weights())
    return describe(sampling)
