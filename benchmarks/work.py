"""The time of a training step over the batch size and over the width of the networks."""

import statistics
from collections.abc import Mapping
from typing import Any

import tensorflow as tf
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from benchmarks.cases import Case, Effort, default, of_width
from benchmarks.matrix import step_flops
from benchmarks.step import fitting
from benchmarks.tables import Table
from benchmarks.timing import Round, Seconds, in_turn
from keras_wgan.report.plots.style import GENERATED, REAL, add_legend, dress, new_figure

IMAGES, RETURNS = "mnist", "sp500"
WIDTH, BATCH = 32, 128  # of the recipe mnist
Sizes = tuple[tuple[int, ...], tuple[int, ...], int, int]
SIZES: dict[Effort, Sizes] = {  # batches, widths, samples a round, rounds
    "quick": ((2,), (2,), 2, 1),
    "usual": ((32, 64, 128, 256, 512, 1024), (16, 32, 64, 128), 2048, 5),
    "large": ((32, 64, 128, 256, 512, 1024), (16, 32, 64, 128, 256), 4096, 10),
}


def measure(effort: Effort) -> list[Table]:
    """Returns times over the batch and over the width, with a picture."""
    batches, widths, samples, rounds = SIZES[effort]
    kinds = {IMAGES: of_width(WIDTH), RETURNS: default("returns")}
    if effort == "quick":
        kinds = {IMAGES: of_width(widths[0])}
    by_batch = {
        name: in_turn(
            {str(size): training(Case(recipe, size, samples // size)) for size in batches}, rounds
        )
        for name, recipe in kinds.items()
    }
    batch = batches[0] if effort == "quick" else BATCH
    cases = {str(width): Case(of_width(width), batch, samples // batch) for width in widths}
    by_width = in_turn({width: training(case) for width, case in cases.items()}, rounds)
    counts = {width: step_flops(case.model(), batch) for width, case in cases.items()}
    heading = f"medians of {rounds} rounds of {samples:,} samples, in turn"
    return [
        Table(
            f"A step over the batch ({heading})",
            [row for name, seconds in by_batch.items() for row in batch_rows(name, seconds)],
            picture=work_picture(by_batch, by_width),
        ),
        Table(
            f"A step of {IMAGES} over the width, batch {batch} ({heading})",
            width_rows(by_width, counts),
            ["The width counts the critic's first channels; work grows with its square."],
        ),
    ]


def training(case: Case) -> Round:
    """Returns a round of `fit` on data in memory."""
    data = tf.data.Dataset.from_tensor_slices(case.samples()).batch(case.batch).cache()
    return fitting(case.model(), data, case.steps)


def batch_rows(name: str, seconds: Seconds) -> list[dict[str, Any]]:
    """Returns a row a batch size: its step, and a sample's time over that in the largest batch."""
    samples = {size: statistics.median(taken) / int(size) for size, taken in seconds.items()}
    largest = samples[max(samples, key=int)]
    return [
        {
            "recipe": name,
            "batch": int(size),
            "ms": 1e3 * statistics.median(seconds[size]),
            "us a sample": 1e6 * sample,
            "over the largest batch's": sample / largest,
        }
        for size, sample in samples.items()
    ]


def width_rows(seconds: Seconds, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Returns a row a width: its step, its matrix products, and their rate."""
    return [
        {
            "width": int(width),
            "ms": 1e3 * statistics.median(taken),
            "GFLOP a step": counts[width] / 1e9,
            "GFLOP/s": counts[width] / 1e9 / statistics.median(taken),
        }
        for width, taken in seconds.items()
    ]


def work_picture(by_batch: Mapping[str, Seconds], by_width: Seconds) -> Figure:
    """Returns step times over batch and width on logarithmic axes, where a line is a power."""
    figure = new_figure(9, 3.8)
    over_batch, over_width = figure.subplots(1, 2)
    for (name, seconds), color in zip(by_batch.items(), (REAL, GENERATED), strict=False):
        _line(over_batch, name, seconds, color)
    _line(over_width, IMAGES, by_width, REAL)
    dress(over_batch, title="Time over batch", x="samples in a step", y="ms a step")
    dress(over_width, title="Time over width", x="channels", y="ms a step")
    for axes in (over_batch, over_width):
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter("{x:,.0f}")
        axes.yaxis.set_minor_formatter(NullFormatter())
        add_legend(axes)
    return figure


def _line(axes: Any, name: str, seconds: Seconds, color: str) -> None:
    medians = [1e3 * statistics.median(taken) for taken in seconds.values()]
    axes.plot([int(size) for size in seconds], medians, "o-", color=color, label=name)
