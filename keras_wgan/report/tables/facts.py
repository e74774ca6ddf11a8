"""What does each score say, in words, and which numbers stand behind it?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from keras_wgan.data.returns import TRADING_DAYS
from keras_wgan.metrics.returns.facts import RISK_HORIZONS, RISK_LEVELS, ReturnFacts


@dataclass(frozen=True)
class FactRow:
    """One line of the table of facts.

    Args:
        label: what the fact is called.
        meaning: the same in plain words.
        score: distance of the generated from the real; 0 where they agree.
        real: the fact of the real windows, ready to read. Defaults to `""`, for a score that
            compares whole distributions.
        generated: the same of the generated windows.
        floor: the score of another draw of history. Defaults to `None`, not measured.
        ratio: size of `score` over `floor`. Defaults to `None`.
        trained: whether the score also stood in the training loss, and so proves little.
            Defaults to `False`.
    """

    label: str
    meaning: str
    score: float
    real: str = ""
    generated: str = ""
    floor: float | None = None
    ratio: float | None = None
    trained: bool = False


@dataclass(frozen=True)
class RiskRow:
    """One line of the table of risks: log returns over some days, in the worst cases.

    Args:
        level: share of the cases that are worse, such as 0.01.
        days: how many days the return is taken over.
        real_var: value at risk of the real windows: the log return at that share, below zero.
        generated_var: the same of the generated windows.
        real_es: expected shortfall of the real windows: the mean log return of these cases.
        generated_es: the same of the generated windows.
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
) -> tuple[FactRow, ...]:
    """Explains every score, beside the facts it compares.

    Value at risk and expected shortfall are left to `risk_rows`, and copies to the copy check.

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
    assert rows[0].label == "Returns over 1 day"
    assert [row.label for row in rows if row.trained] == ["Memory of size"]
    ```

    Args:
        real: facts of the real windows.
        generated: facts of the generated windows.
        scores: scores by name, as `fact_scores` or `stylized_facts` give them.
        floor: sampling floors by name. Defaults to `None`, no floor and no ratio.
        trained: names of the scores that also stand in the training loss. Defaults to `()`, none.

    Returns:
        One row a score, in a fixed order; a score that has no explanation here stands last, under
        its own name.
    """
    floors = floor or {}
    told = [name for name in EXPLAINED if name in scores]
    others = [name for name in scores if name not in EXPLAINED and not _told_elsewhere(name)]
    rows = []
    for name in told + others:
        label, meaning = EXPLAINED.get(name, (name, ""))
        score, own_floor = float(scores[name]), floors.get(name)
        rows.append(
            FactRow(
                label=label,
                meaning=meaning,
                score=score,
                real=_fact(name, real),
                generated=_fact(name, generated),
                floor=own_floor,
                ratio=abs(score) / own_floor if own_floor else None,
                trained=name in trained,
            )
        )
    return tuple(rows)


def risk_rows(real: ReturnFacts, generated: ReturnFacts) -> tuple[RiskRow, ...]:
    """Sets the risks of real and generated windows side by side: 1% and 5%, 1, 5 and 20 days.

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
        real: facts of the real windows.
        generated: facts of the generated windows.

    Returns:
        One row a level and number of days; days beyond the windows are left out.
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


_SUMS = "Are returns over {} as often as large, up and down? Distance in real standard deviations."
_BELLS = "Do extremes over {} days stay as much more frequent than in a bell curve?"
_TAIL = "How fast large {} get rarer: below 3 is a heavy tail. Should be equal."

# Score -> what a table calls it, and what it means to somebody who has never seen it.
EXPLAINED: dict[str, tuple[str, str]] = {
    "w1": ("Returns over 1 day", _SUMS.format("one day")),
    "w5": ("Returns over 5 days", _SUMS.format("a week")),
    "w20": ("Returns over 20 days", _SUMS.format("a month")),
    "w60": ("Returns over 60 days", _SUMS.format("a quarter")),
    "std": ("Volatility", "How far returns usually lie from their mean; shown for a year."),
    "skew": ("Skew", "Below zero: the big days are more often falls than rises."),
    "kurtosis": (
        "Excess kurtosis, 1 day",
        "How much more frequent extreme days are than in a bell curve, which has 0.",
    ),
    "kurtosis5": ("Excess kurtosis, 5 days", _BELLS.format(5)),
    "kurtosis20": ("Excess kurtosis, 20 days", _BELLS.format(20)),
    "kurtosis60": ("Excess kurtosis, 60 days", _BELLS.format(60)),
    "hill_left": ("Tail of falls", _TAIL.format("falls")),
    "hill_right": ("Tail of rises", _TAIL.format("rises")),
    "acf": (
        "Memory of direction",
        "Does a rise today say anything about tomorrow? Next to nothing. Correlation at lag 1.",
    ),
    "acf_abs": (
        "Memory of size",
        "Are wild days followed by wild days for weeks? Mean correlation over the lags.",
    ),
    "acf_square": (
        "Memory of size, squared",
        "The same with more weight on the wildest days.",
    ),
    "leverage": (
        "Leverage effect",
        "Are falls followed by wilder days than rises are? Below zero, they are.",
    ),
    "coarse_fine": (
        "Coarse and fine volatility",
        "Does a big move of a week tell more of the next week's daily moves than the reverse?",
    ),
    "drawdown": ("Worst fall in a window", "Are falls from a peak as deep? Medians are shown."),
    "volatility": (
        "Calm and wild windows",
        "Are as many windows calm, and as many wild? The middle 9 in 10 are shown, for a year.",
    ),
    "classifier": (
        "Told apart by a classifier",
        "Share of windows that a simple classifier sorts rightly, beyond guessing (0).",
    ),
    "prediction": (
        "Useful to learn from",
        "What a forecaster trained on generated windows loses on real ones.",
    ),
}


def _told_elsewhere(name: str) -> bool:
    return name == "copies" or name.startswith(("var1_", "var5_", "es1_", "es5_"))


def _fact(name: str, facts: ReturnFacts) -> str:
    """The number behind a score, ready to read; empty where it compares whole distributions."""
    year = 100.0 * np.sqrt(TRADING_DAYS)
    if name == "std":
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
