"""Distances between the facts of generated and of real returns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.facts import RISK_HORIZONS, RISK_LEVELS, ReturnFacts


def fact_scores(real: ReturnFacts, generated: ReturnFacts) -> dict[str, float]:
    """Compares the facts of generated and real returns; a score is zero where they agree.

    Wasserstein-1 distances, relative to the real scale:

    - `w1`, `w5`, `w20`, `w60`: of the log returns over 1, 5, 20 and 60 days, in real standard
      deviations over the same horizon.
    - `drawdown`, `volatility`: of the windows' largest drawdowns and standard deviations, divided
      by their real means.

    Differences, generated minus real:

    - `skew`, `kurtosis`: of the daily log returns.
    - `kurtosis5`, `kurtosis20`, `kurtosis60`: excess kurtosis over 5, 20 and 60 days.
    - `hill_left`, `hill_right`: tail index of the 5% largest losses and gains.
    - `coarse_fine`: asymmetry of coarse and fine volatility at one week.

    Relative errors, generated / real - 1:

    - `std`: standard deviation of the daily log returns.
    - `var1_1d`, `es1_1d`, `var5_1d`, `es5_1d`: value at risk and expected shortfall at 1% and 5%
      over one day; with `_5d` and `_20d`, over 5 and 20 days.

    Root mean square differences over the lags k:

    - `acf`, `acf_abs`, `acf_square`: of the autocorrelations of r, |r| and r^2.
    - `leverage`: of corr(r_t, r^2_{t+k}).

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import fact_scores, return_facts

    rng = np.random.default_rng(0)
    real = return_facts(0.01 * rng.standard_t(4, size=(500, 60)))
    normal = return_facts(0.01 * rng.normal(size=(500, 60)))
    scores = fact_scores(real, normal)
    assert scores["es1_1d"] < -0.3 and set(fact_scores(real, real).values()) == {0.0}
    ```

    Args:
        real: Facts of the real windows.
        generated: Facts of the generated windows, with the same days and lags.

    Returns:
        The scores by name. A score is `inf` where a generated fact is undefined, as for a generator
        that has collapsed to a constant, and never NaN. Horizons longer than the windows are left
        out.

    Raises:
        ValueError: If the days or lags differ, or a real fact is undefined, as for constant
            returns.

    Reference:
        Cont (2001), "Empirical properties of asset returns: stylized facts and statistical issues".
    """
    _refuse_incomparable(real, generated)
    with np.errstate(over="ignore", invalid="ignore"):
        scores = {
            **_distribution_scores(real, generated),
            **_memory_scores(real, generated),
            **_risk_scores(real, generated),
            **_window_scores(real, generated),
        }
    return {name: float(score) if np.isfinite(score) else np.inf for name, score in scores.items()}


def score_ratios(scores: Mapping[str, float], floor: Mapping[str, float]) -> dict[str, float]:
    """Divides the size of each score by its sampling floor.

    At 1, the score is as large as that of another sample of history.

    Example:
    ```python
    from keras_wgan.metrics import score_ratios

    ratios = score_ratios({"std": -0.2, "copies": 0.01}, {"std": 0.1})
    assert ratios == {"std": 2.0}
    ```

    Args:
        scores: Scores by name, from `fact_scores`; scores without a floor are left out.
        floor: Sampling floors by name, from `sampling_floor`.

    Returns:
        |score| / floor by name. The mean of these is the composite score.

    Raises:
        ValueError: If no score has a floor, or a floor is not above zero and finite.
    """
    shared = [name for name in scores if name in floor]
    if not shared:
        raise InvalidInputError(
            "`floor` must hold at least one of the scores. "
            f"Received: scores of {sorted(scores)}, floors of {sorted(floor)}. "
            "Take it from sampling_floor on the real returns."
        )
    bad = {name: floor[name] for name in shared if not 0.0 < floor[name] < np.inf}
    if bad:
        raise InvalidInputError(
            f"`floor` must be above zero and finite. Received: floor={bad}. "
            "Take it from sampling_floor on a longer history."
        )
    return {name: abs(scores[name]) / floor[name] for name in shared}


def median_ratio(ratios: Mapping[str, float]) -> float:
    """Returns the median of the ratios of `score_ratios`, a robust criterion for model selection.

    A single extreme return can multiply a kurtosis and, with it, the composite, which is the mean
    of the ratios. The median does not depend on the few largest ratios, so read it together with
    the composite.

    Example:
    ```python
    from keras_wgan.metrics import median_ratio

    assert median_ratio({"w1": 0.8, "acf_abs": 1.2, "kurtosis": 5000.0}) == 1.2
    ```

    Args:
        ratios: |score| / floor by name, from `score_ratios`.

    Returns:
        The median; `inf` if half of the ratios are.

    Raises:
        ValueError: If there are no ratios.
    """
    if not ratios:
        raise InvalidInputError(
            "`ratios` must hold at least one. Received: none. Use score_ratios."
        )
    ordered = sorted(ratios.values())
    # NumPy's median of two infinities is NaN.
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return float(low if low == high else (low + high) / 2.0)


def _distribution_scores(real: ReturnFacts, generated: ReturnFacts) -> dict[str, float]:
    scores = {
        f"w{h}": _wasserstein(real.sums[h], generated.sums[h]) / float(real.sums[h].std())
        for h in real.horizons
    }
    scores["std"] = generated.std / real.std - 1.0
    scores["skew"] = generated.skew - real.skew
    for h in real.horizons:
        name = "kurtosis" if h == 1 else f"kurtosis{h}"
        scores[name] = generated.kurtosis[h] - real.kurtosis[h]
    scores["hill_left"] = generated.hill_left - real.hill_left
    scores["hill_right"] = generated.hill_right - real.hill_right
    return scores


def _memory_scores(real: ReturnFacts, generated: ReturnFacts) -> dict[str, float]:
    scores = {
        "acf": _root_mean_square(generated.acf - real.acf),
        "acf_abs": _root_mean_square(generated.acf_abs - real.acf_abs),
        "acf_square": _root_mean_square(generated.acf_square - real.acf_square),
        "leverage": _root_mean_square(generated.leverage - real.leverage),
    }
    if np.isfinite(real.coarse_fine):  # windows under two weeks have none
        scores["coarse_fine"] = generated.coarse_fine - real.coarse_fine
    return scores


def _risk_scores(real: ReturnFacts, generated: ReturnFacts) -> dict[str, float]:
    scores = {}
    for h in RISK_HORIZONS:
        if h not in real.horizons:
            continue
        for level in RISK_LEVELS:
            ending = f"{round(100 * level)}_{h}d"
            scores[f"var{ending}"] = _relative(
                real.value_at_risk(level, h), generated.value_at_risk(level, h)
            )
            scores[f"es{ending}"] = _relative(
                real.expected_shortfall(level, h), generated.expected_shortfall(level, h)
            )
    return scores


def _window_scores(real: ReturnFacts, generated: ReturnFacts) -> dict[str, float]:
    return {
        "drawdown": _wasserstein(real.drawdowns, generated.drawdowns)
        / float(real.drawdowns.mean()),
        "volatility": _wasserstein(real.volatilities, generated.volatilities)
        / float(real.volatilities.mean()),
    }


def _wasserstein(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    # The area between the quantile functions, both constant between neighboring levels. SciPy would
    # sort the values again; these are sorted already, and a million values take 20 ms.
    levels = np.concatenate([_levels(len(first)), _levels(len(second))])
    levels.sort(kind="stable")  # merges two sorted runs
    middles = levels - 0.5 * np.diff(levels, prepend=0.0)
    gaps = np.abs(_quantiles(first, middles) - _quantiles(second, middles))
    return float(np.dot(gaps, np.diff(levels, prepend=0.0)))


def _levels(count: int) -> NDArray[np.float64]:
    return np.arange(1, count + 1) / count


def _quantiles(ordered: NDArray[np.float64], levels: NDArray[np.float64]) -> NDArray[np.float64]:
    places = (levels * len(ordered)).astype(np.intp)
    return ordered[np.minimum(places, len(ordered) - 1)]


def _root_mean_square(gaps: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(gaps**2)))


def _relative(real: float, generated: float) -> float:
    if generated == real:
        return 0.0
    return generated / real - 1.0 if real != 0.0 else float("inf")


def _refuse_incomparable(real: ReturnFacts, generated: ReturnFacts) -> None:
    shapes = [(facts.days, len(facts.acf)) for facts in (real, generated)]
    if shapes[0] != shapes[1]:
        raise InvalidInputError(
            "`real` and `generated` must have windows of the same days, measured with the same "
            f"`lags`. Received: (days, lags) of {shapes[0]} and {shapes[1]}. "
            "Generate as many days as the real windows have, and pass the same `lags` for both."
        )
    known = (real.std, real.skew, real.hill_left, real.hill_right)
    memory = np.concatenate([real.acf, real.acf_abs, real.acf_square, real.leverage])
    if not (real.std > 0.0 and np.isfinite([*known, *real.kurtosis.values(), *memory]).all()):
        raise InvalidInputError(
            "`real` must come from returns that vary, with gains and losses on over 5% of the "
            f"days each. Received: std={real.std}, skew={real.skew}, hill_left={real.hill_left}, "
            f"hill_right={real.hill_right}. Look for a constant column in the data, or for values "
            "that are not log returns."
        )
