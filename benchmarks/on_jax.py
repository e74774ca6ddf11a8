"""The time of a training step on JAX and on PyTorch, against TensorFlow.

Each backend runs in a separate process, because Keras fixes it at import.
"""

import contextlib

from benchmarks.cases import Case, Effort, classic, default
from benchmarks.child import start_all
from benchmarks.tables import Table
from benchmarks.timing import Round, in_turn, ratio_row, time_row, timed
from keras_wgan.experiments.recipes import Recipe

UNOPTIMIZED = {"XLA_FLAGS": "--xla_backend_optimization_level=0"}  # the smoke run compiles only
MAKER, VARIABLE = "benchmarks.on_jax:contender", "KERAS_BACKEND"
TENSORFLOW, JAX, TORCH = "tensorflow", "jax", "torch"
TARGETS = {JAX: "<= 3", TORCH: ""}
WIDE = "mnist: at classic widths, and in bfloat16 if the backend is fast with it."
SIZES: dict[Effort, tuple[dict[str, int], tuple[str, ...], int, int]] = {
    # batch by recipe, backends, steps a round, rounds
    "quick": ({"sp500-classic": 2}, (TENSORFLOW, JAX), 1, 1),
    "usual": (
        {"mnist-classic": 64, "mnist": 64, "sp500-classic": 256, "sp500": 256},
        (TENSORFLOW, JAX, TORCH),
        8,
        5,
    ),
    "large": (
        {"mnist-classic": 256, "mnist": 256, "sp500-classic": 256, "sp500": 1024},
        (TENSORFLOW, JAX, TORCH),
        8,
        5,
    ),
}


def measure(effort: Effort) -> list[Table]:
    """Returns times and ratios of the backends, each recipe's in turn."""
    batches, backends, steps, rounds = SIZES[effort]
    flags = UNOPTIMIZED if effort == "quick" else {}
    times, compared, notes = [], [], [WIDE] if "mnist" in batches else []
    for name, batch in batches.items():
        where = {"recipe": name, "batch": batch}
        arguments = {"name": name, "batch": batch, "steps": steps}
        asked = {each: (MAKER, arguments, {**flags, VARIABLE: each}) for each in backends}
        with contextlib.ExitStack() as stack:
            contenders, failed = start_all(stack, asked)
            seconds = in_turn(contenders, rounds)
        notes += [f"{name}, batch {batch}: {each}" for each in failed]
        times += [{**where, **time_row(each, found)} for each, found in seconds.items()]
        compared += [
            {**where, **ratio_row(seconds, each, TENSORFLOW, TARGETS[each])}
            for each in seconds
            if each != TENSORFLOW and TENSORFLOW in seconds
        ]
    heading = f"median of {rounds} rounds of {steps} steps, in turn, a process each"
    return [
        Table(f"Milliseconds a training step by backend ({heading})", times, notes),
        Table("Ratios, round by round", compared),
    ]


def contender(name: str, batch: int, steps: int) -> Round:
    """Returns a round of `fit` on the backend that this process has."""
    case = Case(recipe_of(name), batch, steps)
    model, data = case.model(), case.samples()
    return timed(lambda: model.fit(data, batch_size=batch, shuffle=False, verbose=0), steps)


def recipe_of(name: str) -> Recipe:
    """Returns a recipe by its name; `mnist` at classic widths."""
    kind = "images" if name.startswith("mnist") else "returns"
    return classic(kind) if name.endswith("classic") else default(kind)
