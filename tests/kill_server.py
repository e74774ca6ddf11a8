"""Starts the command line over and over, each time in a process of its own that can be killed.

Loading a backend takes seconds, so it is loaded once, and each start is a fork. Nothing of the
backend runs before the fork. A line on standard input is a command line as JSON; the answer is the
process id, and after the process has ended a second line with its exit status.

    python tests/kill_server.py
"""

import json
import os
import signal
import sys
from unittest import mock

from keras_wgan import cli, fitting, keeping, recipes, training

import tiny_recipes


def small():
    """Offers a tiny recipe that saves after every epoch, so that a kill likely comes amid a save.

    What comes after training is left out: it takes longer than all epochs, and changes no state.
    """
    recipe = tiny_recipes.RETURNS.with_settings(
        {"final_rate": 0.2, "ema_momentum": 0.9, "critic_steps": 2}
    )
    patches = [
        (recipes, "RECIPES", (recipe,)),
        (keeping, "SECONDS_BETWEEN_SAVES", 0),
        (fitting, "SCORES_IN_A_RUN", 20),
        (fitting, "SCORED", 100),
        (training, "evaluate", lambda *_, **__: ([], [])),
    ]
    for place, name, value in patches:
        mock.patch.object(place, name, value).start()


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
    for line in sys.stdin:
        child = os.fork()
        if not child:
            run(json.loads(line))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
