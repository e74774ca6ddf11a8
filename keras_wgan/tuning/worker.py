"""Which part does a process take in a search of many, and how does a worker do its part?"""

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
STARTED_HERE = "KERAS_WGAN_STARTED_BY_CHIEF"  # by a chief on this machine, with whom it ends

BEAT = 5.0  # seconds between two signs of life of a worker
PAUSE = 0.2  # seconds between two looks at what has changed
PATIENCE = 300.0  # seconds for a chief to read its data and answer
# Once more where the chief is gone amid a call; what comes after that waits for it to be back.
RETRY = (
    '{"methodConfig": [{"name": [{}], "retryPolicy": {"maxAttempts": 5, "initialBackoff": "0.2s", '
    '"maxBackoff": "5s", "backoffMultiplier": 3, "retryableStatusCodes": ["UNAVAILABLE"]}}]}'
)


def role() -> Literal["alone", "chief", "worker"]:
    """Returns what KerasTuner's environment variables make of this process.

    Raises:
        ValueError: If some of them are missing.
    """
    if ADDRESS not in os.environ:
        return "alone"
    if missing := [name for name in (PORT, WORKER) if name not in os.environ]:
        raise InvalidInputError(
            f"A search on many hosts needs {WORKER}, {ADDRESS} and {PORT}. "
            f"Missing: {', '.join(missing)}. Unset {ADDRESS} to search alone."
        )
    return "chief" if "chief" in os.environ[WORKER] else "worker"


def join(oracle: Any) -> None:
    """Connects a worker with its chief, so that it stays where the chief is started again.

    Args:
        oracle: KerasTuner's `OracleClient`.

    Raises:
        ConnectionError: If no chief answers.
    """
    if STARTED_HERE in os.environ:
        threading.Thread(target=_end_with_the_chief, daemon=True).start()
    address = f"{os.environ[ADDRESS]}:{os.environ[PORT]}"
    # A proxy for downloads is none for this.
    options = [("grpc.service_config", RETRY), ("grpc.enable_http_proxy", 0)]
    channel = grpc.insecure_channel(address, options=options)
    print(f"{os.environ[WORKER]} asks the chief at {address} for trials ...")
    try:
        grpc.channel_ready_future(channel).result(timeout=PATIENCE)
    except grpc.FutureTimeoutError as error:
        raise ServiceError(
            f"No chief answers at {address} in {PATIENCE:g} seconds. Start it first: the same "
            f"command with {WORKER}=chief. Received: {ADDRESS}={os.environ[ADDRESS]}"
        ) from error
    oracle.stub = protos.get_service_grpc().OracleStub(channel)


@contextmanager
def gone_chief_in_a_sentence() -> Iterator[None]:
    """Says what a lost connection means, where gRPC says it in a paragraph."""
    try:
        yield
    except grpc.RpcError as error:
        raise ServiceError(
            f"The chief does not answer any more: {error.code().name}. Start it again with "
            "`keras-wgan tune --resume`, then this worker; no trial is lost."
        ) from error


class Heartbeat:
    """Tells the chief every few seconds that a trial is still being run.

    Args:
        oracle: KerasTuner's `OracleClient`.
        trial: The trial's id.
    """

    def __init__(self, oracle: Any, trial: str) -> None:
        self.oracle, self.trial, self.over = oracle, trial, threading.Event()
        threading.Thread(target=self._beat, daemon=True).start()

    def end(self) -> None:
        """Stops telling."""
        self.over.set()

    def _beat(self) -> None:
        request = protos.get_service().GetTrialRequest(trial_id=self.trial)
        while not self.over.wait(BEAT):
            try:
                self.oracle.stub.GetTrial(request, timeout=BEAT)
            except grpc.RpcError:
                continue  # a chief that is being started again


def _end_with_the_chief() -> None:
    # Returns when the chief's end of the pipe is closed, also by a kill. `sys.stdin.read` would
    # hold a lock that Python asks for when it ends.
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)
