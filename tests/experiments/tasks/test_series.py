"""Series from one end to the other: trained, measured, drawn, generated, resumed, and refused."""

import dataclasses
import json

import keras
import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import PriceFormat, Source
from keras_wgan.data.waves import make_waves
from keras_wgan.experiments import (
    GenerationRequest,
    explore,
    generate,
    recipes,
)
from keras_wgan.experiments.compare import rank_in_sample
from keras_wgan.experiments.export import _in_units
from keras_wgan.experiments.generation import YearlyMoments, portfolio_of, prices_to_continue
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.selection import days_after
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks.series import Series, in_units
from keras_wgan.experiments.training import evaluate, resume, train
from keras_wgan.networks import series_critic, series_generator
from keras_wgan.report.export.series import write_windows
from keras_wgan.scale import ScenarioJob
from keras_wgan.tuning import NARROW, Search, tune

WINDOW = 8
SPAN = 200  # rows


def tiny_networks(latent_size, shape):
    """Returns both networks of series, four channels wide."""
    return series_generator(latent_size, *shape, width=4), series_critic(*shape, width=4)


TINY = dataclasses.replace(recipes.get("series"), networks=tiny_networks).with_settings(
    {"epochs": 2, "window": WINDOW, "latent_size": 3, "batch_size": 64}
)


@pytest.fixture(scope="module")
def sensors(tmp_path_factory):
    """Returns a file of two columns under their dates, in units far from the generator's."""
    path = tmp_path_factory.mktemp("data") / "sensors.csv"
    table = make_waves().iloc[:SPAN, :2].set_axis(["heat", "load"], axis=1)
    table = table * [10.0, 1e6] + [20.0, 5e6]
    table.index = pd.date_range("2024-01-01", periods=SPAN, freq="h", name="time")
    table.to_csv(path)
    return path


@pytest.fixture(scope="module")
def trained(sensors, tmp_path_factory):
    """Returns a trained run of series."""
    run = Run.create(tmp_path_factory.mktemp("runs") / "run")
    assert not train(ExperimentSpec(TINY, Source(str(sensors)), seed=1), run, verbose=0).interrupted
    return Run.open(run.path)


@pytest.fixture(autouse=True)
def offered(monkeypatch):
    """Puts the tiny recipe in the place of the package's own."""
    monkeypatch.setattr(recipes, "RECIPES", (TINY, recipes.get("sp500"), recipes.get("mnist")))


def test_a_trained_run_knows_its_data_and_logs_the_distance_in_every_epoch(trained):
    facts = trained.facts
    assert (facts.columns, facts.rows, facts.window) == (("heat", "load"), SPAN, WINDOW)
    assert trained.recipe.settings.window == WINDOW
    assert np.isfinite(trained.history()["series_distance"]).all()
    assert len(list(trained.samples_path.glob("epoch_*.png"))) == 2
    assert trained.epochs_of(trained.model()) == 2


def test_an_evaluation_says_writes_and_draws_what_it_measured(trained):
    lines, files = evaluate(trained, count=40, seed=1, progress=lambda line: None)
    metrics = json.loads(trained.metrics_path.read_text())
    assert set(metrics["scores"]["steps"]["columns"]) == {"heat", "load"}
    assert metrics["series_distance"] == pytest.approx(
        np.mean(
            [
                each["columns"][name] / each["floors"][name]
                for each in metrics["scores"].values()
                for name in ("heat", "load")
            ]
        )
    )
    assert (
        f"The mean of all scores is {metrics['series_distance']:.1f} times their floors." in lines
    )
    names = {file.name for file in files}
    assert {"losses.png", "samples.png", "distributions.png", "report.html"} <= names
    page = (trained.path / "report.html").read_text()
    assert all(line in page for line in lines[: lines.index("")])
    assert "times the floor" in trained._repr_html_()


def test_the_training_windows_themselves_are_copies_at_no_distance(sensors):
    task = Series(WINDOW)
    data = task.load(Source(str(sensors)))

    class Copier:
        def generate(self, count, seed=None):
            return data.samples[:count]

    found = task.evaluate(data, Copier(), count=len(data.samples), seed=0)
    assert found.metrics["series_distance"] == 0.0
    assert found.lines[0].startswith("These windows repeat the data: 100.0% of the windows")
    with pytest.raises(ValueError, match="`count` must be at least 10 windows.*count=3"):
        task.evaluate(data, Copier(), count=3, seed=0)


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".npz"])
def test_generated_windows_are_written_in_the_units_of_the_data(trained, tmp_path, suffix):
    path = tmp_path / f"windows{suffix}"
    (line,) = generate(trained, GenerationRequest(3, seed=5), path)
    assert "whole numbers and bounds such as 0 are not kept" in line
    expected = in_units(trained.data(), trained.model().generate(3, seed=5))
    if suffix == ".npz":
        with np.load(path) as found:
            np.testing.assert_allclose(found["windows"], expected, rtol=1e-6)
            assert found["columns"].tolist() == ["heat", "load"]
        return
    table = pd.read_csv(path) if suffix == ".csv" else pd.read_parquet(path)
    assert list(table) == ["window", "row", "heat", "load"]
    assert table["window"].tolist() == [0] * 8 + [1] * 8 + [2] * 8
    assert table["row"].tolist() == [*range(1, 9)] * 3
    np.testing.assert_allclose(table[["heat", "load"]], expected.reshape(-1, 2), rtol=1e-6)


def test_a_resumed_run_goes_on_and_refuses_changed_data(trained, sensors, tmp_path):
    experiment = trained.config.experiment
    run = Run.create(tmp_path / "run")
    train(experiment, run, verbose=0)
    assert resume(run, epochs=3, verbose=0).epochs == 3
    table = pd.read_csv(sensors)
    table.loc[100, "heat"] += 1e-3
    table.to_csv(tmp_path / "other.csv", index=False)
    with pytest.raises(ValueError, match="is not what it was trained on: checksum differ"):
        run.with_data_at(str(tmp_path / "other.csv")).data()


def test_an_exported_network_ends_in_the_units_of_the_data(trained):
    model = trained.model()
    with model.sampling_network() as network:
        latents = keras.ops.convert_to_numpy(model.latent.sample(2, 1))
        made = _in_units(network, trained).predict(latents, verbose=0)
        expected = in_units(trained.data(), network.predict(latents, verbose=0))
    np.testing.assert_allclose(made, expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("request_", "option"),
    [
        ({"days": 5}, "`--days` is only for returns"),
        ({"yearly": YearlyMoments(mean=0.1)}, "`--yearly-mean` and .* only for the returns of one"),
        ({"condition": 3}, "`--condition` is only for runs of a conditional recipe"),
    ],
)
def test_parts_of_a_request_for_others_are_refused_by_their_option(
    trained, tmp_path, request_, option
):
    with pytest.raises(ValueError, match=f"{option}.*Received: .*run, of the recipe series"):
        generate(trained, GenerationRequest(3, 1, **request_), tmp_path / "out.csv")


@pytest.mark.parametrize(
    ("use", "sentence"),
    [
        (lambda run: run.simulator(), "A simulator makes returns, and .* makes series"),
        (
            lambda run: rank_in_sample(run, count=100, seeds=[0], progress=print),
            "leaderboard .* makes series",
        ),
        (lambda run: prices_to_continue(run, "data"), "`--after` is for returns.*of series"),
        (lambda run: portfolio_of(run, "equal"), "`--weights` is for returns.*of series"),
        (lambda run: explore(run), "A page can only run .*of the recipe series"),
        (
            lambda run: days_after(run.recipe, None, run.data(), "2030-01-01"),
            "series, which makes series. Train it without `--select-until`",
        ),
        (
            lambda run: ScenarioJob.of(run, GenerationRequest(3, 1)),
            "Shards are for scenarios of returns.*the recipe series",
        ),
    ],
)
def test_what_is_for_returns_refuses_a_run_of_series_by_its_kind(trained, use, sentence):
    with pytest.raises(ValueError, match=sentence) as refusal:
        use(trained)
    assert "images" not in str(refusal.value).replace("a market or of images", "")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (Source("waves", ticker="A"), "`ticker` is for returns; this recipe trains on series"),
        (Source("waves", start="2020-01-01"), "`start` is for returns"),
        (Source("waves", accept=("jumps",)), "`accept` is for returns.*accept=jumps"),
        (Source("waves", price_format=PriceFormat(price_column="x")), "`price_column` is for"),
    ],
)
def test_options_that_are_for_prices_are_refused(source, sentence):
    with pytest.raises(ValueError, match=sentence):
        Series(WINDOW).load(source)


def test_a_window_is_for_recipes_of_series_and_needed_there():
    with pytest.raises(ValueError, match="`window`.* left out .*window=8 for mnist.* images"):
        recipes.get("mnist").with_settings({"window": 8})
    with pytest.raises(ValueError, match="`window`.* a whole number .*window=None for series"):
        TINY.with_settings({"window": None})
    with pytest.raises(ValueError, match="`window` must be a whole number of at least 4"):
        TINY.with_settings({"window": 3})


@pytest.mark.filterwarnings("ignore:(currentThread|getName):DeprecationWarning")
def test_a_search_minimizes_the_distance(sensors, tmp_path):
    experiment = ExperimentSpec(TINY.with_settings({"epochs": 1}), Source(str(sensors)), seed=1)
    best = tune(Search(experiment, NARROW, trials=1), tmp_path / "search")
    assert best.objective == "series_distance" and np.isfinite(best.score)


def test_a_column_with_the_name_of_a_place_is_refused_in_a_table_alone(tmp_path):
    windows = np.zeros((2, 4, 1))
    with pytest.raises(ValueError, match="Received: a series of the name row. Write an .npz"):
        write_windows(tmp_path / "out.csv", [windows], ["row"], count=2)
    write_windows(tmp_path / "out.npz", [windows], ["row"], count=2)
    assert [file.name for file in tmp_path.iterdir()] == ["out.npz"]
