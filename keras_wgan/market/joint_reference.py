"""The reference that simulators of several assets are scored against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keras_wgan.market.reference import (
    FLOOR,
    REAL,
    Progress,
    Reference,
    Scoring,
    windows_of,
)
from keras_wgan.metrics import (
    JointFacts,
    copy_rate,
    joint_facts,
    joint_floor,
    joint_scores,
    portfolio_log_returns,
)
from keras_wgan.metrics.returns.scores import score_ratios

JOINT_SCORES = (
    *("correlation", "correlation_20d", "correlation_abs", "joint_worst"),
    *("first_eigenvalue", "kurtosis_equal", "portfolio_risk"),
)


@dataclass(frozen=True, eq=False)
class JointReference(Reference):
    """Real windows of several assets, and how far apart two samples of them would be.

    Args:
        windows: `(windows, days, assets)` real daily log returns in the order of time.
        facts: Facts of the real history.
        floor: The sampling floor of every score by name, from `joint_floor`.
    """

    facts: JointFacts
    floor: Mapping[str, float]

    @property
    def score_names(self) -> tuple[str, ...]:
        """Names of the scores that compare two markets."""
        return (*JOINT_SCORES, "composite", "copies")

    @property
    def real(self) -> dict[str, float]:
        """Excess kurtosis of equal weights of the real assets."""
        return {"kurtosis_equal": self.facts.kurtosis}

    @property
    def exploded(self) -> dict[str, float]:
        """The scores of paths that exceed float64."""
        return {**dict.fromkeys((*JOINT_SCORES, "composite"), np.inf), "copies": 0.0}

    def score(self, paths: NDArray[np.float64], *, seed: int) -> dict[str, float]:
        """Returns the scores of `(n, days, assets)` paths by name."""
        scores = joint_scores(self.facts, joint_facts(paths))
        ratios = score_ratios(scores, self.floor)
        return {
            **scores,
            "composite": float(np.mean(list(ratios.values()))),
            "copies": self.copies(self.windows, paths),
        }

    def copies(self, past: NDArray[np.float64], paths: NDArray[np.float64]) -> float:
        """Compares the returns of equal weights: whoever copies whole days copies these too."""
        return copy_rate(_of_equal_weights(past), _of_equal_weights(paths))

    def fixed_rows(self) -> dict[str, Mapping[str, float]]:
        """Returns the rows of the real market and of the sampling floor."""
        return {
            REAL: joint_scores(self.facts, self.facts),
            FLOOR: {**self.floor, "composite": 1.0},
        }


def joint_reference(
    history: NDArray[np.float64], scoring: Scoring, *, progress: Progress
) -> JointReference:
    """Measures a history `(days, assets)`, and computes the sampling floor if it is not given."""
    floor = scoring.floor
    if floor is None:
        progress(f"{FLOOR}: comparing histories drawn from the real one ...")
        floor = joint_floor(history)
    return JointReference(windows_of(history, scoring.days), joint_facts(history), floor)


def _of_equal_weights(windows: NDArray[np.float64]) -> NDArray[np.float64]:
    assets = windows.shape[-1]
    return portfolio_log_returns(windows, np.full(assets, 1 / assets))
