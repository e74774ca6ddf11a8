"""Is the most suspicious generated window a copy of a real one?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from keras_wgan.metrics.returns.moments import as_windows
from keras_wgan.report.plots.paths import price_curves
from keras_wgan.report.plots.style import GENERATED, REAL, add_legend_below, dress, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def closest_pair_picture(real: ArrayLike, generated: ArrayLike) -> Figure:
    """Draws one real and one generated window, as prices and as returns.

    Example:
    ```python
    import numpy as np
    from keras_wgan.report import closest_pair_picture

    days = np.log([1.01, 0.99, 1.02])
    figure = closest_pair_picture(days, -days)
    assert np.allclose(figure.axes[0].lines[0].get_ydata(), [100.0, 101.0, 99.99, 101.9898])
    ```

    Args:
        real: log returns a day of one real window, shape `(days,)`.
        generated: those of the generated window that is most like it, shape `(days,)`.

    Returns:
        A Matplotlib figure: prices from 100 to the left, returns in percent to the right.

    Raises:
        ValueError: for another shape, or returns that are NaN or infinite.
    """
    figure = new_figure(10.0, 3.6)
    prices, days = figure.subplots(1, 2)
    for name, color, window in (("Real", REAL, real), ("Generated", GENERATED, generated)):
        returns = as_windows(np.asarray(window)[None], name.lower())
        curve = price_curves(returns, 100.0)[0]
        prices.plot(np.arange(len(curve)), curve, color=color, linewidth=1.6, label=name)
        numbers = np.arange(1, returns.shape[1] + 1)
        days.plot(numbers, 100.0 * returns[0], color=color, linewidth=1.2)
    dress(prices, title="The two as prices", x="Trading day", y="Price, from 100")
    dress(days, title="The two day by day", x="Trading day", y="Return, percent a day")
    add_legend_below(figure, prices)
    return figure
