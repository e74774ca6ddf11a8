"""A baseline whose volatility is fed by averages of past returns over six time scales."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keras_wgan.market.autocorrelation import own_autocorrelations, smoothed, unsmoothed
from keras_wgan.market.baselines.fitted import (
    StatefulBaseline,
    refuse_short_history,
    warn_of_no_convergence,
)
from keras_wgan.market.baselines.multiscale_model import (
    HALF_LIVES,
    WARM_UP,
    MultiscaleFit,
    MultiscaleState,
    filtered,
    fit_multiscale,
    simulated,
)

Array = NDArray[np.float64]

MIN_DAYS = 2 * WARM_UP


@dataclass(frozen=True, eq=False)
class _Found:
    mean: float
    std: float
    autocorrelation: float  # of returns, which every fifth of the history has
    fit: MultiscaleFit
    standard: Array  # returns of the history, in these units
    states: MultiscaleState  # after each day of the history
    shocks: Array  # of the history, after the averages have filled

    def standardized(self, returns: Array) -> Array:
        return (returns - self.mean) / self.std

    def news(self, standard: Array) -> Array:
        """Returns what is new in each day, which alone moves volatility."""
        return unsmoothed(standard, np.array(self.autocorrelation))


class MultiscaleVolatility(StatefulBaseline):
    """A volatility that is an affine function of past returns and their sizes on six time scales.

    Volatility is a level, plus a weighted sum of exponential averages of past returns and of their
    absolute values, with half-lives of 1 to 150 days: 13 weights, fitted by maximum likelihood with
    Student's t shocks and a penalty on weights that are rough from one half-life to the next. The
    largest returns are damped before they are averaged. The result is multiplied by a factor that
    follows the mean size of the last year's shocks, so that a level that has changed since the fit
    is noticed. Shocks are drawn from those of the history, and the mean is that of the history.
    Returns follow those of the day before as far as every fifth of the history does.

    The state is what was observed, and exact. Paths without a past begin in the states of days of
    the history, drawn at random.

    Example:
    ```python
    import numpy as np
    from keras_wgan.data import load_prices, log_returns
    from keras_wgan.market.baselines import MultiscaleVolatility

    history = log_returns(load_prices(start="2010-01-01", end=None, source="bundled"))
    model = MultiscaleVolatility().fit(history)
    assert model.name == "FHS-multiscale"
    assert model.sample_after(history[-500:], 100, days=20, seed=0).shape == (100, 20)
    ```

    Reference:
        Corsi (2009), A Simple Approximate Long-Memory Model of Realized Volatility, for time scales
        as a stand-in for long memory; Guyon and Lekeufack (2023), Volatility Is (Mostly)
        Path-Dependent, for the affine form; Geltner (1993), Estimating Market Values from Appraised
        Values without Assuming an Efficient Market, for returns that follow the day before.
    """

    @property
    def name(self) -> str:
        """The name in tables and plots, `FHS-multiscale`."""
        return "FHS-multiscale"

    def _estimate(self, history: Array) -> _Found:
        refuse_short_history(self.name, len(history), MIN_DAYS)
        mean, std = float(history.mean()), float(history.std())
        standard = (history - mean) / std
        (autocorrelation,) = own_autocorrelations(standard[:, np.newaxis])
        news = unsmoothed(standard, autocorrelation)
        fit = self._weights(news)
        if not fit.converged:
            warn_of_no_convergence(self.name, len(history))
        states, volatility = filtered(fit, news)
        shocks = (news / volatility)[WARM_UP:]
        shocks -= shocks.mean()
        return _Found(mean, std, float(autocorrelation), fit, standard, states, shocks)

    def _weights(self, standard: Array) -> MultiscaleFit:
        return fit_multiscale(standard)

    def _draw(self, found: _Found, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        n, days = shape
        starts = rng.integers(WARM_UP, found.states.days, size=n)
        return self._paths(found, found.states.at(starts), found.standard[starts], days, rng)

    def _draw_after(
        self, found: _Found, past: Array, shape: tuple[int, int], rng: np.random.Generator
    ) -> Array:
        n, days = shape
        standard = found.standardized(past)
        state = self._state(found, standard).at(np.repeat(-1, n))
        return self._paths(found, state, np.repeat(standard[-1], n), days, rng)

    def _next_volatility(self, found: _Found, past: Array) -> float:
        state = self._state(found, found.standardized(past)).at(np.array([-1]))
        spread = float(found.shocks.std())
        return found.std * spread * float(state.level[0] * found.fit.volatility(state.averages)[0])

    def _paths(
        self,
        found: _Found,
        state: MultiscaleState,
        before: Array,
        days: int,
        rng: np.random.Generator,
    ) -> Array:
        news = simulated(found.fit, state, days, lambda n: rng.choice(found.shocks, size=n))
        return found.mean + found.std * smoothed(news, found.autocorrelation, before)

    def _state(self, found: _Found, standard: Array) -> MultiscaleState:
        return filtered(found.fit, found.news(standard))[0]

    def _describe(self, found: _Found) -> dict[str, float]:
        fit = found.fit
        days = [f"{half_life:g}_days" for half_life in HALF_LIVES]
        return {
            "mean": found.mean,
            "std": found.std,
            "autocorrelation": found.autocorrelation,
            "level": float(fit.level),
            **{f"trend_{day}": float(each) for day, each in zip(days, fit.trend, strict=True)},
            **{
                f"activity_{day}": float(each) for day, each in zip(days, fit.activity, strict=True)
            },
            "degrees": fit.degrees,
            "converged": float(fit.converged),
        }
