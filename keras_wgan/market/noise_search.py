"""The search for the noise behind observed returns, and for the past before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.latents import Latent
from keras_wgan.networks import explain_returns
from keras_wgan.networks.market_inversion import MIN_OBSERVED, ExplainedReturns

Array = NDArray[np.float64]

OBSERVED = 504  # days from which a state is found; two years
YEAR = 252  # days that one search for a state serves
CANDIDATES = 32  # pasts before the observed days that are compared
CANDIDATES_SEED = 20_232  # fixed, so that a state is always the same


class NoiseSearch:
    """Finds the noise of which a market generator makes observed returns.

    The noise before them is unknown: of several random pasts the one under which the returns are
    the likeliest is kept.

    Args:
        generator: A market generator of one day with the weights that samples are made with.
        latent: Draws `(history, assets)` noise.
    """

    def __init__(self, generator: keras.Model, latent: Latent) -> None:
        self.generator, self.latent = generator, latent

    def each(
        self, observed: Array, starts: Sequence[int]
    ) -> Iterator[tuple[NDArray[np.float32], Array]]:
        """Yields the state after each start, and the noise behind the returns that show it."""
        for group in _years(starts):
            first = max(group[0] - OBSERVED, 0)
            window = observed[None, first : group[-1]]
            best, past = self.likeliest(window, group[0] - first)
            noise = np.concatenate([past[0], best.noise[0]])
            for start in group:
                seen = noise[: len(past[0]) + start - first]
                state = seen[-self.latent.shape[0] :].astype(np.float32)
                yield state, best.noise[0, : start - first]

    def likeliest(self, observed: Array, judged: int) -> tuple[ExplainedReturns, Array]:
        """Explains each window after the past under which its first days are the likeliest."""
        if observed.ndim != 3 or observed.shape[1] < MIN_OBSERVED:
            raise InvalidInputError(
                f"`returns` must hold at least {MIN_OBSERVED} days; {OBSERVED} are wanted. "
                f"Received: returns.shape={observed.shape[1:]}"
            )
        pasts = ops.convert_to_numpy(self.latent.sample(CANDIDATES, CANDIDATES_SEED))
        every = explain_returns(
            self.generator,
            np.repeat(observed, CANDIDATES, axis=0),
            np.tile(pasts, (len(observed), 1, 1)),
        )
        likelihood = every.log_density[:, :judged].sum(axis=1).reshape(-1, CANDIDATES)
        chosen = likelihood.argmax(axis=1)
        rows = np.arange(len(observed)) * CANDIDATES + chosen
        best = ExplainedReturns(
            every.noise[rows],
            every.volatility[rows],
            every.log_share[rows],
            every.log_density[rows],
        )
        return best, pasts[chosen]


def _years(starts: Sequence[int]) -> Iterator[list[int]]:
    """Splits starts in ascending order into groups of a year."""
    group: list[int] = []
    for start in starts:
        if group and start >= group[0] + YEAR:
            yield group
            group = []
        group.append(start)
    if group:
        yield group
