"""The DCC-GARCH with t shocks: correlations that follow the shocks of the days before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.optimize
import scipy.signal
import scipy.special
from numpy.typing import NDArray

from keras_wgan.market.baselines.joint_garch import JointGarch

Array = NDArray[np.float64]

START: Any = np.log([0.02, 0.05, 6.0])  # of `_parameters`, at a usual fit
TOLERANCE: Any = {"xatol": 5e-3, "fatol": 1e-6}  # half a percent of each; of the log density a day


@dataclass(frozen=True, eq=False)
class DccLaw:
    """Correlations that follow the shocks.

    `Q_t = (1 - reaction - decay) target + reaction shock shock' + decay Q_t-1`, and the day's
    correlations are Q_t scaled to a diagonal of one. `states` holds Q of each day of the history
    and of the day after, `(days + 1, assets, assets)`.
    """

    target: Array
    reaction: float
    decay: float
    freedom: float
    states: Array

    def filter(self, shocks: Array) -> Array:
        """Returns Q of each day of `(days, assets)` shocks and of the day after."""
        return _filtered(shocks, self.target, self.reaction, self.decay)

    def draw(self, state: Array, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        """Returns `(n, days, assets)` shocks from Q of the first day, one for each path."""
        n, days = shape
        shocks = np.empty((n, days, len(self.target)))
        for day in range(days):
            normals = rng.standard_normal((n, len(self.target)))
            factor = np.linalg.cholesky(_correlations(state))
            mixing = np.sqrt((self.freedom - 2) / rng.chisquare(self.freedom, size=(n, 1)))
            shock = shocks[:, day] = mixing * np.einsum("nij,nj->ni", factor, normals)
            state = (
                (1 - self.reaction - self.decay) * self.target
                + self.reaction * shock[:, :, None] * shock[:, None, :]
                + self.decay * state
            )
        return shocks


class DccGarch(JointGarch):
    """GJR-GARCH volatilities, and multivariate t shocks whose correlations change with time.

    Dynamic conditional correlation: each day's correlations follow an exponential average of the
    products of past shocks. The unconditional ones are those of the history; reaction, decay and
    the degrees of freedom maximize the likelihood of the shocks.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market.baselines import DccGarch

    history = 0.01 * np.random.default_rng(0).standard_t(5, size=(400, 2))
    model = DccGarch().fit(history)
    assert model.sample_after(history[-250:], 100, days=20, seed=0).shape == (100, 20, 2)
    assert 0.0 <= model.describe()["dcc_reaction"] < 0.5
    ```

    Reference:
        Engle (2002), Dynamic Conditional Correlation; Bauwens and Laurent (2005) for t shocks.
    """

    name = "DCC-GJR-t"

    def _fit_law(self, shocks: Array) -> DccLaw:
        target = np.atleast_2d(np.corrcoef(shocks, rowvar=False))

        def loss(logs: Any) -> float:
            reaction, decay, freedom = _parameters(logs)
            states = _filtered(shocks, target, reaction, decay)[:-1]
            return -float(np.mean(t_log_density(shocks, _correlations(states), freedom)))

        found = scipy.optimize.minimize(loss, START, method="Nelder-Mead", options=TOLERANCE)
        reaction, decay, freedom = _parameters(found.x)
        states = _filtered(shocks, target, reaction, decay)
        return DccLaw(target, reaction, decay, freedom, states)

    def _shocks(
        self,
        law: DccLaw,
        days_before: NDArray[np.int64],
        shape: tuple[int, int],
        rng: np.random.Generator,
    ) -> Array:
        return law.draw(law.states[days_before], shape, rng)

    def _shocks_after(
        self, law: DccLaw, past: Array, shape: tuple[int, int], rng: np.random.Generator
    ) -> Array:
        today = law.filter(past)[-1]
        return law.draw(np.repeat(today[None], shape[0], axis=0), shape, rng)

    def _describe_law(self, law: DccLaw) -> dict[str, float]:
        return {
            "dcc_reaction": law.reaction,
            "dcc_decay": law.decay,
            "freedom": law.freedom,
        }


def t_log_density(shocks: Array, correlations: Array, freedom: float) -> Array:
    """Returns the log density `(days,)` of shocks of a multivariate t with unit variances."""
    assets = shocks.shape[1]
    factors = np.linalg.cholesky(correlations)
    whitened = np.linalg.solve(factors, shocks[..., None])[..., 0]
    log_determinants = 2 * np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
    constant = (
        scipy.special.gammaln((freedom + assets) / 2)
        - scipy.special.gammaln(freedom / 2)
        - assets / 2 * np.log(np.pi * (freedom - 2))
    )
    tail = np.log1p((whitened**2).sum(axis=1) / (freedom - 2))
    return np.asarray(constant - log_determinants / 2 - (freedom + assets) / 2 * tail)


def _parameters(logs: Array) -> tuple[float, float, float]:
    """Returns reaction, decay and degrees of freedom of three unbounded numbers.

    They are the logarithms of the odds of reaction against decay, of the odds that a day is
    forgotten, and of the degrees of freedom above two.
    """
    reaction_odds, forgetting_odds, freedom = np.exp(np.clip(logs, -20.0, 10.0))
    persistence = 1 / (1 + forgetting_odds)  # reaction + decay
    reaction = persistence * reaction_odds / (1 + reaction_odds)
    return float(reaction), float(persistence - reaction), float(2.0 + freedom)


def _filtered(shocks: Array, target: Array, reaction: float, decay: float) -> Array:
    products = shocks[:, :, None] * shocks[:, None, :]
    moved = reaction * products + (1 - reaction - decay) * target
    later, _ = scipy.signal.lfilter([1.0], [1.0, -decay], moved, axis=0, zi=decay * target[None])
    return np.concatenate([target[None], later])


def _correlations(states: Array) -> Array:
    scale = np.sqrt(np.diagonal(states, axis1=1, axis2=2))
    return np.asarray(states / (scale[:, :, None] * scale[:, None, :]))
