"""The tables of stylized facts and of risks, with each score explained."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from keras_wgan.data.frequency import TRADING_DAYS
from keras_wgan.metrics.returns.facts import RISK_HORIZONS, RISK_LEVELS, ReturnFacts
from keras_wgan.metrics.returns.families import CAP, FAMILIES, LEVEL


@dataclass(frozen=True)
class FactRow:
    """One line of the table of facts.

    Args:
        label: The name of the fact.
        meaning: The fact in plain words.
        score: Distance of the generated from the real; 0 where they agree.
        real: The fact of the real windows as text. Defaults to `""`, for a score that compares
            whole distributions.
        generated: The fact of the generated windows.
        floor: The score of another draw of history. Defaults to `None`, not measured.
        ratio: Size of `score` over `floor`, at most 4. Defaults to `None`.
        family: The family of scores that it is a part of. Defaults to `""`, none.
        trained: Whether the score is also part of the training loss, and so proves little. Defaults
            to `False`.
    """

    label: str
    meaning: str
    score: float
    real: str = ""
    generated: str = ""
    floor: float | None = None
    ratio: float | None = None
    family: str = ""
    trained: bool = False


@dataclass(frozen=True)
class FamilyRows:
    """The rows of one family of scores, which count once.

    Args:
        family: Its name, or `""` for scores that are part of no family.
        rows: Its rows.
        ratio: The mean of their ratios, or `None` where none was measured.
    """

    family: str
    rows: tuple[FactRow, ...]
    ratio: float | None

    @property
    def trained(self) -> bool:
        """Whether a score of it is also part of the training loss."""
        return any(row.trained for row in self.rows)


@dataclass(frozen=True)
class RiskRow:
    """One line of the table of risks: log returns over some days, in the worst cases.

    Args:
        level: Share of the cases that are worse, such as 0.01.
        days: The number of days of the return.
        real_var: Value at risk of the real windows: the log return at that share, below zero.
        generated_var: Value at risk of the generated windows.
        real_es: Expected shortfall of the real windows: the mean log return of these cases.
        generated_es: Expected shortfall of the generated windows.
    """

    level: float
    days: int
    real_var: float
    generated_var: float
    real_es: float
    generated_es: float


def fact_rows(
    real: ReturnFacts,
    generated: ReturnFacts,
    scores: Mapping[str, float],
    *,
    floor: Mapping[str, float] | None = None,
    trained: Collection[str] = (),
    periods_per_year: float = TRADING_DAYS,
) -> tuple[FactRow, ...]:
    """Returns every score with an explanation and the facts that it compares.

    The rows are in the order of the families, of which each counts once; scores that are part of no
    family come last. Copies are left to the copy check.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import fact_scores
    from keras_wgan.metrics import return_facts
    from keras_wgan.report import fact_rows

    rng = np.random.default_rng(0)
    real = return_facts(0.01 * rng.standard_t(4, size=(200, 60)))
    normal = return_facts(0.01 * rng.normal(size=(200, 60)))
    rows = fact_rows(real, normal, fact_scores(real, normal), trained={"acf_abs"})
    assert rows[0].label == "Returns over 1 day" and rows[0].family == "daily distribution"
    assert [row.label for row in rows if row.trained] == ["Autocorrelation of |r|"]
    ```

    Args:
        real: Facts of the real windows.
        generated: Facts of the generated windows.
        scores: Scores by name, as `matched_scores`, `fact_scores` or `stylized_facts` give them.
        floor: Sampling floors by name. Defaults to `None`, no floor and no ratio.
        trained: Names of the scores that are also part of the training loss. Defaults to none.
        periods_per_year: The number of returns in a year, for volatilities. Defaults to `252`.

    Returns:
        A row for each score; scores without an explanation have their own name.
    """
    floors = floor or {}
    family_of = {name: family for family, names in FAMILIES.items() for name in names}
    ordered = [name for name in (*family_of, LEVEL, "std") if name in scores]
    others = [name for name in scores if name not in ordered and name != "copies"]
    rows, year = [], 100.0 * float(np.sqrt(periods_per_year))
    for name in ordered + others:
        label, meaning = EXPLAINED.get(name, (name, ""))
        score, own_floor = float(scores[name]), floors.get(name)
        rows.append(
            FactRow(
                label=label,
                meaning=meaning,
                score=score,
                real=_fact(name, real, year),
                generated=_fact(name, generated, year),
                floor=own_floor,
                ratio=min(abs(score) / own_floor, CAP) if own_floor else None,
                family=family_of.get(name, ""),
                trained=name in trained,
            )
        )
    return tuple(rows)


def in_families(rows: Iterable[FactRow]) -> tuple[FamilyRows, ...]:
    """Returns rows grouped by family, in their order, each group with the mean of its ratios.

    Example:
    ```python
    from keras_wgan.report import FactRow, in_families

    rows = [FactRow("1 day", "", 0.1, ratio=1.0, family="sums"),
            FactRow("5 days", "", 0.3, ratio=2.0, family="sums")]
    assert [(group.family, group.ratio) for group in in_families(rows)] == [("sums", 1.5)]
    ```

    Args:
        rows: Rows in the order of their families, as `fact_rows` returns them.

    Returns:
        A group for each family.
    """
    groups = [(name, tuple(group)) for name, group in groupby(rows, lambda row: row.family)]
    return tuple(
        FamilyRows(name, group, mean_ratio([row.ratio for row in group])) for name, group in groups
    )


def mean_ratio(ratios: Iterable[float | None]) -> float | None:
    """Returns the mean of the ratios that were measured, or `None` if none was."""
    measured = [ratio for ratio in ratios if ratio is not None]
    return float(np.mean(measured)) if measured else None


def risk_rows(real: ReturnFacts, generated: ReturnFacts) -> tuple[RiskRow, ...]:
    """Returns real and generated risks side by side, for 1% and 5% and 1, 5 and 20 days.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import return_facts
    from keras_wgan.report import risk_rows

    facts = return_facts(0.01 * np.random.default_rng(0).normal(size=(200, 60)))
    rows = risk_rows(facts, facts)
    assert rows[0].real_var == facts.value_at_risk(0.01, horizon=1)
    ```

    Args:
        real: Facts of the real windows.
        generated: Facts of the generated windows.

    Returns:
        A row for each level and number of days; days beyond the windows are left out.
    """
    return tuple(
        RiskRow(
            level=level,
            days=days,
            real_var=real.value_at_risk(level, days),
            generated_var=generated.value_at_risk(level, days),
            real_es=real.expected_shortfall(level, days),
            generated_es=generated.expected_shortfall(level, days),
        )
        for level in RISK_LEVELS
        for days in RISK_HORIZONS
        if days in real.horizons and days in generated.horizons
    )


_SUMS = "Distance between the distributions of returns over {}, in real standard deviations."
_BELLS = "Excess frequency of extreme returns over {} days; 0 for a bell curve."
_TAIL = "How fast large {} become rarer; below 3 is a heavy tail."

# Name of a score -> its level and its number of days.
_RISKS = {
    f"{name}{round(100 * level)}_{days}d": (level, days)
    for days in RISK_HORIZONS
    for level in RISK_LEVELS
    for name in ("var", "es")
}

# Score -> its name in a table, and its meaning for readers who do not know it.
EXPLAINED: dict[str, tuple[str, str]] = {
    **{
        name: (
            f"{'VaR' if name.startswith('var') else 'ES'} {level:.0%}, "
            f"{days} {'day' if days == 1 else 'days'}",
            f"Log return that {level:.0%} of the cases fall below."
            if name.startswith("var")
            else f"Mean log return of the worst {level:.0%} of the cases.",
        )
        for name, (level, days) in _RISKS.items()
    },
    "level": ("Volatility", "Standard deviation of returns, shown for a year."),
    "w1": ("Returns over 1 day", _SUMS.format("one day")),
    "w5": ("Returns over 5 days", _SUMS.format("5 days")),
    "w20": ("Returns over 20 days", _SUMS.format("20 days")),
    "w60": ("Returns over 60 days", _SUMS.format("60 days")),
    "std": ("Volatility", "Standard deviation of returns, shown for a year."),
    "skew": ("Skew", "Below zero, large moves are more often falls than rises."),
    "kurtosis": (
        "Excess kurtosis, 1 day",
        "Excess frequency of extreme days; 0 for a bell curve.",
    ),
    "kurtosis5": ("Excess kurtosis, 5 days", _BELLS.format(5)),
    "kurtosis20": ("Excess kurtosis, 20 days", _BELLS.format(20)),
    "kurtosis60": ("Excess kurtosis, 60 days", _BELLS.format(60)),
    "hill_left": ("Tail of falls", _TAIL.format("falls")),
    "hill_right": ("Tail of rises", _TAIL.format("rises")),
    "acf": (
        "Autocorrelation of returns",
        "Correlation of a return with the next one; close to zero in real markets.",
    ),
    "acf_abs": (
        "Autocorrelation of |r|",
        "Volatility clustering: mean correlation of the sizes of returns over the lags.",
    ),
    "acf_square": (
        "Autocorrelation of r²",
        "The same with more weight on the largest moves.",
    ),
    "leverage": (
        "Leverage effect",
        "Below zero, falls are followed by larger moves than rises are.",
    ),
    "coarse_fine": (
        "Coarse and fine volatility",
        "Whether a move over 5 days says more about the next 5 daily moves than the reverse.",
    ),
    "drawdown": ("Drawdown", "Largest fall from a peak inside a window; medians are shown."),
    "volatility": (
        "Volatility of windows",
        "Distribution of the volatility of windows; the middle 90% are shown, for a year.",
    ),
    "classifier": (
        "Accuracy of a classifier",
        "Share of windows that a simple classifier tells apart, beyond guessing (0).",
    ),
    "prediction": (
        "Use for forecasting",
        "Loss on real windows of a forecaster that was trained on generated ones.",
    ),
}


def _fact(name: str, facts: ReturnFacts, year: float) -> str:
    """Returns the number behind a score as text; empty where it compares whole distributions."""
    if name in ("std", LEVEL):
        return f"{year * facts.std:.1f}%"
    if name == "kurtosis" or (name.startswith("kurtosis") and name[8:].isdigit()):
        days = int(name[8:] or 1)
        return _plain(facts.kurtosis[days]) if days in facts.kurtosis else ""
    if name in ("skew", "hill_left", "hill_right", "coarse_fine"):
        return _plain(getattr(facts, name))
    if name in ("acf_abs", "acf_square", "leverage"):
        return _plain(float(np.mean(getattr(facts, name))))
    if name == "acf":
        return _plain(float(facts.acf[0]))
    if name in _RISKS:
        level, days = _RISKS[name]
        measure = facts.value_at_risk if name.startswith("var") else facts.expected_shortfall
        return f"{100.0 * measure(level, days):.2f}%".replace("-", "−")  # noqa: RUF001
    if name == "drawdown":
        return f"{-100.0 * np.expm1(-np.median(facts.drawdowns)):.1f}%"
    if name == "volatility":
        low, high = year * np.quantile(facts.volatilities, [0.05, 0.95])
        return f"{low:.0f} to {high:.0f}%"
    return ""


def _plain(value: float) -> str:
    if not np.isfinite(value):
        return "undefined"
    # `+ 0.0` turns a rounded minus zero into zero; the minus is a true one, as wide as a digit.
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")  # noqa: RUF001
