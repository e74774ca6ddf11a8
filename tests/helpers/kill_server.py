"""A server that starts the command line repeatedly, each time in a process that can be killed.

Loading a backend takes seconds, so it is loaded once, and each start is a fork. Nothing of the
backend runs before the fork. A line of JSON on standard input starts a command line, and the answer
is its process id; or it asks how a process ended, and the answer is its exit status.

    PYTHONPATH=tests python -m helpers.kill_server
"""

import json
import os
import signal
import sys
from unittest import mock

from keras_wgan.cli import app as cli
from keras_wgan.experiments import checkpoint, fit, recipes, training
from keras_wgan.tuning.oracle import ResumableTuner

from helpers import tiny_recipes


def small():
    """Offers a tiny recipe that saves after every epoch, so that a kill likely falls into a save.

    What comes after training is left out: it takes longer than all epochs, and changes no state.
    """
    recipe = tiny_recipes.RETURNS.with_settings(
        {"final_rate": 0.2, "ema_momentum": 0.9, "critic_steps": 2}
    )
    patches = [
        (recipes, "RECIPES", (recipe,)),
        (checkpoint, "SECONDS_BETWEEN_SAVES", 0),
        (fit, "SCORES_IN_A_RUN", 20),
        (fit, "SCORED", 100),
        (training, "evaluate", lambda *_, **__: ([], [])),
        (
            ResumableTuner,
            "on_trial_end",
            noting_the_end(ResumableTuner.on_trial_end),
        ),
    ]
    for place, name, value in patches:
        mock.patch.object(place, name, value).start()


def noting_the_end(method):
    """Lets a worker note each trial that it ran to its end, once the chief has taken that."""

    def on_trial_end(tuner, trial):
        method(tuner, trial)
        with open(f"{tuner.project_dir}/ends.txt", "a") as ends:
            ends.write(f"{trial.trial_id}\n")

    return on_trial_end


def run(arguments):
    """Runs one command line, silently, and ends the process as it would end."""
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    sys.argv = ["keras-wgan", *arguments]
    try:
        cli.main()
        status = 0
    except SystemExit as end:
        status = end.code or 0
    os._exit(status)


def serve():
    """Answers line after line."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's `&` has it ignored
    small()
    ended = {}
    for line in sys.stdin:
        asked = json.loads(line)
        if "start" in asked:
            answer = os.fork()
            if not answer:
                os.environ.update(asked["environment"])
                run(asked["start"])
        else:
            process = asked["process"]
            if process not in ended:
                done, status = os.waitpid(process, 0 if asked["wait"] else os.WNOHANG)
                if done:
                    ended[process] = os.waitstatus_to_exitcode(status)
            answer = ended.get(process)  # None: it still runs
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve()
