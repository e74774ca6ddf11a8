"""Pages with a small market or an image generator in them, made without a training."""

from pathlib import Path

import numpy as np
import pandas as pd

from keras_wgan.data import Frequency, Scaler
from keras_wgan.market.portfolio_volatility import PortfolioVolatility
from keras_wgan.metrics import return_facts
from keras_wgan.networks import MarketGenerator, image_generator, market_generator
from keras_wgan.networks.image_description import describe_image_generator
from keras_wgan.networks.market_description import describe_generator
from keras_wgan.report import ReportContent, write_page
from keras_wgan.report.browser.content import BrowserMarket, StateToday
from keras_wgan.report.pages.images import write_drawing_page
from keras_wgan.report.pages.market import write_market_page
from keras_wgan.report.plots.images import image_grid
from keras_wgan.report.plots.style import save_picture

HISTORY = 60


def small_market(tickers=("A",), today=True, frequency=None, prices=True):
    """Returns a market of made weights that moves about 1% a day, and starts at 100."""
    assets, rng = len(tickers), np.random.default_rng(0)
    generator = market_generator(60, history=HISTORY, assets=assets)
    weights = generator.get_weights()
    generator.set_weights([one + 0.05 * rng.normal(size=one.shape) for one in weights])
    days = pd.bdate_range("2023-01-02", periods=100)
    returns = 0.01 * rng.normal(size=(100, assets))
    history = pd.DataFrame(returns, index=days, columns=list(tickers))
    return BrowserMarket(
        describe_generator(generator),
        PortfolioVolatility.of(MarketGenerator(generator), [0.01] * assets),
        Scaler((0.0,) * assets, (0.01,) * assets),
        history if prices else history[:0],
        last_prices=(100.0,) * assets,
        first_day=f"{days[0]:%Y-%m-%d}",
        last_moment=f"{days[-1]:%Y-%m-%d}",
        frequency=frequency or Frequency(),
        horizon=60,
        today=StateToday("15.9% a year", rng.normal(size=(HISTORY, assets))) if today else None,
    )


def write_drawing(folder, classes=None):
    """Writes the page of an untrained generator of digits, and returns its path."""
    generator = describe_image_generator(image_generator(4, classes=classes))
    picture = save_picture(image_grid(np.zeros((4, 8, 8, 1)), 2), Path(folder) / "samples.png")
    return write_drawing_page(
        Path(folder) / "draw.html", generator, picture, title="Digits", report=None
    )


def write_small_page(folder, **market):
    """Writes the page of such a market, and returns its path."""
    scenarios = 0.01 * np.random.default_rng(0).normal(size=(50, 60))
    return write_market_page(
        Path(folder) / "explore.html", small_market(**market), scenarios, title="A & B"
    )


def write_small_report(folder):
    """Writes the report of a run with such a market in it, and returns its path."""
    market = small_market()
    real = market.history.to_numpy()[:, 0]
    windows = np.stack([np.roll(real, step)[:30] for step in range(100)])
    content = ReportContent(
        title="A run",
        ticker="A",
        history=market.history.iloc[:, 0],
        start_price=100.0,
        real=windows,
        generated=windows,
        real_memory=return_facts(windows),
        generated_memory=return_facts(windows),
        verdict=["Close to real."],
        market=market,
    )
    return write_page(Path(folder) / "report.html", content)
