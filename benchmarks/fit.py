"""The time that `fit()` and the data pipeline add to the compiled step."""

import itertools

import tensorflow as tf

from benchmarks.cases import Case, Effort, classic
from benchmarks.tables import Table
from benchmarks.timing import in_turn, ratio_row, time_row, timed
from keras_wgan.data.batches import ShuffledBatches

FIT, BATCHES, BARE = "fit(), data in memory", "fit(), ShuffledBatches", "bare loop, data in memory"
TUNED = "fit(), data in memory, TensorFlow's tuner of data on"
SIZES: dict[Effort, tuple[int, int, int]] = {  # batch, steps a round, rounds
    "quick": (2, 2, 1),
    "usual": (256, 40, 10),
    "large": (256, 200, 10),
}


def measure(effort: Effort) -> list[Table]:
    """Returns the times of one model's step in loops of several kinds, and their ratios."""
    batch, steps, rounds = SIZES[effort]
    case = Case(classic("returns"), batch, steps)
    model, samples = case.model(), case.samples()
    memory = tf.data.Dataset.from_tensors(tf.constant(samples[:batch])).repeat(steps)
    on = tf.data.Options()
    on.autotune.enabled = True
    tuned = memory.with_options(on)
    shuffled = ShuffledBatches(samples, batch_size=batch, seed=1)
    step = tf.function(model.train_step, jit_compile=model.jit_compile)
    real = tf.constant(samples[:batch])

    def bare() -> None:
        for each in itertools.repeat(real, steps):
            logs = step(each)
        float(logs["critic_loss"])

    seconds = in_turn(
        {
            FIT: timed(lambda: model.fit(memory, shuffle=False, verbose=0), steps),
            TUNED: timed(lambda: model.fit(tuned, shuffle=False, verbose=0), steps),
            BATCHES: timed(lambda: model.fit(shuffled, shuffle=False, verbose=0), steps),
            BARE: timed(bare, steps),
        },
        rounds,
    )
    return [
        Table(
            f"Milliseconds a step of sp500-classic, batch {batch}: the same compiled step in four "
            f"loops (median of {rounds} rounds of {steps} steps, in turn)",
            [time_row(name, found) for name, found in seconds.items()],
        ),
        Table(
            "Added time",
            [
                ratio_row(seconds, FIT, BARE, "<= 1.02"),
                ratio_row(seconds, BATCHES, FIT, "<= 1.02"),
                ratio_row(seconds, TUNED, FIT),
            ],
        ),
    ]
