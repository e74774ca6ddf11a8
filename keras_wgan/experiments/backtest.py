"""A backtest of baselines, runs and recipes in a folder, which can be interrupted and resumed."""

from dataclasses import asdict, replace
from pathlib import Path

from keras_wgan.experiments.backtest_forecasters import digest, find_forecasters
from keras_wgan.experiments.backtest_request import BacktestRequest
from keras_wgan.experiments.basket import Basket
from keras_wgan.experiments.comparison_folder import Progress, claim
from keras_wgan.experiments.tasks.returns import Returns
from keras_wgan.io.files import write_atomically
from keras_wgan.market.backtesting.engine import score_forecaster
from keras_wgan.market.backtesting.kept_scores import KeptScores
from keras_wgan.market.backtesting.origins import Origins, forecast_origins
from keras_wgan.market.backtesting.result import Backtest
from keras_wgan.report.export.file_names import file_names
from keras_wgan.report.plots.backtest import backtest_picture
from keras_wgan.report.plots.style import save_picture
from keras_wgan.report.tables.backtest import backtest_markdown


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
    data = Returns("z-score").load(source)
    if later := data.describe_later():
        progress(later)
    basket = Basket.of(data, request.portfolio)
    origins = forecast_origins(basket.series(), request.span, request.settings)
    forecasters = find_forecasters(request, folder, basket)
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


def _claim(folder: Path, request: BacktestRequest, origins: Origins) -> None:
    content = {
        "data": digest(origins.returns.tobytes()),
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
