"""The simulators that a benchmark of returns compares, by the names on its command line."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from keras_wgan.data import Source, log_returns
from keras_wgan.market import baselines
from keras_wgan.market.baselines import Simulator

TRAINING_HISTORY = "training history"
# Not a moving window of days, which is for forecasts from a state.
BASELINES = (TRAINING_HISTORY, *baselines.BASELINES)
ALL = "baselines"  # their name together


def add_arguments(parser: argparse.ArgumentParser, out: str) -> None:
    """Adds the names of simulators, the prices, the seed and the folder to a command line."""
    known = {name.lower(): name for name in BASELINES}
    parser.add_argument(
        "names",
        nargs="*",
        default=[ALL],
        type=lambda name: known.get(name.lower(), name),
        metavar="NAME",
        help=f"baselines, presets and folders of runs; {ALL}, the default, is all of the first",
    )
    parser.add_argument("--data", default="bundled", help="a file of prices, or bundled")
    parser.add_argument("--seed", type=int, default=0, help="seed of the paths")
    parser.add_argument("--out", type=Path, default=Path(out), help="a folder")


def fitted(names: Sequence[str], history: np.ndarray) -> list[Simulator]:
    """Returns baselines fitted to a history, and the models of runs and presets as trained."""
    chosen = [each for name in names for each in (BASELINES if name == ALL else [name])]
    return [
        baselines.get(name).fit(history) if name in BASELINES else _trained(name) for name in chosen
    ]


def read_returns(data: str) -> "pd.Series[float]":
    """Returns all log returns of a source under their days."""
    return log_returns(Source(data, start="1900-01-01").read().prices).iloc[:, 0]


def _trained(name: str) -> Simulator:
    from keras_wgan.experiments import Run  # which takes seconds to load

    return Run.open(name).simulator()
