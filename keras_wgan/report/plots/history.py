"""Does a long generated series have calm years and crises, as history has?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from keras_wgan.errors import InvalidInputError
from keras_wgan.report.plots.style import GENERATED, NEUTRAL, REAL, dress, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def long_returns_picture(history: pd.Series[Any], generated: ArrayLike) -> Figure:
    """Draws a long generated series of returns under the last real ones, on one scale.

    Example:
    ```python
    import numpy as np
    import pandas as pd
    from keras_wgan.report import long_returns_picture

    days = pd.bdate_range("2019-01-01", periods=500)
    real = pd.Series(np.random.default_rng(0).normal(scale=0.01, size=500), index=days)
    figure = long_returns_picture(real, real.to_numpy()[:300])
    assert len(figure.axes[0].lines[0].get_ydata()) == 300
    ```

    Args:
        history: real log returns a day under their dates.
        generated: one generated series of log returns a day, shape `(days,)`, as one piece, not
            windows put end to end.

    Returns:
        A Matplotlib figure: the last real days above, as many as were generated, the generated
        ones below.

    Raises:
        ValueError: for a `generated` of another shape, empty, or with NaN or infinity.
    """
    series = np.asarray(generated, dtype=np.float64)
    if series.ndim != 1 or series.size == 0 or not np.isfinite(series).all():
        raise InvalidInputError(
            "`generated` must be one finite series of the shape (days,). "
            f"Received: generated.shape={series.shape}. Generate one scenario of many days."
        )
    recent = history.iloc[-len(series) :]
    figure = new_figure(10.0, 4.6)
    above, below = figure.subplots(2, 1, sharey=True)
    percent = 100.0 * recent.to_numpy(np.float64)
    above.plot(recent.index.to_numpy(), percent, color=REAL, linewidth=0.6)
    below.plot(np.arange(1, len(series) + 1), 100.0 * series, color=GENERATED, linewidth=0.6)
    dress(above, title=f"Real: the last {len(recent):,} days", y="Percent a day")
    title = f"Generated: {len(series):,} days in one piece"
    dress(below, title=title, x="Trading day", y="Percent a day")
    for axes in (above, below):
        axes.axhline(0.0, color=NEUTRAL, linewidth=0.6)
        axes.margins(x=0.01)
    limit = 1.5 * float(np.abs(percent).max())
    largest = float(np.abs(100.0 * series).max())
    reach = max(1.05 * min(largest, limit), 1.05 * limit / 1.5)
    above.set_ylim(-reach, reach)
    return figure
