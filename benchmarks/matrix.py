"""The rate of matrix products in a training step, as a share of the machine's own rate."""

import statistics
from typing import Any

import tensorflow as tf

from benchmarks.cases import Case, Effort, of_width
from benchmarks.flops import matrix_flops
from benchmarks.step import fitting
from benchmarks.tables import Table
from benchmarks.timing import Round, in_turn, timed

WIDTH = 32  # of the recipe mnist
TARGETS = {"float32": ">= 0.50", "bfloat16": ">= 0.20"}
SIZES: dict[Effort, tuple[int, int, int, int, int]] = {  # matrix, width, batch, steps, rounds
    "quick": (64, 4, 2, 1, 1),
    "usual": (2048, WIDTH, 256, 3, 10),
    "large": (4096, WIDTH, 1024, 3, 10),
}


def measure(effort: Effort) -> list[Table]:
    """Returns both rates, the count of a step, and the share of the rate that it reaches."""
    size, width, batch, steps, rounds = SIZES[effort]
    contenders: dict[str, Round] = {}
    counts = {}
    dtypes = ["float32"] if effort == "quick" else list(TARGETS)
    for dtype in dtypes:
        case = Case(of_width(width, dtype), batch, steps)
        model = case.model()
        data = tf.data.Dataset.from_tensor_slices(case.samples()).batch(batch, drop_remainder=True)
        counts[dtype] = step_flops(model, batch)
        contenders[f"step {dtype}"] = fitting(model, data.cache(), steps)
        contenders[f"product {dtype}"] = products(size, dtype, steps)
    seconds = in_turn(contenders, rounds)
    rows = [
        share_row(dtype, counts[dtype], seconds[f"step {dtype}"], seconds[f"product {dtype}"], size)
        for dtype in dtypes
    ]
    heading = (
        f"A step of mnist (width {width}, batch {batch}) against products of {size} x {size} "
        f"matrices (medians of {rounds} rounds, in turn)"
    )
    return [Table(heading, rows, ["GFLOP of a step: its matrix products and convolutions alone."])]


def products(size: int, dtype: str, steps: int) -> Round:
    """Returns a round of products of two square matrices."""
    pair = [tf.cast(tf.random.stateless_normal((size, size), (1, i)), dtype) for i in (1, 2)]
    product = tf.function(lambda a, b: tf.matmul(a, b))

    def work() -> None:
        for _ in range(steps):
            made = product(*pair)
        made.numpy()

    return timed(work, steps)


def step_flops(model: Any, batch: int) -> int:
    """Returns the number of operations of a training step."""
    shape = (batch, *model.generator.output_shape[1:])
    traced = tf.function(model.train_step).get_concrete_function(tf.TensorSpec(shape, tf.float32))
    return matrix_flops(traced)


def share_row(
    dtype: str, flops: int, step: list[float], product: list[float], size: int
) -> dict[str, Any]:
    """Returns a row: a step's rate of operations over that of the product, round by round."""
    rates = [flops / taken / 1e9 for taken in step]
    limits = [2 * size**3 / taken / 1e9 for taken in product]
    shares = [rate / limit for rate, limit in zip(rates, limits, strict=True)]
    return {
        "dtype": dtype,
        "GFLOP a step": flops / 1e9,
        "step, GFLOP/s": statistics.median(rates),
        "product, GFLOP/s": statistics.median(limits),
        "share": statistics.median(shares),
        "lowest": min(shares),
        "highest": max(shares),
        "target": TARGETS[dtype],
    }
