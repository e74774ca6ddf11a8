"""The forecasters of a backtest by name: baselines, runs and recipes."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from keras_wgan.data import ReturnsFacts
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments import recipes
from keras_wgan.experiments.backtest_request import BacktestRequest
from keras_wgan.experiments.basket import JOINT, THROUGH_ASSETS, Basket
from keras_wgan.experiments.comparison_folder import Progress, trained, typed
from keras_wgan.experiments.preset_index import is_preset
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.io.json import strict_json
from keras_wgan.market import baselines
from keras_wgan.market.backtesting.origins import Origins
from keras_wgan.market.backtesting.result import REFERENCE
from keras_wgan.market.backtesting.settings import BacktestSpan
from keras_wgan.market.baselines.simulator import Baseline, Simulator

HISTORICAL = baselines.HistoricalSimulation().name  # what risk reports use, next to a portfolio


@dataclass(frozen=True)
class Forecaster:
    """A forecaster by name; `prepare` returns a maker of its simulator and its fingerprint."""

    name: str
    prepare: Callable[[Origins, Progress], tuple[Callable[[], Simulator], str]]


def find_forecasters(request: BacktestRequest, folder: Path, basket: Basket) -> list[Forecaster]:
    """Returns the forecasters that are asked for, and those that they are compared with."""
    return _named_apart([_find(name, request, folder, basket) for name in _names(request)])


def _names(request: BacktestRequest) -> list[str]:
    usual = baselines.FORECASTERS
    asked = list(request.names) or [*usual, *(JOINT if request.portfolio is not None else ())]
    known = {typed(name): name for name in (*usual, *THROUGH_ASSETS)}
    asked = [known.get(typed(name), name) for name in asked]
    if len(set(asked)) < len(asked):
        raise InvalidInputError(f"Name each forecaster once. Received: {', '.join(asked)}")
    companions = [REFERENCE] if request.portfolio is None else [HISTORICAL, REFERENCE]
    return [*asked, *(name for name in companions if name not in asked)]


def _find(name: str, request: BacktestRequest, folder: Path, basket: Basket) -> Forecaster:
    if name in (*baselines.FORECASTERS, *THROUGH_ASSETS):
        baseline = basket.baseline(name)
        return Forecaster(name, lambda origins, progress: _fitted(baseline, origins, progress))
    if name in recipes.names("returns"):
        return Forecaster(
            name,
            lambda origins, progress: _trained(
                name, request, folder / "runs" / name, basket, origins, progress
            ),
        )
    if Path(name).is_dir() or is_preset(name):
        run = Run.open(name)
        own_name = run.path.resolve().name
        _refuse_unfit(run, request.span, basket)
        return Forecaster(
            own_name, lambda _, progress: _trained_before(run, own_name, basket, progress)
        )
    raise InvalidInputError(
        f"A forecaster must be a baseline ({', '.join(map(typed, baselines.FORECASTERS))}), of a "
        f"portfolio also one of its assets ({', '.join(map(typed, THROUGH_ASSETS))}), a recipe of "
        f"returns ({', '.join(recipes.names('returns'))}), a run folder, or a preset such as "
        f"preset:sp500. Received: {name}"
    )


def _named_apart(forecasters: list[Forecaster]) -> list[Forecaster]:
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
    return lambda: baseline, digest(strict_json(baseline.describe()))


def _trained_before(
    run: Run, name: str, basket: Basket, progress: Progress
) -> tuple[Callable[[], Simulator], str]:
    facts = run.facts
    assert isinstance(facts, ReturnsFacts)
    days = f"{facts.earliest_day} to {facts.last_day}"
    progress(f"{name}: trained on {', '.join(facts.tickers)}, {days}")
    return _of_run(run, name, basket)


def _of_run(run: Run, name: str, basket: Basket) -> tuple[Callable[[], Simulator], str]:
    def simulator() -> Simulator:
        market = run.simulator()
        market.name = name
        return basket.forecaster(name, market)

    return simulator, digest(run.model_path.read_bytes())


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
        raise InvalidInputError(
            f"A backtest forecasts returns. Received: {run.path}, of {run.recipe.kind}"
        )
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


def digest(content: bytes) -> str:
    """Returns the fingerprint of some bytes."""
    return hashlib.sha256(content).hexdigest()
