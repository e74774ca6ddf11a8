"""Tests of backtests in a folder: names, runs, recipes, and what is kept."""

import dataclasses
import shutil

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import ImageFacts, Source, load_price_table
from keras_wgan.experiments import backtest as module
from keras_wgan.experiments import recipes, training
from keras_wgan.experiments.backtest import run_backtest
from keras_wgan.experiments.backtest_forecasters import _names
from keras_wgan.experiments.backtest_request import BacktestRequest
from keras_wgan.experiments.config import RunConfig
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.selection import HeldOutSelection
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.io.progress import silent
from keras_wgan.market import (
    BacktestSettings,
    BacktestSpan,
    Portfolio,
    noise_check,
    noise_search,
    states,
)

from helpers.tiny_recipes import IMAGES, MARKET, PAIR, RETURNS, untrained_run

pytestmark = pytest.mark.slow

SPAN = BacktestSpan("2016-12-31", "2018-01-01", "2018-12-31")
SETTINGS = BacktestSettings(every=60, paths=100, horizons=(1, 5), risk_days=(20,))
REQUEST = BacktestRequest(("iid-normal",), Source("bundled", start="2015-01-01"), SPAN, SETTINGS)


@pytest.fixture(autouse=True, scope="module")
def tiny():
    """Lets run folders name the tiny recipes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipes, "RECIPES", (*recipes.RECIPES, MARKET, RETURNS, IMAGES))
        yield


@pytest.fixture(scope="module")
def trained(tiny, tmp_path_factory):
    """Returns a run of a market simulator that was trained on 2016."""
    run = Run.create(tmp_path_factory.mktemp("runs") / "mine")
    source = Source("bundled", start="2016-01-01", end="2016-12-31")
    return training.train(ExperimentSpec(MARKET, source, 0), run, verbose=0).run


def asked(*names, **changes):
    return dataclasses.replace(REQUEST, names=names, **changes)


def test_the_reference_is_added_and_all_files_are_written(tmp_path):
    said = []
    found, files = run_backtest(REQUEST, tmp_path / "new", progress=said.append)
    assert list(found.scores) == ["iid normal", "FHS-EGARCH"]
    assert [file.name for file in files] == [
        "backtest.md",
        "scores.csv",
        "calibration.csv",
        "backtest.png",
    ]
    assert all(file.stat().st_size for file in files)
    assert said[0].startswith("Forecasting 2018-01-02 to 2018-12-31 from ")
    assert any(line.startswith("iid normal: CRPS in percent by days 1: ") for line in said)


def test_what_was_scored_is_kept_and_further_forecasters_are_added(tmp_path, monkeypatch):
    first, _ = run_backtest(REQUEST, tmp_path, progress=silent)
    scored, score = [], module.score_forecaster
    monkeypatch.setattr(
        module,
        "score_forecaster",
        lambda simulator, *rest, **more: (
            scored.append(simulator.name) or score(simulator, *rest, **more)
        ),
    )
    request = asked("iid normal", "historical-volatility-20", "FHS-EGARCH")
    second, _ = run_backtest(request, tmp_path, progress=silent)
    assert scored == ["historical volatility 20"]
    for name in first.scores:
        for array, again in zip(
            first.scores[name].arrays().values(),
            second.scores[name].arrays().values(),
            strict=True,
        ):
            np.testing.assert_array_equal(array, again)


def test_an_interrupted_backtest_goes_on_where_it_stopped(tmp_path, monkeypatch):
    def stopped(simulator, *rest, **more):
        if simulator.name == "FHS-EGARCH":
            raise KeyboardInterrupt
        return score(simulator, *rest, **more)

    score = module.score_forecaster
    monkeypatch.setattr(module, "score_forecaster", stopped)
    with pytest.raises(KeyboardInterrupt):
        run_backtest(REQUEST, tmp_path, progress=silent)
    monkeypatch.setattr(module, "score_forecaster", score)
    said = []
    found, _ = run_backtest(REQUEST, tmp_path, progress=said.append)
    assert "iid normal: scored before" in said and list(found.scores)[1] == "FHS-EGARCH"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (
            {"settings": BacktestSettings(every=30, paths=100, horizons=(1, 5), risk_days=(20,))},
            "settings",
        ),
        ({"span": BacktestSpan("2016-12-31", "2018-02-01", "2018-12-31")}, "span"),
        ({"source": Source("bundled", start="2014-01-01")}, "data"),
    ],
)
def test_the_folder_of_another_backtest_is_refused(tmp_path, change, named):
    run_backtest(REQUEST, tmp_path, progress=silent)
    with pytest.raises(FileExistsError, match=f"other {named}, whose scores do not compare"):
        run_backtest(dataclasses.replace(REQUEST, **change), tmp_path, progress=silent)


def test_a_folder_with_other_files_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="holds other files"):
        run_backtest(REQUEST, tmp_path, progress=silent)


def test_a_name_of_nothing_is_refused_with_all_that_there_are(tmp_path):
    with pytest.raises(ValueError, match="baseline .*fhs-egarch.*recipe .*sp500.*Received: nobody"):
        run_backtest(asked("nobody"), tmp_path / "new", progress=silent)
    assert not (tmp_path / "new").exists()
    with pytest.raises(ValueError, match="Name each forecaster once"):
        run_backtest(asked("iid-normal", "iid normal"), tmp_path / "new", progress=silent)


def test_a_portfolio_is_forecast_by_baselines_and_by_a_run_of_its_assets(tmp_path, monkeypatch):
    monkeypatch.setattr(recipes, "RECIPES", (PAIR,))
    for where, name, few in (
        (noise_search, "CANDIDATES", 2),
        (noise_search, "OBSERVED", 64),
        (states, "STARTS", 500),
        (states, "SEARCHED", 500),
    ):
        monkeypatch.setattr(where, name, few)
    # An untrained run does not know how calm its market was.
    monkeypatch.setattr(noise_check, "DEVIATION_TOLERANCE", 2.0)
    early = Source("bundled", "^GSPC,^IXIC", start="2015-01-01", end="2016-12-31")
    run = untrained_run(tmp_path / "pair", PAIR, early)
    request = asked(
        str(run.path),
        source=dataclasses.replace(early, end=None),
        portfolio=Portfolio({"^GSPC": 0.6, "^IXIC": 0.4}),
    )
    found, _ = run_backtest(request, tmp_path / "b", progress=silent)
    assert list(found.scores) == ["pair", "historical simulation 500", "FHS-EGARCH"]
    weighted = load_price_table(["^GSPC", "^IXIC"], "2018-01-01", "2018-12-31", "bundled")
    simple = weighted.pct_change() @ [0.6, 0.4]
    first = simple[pd.Timestamp(found.days[1]) :].iloc[1]
    assert np.expm1(found.outcomes[1, 0]) == pytest.approx(first)
    with pytest.raises(FileExistsError, match="other portfolio"):
        run_backtest(
            dataclasses.replace(request, portfolio=Portfolio({"^GSPC": 1.0})), tmp_path / "b"
        )


def test_a_portfolio_is_forecast_through_its_assets_by_joint_baselines(tmp_path):
    request = asked(
        "t-copula",
        source=Source("bundled", "^GSPC,^IXIC", start="2015-01-01"),
        portfolio=Portfolio({"^GSPC": 0.6, "^IXIC": 0.4}),
    )
    found, _ = run_backtest(request, tmp_path, progress=silent)
    assert list(found.scores) == ["t copula", "historical simulation 500", "FHS-EGARCH"]
    # The two indices move together, so that it forecasts about what their portfolio's own does.
    assert found.comparison("t copula", "crps", 1).ratio == pytest.approx(1.0, abs=0.15)
    with pytest.raises(ValueError, match="t copula forecasts a portfolio through its assets"):
        run_backtest(asked("t-copula"), tmp_path / "new", progress=silent)
    assert {"t copula", "DCC-GJR-t"} < set(_names(asked(portfolio=request.portfolio)))


def test_several_assets_without_weights_are_refused(tmp_path):
    pair = Source("bundled", "^GSPC,^IXIC", start="2015-01-01")
    with pytest.raises(ValueError, match="with --weights, such as --weights equal"):
        run_backtest(asked("iid normal", source=pair), tmp_path, progress=silent)


def test_a_run_forecasts_and_is_scored_again_once_it_has_other_weights(
    trained, tmp_path, monkeypatch
):
    monkeypatch.setattr(states, "STARTS", 1000)
    monkeypatch.setattr(states, "SEARCHED", 1000)
    monkeypatch.setattr(noise_search, "CANDIDATES", 2)
    monkeypatch.setattr(noise_search, "OBSERVED", 64)
    run = Run(shutil.copytree(trained.path, tmp_path / "mine"))
    request, said = asked(str(run.path)), []
    found, _ = run_backtest(request, tmp_path / "out", progress=said.append)
    assert list(found.scores) == ["mine", "FHS-EGARCH"]
    assert np.isfinite(found.series("mine", "crps", 5)).all()
    assert "mine: trained on ^GSPC, 2016-01-05 to 2016-12-30" in said
    run_backtest(request, tmp_path / "out", progress=said.append)
    assert "mine: scored before" in said
    model = run.model()
    model.generator.set_weights([1.01 * weight for weight in model.generator.get_weights()])
    run.save_model(model)
    said.clear()
    run_backtest(request, tmp_path / "out", progress=said.append)
    assert "mine: scored before" not in said


def test_a_run_that_has_seen_the_test_is_refused(trained, tmp_path):
    run = Run(shutil.copytree(trained.path, tmp_path / "late"))
    late = dataclasses.replace(run.facts, last_day="2018-01-31")
    run.write_config(dataclasses.replace(run.config, facts=late))
    with pytest.raises(ValueError, match="up to 2018-01-31, and the test begins on 2018-01-01"):
        run_backtest(asked(str(run.path)), tmp_path / "out", progress=silent)


def test_a_run_whose_weights_were_selected_on_the_test_is_refused(trained, tmp_path):
    run = Run(shutil.copytree(trained.path, tmp_path / "selected"))
    selection = HeldOutSelection("2017-03-30", "2018-06-29", days=500)
    run.write_config(dataclasses.replace(run.config, selection=selection))
    with pytest.raises(ValueError, match="trained or selected on days up to 2018-06-29"):
        run_backtest(asked(str(run.path)), tmp_path / "out", progress=silent)


def test_a_run_of_images_is_refused(trained, tmp_path):
    run = Run(shutil.copytree(trained.path, tmp_path / "images"))
    facts = ImageFacts("digits", 10, (28, 28, 1))
    run.write_config(RunConfig(ExperimentSpec(IMAGES, Source("digits"), 0), facts))
    with pytest.raises(
        ValueError, match="A backtest forecasts returns. Received: .*images, of images"
    ):
        run_backtest(asked(str(run.path)), tmp_path / "out", progress=silent)


def test_a_recipe_is_trained_once_on_the_days_of_fitting_alone(tmp_path):
    said = []
    request = asked("tiny-returns")  # its network has no state, and draws 60 days
    settings = dataclasses.replace(SETTINGS, horizons=(1, 60))
    request = dataclasses.replace(request, settings=settings)
    found, _ = run_backtest(request, tmp_path, progress=said.append)
    run = Run.open(tmp_path / "runs" / "tiny-returns")
    assert run.facts.last_day == "2016-12-30" and run.facts.first_day == "2015-01-05"
    assert next(iter(found.scores)) == "tiny-returns"
    written = run.model_path.stat().st_mtime_ns
    run_backtest(request, tmp_path, progress=said.append)
    assert run.model_path.stat().st_mtime_ns == written
    assert said[-2:] == ["tiny-returns: scored before", "FHS-EGARCH: scored before"]
