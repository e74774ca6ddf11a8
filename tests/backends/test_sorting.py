"""The days of each asset are sorted alike on every backend, with the right slope."""

import ctypes
import signal
import time

import keras
import numpy as np
import pytest
from keras import ops

from keras_wgan.backends import sorted_columns
from keras_wgan.penalties import QuantilePenalty

from helpers.tiny import table_model

VALUES = np.random.default_rng(0).normal(size=(500, 3)).astype("float32")
on_jax = pytest.mark.skipif(keras.backend.backend() != "jax", reason="XLA's sort is JAX's")


def test_each_column_is_in_ascending_order():
    found = ops.convert_to_numpy(sorted_columns(ops.convert_to_tensor(VALUES)))
    np.testing.assert_array_equal(found, np.sort(VALUES, axis=0))


def test_a_value_has_the_slope_of_its_rank():
    """The mean of w[k] times the k-th smallest value has the slope w[rank] / n."""
    weights = ops.convert_to_tensor(np.arange(500.0, dtype="float32")[:, None])
    slope = _slope_of(lambda x: ops.mean(ops.multiply(sorted_columns(x), weights)), VALUES)
    ranks = np.argsort(np.argsort(VALUES, axis=0), axis=0)
    np.testing.assert_allclose(slope, ranks / VALUES.size, rtol=1e-6)


def test_a_compiled_training_moves_ranks_towards_those_of_the_data():
    def penalty(real, fake):
        return QuantilePenalty((1,), weight=100.0)(real[:, None], fake[:, None])

    model = table_model(generator_penalties=[penalty], compiled=False)
    model.compile(keras.optimizers.Adam(0.1), keras.optimizers.SGD(0.0))
    data = np.random.default_rng(1).normal(5.0, 1.0, size=(400, 2)).astype("float32")
    model.fit(data, batch_size=100, epochs=20, verbose=0)
    drawn = model.generate(4000, seed=1)
    np.testing.assert_allclose(drawn.mean(axis=0), 5.0, atol=0.3)
    np.testing.assert_allclose(np.quantile(drawn, 0.1, axis=0), 5.0 - 1.28, atol=0.4)


@on_jax
def test_numpy_sorts_for_jax_on_a_processor():
    import jax

    from keras_wgan.backends.jax import sorting

    assert sorting.numpy_sorts()
    lowered = jax.jit(sorted_columns).lower(VALUES).as_text()
    assert (sorting.SORT in lowered) == (jax.default_backend() == "cpu")


@on_jax
def test_an_interruption_while_numpy_sorts_is_raised_after_it():
    from keras_wgan.backends.jax.sorting import _called_by_xla

    presses = [KeyboardInterrupt]

    def sort(values):
        if presses:
            raise presses.pop()
        return np.sort(values, axis=0)

    found, shape = np.zeros_like(VALUES), np.array(VALUES.shape, "int32")
    given = (ctypes.c_void_p * 2)(shape.ctypes.data, VALUES.ctypes.data)
    # What a shell starts in the background ignores Ctrl-C, and so do the tests in it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            _called_by_xla(sort, ctypes.c_float)(found.ctypes.data, given)
            time.sleep(10)
    finally:
        signal.signal(signal.SIGINT, before)
    np.testing.assert_array_equal(found, np.sort(VALUES, axis=0))


def _slope_of(function, values):
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        tensor = tf.constant(values)
        with tf.GradientTape() as tape:
            tape.watch(tensor)
            result = function(tensor)
        return tape.gradient(result, tensor).numpy()
    if backend == "jax":
        import jax

        return np.asarray(jax.grad(function)(values))
    import torch

    tensor = torch.tensor(values, requires_grad=True)
    function(tensor).backward()
    return tensor.grad.numpy()
