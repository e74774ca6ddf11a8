"""Contenders for the benchmarks' child processes that need no library and start at once."""

import itertools
import time


def counting(first):
    """Makes a contender that returns the numbers from `first` on."""
    return itertools.count(first).__next__


def failing():
    """Makes nothing."""
    raise ValueError("\nno networks\nand more of it")


def sleeping(seconds):
    """Makes a contender that takes its time."""
    return lambda: time.sleep(seconds)
