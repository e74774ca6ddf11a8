"""Initial weights of a market generator of one asset from a fitted EGARCH."""

import math
from collections.abc import Mapping

import pandas as pd
from keras import ops
from scipy.stats import norm

from keras_wgan.data import ReturnsFacts
from keras_wgan.errors import InvalidInputError
from keras_wgan.market.baselines import Garch
from keras_wgan.market.baselines.garch import PERCENT
from keras_wgan.market.egarch_projection import ProjectedEgarch, project_egarch
from keras_wgan.networks import MarketGenerator
from keras_wgan.networks.market_layers import FULL_TAIL, VolatilityBand
from keras_wgan.networks.single_form import SingleForm
from keras_wgan.wgan_gp import WGANGP

USUAL = float(norm.ppf(0.99))  # deviations to each side: 98% of the days lie between
MAX_CHANGE = 0.01  # of log volatility by the floor and the ceiling within the usual range


def start_from_egarch(
    model: WGANGP, history: pd.DataFrame, facts: ReturnsFacts
) -> dict[str, dict[str, float]]:
    """Sets an untrained market generator to the EGARCH-skewt that `arch` fits to its data.

    Volatility, its level, the tails and the mean are those of EGARCH; trends stay at zero, and the
    drift as it is. The averaged generator is set too.

    Example:
    ```python
    from keras_wgan.data import Source
    from keras_wgan.experiments import recipes
    from keras_wgan.market import start_from_egarch

    recipe = recipes.get("sp500").with_settings({"latent_size": 60})
    data = recipe.task.load(Source("bundled", start="2014-01-01"))
    found = start_from_egarch(recipe.build_for(data, seed=1), data.history, data.facts)
    assert found["^GSPC"]["gamma[1]"] < 0.0  # leverage
    ```

    Args:
        model: A new model with a `market_generator`.
        history: The log returns of one asset that it will train on.
        facts: Facts of these returns; their tickers and scaler are used.

    Returns:
        For the ticker the fitted parameters, and the `response_error` of the projection.

    Raises:
        ValueError: If the generator is another network or of several assets, or the fitted
            volatility is not stationary.
    """
    market, scaler = MarketGenerator(model.generator), facts.scaler
    _form_of_one_asset(market)
    fit = Garch("EGARCH", "skewt").fit(history.iloc[:, 0]).describe()
    egarch = set_egarch(market, fit, mean=scaler.offset[0], std=scaler.scale[0])
    if model.average is not None:
        for average, weight in zip(model.average.weights, model.generator.weights, strict=True):
            average.assign(ops.convert_to_numpy(weight))
    return {facts.tickers[0]: {**fit, "response_error": egarch.response_error}}


def set_egarch(
    market: MarketGenerator, fit: Mapping[str, float], *, mean: float, std: float
) -> ProjectedEgarch:
    """Sets the weights of a market generator of one asset to a fitted EGARCH.

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
        fit: The description of a fitted `Garch("EGARCH", "skewt")`.
        mean: The log return that is 0 on the generator's scale.
        std: The log return that is 1 on the generator's scale, minus `mean`.

    Returns:
        The projection, for returns in percent.

    Raises:
        ValueError: If the generator is of several assets, or the fitted volatility is not
            stationary.
    """
    form = _form_of_one_asset(market)
    egarch = project_egarch(fit, market.half_lives)
    market.mean.mean.assign([(egarch.mean / PERCENT - mean) / std])
    _open(form.log_volatility, egarch.level - math.log(PERCENT * std), egarch.deviation)
    form.volatility_from_moves.kernel.assign(egarch.moves.reshape(-1, 1))
    left, right, skew = egarch.tail
    for weight, value in ((form.tail.left, left), (form.tail.right, right)):
        weight.assign([-math.log(FULL_TAIL / value - 1.0)])
    form.tail.skew.assign([skew])
    return egarch


def _form_of_one_asset(market: MarketGenerator) -> SingleForm:
    if not isinstance(market.form, SingleForm):
        raise InvalidInputError(
            "A start from EGARCH is for a generator of one asset: several share the weights of "
            f"their past. Received: {market.assets} assets. Leave `--warm-start` out."
        )
    return market.form


def _open(band: VolatilityBand, level: float, deviation: float) -> None:
    """Moves floor and ceiling just outside the usual range of log volatility.

    Both are softplus(k x) / k, which at a distance d from the corner adds about e^(-k d) / k.
    Farther away, the small steps of training could not bring them back.
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
        weight.assign([value])
