"""The recipes of the package, each under a name."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from keras_wgan.data.waves import COLUMNS
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.recipe import Penalties
from keras_wgan.experiments.recipe import Recipe as Recipe
from keras_wgan.experiments.settings import WINDOW
from keras_wgan.experiments.settings import Settings as Settings

if TYPE_CHECKING:
    import keras

    from keras_wgan.latents import Latent
    from keras_wgan.penalties.base import BatchPenalty


def get(name: str) -> Recipe:
    """Returns the recipe of a name.

    Example:
    ```python
    from keras_wgan.experiments import recipes

    assert recipes.get("sp500-classic").settings.epochs == 150
    ```

    Args:
        name: One of `names()`.

    Returns:
        The recipe.

    Raises:
        ValueError: If there is no recipe of that name.
    """
    for recipe in RECIPES:
        if recipe.name == name:
            return recipe
    raise InvalidInputError(f"`recipe` must be one of {', '.join(names())}. Received: {name}")


def names(kind: str | None = None) -> list[str]:
    """Returns the names of all recipes, or of those of a kind.

    Example:
    ```python
    from keras_wgan.experiments import recipes

    assert "mnist-classic" in recipes.names()
    assert recipes.names("series") == ["series"]
    ```

    Args:
        kind: `"images"`, `"returns"` or `"series"`. Defaults to `None`, all.

    Returns:
        Names, as the command line takes them.
    """
    return [recipe.name for recipe in RECIPES if kind in (None, recipe.kind)]


def _classic_images(latent_size: int) -> "tuple[keras.Model, keras.Model]":
    from keras_wgan.networks import classic_image_critic, classic_image_generator

    return classic_image_generator(latent_size), classic_image_critic()


def _images(
    latent_size: int, shape: tuple[int, int, int] = (28, 28, 1), classes: int | None = None
) -> "tuple[keras.Model, keras.Model]":
    from keras_wgan.networks import image_critic, image_generator

    generator = image_generator(latent_size, shape, classes=classes)
    return generator, image_critic(shape, classes=classes)


def _series(
    latent_size: int, shape: tuple[int, int] = (24, COLUMNS)
) -> "tuple[keras.Model, keras.Model]":
    from keras_wgan.networks import series_critic, series_generator

    return series_generator(latent_size, *shape), series_critic(*shape)


def _classic_returns(latent_size: int) -> "tuple[keras.Model, keras.Model]":
    from keras_wgan.networks import classic_returns_critic, classic_returns_generator

    return classic_returns_generator(latent_size), classic_returns_critic()


def _market(history: int, assets: int) -> "tuple[keras.Model, keras.Model]":
    from keras_wgan.networks import market_critic, market_generator

    generator = market_generator(WINDOW, history=history, assets=assets)
    return generator, market_critic(WINDOW, assets=assets)


def _market_noise(history: int, assets: int) -> "Latent":
    from keras_wgan.latents import Normal

    return Normal((history + WINDOW, assets))


def _market_penalties() -> "tuple[BatchPenalty, ...]":
    from keras_wgan.penalties import (
        AutocorrelationPenalty,
        CoarseFinePenalty,
        ExtremesPenalty,
        LeveragePenalty,
        QuantilePenalty,
    )

    # Found by some thirty trials on the S&P 500 of 2000-2023, in sample, with seed 0. They outweigh
    # the critic; docs/market.md gives the reason.
    return (
        QuantilePenalty(weight=12.0),
        ExtremesPenalty(weight=80.0),
        AutocorrelationPenalty(weight=120.0),
        LeveragePenalty(weight=100.0),
        CoarseFinePenalty(weight=300.0),
    )


def _portfolio_penalties() -> Penalties:
    from keras_wgan.penalties import ExtremesPenalty, UnbiasedPenalty

    # In batches of a quarter of the windows extremes vary more, and squares would thin the tails.
    quantiles, *squared = _market_penalties()
    # Months of single assets were too wild. With twice this weight correlations were further off;
    # both were tried on stocks of 1990 to 2009.
    months = ExtremesPenalty(horizons=(20, 60), weight=60.0)
    return (quantiles, *map(UnbiasedPenalty, [*squared, months]))


MARKET_TRAINED_ON = (
    "w1",
    "w5",
    "w20",
    "w60",
    "acf",
    "acf_abs",
    "acf_square",
    "leverage",
    "coarse_fine",
)
MARKET_SETTINGS = Settings(
    epochs=150,
    batch_size=1024,
    learning_rate=6e-3,
    critic_learning_rate=2e-3,
    final_rate=0.02,
    beta_2=0.9,
    critic_steps=1,
    ema_momentum=0.99,
    latent_size=504,
    penalty_warmup=60,
)

# docs/digits.md explains how each was chosen.
IMAGE_SETTINGS = Settings(
    epochs=20,
    batch_size=128,
    learning_rate=4e-3,
    final_rate=0.05,
    full_rate_epochs=20,
    beta_1=0.0,
    beta_2=0.9,
    ema_momentum=0.999,
    precision="auto",
)

# Those of the convolutional GAN of benchmarks/timegan_stocks.py.
SERIES_SETTINGS = Settings(
    epochs=200,
    batch_size=128,
    learning_rate=5e-4,
    beta_1=0.0,
    beta_2=0.9,
    critic_steps=2,
    ema_momentum=0.999,
    latent_size=64,
    window=24,
)

RECIPES = (
    Recipe(
        name="sp500",
        summary="A market simulator: S&P 500 log returns with clustering, leverage and fat tails.",
        kind="returns",
        source="bundled",
        networks=_market,
        settings=MARKET_SETTINGS,
        latent=_market_noise,
        generator_penalties=_market_penalties,
        trained_on=MARKET_TRAINED_ON,
        scaling="z-score",
        assets="any",
    ),
    Recipe(
        name="portfolio",
        summary="A simulator of several assets: joint crashes, and the risk of any portfolio.",
        kind="returns",
        source="bundled",
        ticker="^GSPC,^IXIC",
        networks=_market,
        # A step sorts the returns of many portfolios, so its batch is smaller than for one asset,
        # and its steps are fewer. At the rate of one asset they were too few for the tails to move
        # from their start: chosen on made returns of known tails, and on stocks of 1990 to 2009.
        settings=replace(MARKET_SETTINGS, epochs=40, batch_size=256, learning_rate=0.018),
        latent=_market_noise,
        generator_penalties=_portfolio_penalties,
        trained_on=MARKET_TRAINED_ON,
        scaling="z-score",
        assets="any",
    ),
    Recipe(
        name="sp500-classic",
        summary="60-day windows of S&P 500 log returns, with the classic networks.",
        kind="returns",
        source="bundled",
        networks=_classic_returns,
    ),
    Recipe(
        name="mnist-classic",
        summary="Handwritten digits, with the classic networks (minutes per epoch without a GPU).",
        kind="images",
        source="mnist",
        networks=_classic_images,
    ),
    Recipe(
        name="mnist",
        summary="Handwritten digits, or images of any shape, in minutes on two cores.",
        kind="images",
        source="mnist",
        networks=_images,
        settings=IMAGE_SETTINGS,
        shapes="any",
    ),
    Recipe(
        name="mnist-conditional",
        summary="Handwritten digits on request: generate --condition 7.",
        kind="images",
        source="mnist",
        networks=partial(_images, classes=10),
        settings=IMAGE_SETTINGS,
        shapes="any",
        condition="label",
    ),
    Recipe(
        name="series",
        summary="Windows of many columns that are no returns: sensors, weather, prices, load.",
        kind="series",
        source="waves",
        networks=_series,
        settings=SERIES_SETTINGS,
        shapes="any",
    ),
)
