"""Who hands out the trials of a search to many workers, and what if one of them dies?"""

import collections
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import keras
from keras_tuner.src import protos
from keras_tuner.src.distribute.oracle_chief import OracleServicer

from keras_wgan.backends import SHARED_DEVICE
from keras_wgan.callbacks.interrupt import GracefulInterrupt
from keras_wgan.errors import FileAccessError, WorkerError
from keras_wgan.tuning.oracle import ResumableOracle
from keras_wgan.tuning.worker import ADDRESS, PAUSE, PORT, STARTED_HERE, WORKER

LOOPBACK = "127.0.0.1"
COMMAND = [sys.executable, "-c", "from keras_wgan.cli.app import main; main()", "tune", "--resume"]
FAREWELL = 10.0  # seconds in which the last workers are told that the search is over
MAX_DEATHS = 3  # of the workers of one trial, before it is the trial's fault


def lead(oracle: ResumableOracle, tell: Callable[[str], object]) -> None:
    """Hands out the trials of a search to workers on any host, until all have ended.

    Args:
        oracle: The search.
        tell: Is called with a line about each trial that has ended.

    Raises:
        KeyboardInterrupt: After Ctrl-C or SIGTERM.
        OSError: If the port is taken.
    """
    address = f"{os.environ[ADDRESS]}:{os.environ[PORT]}"
    with _serving(oracle, address) as servicer, GracefulInterrupt() as ctrl_c:
        tell(f"Handing out trials at {address} ...")
        while not (servicer.stop_triggered or oracle.is_over):
            _look(servicer, ctrl_c, tell)
        end = time.monotonic() + FAREWELL
        while oracle.tuner_ids and time.monotonic() < end:
            _look(servicer, ctrl_c, tell)


def lead_here(
    oracle: ResumableOracle, folder: Path, workers: int, tell: Callable[[str], object]
) -> None:
    """Runs the trials of a search in processes of their own on this machine.

    A worker that dies is replaced, and its trial run again. A trial whose workers die three times
    has failed.

    Args:
        oracle: The search.
        folder: Where it lies; what a worker prints is in `worker-1.log` there.
        workers: How many processes.
        tell: Is called with a line about each trial that has ended, and each worker that died.

    Raises:
        KeyboardInterrupt: After Ctrl-C or SIGTERM; the workers are gone then.
        ChildProcessError: If workers die again and again before they have a trial.
    """
    deaths = collections.Counter[str]()
    with _serving(oracle, f"{LOOPBACK}:0") as servicer, GracefulInterrupt() as ctrl_c:
        crew = [_Worker(f"worker-{k + 1}", folder, servicer.port) for k in range(workers)]
        try:
            while not oracle.is_over and oracle.cause is None:
                if _look(servicer, ctrl_c, tell):
                    deaths.pop("", None)
                for worker in crew:
                    if worker.process.poll():
                        tell(_after_a_death(worker, oracle, deaths))
                        worker.end()
                        worker.start()
                if all(worker.process.poll() == 0 for worker in crew):
                    break  # there are no more settings to try in this space
            _look(servicer, ctrl_c, tell)
            if oracle.cause is None:
                _let_end(crew)
        finally:
            for worker in crew:
                worker.end()


def _let_end(crew: "list[_Worker]") -> None:
    end = time.monotonic() + FAREWELL
    while any(worker.process.poll() is None for worker in crew) and time.monotonic() < end:
        time.sleep(PAUSE)


def _look(servicer: "_Servicer", ctrl_c: GracefulInterrupt, tell: Callable[[str], object]) -> bool:
    """Waits a little; tells which trials have ended since, and returns whether any has."""
    time.sleep(PAUSE)
    if ctrl_c.asked:
        raise KeyboardInterrupt
    if servicer.error is not None:
        raise servicer.error
    lines = servicer.new_lines()
    for line in lines:
        tell(line)
    return bool(lines)


def _after_a_death(
    worker: "_Worker", oracle: ResumableOracle, deaths: collections.Counter[str]
) -> str:
    """Counts a death, fails the trial of too many, and returns a line about it."""
    trial = oracle.ongoing_trials.get(worker.name)
    key = "" if trial is None else trial.trial_id
    deaths[key] += 1
    how = f"{worker.name} ended with {worker.ending()} (see {worker.log})"
    if deaths[key] < MAX_DEATHS:
        return f"{how} and is started again."
    if trial is None:
        raise WorkerError(f"{how}, again and again, before it had a trial.")
    trial.status, trial.message = "FAILED", f"failed: {MAX_DEATHS} workers died in it; {how}"
    oracle.end_trial(trial)
    return f"{how}, the {MAX_DEATHS}rd time in trial {key}, which is given up."


class _Servicer(OracleServicer):
    """KerasTuner's answers to workers, with signs of life, and errors that end the chief too."""

    def __init__(self, oracle: ResumableOracle) -> None:
        super().__init__(oracle)
        self.port = 0
        self.error: Exception | None = None
        self.told = len(oracle.end_order)

    def CreateTrial(self, request: Any, context: Any) -> Any:
        """Answers a worker that asks for a trial."""
        with self._noting_errors():
            return super().CreateTrial(request, context)

    def UpdateTrial(self, request: Any, context: Any) -> Any:
        """Takes what a trial has reached so far."""
        with self._noting_errors():
            return super().UpdateTrial(request, context)

    def EndTrial(self, request: Any, context: Any) -> Any:
        """Takes the end of a trial."""
        with self._noting_errors():
            return super().EndTrial(request, context)

    def GetTrial(self, request: Any, context: Any) -> Any:
        """Takes a sign of life."""
        self.oracle.heard[request.trial_id] = time.monotonic()
        return super().GetTrial(request, context)

    def new_lines(self) -> list[str]:
        """Returns a line for each trial that has ended since the last call."""
        ended = self.oracle.end_order[self.told :]  # another thread adds to it
        self.told += len(ended)
        return [self.oracle.line_about(trial) for trial in ended]

    @contextmanager
    def _noting_errors(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self.error = error  # KerasTuner's lock is held from now on: nothing may ask for it
            raise


@contextmanager
def _serving(oracle: ResumableOracle, address: str) -> Iterator[_Servicer]:
    oracle.verbose = 0  # instead of KerasTuner's tables, a line about each trial
    servicer = _Servicer(oracle)
    # KerasTuner's oracle counts on one thread. Two chiefs must not share a port unnoticed.
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=1), options=[("grpc.so_reuseport", 0)]
    )
    protos.get_service_grpc().add_OracleServicer_to_server(servicer, server)
    try:
        servicer.port = server.add_insecure_port(address)
    except RuntimeError as error:
        raise FileAccessError(
            f"{address} cannot be listened at: another chief may be there. Set {PORT} to a free "
            "one, for the workers too."
        ) from error
    server.start()
    try:
        yield servicer
    finally:
        server.stop(grace=None).wait()


class _Worker:
    """A process that runs trials, started by the chief and gone with it."""

    def __init__(self, name: str, folder: Path, port: int) -> None:
        self.name, self.folder, self.log = name, folder, folder / f"{name}.log"
        self.environment = {
            **SHARED_DEVICE,
            **os.environ,
            "KERAS_BACKEND": keras.backend.backend(),
            "PYTHONUNBUFFERED": "1",
            WORKER: name,
            ADDRESS: LOOPBACK,
            PORT: str(port),
            STARTED_HERE: "1",
        }
        self.start()

    def start(self) -> None:
        """Starts it, also once more."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*COMMAND, str(self.folder)],
                stdin=subprocess.PIPE,  # never written to; it ends where the chief does
                stdout=log,
                stderr=log,
                env=self.environment,
                start_new_session=True,  # the terminal's Ctrl-C is the chief's alone
            )

    def ending(self) -> str:
        """Returns how it ended, in words."""
        code = self.process.returncode
        return signal.Signals(-code).name if code < 0 else f"exit status {code}"

    def end(self) -> None:
        """Ends it at once, if it has not ended; a trial that it runs is unfinished."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdin is not None
        self.process.stdin.close()
