"""A search shared by many processes, which loses no trial when some of them are killed."""

import inspect
import os
import subprocess
import sys
import time
import types

import grpc
import keras_tuner
import pytest
from keras_tuner.engine.trial import Trial
from keras_tuner.src import protos
from keras_tuner.src.distribute.oracle_client import OracleClient

from keras_wgan.callbacks.interrupt import GracefulInterrupt
from keras_wgan.experiments import recipes
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.tuning import chief
from keras_wgan.tuning import worker as worker_module
from keras_wgan.tuning.hypermodel import NARROW, WGANGPHyperModel
from keras_wgan.tuning.oracle import ResumableOracle
from keras_wgan.tuning.search import tune
from keras_wgan.tuning.search_folder import Search
from keras_wgan.tuning.trials import read_trials

from helpers import tiny_recipes
from helpers.paths import TESTS
from helpers.tiny_recipes import RETURNS, SHORT
from long.killing import Server
from long.searching import Crew

# KerasTuner 1.4.8 asks for its thread by a name that Python is giving up.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:(currentThread|getName):DeprecationWarning"),
]

BARE_WORKER = [sys.executable, str(TESTS / "helpers" / "bare_worker.py")]
ONE_EPOCH = RETURNS.with_settings({"epochs": 1})


def tune_returns(folder, trials=3, workers=2):
    """Searches tiny returns with workers."""
    return tune(
        Search(ExperimentSpec(ONE_EPOCH, SHORT, 0), NARROW, trials), folder, workers=workers
    )


# ---- On many hosts -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server():
    """Returns the server that starts the command line in separate processes."""
    started = Server()
    yield started
    started.close()


def test_a_killed_worker_and_a_killed_chief_lose_no_trial_and_run_none_twice(tmp_path, server):
    folder = tmp_path / "s"
    crew = Crew(server, folder, trials=4)
    crew.start("chief", "worker-1", "worker-2")
    crew.wait(lambda crew: crew.running("worker-1"))
    crew.kill("worker-1")  # in its first trial
    crew.start("worker-1")
    crew.wait(lambda crew: crew.ended() >= 1)
    crew.kill("chief")
    crew.start("chief")
    assert crew.ends() == {"chief": 0, "worker-1": 0, "worker-2": 0}
    trials = read_trials(folder)
    assert [tried.status for tried in trials] == ["done"] * 4
    assert max(crew.run_to_the_end().values()) == 1
    assert (folder / "trials.png").read_bytes()[:4] == b"\x89PNG"
    # The same settings as one process tries, to the last bit.
    alone = ResumableOracle("score", tmp_path / "alone", trials=4, seed=2)  # its --seed + 1
    alone.verbose = 0
    WGANGPHyperModel(ONE_EPOCH, NARROW).settings(space := alone.get_space())
    alone.update_space(space)
    tried_alone = [alone.create_trial(f"worker-{k}").hyperparameters.values for k in range(4)]
    assert [tried.settings for tried in trials] == tried_alone


def test_a_worker_reports_to_the_chief_while_it_runs_a_trial(monkeypatch, tmp_path):
    monkeypatch.setattr(worker_module, "HEARTBEAT_SECONDS", 0.05)
    oracle = ResumableOracle("score", tmp_path / "s", trials=1, seed=1)
    oracle.verbose = 0
    trial = oracle.create_trial("worker-1").trial_id
    with chief._serving(oracle, "127.0.0.1:0") as served:
        monkeypatch.setenv(worker_module.WORKER, "worker-1")
        monkeypatch.setenv(worker_module.ADDRESS, "127.0.0.1")
        monkeypatch.setenv(worker_module.PORT, str(served.port))
        client = OracleClient(oracle)
        worker_module.connect(client)
        before = oracle.heartbeats[trial]
        heartbeat = worker_module.Heartbeat(client, trial)
        end = time.monotonic() + 30
        while oracle.heartbeats[trial] == before and time.monotonic() < end:
            time.sleep(0.01)
        heartbeat.stop()
    assert oracle.heartbeats[trial] > before


@pytest.fixture
def on_many_hosts(monkeypatch):
    """Sets KerasTuner's variables."""
    monkeypatch.setenv(worker_module.WORKER, "worker-1")
    monkeypatch.setenv(worker_module.ADDRESS, "127.0.0.1")
    monkeypatch.setenv(worker_module.PORT, "1")  # no server listens there


def test_an_error_in_an_answer_of_the_chief_reaches_its_main_thread(on_many_hosts, tmp_path):
    class FullDisk(ResumableOracle):
        def save(self):
            raise OSError("No space left on device")

    oracle = FullDisk("score", tmp_path / "s", trials=1, seed=1)
    oracle.verbose = 0
    with chief._serving(oracle, "127.0.0.1:0") as served:
        channel = grpc.insecure_channel(f"127.0.0.1:{served.port}")
        client = OracleClient(oracle)
        client.stub = protos.get_service_grpc().OracleStub(channel)
        with pytest.raises(grpc.RpcError):
            client.create_trial("worker-1")
        with pytest.raises(OSError, match="No space left"):
            chief._poll(served, GracefulInterrupt(), print)


def test_the_client_of_a_worker_calls_the_stub_that_connects_it(on_many_hosts):
    asked = []
    client = OracleClient(None)
    client.stub = types.SimpleNamespace(EndTrial=lambda request, **_: asked.append(request))
    client.end_trial(Trial(keras_tuner.HyperParameters(), trial_id="7"))
    assert [request.trial.trial_id for request in asked] == ["7"]


def test_a_worker_that_finds_no_chief_says_so_in_time(tmp_path, monkeypatch, on_many_hosts):
    monkeypatch.setattr(worker_module, "CONNECT_SECONDS", 0.2)
    with pytest.raises(ConnectionError, match="No chief answers at 127.0.0.1:1 in 0.2 seconds"):
        tune_returns(tmp_path / "s", workers=0)


def test_variables_that_are_missing_are_named(tmp_path, monkeypatch, on_many_hosts):
    monkeypatch.delenv(worker_module.PORT)
    with pytest.raises(ValueError, match="Missing: KERASTUNER_ORACLE_PORT"):
        tune_returns(tmp_path / "s", workers=0)


def test_a_second_chief_at_the_same_port_is_refused(tmp_path):
    oracle = ResumableOracle("score", tmp_path, trials=1, seed=1)
    with (
        chief._serving(oracle, "127.0.0.1:0") as first,
        pytest.raises(OSError, match="cannot listen at"),
        chief._serving(oracle, f"127.0.0.1:{first.port}"),
    ):
        pass


# ---- On this machine ---------------------------------------------------------------------------


@pytest.fixture
def bare_workers(monkeypatch):
    """Replaces real workers by quick ones; returns the function that sets what they do."""
    tiny_recipes.offer(monkeypatch)
    monkeypatch.setattr(chief, "COMMAND", BARE_WORKER)
    return lambda what: monkeypatch.setenv("BARE_WORKER", what)


def test_two_workers_share_a_search_and_one_line_tells_of_each_trial(
    tmp_path, bare_workers, capsys
):
    bare_workers("ends")
    assert tune_returns(tmp_path / "s").score == 1.0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Trial ")]
    assert len(lines) == 3
    assert lines[-1].endswith("[3 of 3]")


def test_a_worker_that_dies_is_replaced_and_its_trial_run_again(tmp_path, bare_workers, capsys):
    bare_workers("dies once")
    assert tune_returns(tmp_path / "s", workers=1).score == 1.0
    assert [tried.status for tried in read_trials(tmp_path / "s")] == ["done"] * 3
    assert "worker-1 ended with SIGKILL" in capsys.readouterr().out


def test_a_trial_that_kills_three_workers_has_failed(tmp_path, bare_workers):
    bare_workers("dies")
    with pytest.raises(ValueError, match="failed: 3 workers died in it; worker-1 ended with SIGK"):
        tune_returns(tmp_path / "s", trials=1, workers=1)
    assert [tried.status for tried in read_trials(tmp_path / "s")] == ["failed"]


def test_workers_that_cannot_even_start_end_the_search(tmp_path, bare_workers):
    bare_workers("fails")
    with pytest.raises(ChildProcessError, match="exit status 2 .*worker-1.log.*before it had a"):
        tune_returns(tmp_path / "s", workers=1)


def test_ctrl_c_ends_the_workers_too(tmp_path, bare_workers, monkeypatch):
    bare_workers("ends")
    started = []
    start = chief._Worker.start

    def start_and_ask_to_stop(worker):
        start(worker)
        started.append(worker.process)
        os.kill(os.getpid(), 2)

    monkeypatch.setattr(chief._Worker, "start", start_and_ask_to_stop)
    with pytest.raises(KeyboardInterrupt):
        tune_returns(tmp_path / "s", workers=1)
    assert started[0].returncode is not None


@pytest.mark.parametrize(("killed", "seconds", "status"), [(True, 60, 1), (False, 0.2, 0)])
def test_a_worker_ends_where_its_chief_was_killed(killed, seconds, status):
    code = (
        "import os, sys, threading, time\n"
        f"{inspect.getsource(worker_module._exit_with_chief)}"
        "threading.Thread(target=_exit_with_chief, daemon=True).start()\n"
        f"time.sleep({seconds})"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as worker:
        if killed:
            worker.stdin.close()  # as the system does then
        assert worker.wait(timeout=30) == status


def test_workers_know_no_recipe_but_the_packages(tmp_path):
    assert "tiny-returns" not in recipes.names()
    with pytest.raises(ValueError, match="know only the recipes of the package"):
        tune_returns(tmp_path / "s")
