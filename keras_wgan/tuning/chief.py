"""The chief of a parallel search, which gives trials to workers on this or other machines."""

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
from keras_wgan.tuning.worker import ADDRESS, LOCAL, POLL_SECONDS, PORT, WORKER

LOOPBACK = "127.0.0.1"
COMMAND = [sys.executable, "-c", "from keras_wgan.cli.app import main; main()", "resume"]
SHUTDOWN_SECONDS = 10.0  # in which the last workers learn that the search is over
MAX_DEATHS = 3  # workers that may die in one trial before it counts as failed

Report = Callable[[str], object]  # called with a line about a trial or a worker


def serve(oracle: ResumableOracle, report: Report) -> None:
    """Gives the trials of a search to workers on any host until all have ended."""
    address = f"{os.environ[ADDRESS]}:{os.environ[PORT]}"
    with _serving(oracle, address) as servicer, GracefulInterrupt() as ctrl_c:
        report(f"Handing out trials at {address} ...")
        while not (servicer.stop_triggered or oracle.is_over):
            _poll(servicer, ctrl_c, report)
        end = time.monotonic() + SHUTDOWN_SECONDS
        while oracle.tuner_ids and time.monotonic() < end:
            _poll(servicer, ctrl_c, report)


def run_workers(oracle: ResumableOracle, folder: Path, count: int, report: Report) -> None:
    """Runs the trials of a search in worker processes on this machine.

    A worker that dies is restarted and its trial run again; a trial in which three workers die has
    failed. The output of a worker is in `worker-1.log` in the folder. No worker outlives the call.
    """
    deaths = collections.Counter[str]()
    with _serving(oracle, f"{LOOPBACK}:0") as servicer, GracefulInterrupt() as ctrl_c:
        workers = [_Worker(f"worker-{k + 1}", folder, servicer.port) for k in range(count)]
        try:
            while not oracle.is_over and oracle.cause is None:
                if _poll(servicer, ctrl_c, report):
                    deaths.pop("", None)
                for worker in workers:
                    if worker.process.poll():
                        report(_count_death(worker, oracle, deaths))
                        worker.kill()
                        worker.start()
                if all(worker.process.poll() == 0 for worker in workers):
                    break  # the space has no more settings to try
            _poll(servicer, ctrl_c, report)
            if oracle.cause is None:
                _wait_for(workers)
        finally:
            for worker in workers:
                worker.kill()


def _poll(servicer: "_Servicer", ctrl_c: GracefulInterrupt, report: Report) -> bool:
    """Waits briefly, reports the trials that have ended, and returns whether there were any."""
    time.sleep(POLL_SECONDS)
    if ctrl_c.asked:
        raise KeyboardInterrupt
    if servicer.error is not None:
        raise servicer.error
    lines = servicer.new_lines()
    for line in lines:
        report(line)
    return bool(lines)


def _count_death(
    worker: "_Worker", oracle: ResumableOracle, deaths: collections.Counter[str]
) -> str:
    """Counts a worker's death, fails a trial with too many, and returns a line about it."""
    trial = oracle.ongoing_trials.get(worker.name)
    key = "" if trial is None else trial.trial_id
    deaths[key] += 1
    how = f"{worker.name} ended with {worker.exit_reason()} (see {worker.log})"
    if deaths[key] < MAX_DEATHS:
        return f"{how} and is started again."
    if trial is None:
        raise WorkerError(f"{how}, {MAX_DEATHS} times, before it had a trial.")
    trial.status, trial.message = "FAILED", f"failed: {MAX_DEATHS} workers died in it; {how}"
    oracle.end_trial(trial)
    return f"{how}. Trial {key} has failed, because {MAX_DEATHS} workers died in it."


def _wait_for(workers: "list[_Worker]") -> None:
    end = time.monotonic() + SHUTDOWN_SECONDS
    while any(worker.process.poll() is None for worker in workers) and time.monotonic() < end:
        time.sleep(POLL_SECONDS)


class _Servicer(OracleServicer):
    """KerasTuner's server, which also notes heartbeats, and errors for the main thread."""

    def __init__(self, oracle: ResumableOracle) -> None:
        super().__init__(oracle)
        self.port = 0
        self.error: Exception | None = None
        self.reported = len(oracle.end_order)

    def CreateTrial(self, request: Any, context: Any) -> Any:
        with self._noting_errors():
            return super().CreateTrial(request, context)

    def UpdateTrial(self, request: Any, context: Any) -> Any:
        with self._noting_errors():
            return super().UpdateTrial(request, context)

    def EndTrial(self, request: Any, context: Any) -> Any:
        with self._noting_errors():
            return super().EndTrial(request, context)

    def GetTrial(self, request: Any, context: Any) -> Any:
        """Notes a heartbeat: a worker asks for a trial while it runs it."""
        self.oracle.heartbeats[request.trial_id] = time.monotonic()
        return super().GetTrial(request, context)

    def new_lines(self) -> list[str]:
        """Returns a line for each trial that has ended since the last call."""
        ended = self.oracle.end_order[self.reported :]  # another thread adds to it
        self.reported += len(ended)
        return [self.oracle.line_about(trial) for trial in ended]

    @contextmanager
    def _noting_errors(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self.error = error  # KerasTuner never releases its lock now: nothing may wait for it
            raise


@contextmanager
def _serving(oracle: ResumableOracle, address: str) -> Iterator[_Servicer]:
    oracle.verbose = 0  # one line for each trial instead of KerasTuner's tables
    servicer = _Servicer(oracle)
    # KerasTuner's oracle relies on one thread. Two chiefs must not share a port unnoticed.
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=1), options=[("grpc.so_reuseport", 0)]
    )
    protos.get_service_grpc().add_OracleServicer_to_server(servicer, server)
    try:
        servicer.port = server.add_insecure_port(address)
    except RuntimeError as error:
        raise FileAccessError(
            f"The chief cannot listen at {address}: another one may run there. Set {PORT} to a "
            "free port, for the workers too."
        ) from error
    server.start()
    try:
        yield servicer
    finally:
        server.stop(grace=None).wait()


class _Worker:
    """A process that runs trials and exits with the chief."""

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
            LOCAL: "1",
        }
        self.start()

    def start(self) -> None:
        """Starts the process, for the first time or again."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*COMMAND, str(self.folder)],
                stdin=subprocess.PIPE,  # never written to; closed by the system when the chief ends
                stdout=log,
                stderr=log,
                env=self.environment,
                start_new_session=True,  # only the chief gets the terminal's Ctrl-C
            )

    def exit_reason(self) -> str:
        code = self.process.returncode
        return signal.Signals(-code).name if code < 0 else f"exit status {code}"

    def kill(self) -> None:
        """Kills the process if it still runs; its trial is then unfinished."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdin is not None
        self.process.stdin.close()
