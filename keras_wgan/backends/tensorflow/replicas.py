"""Training steps that TensorFlow splits over replicas, equal to steps on one device.

Under a `tf.distribute` strategy each replica runs the step on its own rows of the batch, and Keras
adds the replicas' gradients up. The result equals that of the whole batch on one device, because

1. a replica's loss is weighted by its share of the rows, or of their weights, so that the sum is
   the mean of all rows;
2. noise is drawn for the whole batch, from the same seeds everywhere, and a replica takes the rows
   of its samples; a draw of its own would give all replicas the same noise;
3. all replicas take a branch together, because gradients cannot be added up inside one.

Replicas run in threads, so the rows of each are kept by thread. Without a strategy there is nothing
to add up, and `as_one` keeps Keras from doing it anyway.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import tensorflow as tf

from keras_wgan._batch import split
from keras_wgan._tensor import Tensor

MIRRORED = (tf.distribute.MirroredStrategy, tf.distribute.MultiWorkerMirroredStrategy)
TOO_FEW = (
    "A batch has fewer samples than there are devices. Drop the last batch, or fill it up with "
    "`keras_wgan.data.batches.ShuffledBatches(..., devices=...)`."
)


class Part(NamedTuple):
    """The rows of a replica: the first one, their number in the whole batch, and their share."""

    first: Tensor
    whole: Tensor
    share: Tensor


_HERE = threading.local()


@contextlib.contextmanager
def part_of_batch(data: Any) -> Iterator[None]:
    """Exchanges the number of rows between replicas, for the time of a step."""
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    if replicas == 1:
        yield
        return
    context = tf.distribute.get_replica_context()
    number = context.replica_id_in_sync_group
    own = tf.cast(tf.shape(tf.nest.flatten(data)[0])[0], "float32")
    rows = context.all_reduce(tf.distribute.ReduceOp.SUM, tf.one_hot(number, replicas) * own)
    tf.debugging.assert_positive(rows, TOO_FEW)
    before, whole = tf.reduce_sum(rows[:number]), tf.reduce_sum(rows)
    share, weight = own / whole, split(data)[2]
    if weight is not None:
        counted = tf.reduce_sum(tf.cast(weight, "float32"))
        share = tf.math.divide_no_nan(
            counted, context.all_reduce(tf.distribute.ReduceOp.SUM, counted)
        )
    with _known(Part(tf.cast(before, "int32"), tf.cast(whole, "int32"), share)):
        yield


def as_one(step: Callable[[], Any]) -> Any:
    """Runs a step; without a strategy it runs outside of any replica context.

    Keras' optimizers add gradients up even over a single replica, through a `tf.custom_gradient`,
    and TensorFlow registers each of these for good, with the graph around it: every model that was
    ever trained would stay in memory (2.7 MiB of a tiny one; `tests/long/test_soaking.py`).
    """
    if tf.distribute.has_strategy():
        return step()
    return tf.distribute.get_replica_context().merge_call(lambda _: step())


def shared(loss: Tensor) -> Tensor:
    """Returns a replica's part of the whole batch's loss; the parts add up to it."""
    part = _part()
    return loss if part is None else loss * part.share


def shard_rows(count: Tensor, draw: Callable[[Tensor], Tensor]) -> Tensor:
    """Draws for the whole batch and returns the replica's `count` rows."""
    part = _part()
    return draw(count) if part is None else draw(part.whole)[part.first : part.first + count]


def branch(condition: Tensor, update: Callable[[], None]) -> None:
    """Runs the update if the condition, which is the same on all replicas, holds."""
    if not isinstance(tf.distribute.get_strategy(), MIRRORED):
        _cond(condition, update)
        return
    part = _part()

    def with_part() -> None:  # in a thread of its own
        with _known(part):
            update()

    def on_all(strategy: tf.distribute.Strategy, condition: Any, updates: Any) -> None:
        def run() -> None:
            strategy.extended.call_for_each_replica(lambda update: update(), args=(updates,))

        _cond(strategy.experimental_local_results(condition)[0], run)

    tf.distribute.get_replica_context().merge_call(on_all, args=(condition, with_part))


def same_on_every_worker(logs: dict[str, Tensor]) -> dict[str, Tensor]:
    """Returns logs with a first axis, which Keras expects where it averages over workers."""
    if isinstance(tf.distribute.get_strategy(), tf.distribute.MultiWorkerMirroredStrategy):
        return {name: tf.reshape(value, (1,)) for name, value in logs.items()}
    return logs


def _part() -> Part | None:
    return getattr(_HERE, "part", None)


@contextlib.contextmanager
def _known(part: Part | None) -> Iterator[None]:
    before, _HERE.part = _part(), part
    try:
        yield
    finally:
        _HERE.part = before


def _cond(condition: Tensor, update: Callable[[], None]) -> None:
    def run() -> Tensor:
        update()
        return tf.constant(True)

    tf.cond(condition, run, lambda: tf.constant(False))
