"""Functions of libraries are replaced for a while and then restored."""

import gc
import threading
import types

import keras
import numpy as np
import pytest
from keras import ops

from keras_wgan.backends._replacements import Replacement

from helpers.tiny import table_data, table_model

BACKEND = keras.backend.backend()
layers = keras.layers


@pytest.fixture
def library():
    """Returns a module with one function."""
    return types.SimpleNamespace(double=lambda x: 2 * x)


def test_the_function_is_replaced_inside_and_put_back(library):
    own = library.double
    replacement = Replacement(library, "double", lambda x: -replacement.original(x))
    with replacement.active():
        assert library.double(3) == -6
        with replacement.active():
            assert library.double(3) == -6
        assert library.double(3) == -6
    assert library.double is own


def test_an_error_inside_puts_the_function_back(library):
    own = library.double
    with pytest.raises(KeyError), Replacement(library, "double", str).active():
        raise KeyError
    assert library.double is own


def test_threads_that_overlap_put_the_function_back(library):
    own = library.double
    replacement = Replacement(library, "double", str)
    entered, first_left = threading.Event(), threading.Event()
    seen = []

    def second():
        with replacement.active():
            entered.set()
            first_left.wait(10)
            seen.append(library.double(3))

    thread = threading.Thread(target=second)
    with replacement.active():
        thread.start()
        entered.wait(10)
    first_left.set()
    thread.join()
    assert seen == ["3"]
    assert library.double is own


def test_a_thread_outside_gets_the_function_of_the_library(library):
    seen = []
    with Replacement(library, "double", str).active():
        thread = threading.Thread(target=lambda: seen.append(library.double(3)))
        thread.start()
        thread.join()
    assert seen == [6]


def traced(layer, shape):
    """Returns the operations of `input_gradient` of a layer, as text; empty on PyTorch."""
    layer.build((None, *shape))
    model = table_model()
    model.layer = layer

    def slope(x):
        return model.input_gradient(
            lambda x: ops.sum(layer(x, training=True), axis=tuple(range(1, len(shape) + 1))), x
        )

    inputs = np.ones((2, *shape), "float32")
    if BACKEND == "tensorflow":
        import tensorflow as tf

        graph = tf.function(slope, autograph=False).get_concrete_function(inputs).graph
        return " ".join(operation.type for operation in graph.get_operations())
    if BACKEND == "jax":
        import jax

        return str(jax.make_jaxpr(lambda x: slope(x))(inputs))
    return ""


def test_batch_normalization_is_a_single_operation_on_tensorflow():
    assert ("FusedBatchNormV3" in traced(layers.BatchNormalization(), (4,))) == (
        BACKEND == "tensorflow"
    )


def test_layer_normalization_stops_no_gradient_on_tensorflow():
    assert "StopGradient" not in traced(layers.LayerNormalization(), (4,))


@pytest.mark.parametrize("kind", [layers.Conv1D, layers.Conv1DTranspose])
def test_a_strided_convolution_is_a_matrix_product_on_jax(kind):
    operations = traced(kind(2, 3, strides=2, padding="same"), (8, 3))
    assert "conv_general_dilated" not in operations
    assert ("dot_general" in operations) == (BACKEND == "jax")


def graphs():
    """Counts the graphs that TensorFlow holds in memory."""
    gc.collect()
    return sum(type(each).__name__ == "FuncGraph" for each in gc.get_objects())


def test_a_model_that_was_trained_leaves_no_graph_in_memory():
    model = table_model()
    before = graphs()
    model.fit(table_data(16), batch_size=8, verbose=0)
    del model
    assert graphs() == before
