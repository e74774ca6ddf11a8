"""The generator of a run as a page carries it."""

from __future__ import annotations

import keras
import pandas as pd

from keras_wgan.data import ReturnsFacts
from keras_wgan.experiments.tasks.today import FromToday
from keras_wgan.io.console import without_start_up_noise
from keras_wgan.latents import Normal
from keras_wgan.market.portfolio_volatility import PortfolioVolatility
from keras_wgan.networks import MarketGenerator
from keras_wgan.networks.image_description import ImageDescription, describe_image_generator
from keras_wgan.networks.market_description import describe_generator
from keras_wgan.report.browser.content import BrowserMarket, StateToday
from keras_wgan.wgan_gp import WGANGP

NO_MARKET = (
    "This page carries no simulator, because this run's network runs in Keras alone. The networks "
    "of the recipe sp500 also run in a page."
)
NO_IMAGES = (
    "This page carries no generator, because this run's network runs in Keras alone. The networks "
    "of the recipes mnist and mnist-conditional also run in a page."
)


def browser_market(
    facts: ReturnsFacts, history: pd.DataFrame | None, model: WGANGP, today: FromToday | None
) -> BrowserMarket | None:
    """Returns the simulator after the last day of its data, or `None` for other networks.

    `history` are the real returns up to that day, or `None` where there are none to show.
    """
    generator, tickers = _sampling_generator(model), list(facts.tickers)
    described = None if generator is None else describe_generator(generator)
    if generator is None or described is None:
        return None
    market = MarketGenerator(generator)
    if history is None:
        history = pd.DataFrame(columns=tickers)
    return BrowserMarket(
        described,
        PortfolioVolatility.of(market, facts.scaler.scale),
        facts.scaler,
        history=history.set_axis(tickers, axis=1),
        last_prices=facts.last_prices,
        first_day=facts.earliest_day,
        last_moment=facts.last_moment,
        frequency=facts.frequency,
        horizon=market.days,
        today=None if today is None else StateToday(str(today.state), today.past),
    )


def browser_images(model: WGANGP) -> ImageDescription | None:
    """Returns the generator of images, or `None` for other networks."""
    generator = _sampling_generator(model)
    return None if generator is None else describe_image_generator(generator)


def _sampling_generator(model: WGANGP) -> keras.Model | None:
    """Returns a generator with the weights that samples are made with, if a page has its noise."""
    if type(model.latent) is not Normal:
        return None
    if model.average is None:
        return model.generator  # as in presets: Keras takes seconds to clone a model
    with without_start_up_noise():  # Keras loads more than its backend to clone
        sampling = keras.models.clone_model(model.generator)
    sampling.set_weights(model.sampling_weights())
    return sampling
