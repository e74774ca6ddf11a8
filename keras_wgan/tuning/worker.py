"""A worker's part in a parallel search: its role, its connection to the chief, its heartbeat."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import grpc
from keras_tuner.src import protos

from keras_wgan.errors import InvalidInputError, ServiceError

WORKER, ADDRESS, PORT = "KERASTUNER_TUNER_ID", "KERASTUNER_ORACLE_IP", "KERASTUNER_ORACLE_PORT"
LOCAL = "KERAS_WGAN_STARTED_BY_CHIEF"  # set for workers that a chief starts on its own machine

HEARTBEAT_SECONDS = 5.0
POLL_SECONDS = 0.2
CONNECT_SECONDS = 300.0  # the chief reads its data before it answers
# Retries a call whose chief disappears during it; later calls wait until the chief is back.
RETRY = (
    '{"methodConfig": [{"name": [{}], "retryPolicy": {"maxAttempts": 5, "initialBackoff": "0.2s", '
    '"maxBackoff": "5s", "backoffMultiplier": 3, "retryableStatusCodes": ["UNAVAILABLE"]}}]}'
)


def role() -> Literal["alone", "chief", "worker"]:
    """Returns the role that KerasTuner's environment variables give this process."""
    if ADDRESS not in os.environ:
        return "alone"
    if missing := [name for name in (PORT, WORKER) if name not in os.environ]:
        raise InvalidInputError(
            f"A search on many hosts needs {WORKER}, {ADDRESS} and {PORT}. "
            f"Missing: {', '.join(missing)}. Unset {ADDRESS} to search alone."
        )
    return "chief" if "chief" in os.environ[WORKER] else "worker"


def connect(oracle: Any) -> None:
    """Connects KerasTuner's `OracleClient` to a chief, which may be restarted later."""
    if LOCAL in os.environ:
        threading.Thread(target=_exit_with_chief, daemon=True).start()
    address = f"{os.environ[ADDRESS]}:{os.environ[PORT]}"
    # A proxy for downloads must not be used for the chief.
    options = [("grpc.service_config", RETRY), ("grpc.enable_http_proxy", 0)]
    channel = grpc.insecure_channel(address, options=options)
    print(f"{os.environ[WORKER]} asks the chief at {address} for trials ...")
    try:
        grpc.channel_ready_future(channel).result(timeout=CONNECT_SECONDS)
    except grpc.FutureTimeoutError as error:
        raise ServiceError(
            f"No chief answers at {address} in {CONNECT_SECONDS:g} seconds. Start it first: the "
            f"same command with {WORKER}=chief. Received: {ADDRESS}={os.environ[ADDRESS]}"
        ) from error
    oracle.stub = protos.get_service_grpc().OracleStub(channel)


@contextmanager
def explain_lost_chief() -> Iterator[None]:
    """Turns gRPC's error about a lost connection into one sentence."""
    try:
        yield
    except grpc.RpcError as error:
        raise ServiceError(
            f"The chief no longer answers: {error.code().name}. Start it again with "
            "`keras-wgan resume`, then this worker; no trial is lost."
        ) from error


class Heartbeat:
    """Reports to the chief every few seconds that a trial is still running."""

    def __init__(self, oracle: Any, trial: str) -> None:
        self.oracle, self.trial, self.stopped = oracle, trial, threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """Ends the reports."""
        self.stopped.set()

    def _run(self) -> None:
        while not self.stopped.wait(HEARTBEAT_SECONDS):
            try:
                self.oracle.get_trial(self.trial)
            except grpc.RpcError:
                continue  # the chief is being restarted


def _exit_with_chief() -> None:
    # Returns when the chief's end of the pipe is closed, also by a kill. `sys.stdin.read` would
    # hold a lock that Python needs to exit.
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)
