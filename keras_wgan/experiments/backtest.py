"""A backtest of baselines, runs and recipes in a folder, which can be interrupted and resumed."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from keras_wgan.data import ReturnsFacts, Source
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments import recipes
from keras_wgan.experiments.basket import JOINT, THROUGH_ASSETS, Basket
from keras_wgan.experiments.comparison_folder import Progress, claim, trained, typed
from keras_wgan.experiments.preset_index import is_preset
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks.returns import Returns
from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import strict_json
from keras_wgan.market import baselines
from keras_wgan.market.backtesting.engine import DEFAULT_SETTINGS, score_forecaster
from keras_wgan.market.backtesting.kept_scores import KeptScores
from keras_wgan.market.backtesting.origins import Origins, forecast_origins
from keras_wgan.market.backtesting.result import REFERENCE, Backtest
from keras_wgan.market.backtesting.settings import BacktestSettings, BacktestSpan
from keras_wgan.market.baselines.simulator import Baseline, Simulator
from keras_wgan.market.risk.portfolio import Portfolio
from keras_wgan.report.export.file_names import file_names
from keras_wgan.report.plots.backtest import backtest_picture
from keras_wgan.report.plots.style import save_picture
from keras_wgan.report.tables.backtest import backtest_markdown

HISTORICAL = baselines.HistoricalSimulation().name  # what risk reports use, next to a portfolio


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


def run_backtest(
    request: BacktestRequest, folder: Path, *, progress: Progress = print
) -> tuple[Backtest, list[Path]]:
    """Runs a backtest, or what is left of it, and writes its tables and its picture.

    The scores of each forecaster are kept in the folder when it is done, and are not computed
    again; further forecasters may be added to the same folder later.

    Example:
    ```python
    from keras_wgan.experiments import run_backtest

    # found, files = run_backtest(request, Path("runs/backtest"))
    ```

    Args:
        request: The forecasters, the data and the settings.
        folder: A new folder, or one of the same backtest.
        progress: Called with lines of progress. Defaults to `print`.

    Returns:
        The `Backtest`, and the files that were written.

    Raises:
        ValueError: If a name is unknown, a forecaster has seen the test days, or the data does not
            have the days.
        FileExistsError: If the folder holds another backtest, or other files.
    """
    source = replace(request.source, end=request.span.test_until)
    basket = Basket.of(Returns("z-score").load(source), request.portfolio)
    origins = forecast_origins(basket.series(), request.span, request.settings)
    forecasters = [_forecaster(name, request, folder, basket) for name in _names(request)]
    forecasters = _named_apart(forecasters)
    _claim(folder, request, origins)
    first, last = origins.day(int(origins.starts[0])), origins.day(len(origins.returns) - 1)
    progress(
        f"Forecasting {first} to {last} from {len(origins.starts)} days, fitted to "
        f"{origins.day(0)} to {origins.day(origins.fitted - 1)} (Ctrl-C keeps what is done)."
    )
    scores = {}
    files = file_names([each.name for each in forecasters])
    for forecaster, stem in zip(forecasters, files, strict=True):
        simulator, fingerprint = forecaster.prepare(origins, progress)
        kept = KeptScores(folder / "forecasts" / f"{stem}.npz", fingerprint)
        found = kept.read()
        if found is None:
            found = score_forecaster(simulator(), origins, request.settings, progress=progress)
            kept.write(found)
        else:
            progress(f"{forecaster.name}: scored before")
        scores[forecaster.name] = found
    result = Backtest.of(origins, request.settings, scores)
    return result, _write(result, folder)


@dataclass(frozen=True)
class _Forecaster:
    """A forecaster by name; `prepare` returns a maker of its simulator and its fingerprint."""

    name: str
    prepare: Callable[[Origins, Progress], tuple[Callable[[], Simulator], str]]


def _names(request: BacktestRequest) -> list[str]:
    usual = baselines.FORECASTERS
    asked = list(request.names) or [*usual, *(JOINT if request.portfolio is not None else ())]
    known = {typed(name): name for name in (*usual, *THROUGH_ASSETS)}
    asked = [known.get(typed(name), name) for name in asked]
    if len(set(asked)) < len(asked):
        raise InvalidInputError(f"Name each forecaster once. Received: {', '.join(asked)}")
    companions = [REFERENCE] if request.portfolio is None else [HISTORICAL, REFERENCE]
    return [*asked, *(name for name in companions if name not in asked)]


def _forecaster(name: str, request: BacktestRequest, folder: Path, basket: Basket) -> _Forecaster:
    if name in (*baselines.FORECASTERS, *THROUGH_ASSETS):
        baseline = basket.baseline(name)
        return _Forecaster(name, lambda origins, progress: _fitted(baseline, origins, progress))
    if name in recipes.names():
        return _Forecaster(
            name,
            lambda origins, progress: _trained(
                name, request, folder / "runs" / name, basket, origins, progress
            ),
        )
    if Path(name).is_dir() or is_preset(name):
        run = Run.open(name)
        own_name = run.path.resolve().name
        _refuse_unfit(run, request.span, basket)
        return _Forecaster(
            own_name, lambda _, progress: _trained_before(run, own_name, basket, progress)
        )
    raise InvalidInputError(
        f"A forecaster must be a baseline ({', '.join(map(typed, baselines.FORECASTERS))}), of a "
        f"portfolio also one of its assets ({', '.join(map(typed, THROUGH_ASSETS))}), a recipe "
        f"({', '.join(recipes.names())}), a run folder, or a preset such as preset:sp500. "
        f"Received: {name}"
    )


def _named_apart(forecasters: list[_Forecaster]) -> list[_Forecaster]:
    names = [each.name for each in forecasters]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidInputError(
            "Each forecaster needs its own name, which is that of a run's folder. "
            f"Received: {', '.join(twice)} more than once. Rename a folder."
        )
    return forecasters


def _fitted(
    baseline: Baseline, origins: Origins, progress: Progress
) -> tuple[Callable[[], Simulator], str]:
    if baseline.name in THROUGH_ASSETS:
        progress(f"{baseline.name}: fitting the assets ...")  # half a minute of twenty
    baseline.fit(origins.history)
    return lambda: baseline, _digest(strict_json(baseline.describe()))


def _trained_before(
    run: Run, name: str, basket: Basket, progress: Progress
) -> tuple[Callable[[], Simulator], str]:
    facts = run.facts
    assert isinstance(facts, ReturnsFacts)
    days = f"{facts.first_day} to {facts.last_day}"
    progress(f"{name}: trained on {', '.join(facts.tickers)}, {days}")
    return _of_run(run, name, basket)


def _of_run(run: Run, name: str, basket: Basket) -> tuple[Callable[[], Simulator], str]:
    def simulator() -> Simulator:
        market = run.simulator()
        market.name = name
        return basket.forecaster(name, market)

    return simulator, _digest(run.model_path.read_bytes())


def _trained(
    name: str,
    request: BacktestRequest,
    path: Path,
    basket: Basket,
    origins: Origins,
    progress: Progress,
) -> tuple[Callable[[], Simulator], str]:
    """Trains a recipe on the days of fitting, or resumes where that stopped."""
    until = origins.day(origins.fitted - 1)
    source = replace(request.source, end=until)
    spec = ExperimentSpec(recipes.get(name), source, request.settings.seed)
    return _of_run(trained(spec, path, f"Days up to {until}", progress), name, basket)


def _refuse_unfit(run: Run, span: BacktestSpan, basket: Basket) -> None:
    facts, first = run.facts, f"{span.first_test_day:%Y-%m-%d}"
    if not isinstance(facts, ReturnsFacts):
        raise InvalidInputError(f"A backtest forecasts returns. Received: {run.path}, of images")
    # One asset alone may be forecast by a model of another, as before.
    if len(facts.tickers) != len(basket.tickers) or (
        len(facts.tickers) > 1 and facts.tickers != basket.tickers
    ):
        raise InvalidInputError(
            f"{run.path} must be of the assets that are forecast, {', '.join(basket.tickers)}, in "
            f"the same order. Received: a run of {', '.join(facts.tickers)}"
        )
    selection = run.config.selection
    last = max(facts.last_day, selection.last_day if selection is not None else "")
    if last >= first:
        raise InvalidInputError(
            f"{run.path} was trained or selected on days up to {last}, and the test begins on "
            f"{first}. Train a run that ends before it: keras-wgan train {run.recipe.name} --end "
            f"{span.fit_until}, or test later days with --test-from."
        )


def _claim(folder: Path, request: BacktestRequest, origins: Origins) -> None:
    content = {
        "data": _digest(origins.returns.tobytes()),
        "span": asdict(request.span),
        "settings": asdict(request.settings),
        "portfolio": None if request.portfolio is None else str(request.portfolio),
    }
    claim(folder / "backtest.json", content, "a backtest", ["forecasts"])


def _write(result: Backtest, folder: Path) -> list[Path]:
    files = [
        folder / name for name in ("backtest.md", "scores.csv", "calibration.csv", "backtest.png")
    ]
    write_atomically(files[0], backtest_markdown(result).encode())
    write_atomically(files[1], result.table().to_csv(index=False).encode())
    write_atomically(files[2], result.calibration_table().to_csv(index=False).encode())
    save_picture(backtest_picture(result), files[3])
    return files


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
