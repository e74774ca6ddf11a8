"""Trials of a search: their models, their resumption, and KerasTuner's pitfalls."""

import copy
import json
import math
import warnings

import keras
import keras_tuner
import numpy as np
import pytest
from keras_tuner.src.engine.tuner_utils import (
    SaveBestEpoch,
    _get_best_value_and_best_epoch_from_history,
)

from keras_wgan.callbacks import FID, Moments
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.metrics import feature_statistics, frechet_distance
from keras_wgan.tuning.hypermodel import Space, WGANGPHyperModel
from keras_wgan.tuning.search import _RecipeHyperModel, tune
from keras_wgan.tuning.search_folder import Search

from helpers import tiny_recipes
from helpers.tiny import table_data, table_model, table_networks
from helpers.tiny_recipes import RETURNS, SHORT

# KerasTuner 1.4.8 asks for its thread by a name that Python is giving up.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:(currentThread|getName):DeprecationWarning"),
]

REAL = table_data(rows=32)
FEW = Space((1e-3, 1e-2), (1.0, 10.0), (0.0, 0.9), (1,), (2, 3))
BY_FID = keras_tuner.Objective("fid", "min")


def networks(latent_size):
    """Returns the networks of one trial."""
    return table_networks(latent=latent_size)


def features(samples):
    """Stands in for an extractor: the samples themselves."""
    return samples


def fid(**arguments):
    """Returns the score of a search."""
    return FID(REAL, extractor=features, samples=32, **arguments)


def random_search(folder, trials=1, **arguments):
    """Returns a random search of tiny networks."""
    return keras_tuner.RandomSearch(
        WGANGPHyperModel(networks, FEW, seed=1),
        **{"objective": BY_FID, "max_trials": trials, "seed": 1, "directory": folder, **arguments},
    )


def run(tuner, *callbacks, epochs=1):
    """Searches quietly, and lets an error in a trial be one."""
    tuner.search(REAL, epochs=epochs, batch_size=32, callbacks=list(callbacks), verbose=0)
    messages = [trial.message for trial in tuner.oracle.trials.values() if trial.message]
    assert messages == []


class Scripted(keras.callbacks.Callback):
    """Logs numbers that are written down beforehand; `None` logs nothing in that epoch."""

    def __init__(self, numbers):
        super().__init__()
        self.numbers = numbers

    def on_epoch_end(self, epoch, logs=None):
        """Writes the epoch's number."""
        if self.numbers[epoch] is not None:
            logs["fid"] = self.numbers[epoch]


class ScriptedFID(FID):
    """A score of ours whose measurements are written down beforehand."""

    def __init__(self, numbers, every):
        super().__init__(REAL, features, samples=2, every=every)
        self.numbers = numbers

    def measure_model(self):
        """Returns the next number; one that is not finite is a measurement that failed."""
        return {"fid": self.numbers.pop(0)}


class Weights(keras.callbacks.Callback):
    """Keeps the generator's weights after each epoch, also for the test that made it."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def __deepcopy__(self, memo):
        return self

    def on_epoch_end(self, epoch, logs=None):
        """Keeps a copy."""
        self.seen.append([np.array(weight) for weight in self.model.generator.get_weights()])


# ---- What searches -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def continued(tmp_path_factory):
    """Returns a tuner of two trials that found one of them done, and what the second trained."""
    folder = tmp_path_factory.mktemp("continued")
    run(random_search(folder, trials=1), fid())
    weights, tuner = Weights(), random_search(folder, trials=2)
    run(tuner, fid(), weights)
    return tuner, weights.seen


def test_a_random_search_finds_the_lowest_distance_of_its_trials(continued):
    scores = [trial.score for trial in continued[0].oracle.trials.values()]
    assert continued[0].oracle.get_best_trials(1)[0].score == min(scores)
    assert scores[0] != scores[1]


def test_a_bayesian_search_runs_past_its_random_start(tmp_path):
    tuner = keras_tuner.BayesianOptimization(
        WGANGPHyperModel(networks, FEW, seed=1),
        objective=BY_FID,
        max_trials=2,
        num_initial_points=1,
        seed=1,
        directory=tmp_path,
    )
    with warnings.catch_warnings():
        # scikit-learn's optimizer may say that it stopped early; which rates it tries is not ours.
        warnings.simplefilter("ignore")
        run(tuner, fid())
    statuses = [trial.status for trial in tuner.oracle.trials.values()]
    assert statuses == ["COMPLETED"] * 2
    rates = [trial.hyperparameters["learning_rate"] for trial in tuner.oracle.trials.values()]
    assert len(set(rates)) == 2
    assert all(1e-3 <= rate <= 1e-2 for rate in rates)


def test_hyperband_continues_with_the_weights_of_its_better_trials(tmp_path):
    weights = Weights()
    tuner = keras_tuner.Hyperband(
        WGANGPHyperModel(networks, FEW, seed=1),
        objective=BY_FID,
        max_epochs=2,
        factor=2,
        seed=1,
        directory=tmp_path,
    )
    run(tuner, fid(), weights)
    values = [trial.hyperparameters.values for trial in tuner.oracle.trials.values()]
    promoted = [value for value in values if "tuner/trial_id" in value]
    assert len(promoted) == 1
    assert (promoted[0]["tuner/initial_epoch"], promoted[0]["tuner/epochs"]) == (1, 2)
    parent = tuner.oracle.trials[promoted[0]["tuner/trial_id"]].hyperparameters.values
    searched = ("learning_rate", "gp_weight", "beta_1", "critic_steps", "latent_size")
    assert [promoted[0][name] for name in searched] == [parent[name] for name in searched]
    best = min(
        trial.score
        for trial in tuner.oracle.trials.values()
        if trial.hyperparameters.values["tuner/epochs"] == 1
    )
    assert tuner.oracle.trials[promoted[0]["tuner/trial_id"]].score == best


def test_returns_are_searched_by_their_moment_distance(tmp_path):
    real = np.random.default_rng(0).normal(scale=0.1, size=(100, 60, 1)).astype("float32")
    tuner = keras_tuner.RandomSearch(
        WGANGPHyperModel(RETURNS, FEW, seed=1),
        objective=keras_tuner.Objective("moment_distance", "min"),
        max_trials=1,
        directory=tmp_path,
    )
    moments = Moments(real, samples=100)
    tuner.search(real, epochs=1, batch_size=50, callbacks=[moments], verbose=0)
    assert 0.0 < tuner.oracle.get_best_trials(1)[0].score < math.inf


# ---- Resuming -----------------------------------------------------------------------------------


def test_a_longer_search_in_the_same_folder_does_not_redo_the_first_trial(continued):
    tuner, trained = continued
    assert len(tuner.oracle.trials) == 2
    assert len(trained) == 1


def test_ctrl_c_in_the_second_trial_costs_that_trial_alone(tmp_path):
    class Stopping(keras.callbacks.Callback):
        trials = 0

        def on_train_begin(self, logs=None):
            Stopping.trials += 1
            if Stopping.trials == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(random_search(tmp_path, trials=2), fid(), Stopping())
    weights, again = Weights(), random_search(tmp_path, trials=2)
    finished = {k: trial.score for k, trial in again.oracle.trials.items() if trial.score}
    run(again, fid(), weights)
    assert len(finished) == 1
    assert len(weights.seen) == 1
    assert [trial.status for trial in again.oracle.trials.values()] == ["COMPLETED"] * 2
    assert {k: again.oracle.trials[k].score for k in finished} == finished


def test_tune_continues_and_names_the_best_settings(tmp_path, monkeypatch):
    tiny_recipes.offer(monkeypatch)
    recipe = RETURNS.with_settings({"epochs": 1})
    fits = []
    monkeypatch.setattr(_RecipeHyperModel, "fit", counted(_RecipeHyperModel.fit, fits))
    experiment = ExperimentSpec(recipe, SHORT, 0)
    one = tune(Search(experiment, FEW, trials=1), tmp_path / "s")
    two = tune(Search(experiment, FEW, trials=2), tmp_path / "s")
    assert len(fits) == 2
    assert one.objective == "moment_distance"
    assert two.score <= one.score < math.inf
    assert RETURNS.with_settings(two.settings).settings.learning_rate >= 1e-3


def counted(function, calls):
    """Returns the function, noting each call."""

    def wrapped(*arguments, **named):
        calls.append(named)
        return function(*arguments, **named)

    return wrapped


def test_tune_tries_the_same_settings_for_the_same_seed_also_for_seed_zero(tmp_path, monkeypatch):
    tiny_recipes.offer(monkeypatch)
    monkeypatch.setattr(_RecipeHyperModel, "fit", lambda self, hp, model, **_: 1.0)
    found = [
        tune(Search(ExperimentSpec(RETURNS, SHORT, seed), FEW, 1), tmp_path / name).settings
        for name, seed in (("a", 0), ("b", 0), ("c", 1))
    ]
    assert found[0] == found[1]
    assert found[0]["learning_rate"] != found[2]["learning_rate"]


def test_tune_refuses_a_folder_that_holds_another_search(tmp_path, monkeypatch):
    tiny_recipes.offer(monkeypatch)
    claim = {"recipe": "tiny-returns", "kind": "returns", "settings": {}, "seed": 0}
    (tmp_path / "search.json").write_text(json.dumps(claim))
    with pytest.raises(ValueError, match="holds a search with another settings and source and sp"):
        tune(Search(ExperimentSpec(RETURNS, SHORT, 0), FEW, 1), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["search.json"]


# ---- KerasTuner's pitfalls ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def model():
    """Returns a model whose weights the tests set themselves, instead of training."""
    return table_model()


def followed(model, callback, epochs, file):
    """Returns the epoch, from 0, whose weights KerasTuner keeps, and the history it reads.

    In epoch k all weights of the generator are k, so that a kept file shows its epoch.
    """
    history, checkpoint = keras.callbacks.History(), SaveBestEpoch(BY_FID, str(file))
    for each in (callback, history, checkpoint):
        each.set_model(model)
        each.on_train_begin()
    for epoch in range(epochs):
        model.generator.set_weights([0 * w + epoch for w in model.generator.get_weights()])
        logs = {"loss": 0.0}
        for each in (callback, history, checkpoint):
            each.on_epoch_end(epoch, logs)
    model.load_weights(file)
    return model.generator.get_weights()[0][0, 0], history


def test_the_best_epochs_weights_are_kept_where_the_score_is_measured_every_second_epoch(
    model, tmp_path
):
    ours = ScriptedFID([1.0, 5.0], every=2)  # measured in epochs 1 and 3; best in 1
    kept, history = followed(model, ours, 5, tmp_path / "best.weights.h5")
    assert kept == 1
    assert history.history["fid"] == [math.inf, 1.0, 1.0, 5.0, 5.0]
    assert history.history["fid_fresh"] == [0.0, 1.0, 0.0, 1.0, 0.0]


def test_a_score_that_is_logged_only_every_second_epoch_would_lose_them(model, tmp_path):
    naive = Scripted([None, 1.0, None, 5.0, None])
    kept, _ = followed(model, naive, 5, tmp_path / "best.weights.h5")
    assert kept == 4  # the last epoch without a score, not the best one


def test_the_best_epoch_is_found_where_the_score_is_measured_every_second_one(model, tmp_path):
    _, history = followed(model, ScriptedFID([5.0, 1.0], every=2), 5, tmp_path / "b.weights.h5")
    assert best_of(history) == (1.0, 3)


def test_a_history_with_gaps_would_be_read_by_position_and_fail(model, tmp_path):
    _, history = followed(
        model, Scripted([None, 5.0, None, 1.0, None]), 5, tmp_path / "b.weights.h5"
    )
    with pytest.raises(KeyError, match="fid"):
        best_of(history)


def test_a_first_measurement_that_fails_does_not_hide_the_best_one(model, tmp_path):
    ours = ScriptedFID([math.nan, 2.0, 3.0], every=1)
    kept, history = followed(model, ours, 3, tmp_path / "best.weights.h5")
    assert kept == 1
    assert best_of(history) == (2.0, 1)


def test_a_nan_that_is_logged_first_would_hide_it(model, tmp_path):
    naive = Scripted([math.nan, 2.0, 3.0])
    _, history = followed(model, naive, 3, tmp_path / "best.weights.h5")
    value, epoch = best_of(history)
    assert math.isnan(value)
    assert epoch == 0


def best_of(history):
    """Returns the best score and its epoch, as KerasTuner reads them."""
    metrics, epoch = _get_best_value_and_best_epoch_from_history(history, BY_FID)
    return metrics["fid"], epoch


def test_a_copied_score_shares_its_data_and_extractor_and_not_its_numbers():
    class Heavy:
        def __call__(self, samples):
            return samples

        def __deepcopy__(self, memo):
            raise AssertionError("An extractor may hold a whole network: never copy it.")

    original = FID(REAL, Heavy(), samples=32)
    copied = copy.deepcopy([original])[0]
    assert copied.reference is original.reference
    copied.latest["fid"] = 1.0
    assert original.latest["fid"] == math.inf


def test_an_extractor_that_is_a_keras_model_serves_all_trials(tmp_path):
    extractor = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, use_bias=False)])
    extractor.set_weights([2.0 * np.eye(2, dtype="float32")])
    tuner = random_search(tmp_path, trials=2)
    run(tuner, FID(REAL, extractor, samples=32))
    # Features twice as large lie four times as far apart, by the square in the distance.
    for trial in tuner.oracle.trials.values():
        samples = tuner.load_model(trial).generate(32, seed=0)
        plain = frechet_distance(feature_statistics(REAL), feature_statistics(samples))
        assert trial.score == pytest.approx(4.0 * plain, rel=1e-4)


def test_a_reloaded_best_model_makes_the_samples_of_its_best_epoch(tmp_path):
    class Samples(Weights):
        def on_epoch_end(self, epoch, logs=None):
            self.seen.append(self.model.generate(4, seed=2))

    samples = Samples()
    run(random_search(tmp_path), ScriptedFID([3.0, 1.0, 2.0], every=1), samples, epochs=3)
    reopened = random_search(tmp_path)  # as in another process: nothing but the folder is known
    (model,) = reopened.get_best_models(1)
    np.testing.assert_allclose(model.generate(4, seed=2), samples.seen[1], rtol=1e-6)
    assert not np.allclose(samples.seen[1], samples.seen[2], rtol=1e-6)
