"""The gradients and the branch on the current backend."""

import functools
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow
from keras import ops

from keras_wgan.backends import compile_predictions
from keras_wgan.backends.tensorflow import trainer as on_tensorflow

from helpers.tiny import table_data, table_model

layers = keras.layers


def test_question_one_gives_the_value_the_details_and_the_gradients():
    model = table_model()
    kernel = model.generator.layers[-1].kernel
    kernel.assign(np.arange(6.0).reshape(3, 2))

    def loss_function():
        return ops.sum(ops.square(kernel)), {"twice": 2 * ops.sum(kernel)}

    loss, details, gradients = model.loss_and_gradients(loss_function, [kernel])
    assert _numpy(loss) == 55.0
    assert _numpy(details["twice"]) == 30.0
    np.testing.assert_allclose(_numpy(gradients[0]), 2 * np.arange(6.0).reshape(3, 2))


def test_question_one_gives_zero_where_the_loss_does_not_depend():
    model = table_model()
    kernel, bias = model.generator.trainable_variables
    gradients = model.loss_and_gradients(lambda: (ops.sum(kernel * 1.0), {}), [kernel, bias])[2]
    np.testing.assert_array_equal(_numpy(gradients[1]), [0.0, 0.0])


def test_question_two_gives_the_slope_sample_by_sample():
    model = table_model()
    x = ops.convert_to_tensor(np.array([[1.0, 2.0], [3.0, -4.0]], "float32"))
    slope = model.input_gradient(lambda x: ops.sum(x**3, axis=1), x)
    np.testing.assert_allclose(_numpy(slope), [[3.0, 12.0], [27.0, 48.0]])


def test_question_two_can_be_differentiated_by_question_one():
    model = table_model()
    kernel = model.generator.layers[-1].kernel  # (3, 2)
    kernel.assign(np.full((3, 2), 0.5))
    x = ops.convert_to_tensor(np.ones((1, 3), "float32"))

    def loss_function():
        slope = model.input_gradient(lambda x: ops.sum(ops.matmul(x, kernel) ** 2, axis=1), x)
        return ops.sum(slope), {}

    # slope_i = 2 sum_j (x K)_j K_ij, so sum_i slope_i = 2 sum_j (1 K)_j^2: derivative 4 (1 K)_j.
    loss, _, gradients = model.loss_and_gradients(loss_function, [kernel])
    assert _numpy(loss) == 9.0
    np.testing.assert_allclose(_numpy(gradients[0]), np.full((3, 2), 6.0))


@pytest.mark.parametrize("question", ["loss_and_gradients", "input_gradient"])
def test_what_layers_assign_inside_a_question_is_kept(question):
    norm, drop = layers.BatchNormalization(), layers.Dropout(0.5, seed=1)
    model = table_model()
    model.norm, model.drop = norm, drop
    norm.build((None, 2))
    x = ops.convert_to_tensor(table_data(16))
    seed_before = _numpy(drop.seed_generator.state).copy()

    def scores(x):
        return ops.sum(drop(norm(x, training=True), training=True), axis=1)

    if question == "input_gradient":
        model.input_gradient(scores, x)
    else:
        model.loss_and_gradients(lambda: (ops.mean(scores(x)), {}), norm.trainable_variables)
    moved = 0.01 * table_data(16).mean(axis=0)  # BatchNorm's momentum is 0.99
    np.testing.assert_allclose(_numpy(norm.moving_mean), moved, rtol=1e-5)
    assert not np.array_equal(_numpy(drop.seed_generator.state), seed_before)


@pytest.mark.parametrize(("condition", "expected"), [(True, 3.0), (False, 1.0)])
def test_the_branch_updates_where_the_condition_holds(condition, expected):
    model = table_model()
    bias = model.generator.layers[-1].bias
    bias.assign([1.0, 1.0])
    model.conditional_update(ops.convert_to_tensor(condition), lambda: bias.assign(bias + 2.0))
    np.testing.assert_array_equal(_numpy(bias), [expected, expected])


def test_one_device_has_all_rows_of_what_is_drawn():
    model = table_model()
    assert model.device_count == 1
    assert model.shard_rows(3, lambda count: list(range(count))) == [0, 1, 2]


@pytest.mark.parametrize("norm", ["LayerNormalization", "BatchNormalization", "GroupNormalization"])
def test_a_normalization_has_its_right_second_derivative(norm):
    layer = layers.GroupNormalization(2) if norm.startswith("Group") else getattr(layers, norm)()
    layer.build((None, 4))
    model = table_model()
    random = np.random.default_rng(2)
    x = random.normal(size=(6, 4)).astype("float32")
    weights, direction = ops.convert_to_tensor(random.normal(size=(2, 6, 4)).astype("float32"))

    def slope_along(x):
        slope = model.input_gradient(
            lambda x: ops.sum(layer(x, training=True) * weights, axis=1), x
        )
        return ops.sum(slope * direction)

    second = model.input_gradient(lambda x: slope_along(x)[None], ops.convert_to_tensor(x))
    step = 3e-3
    along = random.normal(size=x.shape).astype("float32")
    difference = (
        _numpy(slope_along(ops.convert_to_tensor(x + step * along)))
        - _numpy(slope_along(ops.convert_to_tensor(x - step * along)))
    ) / (2 * step)
    assert float(np.sum(_numpy(second) * along)) == pytest.approx(difference, rel=2e-3)


class OwnMoments(layers.BatchNormalization):
    """A user's layer, which may take moments of its own."""


@pytest.mark.parametrize(
    ("shape", "kind", "options", "fused"),
    [
        ((6, 4), layers.BatchNormalization, {}, True),
        ((3, 5, 4), layers.BatchNormalization, {}, True),
        ((2, 3, 5, 4), layers.BatchNormalization, {}, True),
        ((6, 4), layers.BatchNormalization, {"scale": False}, True),
        ((6, 4), layers.BatchNormalization, {"scale": False, "center": False}, True),
        ((3, 5, 4), layers.BatchNormalization, {"axis": 1}, False),
        ((6, 4), OwnMoments, {}, False),
    ],
)
def test_batch_normalization_in_a_question_is_that_of_numpy(
    shape, kind, options, fused, monkeypatch
):
    left_to_keras = []
    keras_own = layers.BatchNormalization.call

    @functools.wraps(keras_own)
    def normalized(*arguments, **named):
        left_to_keras.append(arguments)
        return keras_own(*arguments, **named)

    monkeypatch.setattr(layers.BatchNormalization, "call", normalized)
    layer = kind(**options)
    layer.build((None, *shape[1:]))
    random = np.random.default_rng(4)
    x, weights = random.normal(size=(2, *shape)).astype("float32")
    if layer.gamma is not None:
        layer.gamma.assign(random.normal(size=layer.gamma.shape))

    def scores(x):
        weighted = layer(x, training=True) * ops.convert_to_tensor(weights)
        return ops.sum(weighted, axis=tuple(range(1, len(shape))))

    model = table_model()
    model.norm = layer  # JAX brings back what known layers assign
    slope = model.input_gradient(scores, ops.convert_to_tensor(x))

    axes = tuple(set(range(len(shape))) - {layer.axis % len(shape)})
    mean, variance = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
    spread = np.sqrt(variance + layer.epsilon)
    whitened = (x - mean) / spread
    gamma = 1.0 if layer.gamma is None else _numpy(layer.gamma).reshape(mean.shape)
    along = whitened * np.mean(weights * whitened, axes, keepdims=True)
    expected = gamma / spread * (weights - weights.mean(axes, keepdims=True) - along)
    np.testing.assert_allclose(_numpy(slope), expected, atol=1e-5)
    np.testing.assert_allclose(_numpy(layer.moving_mean), 0.01 * mean.ravel(), rtol=1e-4, atol=1e-7)
    moved = 0.99 + 0.01 * variance.ravel()
    np.testing.assert_allclose(_numpy(layer.moving_variance), moved, rtol=1e-5)
    assert bool(left_to_keras) == (keras.backend.backend() != "tensorflow" or not fused)


@pytest.mark.parametrize("precision", ["bfloat16", "mixed_bfloat16"])
def test_batch_normalization_in_a_question_takes_half_precision(precision):
    layer = layers.BatchNormalization(scale=False, dtype=precision)
    layer.build((None, 2))
    made = []

    def scores(x):
        outputs = layer(x, training=True)
        made.append(keras.backend.standardize_dtype(outputs.dtype))
        return ops.sum(ops.cast(outputs, "float32") ** 3, axis=1)

    x = ops.convert_to_tensor(np.array([[1.0, 3.0], [-1.0, -3.0], [4.0, 0.0]], "float32"))
    slope = _numpy(table_model().input_gradient(scores, x))
    assert made[0] == "bfloat16"
    # Of what is invariant under a shift of the batch, the slopes cancel.
    np.testing.assert_allclose(slope.sum(axis=0), 0.0, atol=0.1)
    assert np.abs(slope).max() > 0.3


CONVOLUTIONS = ["Conv1D", "Conv1DTranspose", "Conv2D", "Conv2DTranspose"]


def convolution(kind, size, kernel, stride, padding):
    """Returns a layer and inputs for it, not square where they have two axes."""
    layer = getattr(layers, kind)(2, kernel, strides=stride, padding=padding)
    sizes = (size, size + 1)[: 1 + ("2D" in kind)]
    inputs = np.random.default_rng(3).normal(size=(2, *sizes, 3)).astype("float32")
    layer.build(inputs.shape)
    return layer, ops.convert_to_tensor(inputs)


@pytest.mark.parametrize(
    ("kind", "size", "kernel", "stride", "padding"),
    [
        *[(kind, 7, 3, 2, "same") for kind in CONVOLUTIONS],
        ("Conv1D", 8, 5, 2, "same"),
        ("Conv1D", 8, 4, 3, "valid"),
        ("Conv1D", 6, 1, 2, "same"),
        ("Conv1DTranspose", 8, 5, 2, "same"),
        ("Conv1DTranspose", 7, 2, 3, "valid"),
        ("Conv1DTranspose", 6, 1, 2, "same"),
        ("Conv1DTranspose", 6, 3, 1, "same"),
    ],
)
def test_a_convolution_gives_in_a_question_what_it_gives_outside(
    kind, size, kernel, stride, padding
):
    layer, inputs = convolution(kind, size, kernel, stride, padding)

    def loss_function():
        outputs = layer(inputs)
        return ops.sum(outputs), outputs

    _, inside, _ = table_model().loss_and_gradients(loss_function, layer.trainable_variables)
    np.testing.assert_allclose(_numpy(inside), _numpy(layer(inputs)), atol=1e-5)


@pytest.mark.parametrize("kind", CONVOLUTIONS)
def test_the_slope_of_a_convolution_is_linear_in_its_kernel(kind):
    layer, inputs = convolution(kind, 7, 3, 2, "same")
    model = table_model()
    model.layer = layer
    weights = ops.cos(ops.cast(ops.arange(7 * 8 * 4 * 4), "float32"))

    def loss_function():
        def score(x):
            outputs = ops.reshape(layer(x), (2, -1))
            return ops.sum(outputs * weights[: outputs.shape[1]], axis=1)

        slope = model.input_gradient(score, inputs)
        return ops.sum(slope * inputs), {}

    # Of a linear function Euler says: derivative times kernel is the value.
    loss, _, (gradient,) = model.loss_and_gradients(loss_function, [layer.kernel])
    derivative = float(np.sum(_numpy(gradient) * _numpy(layer.kernel)))
    assert derivative == pytest.approx(float(_numpy(loss)), rel=1e-4)


@pytest.mark.parametrize(("chosen", "tuned"), [(None, False), (True, True)])
def test_tensorflow_does_not_tune_the_data_of_fit_unless_asked_to(chosen, tuned):
    data = tensorflow.data.Dataset.from_tensor_slices(table_data()).batch(8)
    if chosen is not None:
        options = tensorflow.data.Options()
        options.autotune.enabled = chosen
        data = data.with_options(options)
    iterator = SimpleNamespace(_distributed_dataset=data)
    on_tensorflow.AdversarialTrainer._maybe_symbolic_build(table_model(), iterator=iterator)
    assert iterator._distributed_dataset.options().autotune.enabled is tuned


def test_fit_and_evaluate_read_data_that_tensorflow_does_not_tune(monkeypatch):
    read = []
    without = on_tensorflow._without_tuner
    monkeypatch.setattr(on_tensorflow, "_without_tuner", lambda d: read.append(d) or without(d))
    model, data = table_model(), table_data()
    model.fit(data, verbose=0)
    model.evaluate(data, verbose=0)
    assert len(read) == (2 if keras.backend.backend() == "tensorflow" else 0)


class NotForXla(layers.Layer):
    """A layer that XLA cannot compile."""

    def __init__(self):
        super().__init__()
        self.supports_jit = False

    def call(self, inputs):
        """Returns the inputs."""
        return inputs


@pytest.mark.parametrize(("last", "compiled"), [(layers.ReLU, True), (NotForXla, False)])
def test_predictions_are_compiled_where_that_is_quicker_and_are_the_same(
    last, compiled, monkeypatch, recwarn
):
    model = keras.Sequential([keras.Input((2,)), layers.Dense(3), last()])
    given = np.array([[1.0, -2.0], [0.5, 3.0]], "float32")
    expected = _numpy(model(given))
    plain, asked = tensorflow.function, []

    def watched(*args, **settings):
        asked.append(settings.get("jit_compile", False))
        return plain(*args, **settings)

    monkeypatch.setattr(tensorflow, "function", watched)
    compile_predictions(model)
    np.testing.assert_allclose(model.predict_on_batch(given), expected, rtol=1e-6)
    assert not [each for each in recwarn.list if "jit_compile" in str(each.message)]
    if keras.backend.backend() == "tensorflow":
        assert any(asked) is compiled


def _numpy(value):
    return ops.convert_to_numpy(ops.stop_gradient(value))
