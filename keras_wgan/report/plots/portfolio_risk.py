"""The picture of the risk of a portfolio: its returns, what causes its losses, its drawdowns."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING

import numpy as np

from keras_wgan.market.risk.result import PortfolioRisk
from keras_wgan.report.plots.style import GENERATED, NEUTRAL, PLAIN, REAL, TEXT, dress, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_ASSETS = 10
SHADES = ("#f0c3a8", "#e59a6f", "#d9622b", "#8f3a12")  # the longer the horizon, the darker
POINTS = 400  # of a curve; a picture has no more dots across


def portfolio_risk_picture(risk: PortfolioRisk) -> Figure:
    """Draws what a portfolio can lose, which assets cause it, and its drawdowns.

    On the left, the returns over each horizon: boxes hold 5 and 9 in 10 scenarios; the mark at the
    bottom is the expected shortfall of the smallest level, the line across it its value at risk. In
    the middle, the share of each asset in the expected shortfall of the middle level over the
    longest horizon, next to its weight. On the right, the share of scenarios with at least a
    drawdown, on a log scale. One asset alone has no panel in the middle.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market import Portfolio, portfolio_risk
    from keras_wgan.report import portfolio_risk_picture

    paths = np.random.default_rng(0).normal(scale=0.01, size=(2000, 60, 2))
    risk = portfolio_risk(paths, ["SPY", "TLT"], Portfolio({"SPY": 0.6, "TLT": 0.4}))
    assert len(portfolio_risk_picture(risk).axes) == 3
    ```

    Args:
        risk: The risk.

    Returns:
        A Matplotlib figure.
    """
    several = len(risk.tickers) > 1
    figure = new_figure(13.0 if several else 9.5, 4.6)
    panels = list(figure.subplots(1, 3 if several else 2))
    _draw_returns(panels[0], risk)
    if several:
        _draw_contributions(panels[1], risk)
    _draw_drawdowns(panels[-1], risk)
    lines = [shorten(f"Portfolio: {risk.portfolio}", 130, placeholder=" ...")]
    if risk.probabilities is not None:
        lines.append(shorten(f"Given {risk.stress}", 130, placeholder=" ..."))
    figure.suptitle("\n".join(lines), x=0.01, ha="left", fontsize=10, color=TEXT, **PLAIN)
    return figure


def _draw_returns(axes: Axes, risk: PortfolioRisk) -> None:
    horizons, level = risk.settings.horizons, risk.settings.levels[0]
    for place, days in enumerate(horizons):
        found = risk.distribution(days)
        low, lower, middle, upper, high = (
            100.0 * found.quantile(share).value for share in (0.05, 0.25, 0.5, 0.75, 0.95)
        )
        axes.bar(place, high - low, 0.62, bottom=low, color=GENERATED, alpha=0.22, linewidth=0)
        axes.bar(place, upper - lower, 0.62, bottom=lower, color=GENERATED, alpha=0.4, linewidth=0)
        axes.plot([place - 0.31, place + 0.31], [middle, middle], color=GENERATED, linewidth=2.0)
        var = found.quantile(level)
        shortfall = found.expected_shortfall(level)
        tail = [100.0 * var.value, 100.0 * shortfall.value]
        axes.plot([place, place], [low, tail[1]], color=REAL, linewidth=1.0)
        axes.plot([place - 0.16, place + 0.16], [tail[0], tail[0]], color=REAL, linewidth=1.8)
        axes.errorbar(
            [place], [tail[1]], [100.0 * shortfall.error], fmt="D", color=REAL, ms=5, capsize=3
        )
        axes.annotate(
            f"VaR {tail[0]:.1f}%\nES {tail[1]:.1f}%",
            (place, tail[1] - 100.0 * shortfall.error),
            xytext=(0.0, -9.0),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=8,
            color=TEXT,
        )
    axes.axhline(0.0, color=NEUTRAL, linewidth=0.8)
    axes.set_xticks(range(len(horizons)), [f"{days}" for days in horizons])
    axes.margins(y=0.16)
    axes.yaxis.set_major_formatter("{x:g}%")
    dress(
        axes,
        title=f"Return, with VaR and ES {100.0 * level:g}%",
        x="Days ahead",
        y="Return on today's value",
    )


def _draw_contributions(axes: Axes, risk: PortfolioRisk) -> None:
    level, days = risk.settings.levels[len(risk.settings.levels) // 2], risk.settings.longest
    found = risk.contributions()
    found = found[(found["level"] == level) & (found["days"] == days) & (found["weight"] != 0.0)]
    found = found.sort_values("es_share", ascending=False).head(MAX_ASSETS).iloc[::-1]
    places = np.arange(len(found))
    axes.barh(places + 0.19, 100.0 * found["es_share"], 0.36, color=GENERATED, label="of the loss")
    axes.barh(places - 0.19, 100.0 * found["weight"], 0.36, color=NEUTRAL, label="of the value")
    axes.axvline(0.0, color=NEUTRAL, linewidth=0.8)
    axes.set_yticks(places, [str(name) for name in found["asset"]], **PLAIN)
    axes.xaxis.set_major_formatter("{x:g}%")
    held = int((risk.portfolio.aligned(risk.tickers) != 0.0).sum())
    first = f", first {MAX_ASSETS} of {held}" if held > MAX_ASSETS else ""
    dress(axes, title=f"Share of each asset{first}", x=f"ES {100.0 * level:g}% over {days} days")
    axes.legend(loc="lower right", fontsize=9, labelcolor=TEXT, edgecolor="none", framealpha=0.8)


def _draw_drawdowns(axes: Axes, risk: PortfolioRisk) -> None:
    smallest = 1.0
    for number, days in enumerate(risk.settings.horizons):
        found = risk.distribution(days, "drawdowns")
        smallest = min(smallest, 2.0 / risk.effective_scenarios)
        shares = np.geomspace(smallest, 1.0 - 1e-9, POINTS)
        sizes = [100.0 * found.quantile(1.0 - share).value for share in shares]
        axes.plot(
            sizes,
            shares,
            color=SHADES[min(number, len(SHADES) - 1)],
            linewidth=1.8,
            label=f"{days} day" + "s" * (days > 1),
        )
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(lambda share, _: f"{100.0 * share:g}%")
    axes.xaxis.set_major_formatter("{x:g}%")
    axes.set_xlim(left=0.0)
    axes.set_ylim(smallest, 1.4)
    dress(
        axes,
        title="Drawdown, on a log scale",
        x="Largest fall from the highest value so far",
        y="Share of scenarios with at least this fall",
    )
    axes.legend(loc="upper right", fontsize=9, labelcolor=TEXT, edgecolor="none", framealpha=0.8)
