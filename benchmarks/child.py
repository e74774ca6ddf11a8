"""Child processes that run one round of a measurement whenever they are asked.

Keras fixes its backend when it is imported, and libraries in one process share its threads. So
PyTorch and JAX each get a process, which sleeps between its rounds:

    with Child("benchmarks.peers.plain_torch:contender", {"batch": 256}) as child:
        seconds = child.ask()
"""

import contextlib
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[1]


class ChildError(RuntimeError):
    """An error in a child process, with its message."""


class Child:
    """A process that makes a contender and works a round of it at every `ask()`.

    Args:
        maker: `"module:function"`; the function takes the arguments and returns the contender.
        arguments: By name, ready for JSON.
        environment: Variables besides those of this process, such as `KERAS_BACKEND`.

    Raises:
        ChildError: If the contender cannot be made, or fails in its first round.
    """

    def __init__(
        self, maker: str, arguments: dict[str, Any], environment: dict[str, str] | None = None
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.child", maker, json.dumps(arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # an error is an answer
            text=True,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
        )
        try:
            self.first = self._answer()
        except ChildError:
            self.close()
            raise

    def ask(self) -> Any:
        """Returns the result of one round of the contender."""
        assert self._process.stdin is not None
        self._process.stdin.write("again\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise ChildError(f"The process ended with status {self._process.wait()}.")
        answer = json.loads(line)
        if "error" in answer:
            raise ChildError(answer["error"])
        return answer["value"]


def start_all(
    stack: contextlib.ExitStack, asked: Mapping[str, tuple[str, dict[str, Any], dict[str, str]]]
) -> tuple[dict[str, Callable[[], Any]], list[str]]:
    """Starts a child for each name; returns the rounds that run, and the errors of the others."""
    rounds, failed = {}, []
    for name, arguments in asked.items():
        try:
            rounds[name] = stack.enter_context(Child(*arguments)).ask
        except ChildError as error:
            failed.append(f"{name} failed: {error}")
    return rounds, failed


def measured_alone(maker: Callable[..., Callable[[], Any]], arguments: dict[str, Any]) -> Any:
    """Returns the result of one round of a contender in a fresh process."""
    with Child(f"{maker.__module__}:{maker.__name__}", arguments) as child:
        return child.first


def measured_within(
    seconds: float, maker: str, arguments: dict[str, Any], environment: dict[str, str]
) -> Any:
    """Returns the result of one round of a contender in a fresh process.

    Args:
        seconds: After which the process is ended.
        maker: `"module:function"`, as for `Child`.
        arguments: By name, ready for JSON.
        environment: Variables besides those of this process.

    Raises:
        ChildError: If the contender fails, or takes longer.
    """
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "benchmarks.child", maker, json.dumps(arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={**os.environ, **environment},
            timeout=max(seconds, 0.0),
            check=False,  # an error is an answer
        )
    except subprocess.TimeoutExpired as error:
        raise ChildError(f"It did not end within {seconds:.0f} s.") from error
    answer = json.loads(ended.stdout.decode() or "{}")
    if "value" not in answer:
        raise ChildError(answer.get("error", f"The process ended with status {ended.returncode}."))
    return answer["value"]


def main() -> None:
    """Makes the contender, works once, and then once for every line that comes in."""
    # The output of libraries must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    module, name = sys.argv[1].split(":")

    def say(**answer: Any) -> None:
        print(json.dumps(answer), file=answers, flush=True)

    try:
        contender = getattr(importlib.import_module(module), name)(**json.loads(sys.argv[2]))
        say(value=contender())
        for _ in sys.stdin:
            say(value=contender())
    except Exception as error:
        say(error=f"{type(error).__name__}: {first_line(error)}")


def first_line(error: Exception) -> str:
    """Returns the first line of an error that says something."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "")


if __name__ == "__main__":
    main()
