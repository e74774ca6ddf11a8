"""Kills a training at random times and compares its result with an uninterrupted one.

The suite kills three times (`test_killed.py`). This command kills twenty times:

    PYTHONPATH=tests python -m long.killing --kills 20
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers.paths import program, program_environment

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGKILL)
# SIGTERM is taken like Ctrl-C while a model trains; before that there is nothing to save.
EXITS = {
    signal.SIGKILL: {-signal.SIGKILL},
    signal.SIGTERM: {130, -signal.SIGTERM},
    signal.SIGINT: {130},
}
SOON = 0.2  # seconds after an epoch is written: about one more epoch and its save
PATIENCE = 120  # seconds for a training to start and to write an epoch
SHORT = ("--start", "2018-01-01", "--end", "2018-12-31", "--seed", "1")


class Server:
    """Talks with `kill_server.py`."""

    def __init__(self):
        self.process = subprocess.Popen(
            program("helpers.kill_server"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=program_environment(TF_DETERMINISTIC_OPS="1"),
        )

    def start(self, *arguments, **environment):
        """Starts a command line; returns the process that can be killed."""
        command = [str(argument) for argument in arguments]
        self.latest = self._ask({"start": command, "environment": environment})
        return self.latest

    def end(self, process=None):
        """Waits until a process, else the latest, has ended; returns its exit status."""
        return self._ask({"process": process or self.latest, "wait": True})

    def runs(self, process):
        """Says whether a process has not ended yet."""
        return self._ask({"process": process, "wait": False}) is None

    def _ask(self, line):
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        """Ends the server, which ends after its last answer."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@dataclass
class Kill:
    """How one kill went: by what, after how many epochs, and whether during a save."""

    number: signal.Signals
    status: int
    epochs: int
    during_a_save: bool


def train(server, folder, epochs):
    """Starts a run, or resumes it."""
    if (folder / "model.keras").exists():
        return server.start("resume", folder)
    shutil.rmtree(folder, ignore_errors=True)  # killed before anything was learned
    return server.start("train", "tiny-returns", *SHORT, "--epochs", epochs, "--out", folder)


def kill_often(server, folder, *, epochs, kills, rng, longest):
    """Kills a training at random times, checks the files it leaves, and lets it end.

    Two of three kills wait until an epoch is written, because starting takes longest. None comes
    so late that too few epochs would be left for those that follow.
    """
    found = []
    for number in range(kills):
        written, enough = _written(folder), epochs * (number + 1) // (kills + 1)
        process = train(server, folder, epochs)
        if number % 3 == 1:
            _wait(server, rng.uniform(0.0, longest), folder, enough)
        else:
            _wait_for_a_write(server, folder, written)
            _wait(server, rng.uniform(0.0, SOON), folder, enough)
        sent = SIGNALS[number % len(SIGNALS)]
        os.kill(process, sent)
        status = server.end()
        assert status in EXITS[sent], f"{sent.name} ended in {status}"
        before = found[-1].epochs if found else 0
        found.append(Kill(sent, status, *look(folder)))
        assert found[-1].epochs >= before, f"epochs were lost: {before}, then {found[-1].epochs}"
    train(server, folder, epochs)
    assert server.end() == 0
    return found


def _wait_for_a_write(server, folder, before):
    end = time.monotonic() + PATIENCE
    while _written(folder) in (before, None):
        assert time.monotonic() < end, f"no epoch was written in {PATIENCE} seconds"
        _look_alive(server)


def _wait(server, seconds, folder, enough):
    end = time.monotonic() + seconds
    while time.monotonic() < end and _rows(folder) < enough:
        _look_alive(server)


def _look_alive(server):
    assert server.runs(server.latest), "the training has ended by itself"
    time.sleep(0.01)


def _written(folder):
    history = folder / "history.csv"
    return history.stat().st_mtime_ns if history.exists() else None


def _rows(folder):
    history = folder / "history.csv"
    return len(history.read_text().splitlines()) - 1 if history.exists() else 0


def look(folder):
    """Asserts that all files are whole; returns the epochs done, and whether a save had begun."""
    begun = list(folder.rglob(".*"))
    for path in folder.rglob("*"):
        if path in begun or path.is_dir():
            continue
        if path.suffix == ".keras":
            assert zipfile.ZipFile(path).testzip() is None, path
        elif path.suffix == ".json":
            json.loads(path.read_text())
        elif path.suffix == ".csv":
            lines = path.read_text().split("\n")
            assert lines[-1] == "" and len({line.count(",") for line in lines[:-1]}) == 1, path
        else:
            assert path.read_bytes()[:4] == b"\x89PNG" and path.read_bytes()[-8:-4] == b"IEND", path
    return epochs_of(folder), bool(begun)


def epochs_of(folder):
    """Returns how many epochs' rows there are; the model has as many, or one less."""
    return max(_rows(folder) - 1, 0) if (folder / "model.keras").exists() else 0


def largest_difference(one, other):
    """Returns how far two runs' models and histories are apart, relative to their largest."""
    from keras import ops

    from keras_wgan.experiments.run import Run

    runs = [Run.open(folder) for folder in (one, other)]
    histories = [run.history().to_numpy() for run in runs]
    models = [run.model() for run in runs]
    states = [[*model.variables, *model.optimizer.variables] for model in models]
    pairs = [histories, *zip(*states, strict=True)]
    return max(_apart(*(np.float64(ops.convert_to_numpy(side)) for side in pair)) for pair in pairs)


def _apart(one, other):
    finite = np.isfinite(one)
    assert (finite == np.isfinite(other)).all()
    one, other = one[finite], other[finite]
    return float(np.abs(one - other).max(initial=0.0) / max(np.abs(one).max(initial=0.0), 1e-3))


def main():
    """Kills a training and prints how it went."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=150)
    parser.add_argument("--longest", type=float, default=6.0, help="seconds before a kill")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    rng, server = np.random.default_rng(asked.seed), Server()
    with tempfile.TemporaryDirectory() as folder:
        whole, run = Path(folder) / "whole", Path(folder) / "killed"
        train(server, whole, asked.epochs)
        assert server.end() == 0
        found = kill_often(
            server, run, epochs=asked.epochs, kills=asked.kills, rng=rng, longest=asked.longest
        )
        for kill in found:
            print(
                f"{kill.number.name}: exit {kill.status}, {kill.epochs} epochs kept"
                + ", during a save" * kill.during_a_save
            )
        apart = largest_difference(whole, run)
    server.close()
    count = Counter(kill.number.name for kill in found)
    print(
        f"{len(found)} kills ({', '.join(f'{n} {name}' for name, n in count.items())}), "
        f"{sum(kill.during_a_save for kill in found)} of them during a save; "
        f"no file half-written, no epoch lost;"
        f" the run ended {apart:.1e} from one that was never stopped."
    )


if __name__ == "__main__":
    main()
