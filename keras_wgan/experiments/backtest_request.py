"""What a backtest is asked for: forecasters, data, days and settings."""

from dataclasses import dataclass

from keras_wgan.data import Source
from keras_wgan.market.backtesting.engine import DEFAULT_SETTINGS
from keras_wgan.market.backtesting.settings import BacktestSettings, BacktestSpan
from keras_wgan.market.risk.portfolio import Portfolio


@dataclass(frozen=True)
class BacktestRequest:
    """A backtest of named forecasters on the returns of one asset, or of one portfolio.

    Example:
    ```python
    import tempfile
    from pathlib import Path
    from keras_wgan.data import Source
    from keras_wgan.experiments import BacktestRequest, run_backtest
    from keras_wgan.market import BacktestSettings, BacktestSpan

    request = BacktestRequest(
        ("iid normal",),
        Source("bundled", start="2014-01-01"),
        BacktestSpan("2016-12-31", "2018-01-01"),
        BacktestSettings(every=60, paths=100, horizons=(1, 5), risk_days=(20,)),
    )
    with tempfile.TemporaryDirectory() as folder:
        found, files = run_backtest(request, Path(folder))
        assert list(found.scores) == ["iid normal", "FHS-EGARCH"]
    ```

    Args:
        names: Names of baselines, run folders, or recipes, which are trained here first. FHS-EGARCH
            is added, to compare with, and next to a portfolio historical simulation. Empty for all
            baselines, the training history and historical simulation, and of a portfolio also those
            of its assets, such as a t copula.
        source: The source of the prices.
        span: The days of fitting and of the test.
        settings: How they forecast. Defaults to `BacktestSettings()`.
        portfolio: The portfolio whose returns are forecast: by baselines of one series, which see
            its own returns, and by baselines, runs and recipes of its assets. Defaults to `None`,
            one asset.
    """

    names: tuple[str, ...]
    source: Source
    span: BacktestSpan
    settings: BacktestSettings = DEFAULT_SETTINGS
    portfolio: Portfolio | None = None
