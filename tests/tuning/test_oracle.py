"""A resumable search: kills, dead workers, and failed trials."""

import json
import math
import os

import keras_tuner
import pytest

from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.io.files import write_atomically
from keras_wgan.tuning import oracle as oracle_module
from keras_wgan.tuning import worker
from keras_wgan.tuning.hypermodel import Space
from keras_wgan.tuning.oracle import ResumableOracle
from keras_wgan.tuning.search import _RecipeHyperModel, tune
from keras_wgan.tuning.search_folder import Search
from keras_wgan.tuning.trials import read_trials

from helpers.tiny import table_model
from helpers.tiny_recipes import RETURNS, SHORT

# KerasTuner 1.4.8 asks for its thread by a name that Python is giving up.
pytestmark = pytest.mark.filterwarnings("ignore:(currentThread|getName):DeprecationWarning")

FEW = Space((1e-3, 1e-2), (1.0, 10.0), (0.0, 0.9), (1,), (2, 3))


class Killed(BaseException):
    """Stands in for SIGKILL: nothing after it is done."""


def oracle(folder, trials=4, made=ResumableOracle):
    """Returns the search of a folder as a new process would find it."""
    if made is ResumableOracle:
        found = made("score", folder / "search", trials=trials, seed=1)
    else:
        found = made(keras_tuner.Objective("score", "min"), trials, seed=1)
        found._set_project_dir(str(folder), "search")
    found.verbose = 0
    if (folder / "search" / "oracle.json").exists():
        found.reload()
    space = keras_tuner.HyperParameters()
    space.Float("learning_rate", 1e-5, 1e-2, sampling="log")
    found.update_space(space)
    return found


def run(search, ends, worker="tuner0", most=99):
    """Runs trials to their ends, as KerasTuner's loop does; notes each end."""
    for _ in range(most):
        trial = search.create_trial(worker)
        if trial.status != "RUNNING":
            return
        ends.append(trial.trial_id)
        end(search, trial)


def end(oracle, trial, status="COMPLETED", message=None):
    """Reports a trial's score and its end."""
    if status == "COMPLETED":
        rate = trial.hyperparameters["learning_rate"]
        oracle.update_trial(trial.trial_id, {"score": rate})
    trial.status, trial.message = status, message
    oracle.end_trial(trial)


def rates(search):
    """Returns what each trial tried."""
    return {k: trial.hyperparameters["learning_rate"] for k, trial in search.trials.items()}


# ---- Kills -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Returns a search that was never killed."""
    search = oracle(tmp_path_factory.mktemp("whole"))
    run(search, [])
    return search


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_search_killed_around_any_write_tries_the_same_and_each_to_its_end_once(
    tmp_path, monkeypatch, whole, moment
):
    kills = 0
    for number in range(1, 99):
        folder, writes, ends = tmp_path / str(number), [], []

        def write(path, content, number=number, writes=writes):
            writes.append(path)
            if moment == "before" and len(writes) == number:
                raise Killed
            write_atomically(path, content)
            if moment == "after" and len(writes) == number:
                raise Killed

        monkeypatch.setattr(oracle_module, "write_atomically", write)
        try:
            run(oracle(folder), ends)
            break
        except Killed:
            kills += 1
        search = oracle(folder)
        kept = {k for k, trial in search.trials.items() if trial.status == "COMPLETED"}
        again = []
        run(search, again)
        assert not kept & set(again), f"run twice to its end: killed at write {number}"
        assert rates(search) == rates(whole), f"killed at write {number}"
        assert sorted(search.end_order) == sorted(whole.trials)
    assert kills > 12  # four trials, each written about at its start and twice at its end


def test_kerastuners_own_search_would_run_the_last_trial_twice(tmp_path):
    plain = keras_tuner.oracles.RandomSearchOracle
    ends = []
    run(oracle(tmp_path, made=plain), ends, most=2)
    run(oracle(tmp_path, made=plain), ends)  # killed after the end of the second trial
    assert sorted(ends) == ["0", "1", "1", "2", "3"]


def test_a_search_of_many_workers_continues_alone(tmp_path):
    first = oracle(tmp_path)
    ended, running = first.create_trial("worker-1"), first.create_trial("worker-2")
    end(first, ended)
    ends = []
    run(oracle(tmp_path), ends)
    assert ends == [running.trial_id, "2", "3"]


# ---- Workers that die --------------------------------------------------------------------------


def test_a_worker_started_again_under_its_name_gets_its_trial_back(tmp_path):
    search = oracle(tmp_path)
    before, other = search.create_trial("worker-1"), search.create_trial("worker-2")
    assert search.create_trial("worker-1").trial_id == before.trial_id != other.trial_id


def test_a_silent_workers_trial_is_handed_to_another_and_counts_once(tmp_path, monkeypatch):
    search = oracle(tmp_path, trials=1)
    clock = 1000.0
    monkeypatch.setattr(oracle_module.time, "monotonic", lambda: clock)
    silent = search.create_trial("worker-1")
    assert search.create_trial("worker-2").status == "IDLE"  # one that waits: it may be needed
    clock += oracle_module.WORKER_TIMEOUT + 1
    taken = search.create_trial("worker-2")
    assert (taken.status, taken.trial_id) == ("RUNNING", silent.trial_id)
    end(search, taken)
    end(search, silent)  # it was only slow
    assert search.end_order == [silent.trial_id]
    assert search.create_trial("worker-2").status == "STOPPED"


def test_a_restarted_chief_leaves_trials_with_the_workers_that_outlived_it(tmp_path, monkeypatch):
    before = oracle(tmp_path, trials=2).create_trial("worker-1")
    for name, value in zip(
        (worker.WORKER, worker.ADDRESS, worker.PORT),
        ("chief", "127.0.0.1", "1"),
        strict=True,
    ):
        monkeypatch.setenv(name, value)
    again = oracle(tmp_path, trials=2)
    assert again.create_trial("worker-2").trial_id == "1"
    end(again, before)
    assert again.end_order == ["0"]


# ---- Failures ----------------------------------------------------------------------------------


def test_diverging_trials_never_end_a_search(tmp_path):
    search = oracle(tmp_path)
    for _ in range(4):
        end(search, search.create_trial("tuner0"), "FAILED", "diverged: critic_loss is nan")
    assert search.cause is None
    assert len(search.end_order) == 4


def test_three_failures_alike_end_it_and_are_run_again(tmp_path):
    search = oracle(tmp_path)
    for number in range(3):
        trial = search.create_trial("tuner0")
        end(search, trial, "FAILED", f"OSError at here.py:1: number {number}\n\nTraceback")
    assert search.create_trial("tuner0").status == "STOPPED"
    assert search.cause.startswith("OSError at here.py:1: number 2")
    ends = []
    run(oracle(tmp_path), ends)
    assert ends == ["0", "1", "2", "3"]


def test_failures_that_differ_or_with_a_success_between_do_not_end_it(tmp_path):
    search = oracle(tmp_path, trials=6)
    errors = ("OSError at a.py:1: x", "OSError at a.py:1: x", None, "OSError at a.py:1: x", "E: y")
    for message in errors:
        status = "COMPLETED" if message is None else "FAILED"
        end(search, search.create_trial("tuner0"), status, message)
    assert search.cause is None


# ---- Whole searches ----------------------------------------------------------------------------


def tune_returns(folder, trials, space=FEW):
    """Searches tiny returns."""
    recipe = RETURNS.with_settings({"epochs": 1})
    return tune(Search(ExperimentSpec(recipe, SHORT, 0), space, trials), folder)


def fits(monkeypatch, *outcomes):
    """Replaces the training of the trials by given outcomes: a number, or an error."""
    left, model = list(outcomes), table_model()
    monkeypatch.setattr(_RecipeHyperModel, "build", lambda self, hp: self.settings(hp) and model)

    def fit(self, hp, model, **_):
        outcome = left.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    monkeypatch.setattr(_RecipeHyperModel, "fit", fit)
    return left


@pytest.mark.slow
def test_failed_trials_are_rows_of_the_table_and_the_search_continues(tmp_path, monkeypatch):
    fits(
        monkeypatch,
        FloatingPointError("critic_loss is nan"),
        MemoryError("too large"),
        keras_tuner.errors.FailedTrialError("not this one"),
        ValueError("odd sizes"),
        math.inf,
        0.5,
        0.25,
    )
    best = tune_returns(tmp_path / "s", 7)
    assert best.score == 0.25
    trials = read_trials(tmp_path / "s")
    assert [tried.status for tried in trials] == [
        "diverged",
        "out of memory",
        "failed",
        "failed",
        "diverged",
        "done",
        "done",
    ]
    assert [tried.cause for tried in trials[:3]] == [
        "diverged: critic_loss is nan",
        "out of memory: too large",
        "failed: not this one",
    ]
    assert trials[4].cause == "diverged: no epoch gave a finite score"
    assert trials[3].cause.startswith("ValueError at test_oracle.py:")


@pytest.mark.slow
def test_a_trial_that_really_diverges_says_so(tmp_path):
    space = Space((1e-3, 1e-2), (1e38, 1e38), (0.0, 0.9), (1,), (2, 3))
    with pytest.raises(ValueError, match="No trial of the search gave a finite") as caught:
        tune_returns(tmp_path / "s", 1, space)
    assert "diverged: Training diverged in epoch 1" in str(caught.value)
    assert (tmp_path / "s" / "trials.csv").read_text().count("diverged,") == 1


@pytest.mark.slow
def test_a_search_continues_after_an_error_in_the_users_code_is_fixed(tmp_path, monkeypatch):
    mistakes = [TypeError("'NoneType' object is not callable") for _ in range(3)]
    left = fits(monkeypatch, *mistakes, 4.0, 3.0, 2.0, 1.0)
    with pytest.raises(
        ValueError, match="failed with the same error.* TypeError at test_oracle.py:"
    ) as caught:
        tune_returns(tmp_path / "s", 4)
    assert caught.value.__cause__ is mistakes[2]
    assert tune_returns(tmp_path / "s", 4).score == 1.0
    assert left == []


def test_a_damaged_file_of_a_search_is_named(tmp_path):
    run(oracle(tmp_path), [], most=1)
    (tmp_path / "search" / "oracle.json").write_text("{")
    with pytest.raises(InvalidInputError, match=r"The search in .*search is damaged.*--out"):
        oracle(tmp_path)


def test_a_half_written_file_of_another_program_is_named(tmp_path):
    run(oracle(tmp_path), [], most=1)
    (tmp_path / "search" / "trial_0" / "trial.json").write_text('{"trial_id": "0"}')
    with pytest.raises(ValueError, match="trial.json is damaged"):
        read_trials(tmp_path / "search")


def test_a_trial_that_cannot_be_stored_ends_the_search_with_the_cause(tmp_path, monkeypatch):
    def full(path, content):
        raise OSError("No space left on device")

    monkeypatch.setattr(oracle_module, "write_atomically", full)
    with pytest.raises(OSError, match="No space left"):
        tune_returns(tmp_path / "s", 1)
    assert json.loads((tmp_path / "s" / "search.json").read_text())["trials"] == 1
    assert "oracle.json" not in os.listdir(tmp_path / "s")
