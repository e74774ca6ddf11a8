"""The captions of the pictures of returns, which say what each picture shows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from keras_wgan.metrics import asset_dependence
from keras_wgan.metrics.returns.windows import as_windows
from keras_wgan.report.pages.returns_content import ReportContent, TodayPaths, Together
from keras_wgan.report.plots.drawdown import worst_falls
from keras_wgan.report.plots.training import measured_losses

TAIL = 4.0  # real standard deviations, beyond which a day is rare


def today_caption(content: ReportContent, today: TodayPaths) -> str:
    """Says how wide the fan is, and how far it drifts, next to what followed like days."""
    days = today.generated.shape[1]
    text = (
        f"The last real prices, and the range of the scenarios that begin in the state of the last "
        f"day: a volatility of {today.state} among the days of this simulator. "
        f"{_ends(today.generated, content.start_price, days)}"
    )
    if today.alike is None:
        return text
    made, real = (_growth(paths) for paths in (today.generated, today.alike))
    return (
        f"{text} In the mean of their logarithms prices grow by {_signed(made.mean())} in {days} "
        f"days, after the {len(real):,} days of history of a like volatility, the dashed lines, by "
        f"{_signed(real.mean())}. {_width(made, real)} In a good run the fan lies on the dashed "
        "lines."
    )


def fan_caption(content: ReportContent) -> str:
    """Says how wide the fan from any state is, next to the real windows."""
    days = content.generated.shape[1]
    made, real = _growth(content.generated), _growth(content.real)
    return (
        "The range of scenarios that begin in any state of the market, calm or wild, set to the "
        f"last real price; today's state is not looked at. "
        f"{_ends(content.generated, content.start_price, days)} {_width(made, real)} In a good run "
        "the fan lies on the dashed lines, the range of real history from any of its days."
    )


def paths_caption(content: ReportContent) -> str:
    """Says how far the volatility of windows reaches, real and generated."""
    year = 100.0 * np.sqrt(content.frequency.periods_per_year)
    real, made = (
        np.quantile(year * side.std(axis=1), [0.05, 0.95])
        for side in (_windows(content.real), _windows(content.generated))
    )
    return (
        "Real windows and generated ones, on one scale. 9 in 10 real "
        f"windows have a volatility of {real[0]:.0f} to {real[1]:.0f}% a year, of the generated "
        f"ones {made[0]:.0f} to {made[1]:.0f}%. In a good run the two sides cannot be told apart, "
        "neither in price nor in how volatility rises and falls."
    )


def histogram_caption(content: ReportContent) -> str:
    """Says how much returns vary, and how many lie beyond the picture."""
    real, made = _windows(content.real), _windows(content.generated)
    return (
        f"Frequency of daily returns by size. Standard deviation: {real.std():.2%} real, "
        f"{made.std():.2%} generated. Days within half of it: {_calm(real, real.std())} real, "
        f"{_calm(made, real.std())} generated. In a good run the orange line lies on the dark one, "
        "also on the log scale, which shows the rare days at both ends."
    )


def tails_caption(content: ReportContent) -> str:
    """Says how often days fall or rise by four real standard deviations."""
    real, made = _windows(content.real), _windows(content.generated)
    size = TAIL * float(real.std())
    falls, rises = ([_one_in(sign * side >= size) for side in (real, made)] for sign in (-1.0, 1.0))
    return (
        f"Share of days that fall or rise by at least a given size. Falls of {size:.1%} or more: "
        f"{falls[0]} real, {falls[1]} generated. Rises: {rises[0]} real, {rises[1]} generated. "
        "In a good run the orange line stays close to the dark one and does not bend down with the "
        "dashed bell curve. The last real steps are a handful of days, so that a gap there is "
        "chance."
    )


def memory_caption(content: ReportContent) -> str:
    """Says how strong clustering and leverage are, and how much of it lies within the noise."""
    real, made = content.real_memory, content.generated_memory
    size, made_size, leverage, made_leverage = (
        _number(float(np.mean(each)))
        for each in (real.acf_abs, made.acf_abs, real.leverage, made.leverage)
    )
    text = (
        "Size: correlation of the size of a return with the sizes of later ones, "
        f"{size} real and {made_size} generated in the mean of |r| over {len(real.acf_abs)} lags. "
        "Direction: the same for signed returns. Leverage: whether falls are followed by "
        f"larger moves, {leverage} real and {made_leverage} generated in the mean. "
    )
    if content.noise is None:
        return text + "In a good run the orange line follows the dark one."
    inside = [
        (low <= getattr(made, name)) & (getattr(made, name) <= high)
        for name, (low, high) in content.noise.correlations.items()
    ]
    share = float(np.mean(inside))
    return (
        f"{text}The band holds 9 in 10 other draws of history; {share:.0%} of the generated points "
        "lie within it. In a good run most of them do."
    )


def drawdown_caption(content: ReportContent) -> str:
    """Says how deep the falls inside windows are."""
    real, made = (
        np.quantile(worst_falls(side), [0.5, 0.99])
        for side in (_windows(content.real), _windows(content.generated))
    )
    return (
        "Drawdown: share of windows by their largest fall from a peak. 1 in 100 real windows fall "
        f"by {real[1]:.0f}% or more, of the generated ones by {made[1]:.0f}%. Volatility: share of "
        "windows by volatility. In a good run the two lines stay close, down to the deepest falls "
        "and out to the most volatile windows."
    )


def risks_caption(content: ReportContent) -> str:
    """Says how many generated risks lie within the sampling noise of the real ones."""
    judged = [row for row in content.risks if row.within_noise is not None]
    text = "Value at risk and expected shortfall in the worst 1% and 5% of the cases."
    if not judged:
        return f"{text} In a good run each dot lies on its mark."
    inside = sum(bool(row.within_noise) for row in judged)
    return (
        f"{text} The bars hold 9 in 10 other draws of history. In {inside} of {len(judged)} rows "
        "both generated risks lie within their bars. In a good run all do."
    )


def together_caption(together: Together) -> str:
    """Says how far correlations and shared falls are from the real ones."""
    days = together.generated.shape[1]
    history = together.history.to_numpy(np.float64)
    windows = np.moveaxis(np.lib.stride_tricks.sliding_window_view(history, days, axis=0), -1, 1)
    real, made = (asset_dependence(side) for side in (windows, together.generated))
    upper = np.triu_indices(history.shape[1], 1)
    gaps = np.abs(made.daily - real.daily)[upper]
    return (
        "First: correlations and shared falls of each pair of assets, real on the horizontal axis "
        f"and generated on the vertical one. Correlations differ by {gaps.mean():.2f} in the mean "
        f"and by {gaps.max():.2f} at most. Then: the days of a pair as dots, in full color where "
        "both fall hard. In a good run all marks lie on the dashed line, and the two clouds look "
        "alike, down to their lower left corners."
    )


def losses_caption(losses: pd.DataFrame) -> str:
    """Says where the training's distance and slope began and ended."""
    epochs = len(losses)
    text = f"The training, {epochs} epoch{'s' if epochs > 1 else ''}. "
    for name, words in (
        ("wasserstein", "The distance that the critic sees"),
        ("gradient_norm", "The slope of the critic"),
    ):
        values = measured_losses(losses, name)
        if len(values) > 1:
            text += f"{words} went from {_short(values[0])} to {_short(values[-1])}. "
    return text + "In a good run the distance shrinks and levels off, and the slope stays near 1."


def _windows(returns: ArrayLike) -> NDArray[np.float64]:
    return as_windows(returns, "returns")


def _growth(returns: ArrayLike) -> NDArray[np.float64]:
    """Returns the log return of each whole window."""
    return np.asarray(_windows(returns).sum(axis=1))


def _ends(returns: ArrayLike, price: float, days: int) -> str:
    low, middle, high = price * np.exp(
        np.minimum(np.quantile(_growth(returns), [0.05, 0.5, 0.95]), 600)
    )
    return (
        f"After {days} days 9 in 10 lie between {_price(low)} and {_price(high)}, half of them "
        f"above {_price(middle)}."
    )


def _width(made: NDArray[np.float64], real: NDArray[np.float64]) -> str:
    widths = [float(np.diff(np.quantile(side, [0.05, 0.95]))[0]) for side in (made, real)]
    change = widths[0] / widths[1] - 1.0
    if abs(change) < 0.005:
        return "The fan is as wide as that of history."
    side = "wider" if change > 0.0 else "narrower"
    return f"The fan is {abs(change):.0%} {side} than that of history."


def _calm(returns: NDArray[np.float64], std: float) -> str:
    return f"{(np.abs(returns) <= 0.5 * std).mean():.0%}"


def _one_in(found: NDArray[np.bool_]) -> str:
    share = float(found.mean())
    return f"1 in {1.0 / share:,.0f} days" if share else "no day"


def _price(price: float) -> str:
    return f"{price:,.0f}" if price >= 1000.0 else f"{price:.2f}"


def _signed(log_return: float) -> str:
    return f"{np.expm1(min(log_return, 600.0)):+.1%}".replace("-", "−")  # noqa: RUF001


def _number(value: float) -> str:
    if not np.isfinite(value):
        return "undefined"
    return f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")  # noqa: RUF001


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")  # noqa: RUF001
