"""The time of a training step, against other implementations with the same networks."""

import contextlib
from typing import Any

import tensorflow as tf

from benchmarks.cases import Case, Effort, as_it_comes, classic, default, trainable
from benchmarks.child import start_all
from benchmarks.peers.own_train_step import OwnTrainStep
from benchmarks.peers.plain_tensorflow import plain_step
from benchmarks.tables import Table
from benchmarks.timing import Round, Seconds, in_turn, ratio_row, time_row, timed

MAKER = "benchmarks.peers.plain_torch:contender"
CLASSIC, DEFAULT = "classic, fit()", "default, fit()"
OWN_WIDTHS = "default at its own widths, fit()"
PLAIN, OWN = "plain TensorFlow loop", "own train_step, fit()"
TORCH = {
    "": "PyTorch, eager",
    "networks": "PyTorch, networks compiled",
    "step": "PyTorch, compiled",
}

TARGETS = {"images": "<= 0.30", "returns": "<= 0.50"}  # of the default recipe over the plain loop
SIZES: dict[Effort, dict[str, tuple[int, ...]]] = {
    "quick": {"returns": (2,)},
    "usual": {"images": (64, 256), "returns": (64, 256, 1024)},
    "large": {"images": (64, 256, 1024), "returns": (64, 256, 1024)},
}
# Samples a round, so that it lasts a second or more and a call of `fit` weighs little in it.
SAMPLES, MIN_STEPS, ROUNDS = {"images": 1024, "returns": 4096}, 3, 10


def measure(effort: Effort) -> list[Table]:
    """Returns the times of a step, and their ratios with targets."""
    rounds = 1 if effort == "quick" else ROUNDS
    times, compared, notes = [], [], []
    for kind, batches in SIZES[effort].items():
        for batch in batches:
            where = {"networks": kind, "batch": batch}
            steps = 1 if effort == "quick" else max(MIN_STEPS, SAMPLES[kind] // batch)
            seconds, failed = compare(kind, batch, steps, rounds, effort)
            times += [{**where, **time_row(name, found)} for name, found in seconds.items()]
            compared += [{**where, **row} for row in ratio_rows(kind, seconds)]
            notes += [f"{kind}, batch {batch}: {each}" for each in failed]
    return [
        Table(f"Milliseconds a training step (median of {rounds} rounds, in turn)", times, notes),
        Table("Ratios of the step times, round by round", compared),
    ]


def compare(
    kind: str, batch: int, steps: int, rounds: int, effort: Effort
) -> tuple[Seconds, list[str]]:
    """Returns the seconds a step of each contender, and the errors of those that failed."""
    case = Case(classic(kind), batch, steps)
    data = tf.data.Dataset.from_tensor_slices(case.samples()).batch(batch).cache().prefetch(2)
    contenders: dict[str, Round] = {
        CLASSIC: fitting(case.model(), data, steps),
        PLAIN: plain_loop(case, data),
        OWN: own_train_step(case, data),
    }
    if effort != "quick":
        contenders[DEFAULT] = fitting(Case(default(kind), batch, steps).model(), data, steps)
    if effort != "quick" and kind == "images":  # the default of returns is at its own as it is
        contenders[OWN_WIDTHS] = fitting(Case(as_it_comes(kind), batch, steps).model(), data, steps)
    generator, critic = case.networks()
    arguments = {
        "kind": kind,
        "batch": batch,
        "steps": steps,
        # The smoke run goes through everything but the compiler for C++, which takes a minute.
        "compiler": "aot_eager" if effort == "quick" else "inductor",
        "parameters": [trainable(generator), trainable(critic)],
    }
    ways = ["", "step"] if effort == "quick" else list(TORCH)
    asked = {TORCH[way]: (MAKER, {**arguments, "compiled": way}, {}) for way in ways}
    with contextlib.ExitStack() as stack:
        others, failed = start_all(stack, asked)
        return in_turn(contenders | others, rounds), failed


def fitting(model: Any, data: tf.data.Dataset, steps: int) -> Round:
    """Returns a round of `fit` over the data."""
    return timed(lambda: model.fit(data, shuffle=False, verbose=0), steps)


def plain_loop(case: Case, data: tf.data.Dataset) -> Round:
    """Returns a round of the plain TensorFlow loop."""
    step = plain_step(*case.networks(), case.batch, case.recipe.settings.latent_size)

    def work() -> None:
        for real in data:
            losses = step(real)
        float(losses[0])

    return timed(work, case.steps)


def own_train_step(case: Case, data: tf.data.Dataset) -> Round:
    """Returns a round of `fit` of a model with its own `train_step`."""
    model = OwnTrainStep(*case.networks(), case.recipe.settings.latent_size)
    return fitting(model, data, case.steps)


def ratio_rows(kind: str, seconds: Seconds) -> list[dict[str, Any]]:
    """Returns the ratios of the contenders that ran."""
    pairs = [(CLASSIC, PLAIN, "<= 1.00"), (DEFAULT, PLAIN, TARGETS[kind])]
    pairs += [(OWN_WIDTHS, PLAIN, ""), (CLASSIC, OWN, "")]
    pairs += [(CLASSIC, name, "<= 0.70") for name in TORCH.values()]
    return [ratio_row(seconds, *pair) for pair in pairs if {*pair[:2]} <= set(seconds)]
