"""A random search with KerasTuner that survives kills, dead workers and failed trials."""

import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import grpc
import keras_tuner
from keras_tuner.engine.trial import Trial

from keras_wgan.backends import out_of_memory
from keras_wgan.errors import InvalidInputError
from keras_wgan.io.files import remove_unfinished, write_atomically
from keras_wgan.tuning import worker
from keras_wgan.tuning.trials import DIVERGED, FAILED, OUT_OF_MEMORY

WORKER_TIMEOUT = 60.0  # seconds without a heartbeat, of which there should be twelve
MAX_SAME_FAILURES = 3  # in a row; KerasTuner gives up after as many
EXPECTED_FAILURES = {DIVERGED, OUT_OF_MEMORY, FAILED}  # that a trial's settings may cause


class ResumableOracle(keras_tuner.oracles.RandomSearchOracle):
    """A random search that runs each trial to its end once, whatever is killed when.

    A trial's own file decides whether the trial has ended or is to be run (again). The oracle's
    file holds the rest, since a kill may come between the two writes. Both are written atomically.

    KerasTuner 1.4.8 trusts the oracle's file instead, which it writes before the end of a trial is
    noted there: a killed chief has the trial that ended last run again, and may forget the trial
    that it handed out last.
    """

    ongoing_trials: dict[str, Any]  # by worker
    end_order: list[str]

    def __init__(self, objective: str, folder: Path, *, trials: int, seed: int) -> None:
        super().__init__(
            objective=keras_tuner.Objective(objective, direction="min"),
            max_trials=trials,
            seed=seed,
            # KerasTuner's limit would raise in the chief with the lock held, and count divergence.
            max_consecutive_failed_trials=sys.maxsize,
        )
        self.folder = folder
        self.heartbeats: dict[str, float] = {}  # the latest of each running trial
        self.started: dict[str, float] = {}
        self.cause: str | None = None  # why the search cannot continue

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to run."""
        return not (self.remaining_trials() > 0 or self._retry_queue or self.ongoing_trials)

    @keras_tuner.synchronized
    def create_trial(self, tuner_id: str) -> Any:
        """Returns the worker's own unfinished trial, a lost one, or a new one."""
        self._queue_lost_trials(tuner_id)
        if self.cause is not None:
            self.tuner_ids.discard(tuner_id)
            return Trial(self.get_space(), status="STOPPED")
        trial = super().create_trial(tuner_id)
        if trial.status == "RUNNING":
            trial.message = None  # of a failure that has been fixed
            trial.metrics = type(trial.metrics)()  # left by a worker that died at the trial's end
            self.heartbeats[trial.trial_id] = time.monotonic()
            self.started[trial.trial_id] = time.time()
            self._save_trial(trial)
        elif trial.status == "STOPPED" and self.ongoing_trials:
            # Other workers still run trials, and may die.
            trial.status = "IDLE"
            self.tuner_ids.add(tuner_id)
        return trial

    @keras_tuner.synchronized
    def end_trial(self, trial: Any) -> None:
        """Records the end of a trial, once."""
        number = trial.trial_id
        if number in self.end_order:
            return  # its worker was taken for dead, and another one was faster
        known = self.trials[number]
        trial.hyperparameters = known.hyperparameters  # gRPC passes them in 32 bits
        if number in self._retry_queue:
            self._retry_queue.remove(number)
        if trial.status == "FAILED" and trial.message is None:
            trial.message = self._error_message(number)  # gRPC passes no message
        known.metrics.update("seconds", time.time() - self.started[number])
        super().end_trial(trial)
        self._stop_after_same_failures()

    def line_about(self, number: str) -> str:
        """Returns a printed line about a trial that has ended."""
        trial, ended = self.trials[number], len(self.end_order)
        if trial.status == "FAILED":
            result = (trial.message or FAILED).partition("\n")[0]
        else:
            best = self.get_best_trials(1)[0].score
            result = f"{self.objective.name} {trial.score:.4f} (best {best:.4f})"
        seconds = trial.metrics.get_last_value("seconds")
        return f"Trial {int(number)}, {seconds:.0f} s: {result} [{ended} of {self.max_trials}]"

    def save(self) -> None:
        """Writes everything that is not in the trials' own files."""
        write_atomically(self.folder / "oracle.json", json.dumps(self.get_state()).encode())

    def reload(self) -> None:
        """Reads a search that was begun earlier, if there is one; unfinished trials run again."""
        if not (self.folder / "oracle.json").exists():
            return
        remove_unfinished(self.folder, "oracle.json")
        for trial_folder in self.folder.glob("trial_*"):  # a worker may be writing its error there
            remove_unfinished(trial_folder, "trial.json")
        try:
            self._read_trials()
            self.set_state(json.loads((self.folder / "oracle.json").read_text()))
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInputError(
                f"The search in {self.folder} is damaged: {error!r}. "
                "Start another one with `--out`."
            ) from error
        running = [number for number, trial in self.trials.items() if trial.status == "RUNNING"]
        held: dict[str, Any] = {}
        if worker.role() == "chief":  # its workers may still run
            held = {name: t for name, t in self.ongoing_trials.items() if t.trial_id in running}
        self.ongoing_trials, self.tuner_ids = held, set(held)
        self.heartbeats = {trial.trial_id: time.monotonic() for trial in held.values()}
        self._retry_queue = [
            number for number in reversed(running) if number not in self.heartbeats
        ]
        ended = [number for number in self.trials if number not in running]
        self.end_order = sorted(ended, key=lambda k: (*self.end_order, *ended).index(k))
        for trial in self.trials.values():
            self._record_values(trial)  # so that no new trial gets the same values

    def _read_trials(self) -> None:
        for path in sorted(self.folder.glob("trial_*/trial.json")):
            trial = Trial.load(str(path))
            self.trials[trial.trial_id] = trial
            self.started[trial.trial_id] = path.stat().st_mtime  # of a running one

    def _save_trial(self, trial: Any) -> None:
        path = self.folder / f"trial_{trial.trial_id}" / "trial.json"
        write_atomically(path, json.dumps(trial.get_state()).encode())

    def _queue_lost_trials(self, tuner_id: str) -> None:
        for name, trial in list(self.ongoing_trials.items()):
            silence = time.monotonic() - self.heartbeats[trial.trial_id]
            if name != tuner_id and silence > WORKER_TIMEOUT:
                del self.ongoing_trials[name]
                self.tuner_ids.discard(name)
                self._retry_queue.append(trial.trial_id)

    def _error_message(self, number: str) -> str:
        path = self.folder / f"trial_{number}" / "error.txt"
        return path.read_text() if path.exists() else f"{FAILED}: its worker gave no reason"

    def _stop_after_same_failures(self) -> None:
        """Ends the search if no trial is to blame, and queues the failed trials for the next."""
        last = [self.trials[number] for number in self.end_order[-MAX_SAME_FAILURES:]]
        kinds = {(trial.message or FAILED).partition(": ")[0] for trial in last}
        all_failed = all(trial.status == "FAILED" for trial in last)
        if len(last) < MAX_SAME_FAILURES or not all_failed or len(kinds) > 1:
            return
        if kinds <= EXPECTED_FAILURES:
            return
        self.cause = last[-1].message
        for trial in last:
            trial.status = "RUNNING"
            self.end_order.remove(trial.trial_id)
            self._save_trial(trial)
        self.save()


class ResumableTuner(keras_tuner.Tuner):
    """Runs the trials of a `ResumableOracle`, alone or as a worker of a chief elsewhere."""

    def __init__(self, oracle: ResumableOracle, hypermodel: keras_tuner.HyperModel) -> None:
        self.error: Exception | None = None  # of the latest failed trial
        self.heartbeat: worker.Heartbeat | None = None
        folder = oracle.folder
        super().__init__(oracle, hypermodel, directory=str(folder.parent), project_name=folder.name)

    @property
    def is_worker(self) -> bool:
        """Whether KerasTuner has put a connection to a chief in the oracle's place."""
        return not isinstance(self.oracle, ResumableOracle)

    def save(self) -> None:
        """Saves the oracle; the tuner itself has no state."""
        if not self.is_worker:
            self.oracle.save()

    def pre_create_trial(self) -> None:
        """Lets a worker without a trial wait before it asks again."""
        if self.is_worker:
            time.sleep(worker.POLL_SECONDS)

    def on_trial_begin(self, trial: Any) -> None:
        """Starts a worker's heartbeat."""
        if self.is_worker:
            self.heartbeat = worker.Heartbeat(self.oracle, trial.trial_id)

    def on_trial_end(self, trial: Any) -> None:
        """Writes the message of a failed trial where the chief finds it."""
        if self.heartbeat is not None:
            self.heartbeat.stop()
        if trial.message is not None:
            path = Path(self.get_trial_dir(trial.trial_id)) / "error.txt"
            write_atomically(path, trial.message.encode())
            print(f"Trial {int(trial.trial_id)} has failed: {trial.message}")
        super().on_trial_end(trial)

    def _try_run_and_update_trial(self, trial: Any, *arguments: Any, **named: Any) -> None:
        # KerasTuner's prints the traceback of each failure, and keeps nothing else of it.
        try:
            self._run_and_update_trial(trial, *arguments, **named)
            trial.status = "COMPLETED"
        except (keras_tuner.errors.FatalError, grpc.RpcError):
            raise
        except Exception as error:
            trial.status, trial.message, self.error = "FAILED", _failure_message(error), error


def _failure_message(error: Exception) -> str:
    """Returns a line that begins with the kind of failure, and below it a useful traceback."""
    if isinstance(error, FloatingPointError):
        return f"{DIVERGED}: {error}"
    if out_of_memory(error):
        return f"{OUT_OF_MEMORY}: {str(error).partition(os.linesep)[0]}"
    if isinstance(error, keras_tuner.errors.FailedTrialError):
        return f"{FAILED}: {error}"
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
    return f"{where}: {error}\n\n{''.join(traceback.format_exception(error))}"
