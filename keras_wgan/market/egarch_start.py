"""Where does learning a market begin, if not from nothing? At an EGARCH that was fitted to it."""

import math
from collections.abc import Mapping

import keras
import numpy as np
import pandas as pd
from keras import ops
from scipy.stats import norm, rankdata

from keras_wgan.data import ReturnsFacts
from keras_wgan.market.baselines import Garch
from keras_wgan.market.baselines.garch import PERCENT
from keras_wgan.market.egarch_projection import ProjectedEgarch, project_egarch
from keras_wgan.networks import MarketGenerator
from keras_wgan.networks.market_layers import FULL_TAIL, CorrelatedShocks, VolatilityBand
from keras_wgan.wgan_gp import WGANGP

USUAL = float(norm.ppf(0.99))  # deviations to each side: 98% of the days lie between
MAX_CHANGE = 0.01  # of log volatility by the floor and the ceiling within the usual range


def start_from_egarch(
    model: WGANGP, history: pd.DataFrame, facts: ReturnsFacts
) -> dict[str, dict[str, float]]:
    """Sets a market generator to the EGARCH-skewt that `arch` fits to its data; then it learns.

    Volatility, its level, the tails and the mean are EGARCH's; the hidden branches and the drift
    stay at zero. Of several assets each gets an EGARCH of its own. The averaged generator is set
    too.

    Example:
    ```python
    from keras_wgan.data import Source
    from keras_wgan.experiments import recipes
    from keras_wgan.data import Source
    from keras_wgan.market import start_from_egarch

    recipe = recipes.get("sp500").with_settings({"latent_size": 60})
    data = recipe.task.load(Source("bundled", start="2014-01-01"))
    found = start_from_egarch(recipe.build_for(data, seed=1), data.history, data.facts)
    assert found["^GSPC"]["gamma[1]"] < 0.0  # leverage
    ```

    Args:
        model: A new model with a `market_generator`.
        history: The log returns that it will train on, a column for each asset.
        facts: Their tickers and their scaler.

    Returns:
        For each asset what `arch` found, and how well the generator follows: `response_error`.

    Raises:
        ValueError: If the generator is another network, or the fit has no level of volatility.
    """
    market = MarketGenerator(model.generator)
    found = {}
    scaler = facts.scaler
    for asset, name in enumerate(facts.tickers):
        fit = Garch("EGARCH", "skewt").fit(history.iloc[:, asset]).describe()
        egarch = set_egarch(
            market, fit, mean=scaler.offset[asset], std=scaler.scale[asset], asset=asset
        )
        found[name] = {**fit, "response_error": egarch.response_error}
    if model.average is not None:
        for average, weight in zip(model.average.weights, model.generator.weights, strict=True):
            average.assign(ops.convert_to_numpy(weight))
    return found


def set_egarch(
    market: MarketGenerator, fit: Mapping[str, float], *, mean: float, std: float, asset: int = 0
) -> ProjectedEgarch:
    """Sets the weights of a `market_generator` that concern one asset to a fitted EGARCH.

    Example:
    ```python
    from keras_wgan.market.baselines import Garch
    from keras_wgan.data import load_prices, log_returns
    from keras_wgan.networks import MarketGenerator, market_generator
    from keras_wgan.market import set_egarch

    returns = log_returns(load_prices(start="2014-01-01", end=None, source="bundled"))
    fit = Garch("EGARCH", "skewt").fit(returns).describe()
    generator = MarketGenerator(market_generator(days=60, history=120))
    set_egarch(generator, fit, mean=returns.mean(), std=returns.std())
    ```

    Args:
        market: An untrained market generator.
        fit: What `Garch("EGARCH", "skewt")` describes.
        mean: The log return that is 0 on the generator's scale.
        std: How much more log return is 1 on it.
        asset: Which asset of the generator. Defaults to `0`.

    Returns:
        What was set, for returns in percent.

    Raises:
        ValueError: If the fit has no level of volatility to come back to.
    """
    recent, half_lives = market.volatility_from_days.kernel, market.half_lives
    egarch = project_egarch(fit, half_lives, days=recent.shape[0])
    inputs = [asset, market.assets + asset]  # this asset's shocks and their sizes
    memory = market.volatility_from_memory.kernel
    by_memory = ops.convert_to_numpy(memory).reshape(-1, len(half_lives), memory.shape[1]).copy()
    by_memory[inputs, :, asset] = egarch.memory
    memory.assign(by_memory.reshape(memory.shape))
    by_day = ops.convert_to_numpy(recent).copy()
    by_day[::-1, inputs, asset] = egarch.days.T  # a convolution's last weight is yesterday's
    recent.assign(by_day)
    left, right, skew = egarch.tail
    for weight, value in ((market.tail.left, left), (market.tail.right, right)):
        _put(weight, asset, -math.log(FULL_TAIL / value - 1.0))
    _put(market.tail.skew, asset, skew)
    _put(market.mean.mean, asset, (egarch.mean / PERCENT - mean) / std)
    level = egarch.level - math.log(PERCENT * std)
    _open(market.log_volatility, asset, level, egarch.deviation)
    return egarch


def _open(band: VolatilityBand, asset: int, level: float, deviation: float) -> None:
    """Moves floor and ceiling just so far that they leave the usual range alone.

    Both are softplus(k x) / k, which at a distance d from the corner adds about e^(-k d) / k; no
    farther, or the small steps of training would not bring them back.
    """
    sharpness = VolatilityBand.CEILING_SHARPNESS
    distance = -math.log(math.expm1(sharpness * MAX_CHANGE)) / sharpness
    reach = USUAL * deviation + distance
    for weight, value in (
        (band.level, level),
        (band.floor, level - reach),
        (band.ceiling, level + reach),
        (band.log_sharpness, math.log(sharpness)),
    ):
        _put(weight, asset, value)


def _put(weight: keras.Variable, asset: int, value: float) -> None:
    values = ops.convert_to_numpy(weight).copy()
    values[asset] = value
    weight.assign(values)


SHRUNK = 1e-3  # towards no correlation, so that the same asset twice has a factor too


def start_correlated(model: WGANGP, samples: np.ndarray) -> None:
    """Sets the correlations of a market generator's shocks to those of the data; then they learn.

    From zero, a few hundred small steps do not reach the correlation of two stock indices, and a
    generator that cannot bind its shocks binds its drifts. Correlations are those of normal
    scores, which the tails do not decide. A generator without such shocks stays as it is.

    Args:
        model: A new model; its averaged generator is set too.
        samples: `(windows, days, assets)`, what it will train on.
    """
    factors = [
        number
        for number, weight in enumerate(model.generator.weights)
        if any(weight is layer_weight for layer_weight in _shock_weights(model.generator))
    ]
    if not factors:
        return
    below = _below_diagonal(samples[:, 0])  # each day once, but for the last window's
    networks = [model.generator] if model.average is None else [model.generator, model.average]
    for network in networks:
        network.weights[factors[0]].assign(below)


def _shock_weights(generator: keras.Model) -> list[keras.Variable]:
    layers = [layer for layer in generator.layers if isinstance(layer, CorrelatedShocks)]
    return [weight for layer in layers for weight in layer.weights]


def _below_diagonal(days: np.ndarray) -> np.ndarray:
    """Returns what `CorrelatedShocks` keeps, from `(days, assets)`."""
    scores = norm.ppf(rankdata(days, axis=0) / (len(days) + 1))
    correlations = np.asarray(np.corrcoef(scores, rowvar=False))
    shrunk = (1 - SHRUNK) * correlations + SHRUNK * np.eye(days.shape[1])
    factor = np.linalg.cholesky(shrunk)
    return np.tril(factor / np.diag(factor)[:, None], k=-1).astype(np.float32)
