"""How do trials outlive a kill, and failures not end their search? KerasTuner's, made to last."""

import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import grpc
import keras_tuner

from keras_wgan.backends import out_of_memory
from keras_wgan.io.files import write_atomically
from keras_wgan.tuning import worker as searchers
from keras_wgan.tuning.trials import DIVERGED, FAILED, OUT_OF_MEMORY

LOST_AFTER = 60.0  # seconds without a sign of life, twelve beats, after which a worker is dead
ALIKE = 3  # failures in a row, as after how many KerasTuner gives up
NAMED = (DIVERGED, OUT_OF_MEMORY, FAILED)


class ResumableOracle(keras_tuner.oracles.RandomSearchOracle):
    """A random search whose trials are each run to their end once, whatever is killed when.

    What a trial's own file says is true: it has ended, or it is to be run (again). The oracle's
    file is only about the rest, since a kill may come between the two. Both are written whole.

    KerasTuner 1.4.8 instead takes the word of the oracle's file. It is written before the end of a
    trial is noted there, and a chief that is killed after it has every trial that ended last run
    again. A trial that it began last may be forgotten.

    Args:
        objective: The name of the number to make small.
        trials: How many settings to try.
        seed: Fixes them.
    """

    ongoing_trials: dict[str, Any]  # by worker
    end_order: list[str]

    def __init__(self, objective: str, *, trials: int, seed: int) -> None:
        super().__init__(
            objective=keras_tuner.Objective(objective, direction="min"),
            max_trials=trials,
            seed=seed,
            # Its limit would raise in the chief, with the lock held, and diverging is no fault.
            max_consecutive_failed_trials=sys.maxsize,
        )
        self.heard: dict[str, float] = {}  # when a trial's worker last gave a sign of life
        self.begun: dict[str, float] = {}
        self.cause: str | None = None  # why the search cannot go on

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to run."""
        return not (self.remaining_trials() > 0 or self._retry_queue or self.ongoing_trials)

    @keras_tuner.synchronized
    def create_trial(self, tuner_id: str) -> Any:
        """Hands out a trial: the worker's own unfinished one, one that was lost, or a new one."""
        self._take_back_the_lost(tuner_id)
        if self.cause is not None:
            self.tuner_ids.discard(tuner_id)
            return keras_tuner.engine.trial.Trial(self.get_space(), status="STOPPED")
        trial = super().create_trial(tuner_id)
        if trial.status == "RUNNING":
            trial.message = None  # of a failure that was put right
            trial.metrics = type(trial.metrics)()  # some are there if its worker died at its end
            self.heard[trial.trial_id], self.begun[trial.trial_id] = time.monotonic(), time.time()
            self._save_trial(trial)
        elif trial.status == "STOPPED" and self.ongoing_trials:
            # Others still run theirs; one of them may die.
            trial.status = "IDLE"
            self.tuner_ids.add(tuner_id)
        return trial

    @keras_tuner.synchronized
    def end_trial(self, trial: Any) -> None:
        """Takes the end of a trial, once."""
        number = trial.trial_id
        if number in self.end_order:
            return  # its worker was taken for dead, and another was first
        known = self.trials[number]
        trial.hyperparameters = known.hyperparameters  # gRPC hands them on in 32 bits
        if number in self._retry_queue:
            self._retry_queue.remove(number)
        if trial.status == "FAILED" and trial.message is None:
            trial.message = self._left_message(number)  # gRPC hands on none
        known.metrics.update("seconds", time.time() - self.begun[number])
        super().end_trial(trial)
        self._stop_where_failures_are_alike()

    def line_about(self, number: str) -> str:
        """Returns a line for people about a trial that has ended."""
        trial, ended = self.trials[number], len(self.end_order)
        what = (trial.message or "").partition("\n")[0] if trial.status == "FAILED" else None
        if what is None:
            best = self.get_best_trials(1)[0].score
            what = f"{self.objective.name} {trial.score:.4f} (best {best:.4f})"
        seconds = trial.metrics.get_last_value("seconds")
        return f"Trial {int(number)}, {seconds:.0f} s: {what} [{ended} of {self.max_trials}]"

    def save(self) -> None:
        """Writes what is not in the trials' own files."""
        write_atomically(Path(self._get_oracle_fname()), json.dumps(self.get_state()).encode())

    def reload(self) -> None:
        """Reads all trials; those without an end are run again."""
        folder = Path(self._project_dir)
        for half in [*folder.glob(".oracle.json.*"), *folder.glob("trial_*/.trial.json.*")]:
            half.unlink()  # a kill came between its writing and its place
        for path in sorted(folder.glob("trial_*/trial.json")):
            trial = keras_tuner.engine.trial.Trial.load(path)
            self.trials[trial.trial_id] = trial
            self.begun[trial.trial_id] = path.stat().st_mtime  # that of one that is being run
        self.set_state(json.loads(Path(self._get_oracle_fname()).read_text()))
        running = [number for number, trial in self.trials.items() if trial.status == "RUNNING"]
        held: dict[str, Any] = {}
        if searchers.role() == "chief":  # its workers may have outlived it
            held = {w: t for w, t in self.ongoing_trials.items() if t.trial_id in running}
        self.ongoing_trials, self.tuner_ids = held, set(held)
        self.heard = {trial.trial_id: time.monotonic() for trial in held.values()}
        self._retry_queue = [number for number in reversed(running) if number not in self.heard]
        ended = [number for number in self.trials if number not in running]
        self.end_order = sorted(ended, key=lambda k: (*self.end_order, *ended).index(k))
        for trial in self.trials.values():
            self._record_values(trial)  # or the next one might get the same

    def _save_trial(self, trial: Any) -> None:
        path = Path(self._get_trial_dir(trial.trial_id)) / "trial.json"
        write_atomically(path, json.dumps(trial.get_state()).encode())

    def _take_back_the_lost(self, tuner_id: str) -> None:
        for worker, trial in list(self.ongoing_trials.items()):
            silent = time.monotonic() - self.heard[trial.trial_id]
            if worker != tuner_id and silent > LOST_AFTER:
                del self.ongoing_trials[worker]
                self.tuner_ids.discard(worker)
                self._retry_queue.append(trial.trial_id)

    def _left_message(self, number: str) -> str | None:
        path = Path(self._get_trial_dir(number)) / "error.txt"
        return path.read_text() if path.exists() else f"{FAILED}: its worker did not say why"

    def _stop_where_failures_are_alike(self) -> None:
        """Ends the search where it is no trial's own fault, and has these trials run again then."""
        last = [self.trials[number] for number in self.end_order[-ALIKE:]]
        kinds = {(trial.message or FAILED).partition(": ")[0] for trial in last}
        if len(last) < ALIKE or any(trial.status != "FAILED" for trial in last) or len(kinds) > 1:
            return
        if kinds <= set(NAMED):
            return
        self.cause = last[-1].message
        for trial in last:
            trial.status = "RUNNING"
            self.end_order.remove(trial.trial_id)
            self._save_trial(trial)
        self.save()


class ResumableTuner(keras_tuner.Tuner):
    """Runs the trials of a `ResumableOracle`, here or as a worker of a chief elsewhere.

    Args:
        oracle: The search.
        hypermodel: What it tries.
        folder: Where it lies; of a worker, the chief's.
    """

    def __init__(self, oracle: ResumableOracle, hypermodel: Any, folder: Path) -> None:
        self.error: Exception | None = None  # of the trial that failed last
        self.beats: searchers.Heartbeat | None = None
        super().__init__(oracle, hypermodel, directory=str(folder.parent), project_name=folder.name)

    def save(self) -> None:
        """Leaves it to the oracle: a tuner has nothing of its own."""
        if not self._is_worker():
            self.oracle.save()

    def reload(self) -> None:
        """Leaves it to the oracle."""
        if not self._is_worker():
            self.oracle.reload()

    def pre_create_trial(self) -> None:
        """Lets a worker without a trial wait before it asks again."""
        if self._is_worker():
            time.sleep(searchers.PAUSE)

    def on_trial_begin(self, trial: Any) -> None:
        """Lets the chief know that the trial is run."""
        if self._is_worker():
            self.beats = searchers.Heartbeat(self.oracle, trial.trial_id)

    def on_trial_end(self, trial: Any) -> None:
        """Leaves the message of a failed trial where the chief finds it."""
        if self.beats is not None:
            self.beats.end()
        if trial.message is not None:
            path = Path(self.get_trial_dir(trial.trial_id)) / "error.txt"
            write_atomically(path, trial.message.encode())
            print(f"Trial {int(trial.trial_id)} has failed: {trial.message}")
        super().on_trial_end(trial)

    def _get_tuner_fname(self) -> str:
        # Whether it is there says whether there is a search to go on with. KerasTuner's own is
        # named after the worker: alone and with workers, it would not find the other's search.
        return os.path.join(str(self.project_dir), "oracle.json")

    def _try_run_and_update_trial(self, trial: Any, *arguments: Any, **named: Any) -> None:
        # KerasTuner's prints the traceback of each failure, and keeps nothing else of it.
        try:
            self._run_and_update_trial(trial, *arguments, **named)
            trial.status = "COMPLETED"
        except (keras_tuner.errors.FatalError, grpc.RpcError):
            raise
        except Exception as error:
            trial.status, trial.message, self.error = "FAILED", _message(error), error


def _message(error: Exception) -> str:
    """Returns what went wrong: one line that begins with its kind, and where it helps, the rest."""
    if isinstance(error, FloatingPointError):
        return f"{DIVERGED}: {error}"
    if out_of_memory(error):
        return f"{OUT_OF_MEMORY}: {str(error).partition(os.linesep)[0]}"
    if isinstance(error, keras_tuner.errors.FailedTrialError):
        return f"{FAILED}: {error}"
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
    return f"{where}: {error}\n\n{''.join(traceback.format_exception(error))}"
