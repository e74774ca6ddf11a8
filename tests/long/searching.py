"""Kills the processes of a parallel search at random, and counts lost and repeated trials.

The suite kills a few times (`tuning/test_worker.py`); this program kills twenty times:

    PYTHONPATH=tests python -m long.searching --kills 20
"""

import argparse
import json
import os
import signal
import socket
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

from long.killing import SHORT, Server

PATIENCE = 600  # seconds for a search to do anything at all, on a machine that others share


class Crew:
    """A chief and its workers, each a process that can be killed and started again.

    Args:
        server: What starts them.
        folder: Of the search.
        trials: How many.
    """

    def __init__(self, server, folder, trials):
        self.server, self.folder = server, folder
        self.command = ["tune", "tiny-returns", *SHORT, "--epochs", "1", "--trials", trials]
        self.command += ["--out", folder]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        self.processes = {}

    def start(self, *names):
        """Starts processes under these names, again where they were before."""
        for name in names:
            self.processes[name] = self.server.start(
                *self.command,
                KERASTUNER_TUNER_ID=name,
                KERASTUNER_ORACLE_IP="127.0.0.1",
                KERASTUNER_ORACLE_PORT=self.port,
            )

    def kill(self, name):
        """Kills one, at whatever it is doing."""
        assert self.server.runs(self.processes[name]), f"{name} has ended by itself"
        os.kill(self.processes[name], signal.SIGKILL)
        assert self.server.end(self.processes.pop(name)) == -signal.SIGKILL

    def ends(self):
        """Returns the exit statuses of all that were not killed."""
        return {name: self.server.end(process) for name, process in self.processes.items()}

    def wait(self, done):
        """Waits until `done(crew)` holds."""
        end = time.monotonic() + PATIENCE
        while not done(self):
            assert time.monotonic() < end, "the search makes no progress"
            time.sleep(0.02)

    def statuses(self):
        """Returns the status of each trial that has begun."""
        files = self.folder.glob("trial_*/trial.json")
        return {path.parent.name: json.loads(path.read_text())["status"] for path in files}

    def ended(self):
        """Returns how many trials have ended."""
        return sum(status != "RUNNING" for status in self.statuses().values())

    def running(self, worker):
        """Returns the trial that a worker runs, or None."""
        path = self.folder / "oracle.json"
        number = (
            json.loads(path.read_text())["ongoing_trials"].get(worker) if path.exists() else None
        )
        return number if number and self.statuses()[f"trial_{number}"] == "RUNNING" else None

    def run_to_the_end(self):
        """Returns how often workers ran each trial to its end."""
        return Counter((self.folder / "ends.txt").read_text().split())


def main():
    """Kills chiefs and workers and prints how it went."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--longest", type=float, default=2.0, help="seconds before a kill")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    rng, server = np.random.default_rng(asked.seed), Server()
    killed = Counter()
    with tempfile.TemporaryDirectory() as place:
        crew = Crew(server, Path(place) / "search", asked.trials)
        crew.start("chief", "worker-1", "worker-2")
        for number in range(asked.kills):
            before = crew.ended()
            crew.wait(lambda crew, before=before: crew.ended() > before)
            time.sleep(rng.uniform(0.0, asked.longest))
            name = ("worker-1", "chief", "worker-2")[number % 3]
            crew.kill(name)
            crew.start(name)
            killed[name.partition("-")[0]] += 1
            print(f"{name} killed after {crew.ended()} trials", flush=True)
        crew.wait(lambda crew: crew.running("worker-2"))
        crew.kill("worker-2")  # and never replaced
        assert crew.ends() == {"chief": 0, "worker-1": 0}
        runs, statuses = crew.run_to_the_end(), crew.statuses()
    server.close()
    assert len(statuses) == asked.trials and set(statuses.values()) == {"COMPLETED"}, statuses
    twice = sum(count > 1 for count in runs.values())
    print(
        f"{killed['worker']} workers and {killed['chief']} chiefs killed (SIGKILL) and replaced, "
        f"one worker more and never replaced; all {asked.trials} trials ended, {twice} were run "
        "twice to their end."
    )


if __name__ == "__main__":
    main()
