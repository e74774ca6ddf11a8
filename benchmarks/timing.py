"""Fair timing of several contenders, which take turns round by round.

Within a round, a shared machine or one of changing speed is the same for all contenders. So results
are ratios round by round: their median, the lowest and the highest.
"""

import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Round = Callable[[], float]  # works for a round and returns the seconds of one step
Seconds = dict[str, list[float]]  # a number a round


def timed(work: Callable[[], Any], steps: int = 1) -> Round:
    """Returns a round that does the work and returns the seconds of each of its steps."""

    def one_round() -> float:
        start = time.perf_counter()
        work()
        return (time.perf_counter() - start) / steps

    return one_round


def in_turn(contenders: Mapping[str, Round], rounds: int) -> Seconds:
    """Returns the seconds of each contender by round, after a first round for compilation.

    Every second round runs in reverse order, so that no contender always follows the same one.
    Progress is printed on the error stream.
    """
    for name, one_round in contenders.items():
        print(f"warming up: {name}", file=sys.stderr, flush=True)
        one_round()
    seconds: Seconds = {name: [] for name in contenders}
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        names = list(contenders) if number % 2 == 0 else list(reversed(contenders))
        for name in names:
            seconds[name].append(contenders[name]())
    return seconds


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Returns ours over theirs, round by round."""
    return [a / b for a, b in zip(ours, theirs, strict=True)]


def time_row(what: str, seconds: Sequence[float]) -> dict[str, Any]:
    """Returns a row of milliseconds: the median, the fastest and the slowest round."""
    return {
        "what": what,
        "ms": 1e3 * statistics.median(seconds),
        "fastest": 1e3 * min(seconds),
        "slowest": 1e3 * max(seconds),
    }


def ratio_row(seconds: Seconds, ours: str, theirs: str, target: str = "") -> dict[str, Any]:
    """Returns a row of ratios, ours over theirs: the median, the lowest and the highest round."""
    found = ratios(seconds[ours], seconds[theirs])
    return {
        "ours / theirs": f"{ours} / {theirs}",
        "ratio": statistics.median(found),
        "lowest": min(found),
        "highest": max(found),
        "target": target,
    }
