"""GJR-GARCH volatilities of several assets at once: fitted by `arch`, filtered, and simulated."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import scipy.signal
from numpy.typing import NDArray

from keras_wgan.errors import ExplosionError
from keras_wgan.market.baselines.garch import MAX_ITERATIONS, PERCENT

Array = NDArray[np.float64]

BACKCAST_DAYS = 75  # and the decay, as `arch` starts a variance
BACKCAST_DECAY = 0.94


@dataclass(frozen=True, eq=False)
class GarchMargins:
    """The GJR-GARCH(1,1) of each asset, of returns in percent; all `(assets,)`.

    `variance_t = omega + (alpha + gamma [move_t-1 < 0]) move_t-1^2 + beta variance_t-1`.
    """

    mean: Array
    omega: Array
    alpha: Array
    gamma: Array
    beta: Array
    converged: NDArray[np.bool_]

    @property
    def persistence(self) -> Array:
        """The share of a variance's distance from its mean that is left a day later."""
        return np.asarray(self.alpha + self.gamma / 2 + self.beta)

    def filter(self, returns: Array) -> tuple[Array, Array]:
        """Returns the shocks `(days, assets)` of returns, and the variances of each day.

        The variances, `(days + 1, assets)`, end with that of the day after the last return.
        """
        moves = PERCENT * returns - self.mean
        known = moves[:BACKCAST_DAYS] ** 2
        weights = BACKCAST_DECAY ** np.arange(len(known))
        start = weights @ known / weights.sum()
        first = self.omega + self.persistence * start
        # Where the moves are known, the recursion is a linear filter of what they add.
        added = self._next(np.zeros_like(first), moves)
        later = [
            scipy.signal.lfilter([1.0], [1.0, -beta], one, zi=[beta * before])[0]
            for beta, one, before in zip(self.beta, added.T, first, strict=True)
        ]
        variances = np.concatenate([first[np.newaxis], np.stack(later, axis=-1)])
        return moves / np.sqrt(variances[:-1]), variances

    def simulate(self, variance: Array, shocks: Array) -> Array:
        """Returns daily log returns `(n, days, assets)` of shocks of this shape.

        `variance` is that of the first day, `(n, assets)` or `(assets,)`.
        """
        moves = np.empty_like(shocks)
        variance = np.broadcast_to(variance, moves[:, 0].shape)
        with np.errstate(over="ignore", invalid="ignore"):
            for day in range(shocks.shape[1]):
                moves[:, day] = np.sqrt(variance) * shocks[:, day]
                variance = self._next(variance, moves[:, day])
        if not np.isfinite(moves).all():
            raise ExplosionError(
                "The volatility that a GJR-GARCH fitted grows beyond float64. Received: a "
                f"persistence of up to {self.persistence.max():.4f} a day. Fit it to a longer "
                "history, or leave it out."
            )
        return np.asarray((self.mean + moves) / PERCENT)

    def describe(self) -> dict[str, float]:
        """Returns means over the assets, and whether all fits converged."""
        return {
            "alpha": float(self.alpha.mean()),
            "gamma": float(self.gamma.mean()),
            "beta": float(self.beta.mean()),
            "persistence": float(self.persistence.mean()),
            "converged": float(self.converged.all()),
        }

    def _next(self, variance: Array, move: Array) -> Array:
        reaction = self.alpha + self.gamma * (move < 0.0)
        return np.asarray(self.omega + reaction * move**2 + self.beta * variance)


def fit_margins(history: Array, name: str) -> GarchMargins:
    """Fits each asset by the likelihood of normal shocks.

    It is a quasi-likelihood: by that of fat-tailed shocks, the variance of a stock index hardly
    stays finite (`FilteredHistoricalSimulation`).
    """
    from arch import arch_model

    fits = []
    # arch changes the warning filters of the whole process; the convergence flag is said below.
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for returns in history.T:
            model = arch_model(PERCENT * returns, mean="Constant", p=1, o=1, q=1, rescale=False)
            options = {"maxiter": MAX_ITERATIONS}
            fits.append(model.fit(disp="off", show_warning=False, options=options))
    converged = np.array([fit.convergence_flag == 0 for fit in fits])
    if not converged.all():
        warnings.warn(
            f"{name}: the GJR-GARCH of {(~converged).sum()} of {len(converged)} assets did not "
            f"converge on {len(history)} returns. Its scores mean little; a longer history helps.",
            RuntimeWarning,
            stacklevel=5,
        )
    mean, omega, alpha, gamma, beta = np.array([fit.params.to_numpy() for fit in fits]).T
    return GarchMargins(mean, omega, alpha, gamma, beta, converged)
