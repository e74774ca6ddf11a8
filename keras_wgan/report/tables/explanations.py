"""The names of scores in tables, their meaning in plain words, and the facts behind them."""

from __future__ import annotations

import numpy as np

from keras_wgan.metrics.returns.facts import RISK_HORIZONS, RISK_LEVELS, ReturnFacts
from keras_wgan.metrics.returns.matched_scores import LEVEL

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


def fact_as_text(name: str, facts: ReturnFacts, year: float) -> str:
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
