"""Families of scores, each of which counts once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array, in_range
from keras_wgan.errors import InvalidInputError
from keras_wgan.io.html import html_table, short_number
from keras_wgan.metrics.returns.facts import RISK_HORIZONS, RISK_LEVELS, ReturnFacts, return_facts
from keras_wgan.metrics.returns.matched_scores import LEVEL, family_floor, matched_scores
from keras_wgan.metrics.returns.scores import score_ratios
from keras_wgan.metrics.returns.two_sample import classifier_two_sample
from keras_wgan.metrics.returns.windows import as_windows

CAP = 4.0
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "daily distribution": ("w1", "skew"),
    "sums": ("w5", "w20", "w60", "acf"),
    "tails": ("kurtosis", "kurtosis5", "kurtosis20", "kurtosis60", "hill_left", "hill_right"),
    "VaR and ES": tuple(
        f"{name}{round(100 * level)}_{days}d"
        for days in RISK_HORIZONS
        for level in RISK_LEVELS
        for name in ("var", "es")
    ),
    "clustering": ("acf_abs", "acf_square"),
    "leverage": ("leverage",),
    "time asymmetry": ("coarse_fine",),
    "drawdown and volatility": ("drawdown", "volatility"),
    "classifier": ("classifier",),
}


@dataclass(frozen=True, eq=False)
class FamilyScores:
    """Scores of paths in units of their own standard deviation, in families that count once.

    The composite of `stylized_facts` is a mean of more than thirty ratios, some without bound: one
    exploding moment rules it, sums and risks of many horizons count the same error many times, and
    all of them first measure whether a model is as calm as the test. Here the level is a number of
    its own, every ratio is capped, and each family counts once.

    Example:
    ```python
    from keras_wgan.metrics import FamilyScores

    scores = FamilyScores.of({"w1": 0.1, "kurtosis": 900.0, "level": -0.2}, {
        "w1": 0.1, "kurtosis": 3.0, "level": 0.1
    })
    assert scores.families == {"daily distribution": 1.0, "tails": 4.0}
    assert scores.mean == 2.5 and scores.level_ratio == 2.0
    ```

    Args:
        scores: Scores by name after the level is matched, and `level`: the standard deviation of
            the paths over that of the real windows, minus 1.
        ratios: |score| over its sampling floor by name, at most `CAP`, 4.
        families: The mean ratio of each family that has a score.
        level_ratio: |level| over its sampling floor, which is part of no family.
    """

    scores: Mapping[str, float]
    ratios: Mapping[str, float]
    families: Mapping[str, float]
    level_ratio: float

    @classmethod
    def of(
        cls, scores: Mapping[str, float], floor: Mapping[str, float], *, cap: float = CAP
    ) -> FamilyScores:
        """Returns the families of scores by name, from `family_floor` as their floor."""
        cap = in_range("cap", cap, above=0.0)
        uncapped = score_ratios(scores, floor)
        level = uncapped.pop(LEVEL, np.nan)
        ratios = {name: min(ratio, cap) for name, ratio in uncapped.items()}
        families = {
            family: float(np.mean([ratios[name] for name in names if name in ratios]))
            for family, names in FAMILIES.items()
            if any(name in ratios for name in names)
        }
        if not families:
            raise InvalidInputError(
                "`scores` must hold a score of a family: "
                f"{', '.join(name for names in FAMILIES.values() for name in names)}. "
                f"Received: {sorted(scores)}."
            )
        return cls(scores, ratios, families, level)

    def to_dict(self) -> dict[str, float | dict[str, float]]:
        """Returns the means and all parts as floats, ready for JSON."""
        return {
            "mean": self.mean,
            "median": self.median,
            "level_ratio": self.level_ratio,
            "families": dict(self.families),
            "ratios": dict(self.ratios),
            "scores": dict(self.scores),
        }

    def _repr_html_(self) -> str:
        """Returns a table for notebooks, the families furthest from their floors first."""
        rows = []
        for name, ratio in sorted(self.families.items(), key=lambda part: -part[1]):
            scores = [score for score in FAMILIES[name] if score in self.ratios]
            worst = max(scores, key=lambda score: self.ratios[score], default="")
            shown = f"{worst} {short_number(self.ratios[worst])}" if worst else ""
            rows.append((name, short_number(ratio), shown))
        rows.append((LEVEL, short_number(self.level_ratio), "in no family"))
        title = (
            f"{short_number(self.mean)} times the sampling floor, the mean over "
            f"{len(self.families)} families"
        )
        note = "1 is the distance between this history and another draw of it."
        return html_table(title, ("family", "times the floor", "its worst score"), rows, [note])

    @property
    def level(self) -> float:
        """The standard deviation of the paths over that of the real windows, minus 1."""
        return self.scores.get(LEVEL, np.nan)

    @property
    def mean(self) -> float:
        """The mean over the families; at 1, as far from history as another draw of history."""
        return float(np.mean(list(self.families.values())))

    @property
    def median(self) -> float:
        """The median over the families."""
        return float(np.median(list(self.families.values())))


@dataclass(frozen=True, eq=False)
class LevelReference:
    """Real windows, their facts and their sampling floor, that paths are scored against.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import LevelReference

    returns = 0.01 * np.random.default_rng(0).standard_t(5, size=1000)
    reference = LevelReference.of(returns, days=60, histories=4)
    found = reference.score(1.3 * reference.windows)
    assert abs(found.level - 0.3) < 1e-9 and found.mean < 0.01  # a scaled history
    ```

    Args:
        windows: All `(windows, days)` windows of a history, one starting each day.
        facts: Their facts.
        floor: The sampling floor by name of the score, from `family_floor`.
    """

    windows: NDArray[np.float64]
    facts: ReturnFacts
    floor: Mapping[str, float]

    @classmethod
    def of(
        cls, returns: ArrayLike, *, days: int = 60, histories: int = 30, seed: int = 0
    ) -> LevelReference:
        """Measures all windows of `(days,)` log returns; the floor takes most of the time."""
        history = finite_array("returns", returns, unit="returns")
        floor = family_floor(history, days=days, histories=histories, seed=seed)
        windows = np.lib.stride_tricks.sliding_window_view(history, days)
        return cls(windows, return_facts(windows), floor)

    def score(self, paths: ArrayLike, *, seed: int = 0) -> FamilyScores:
        """Scores `(n, days)` paths; those that exceed float64 have the cap as every ratio.

        Args:
            paths: Daily log returns, at least 100 paths of as many days as the windows.
            seed: Seed of the classifier's folds. Defaults to `0`.

        Returns:
            The `FamilyScores`.

        Raises:
            ValueError: If there are too few paths or they have another length.
        """
        samples = as_windows(paths, "paths")
        facts = return_facts(samples)
        scores = matched_scores(self.facts, facts)
        if 0.0 < facts.std < np.inf:
            scores["classifier"] = max(
                classifier_two_sample(
                    self.windows / self.facts.std, samples / facts.std, seed=seed
                ),
                0.0,  # below chance is not better than chance
            )
        else:
            scores["classifier"] = np.inf
        return FamilyScores.of(scores, self.floor)

    def exploded(self) -> FamilyScores:
        """Returns the scores of paths that exceed float64."""
        return FamilyScores.of(dict.fromkeys(self.floor, np.inf), self.floor)
