"""Weights act as a weighted mean in losses, penalty and logged means, in every form of data."""

import importlib.util

import keras
import numpy as np
import pytest
from keras import ops

from keras_wgan import WGANGP, losses
from keras_wgan.penalties import MomentPenalty

from helpers.tiny import conditional_model, table_data, table_model

layers = keras.layers
ROWS, BATCH = 24, 8
WEIGHTS = np.random.default_rng(2).uniform(0.1, 3.0, ROWS).astype("float32")


class Triples(keras.utils.PyDataset):
    """Batches of samples, `None` and weights."""

    def __len__(self):
        return ROWS // BATCH

    def __getitem__(self, index):
        rows = slice(index * BATCH, (index + 1) * BATCH)
        return table_data(ROWS)[rows], None, WEIGHTS[rows]


def as_arrays():
    return {"x": table_data(ROWS), "sample_weight": WEIGHTS, "batch_size": BATCH}


def as_column():
    return {"x": table_data(ROWS), "sample_weight": WEIGHTS[:, None], "batch_size": BATCH}


def as_py_dataset():
    return {"x": Triples()}


def as_tf_data():
    import tensorflow as tf

    return {"x": tf.data.Dataset.from_tensor_slices((table_data(ROWS), (), WEIGHTS)).batch(BATCH)}


FORMS = [as_column, as_py_dataset]
FORMS += [as_tf_data] if importlib.util.find_spec("tensorflow") else []


def weights_of(model):
    return [ops.convert_to_numpy(weight).copy() for weight in model.weights]


def trained(arguments, model=None):
    model = model or table_model()
    model.fit(**arguments, shuffle=False, verbose=0)
    return weights_of(model)


def sgd_model(**arguments):
    """A model without momentum that would turn a gradient of zero into a step."""
    model = table_model(compiled=False, **arguments)
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    return model


def test_a_weighted_mean_is_that_of_numpy_and_zero_weights_give_zero():
    values = np.random.default_rng(0).normal(size=ROWS).astype("float32")
    found = ops.convert_to_numpy(losses.weighted_mean(values, WEIGHTS))
    assert found == pytest.approx(np.average(values, weights=WEIGHTS), rel=1e-5)
    assert ops.convert_to_numpy(losses.weighted_mean(values, np.zeros_like(values))) == 0.0


@pytest.fixture(scope="module")
def arrays():
    """Returns first weights, and those that training ends with, with and without sample weights."""
    model, plain = table_model(), table_model()
    start = model.get_weights()
    plain.set_weights(start)
    unweighted = trained({"x": table_data(ROWS), "batch_size": BATCH}, plain)
    return start, trained(as_arrays(), model), unweighted


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_weights_train_the_same_in_every_form_and_unlike_none(form, arrays):
    start, expected, unweighted = arrays
    model = table_model()
    model.set_weights(start)
    for found, wanted, without in zip(trained(form(), model), expected, unweighted, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-7)
        assert found.shape == () or not np.array_equal(found, without) or not found.any()


@pytest.mark.slow
def test_equal_weights_change_nothing():
    model, plain = table_model(), table_model()
    plain.set_weights(model.get_weights())
    rows = {"x": table_data(ROWS), "batch_size": BATCH}
    found = trained({**rows, "sample_weight": np.full(ROWS, 2.0)}, model)
    for one, other in zip(found, trained(rows, plain), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def linear_model():
    """A critic D(x) = x1 + x2 and a generator that always makes (1, 1)."""
    generator = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    generator.set_weights([np.zeros((3, 2)), np.ones(2)])
    critic = keras.Sequential([keras.Input((2,)), layers.Dense(1, use_bias=False)])
    critic.set_weights([np.ones((2, 1))])
    model = WGANGP(generator, critic, latent=3)
    model.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0))
    return model


@pytest.mark.slow
def test_evaluate_and_validation_data_report_weighted_means_over_batches():
    data, model = table_data(ROWS), linear_model()
    expected = np.average(data.sum(axis=1), weights=WEIGHTS) - 2.0
    held_out = model.evaluate(
        data, sample_weight=WEIGHTS, batch_size=10, verbose=0, return_dict=True
    )
    assert held_out["wasserstein"] == pytest.approx(expected, rel=1e-4)
    history = model.fit(
        data, validation_data=(data, None, WEIGHTS), batch_size=10, verbose=0
    ).history
    assert history["val_wasserstein"][0] == pytest.approx(expected, rel=1e-4)
    found = model.test_on_batch(data, sample_weight=WEIGHTS, return_dict=True)
    assert found["wasserstein"] == pytest.approx(expected, rel=1e-4)


def test_the_norms_of_the_penalty_are_weighted():
    norms = np.array([1.0, 3.0], "float32")
    weights = np.array([3.0, 1.0], "float32")
    penalty = losses.gradient_penalty(norms, sample_weight=weights)
    assert ops.convert_to_numpy(penalty) == pytest.approx(1.0)  # (3 * 0 + 1 * 4) / 4


@pytest.mark.slow
def test_samples_of_weight_zero_have_no_effect():
    data = table_data(ROWS)
    other = data.copy()
    other[::2] = 100.0
    weights = np.arange(ROWS) % 2
    one, two = sgd_model(), sgd_model()
    two.set_weights(one.get_weights())
    arguments = {"sample_weight": weights, "batch_size": BATCH}
    for found, wanted in zip(
        trained({"x": other, **arguments}, one), trained({"x": data, **arguments}, two), strict=True
    ):
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)


def test_a_generator_penalty_sees_samples_as_often_as_they_count():
    seen = []

    class Noted(MomentPenalty):
        def __call__(self, real, fake):
            seen.append(real)
            return super().__call__(real, fake)

    model = table_model(compiled=False, generator_penalties=[Noted()])
    model.compile(run_eagerly=True)
    rows = table_data(4)
    weights = np.array([2.0, 0.0, 1.0, 1.0])
    if keras.backend.backend() == "jax":  # no values are at hand inside of a gradient there
        (found,) = losses.in_proportion(ops.convert_to_tensor(weights, "float32"), rows)
    else:
        model.train_on_batch(rows, sample_weight=weights)
        found = seen[0]
    np.testing.assert_array_equal(ops.convert_to_numpy(found), rows[[0, 0, 2, 3]])


@pytest.mark.slow
def test_class_weights_act_as_the_weights_of_their_labels():
    labels = np.arange(ROWS) % 3
    by_class, by_sample = conditional_model(), conditional_model()
    by_sample.set_weights(by_class.get_weights())
    rows = {"x": table_data(ROWS), "y": labels, "batch_size": BATCH}
    one = trained({**rows, "class_weight": {0: 0.5, 1: 2.0, 2: 1.0}}, by_class)
    weights = np.array([0.5, 2.0, 1.0])[labels]
    for found, wanted in zip(
        one, trained({**rows, "sample_weight": weights}, by_sample), strict=True
    ):
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-7)


def test_class_weights_without_labels_are_refused():
    with pytest.raises(ValueError, match="`class_weight` weights samples by their labels.*none"):
        table_model().fit(table_data(), class_weight={0: 2.0}, verbose=0)
    with pytest.raises(ValueError, match="`class_weight` weights samples by their labels.*none"):
        table_model().train_on_batch(table_data(), class_weight={0: 2.0})
    with pytest.raises(ValueError, match="`class_weight` needs conditions that are labels"):
        conditional_model().fit(
            table_data(4), np.array([0.5, 1.5, 0.1, 0.2]), class_weight={0: 2.0}, verbose=0
        )


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.ones(3), r"one number for each of the 4 samples.*\(3,\)"),
        (np.ones((4, 2)), r"one number for each of the 4 samples.*\(4, 2\)"),
        (np.array([1.0, -1.0, 1.0, 1.0]), "not negative.*-1.0 for sample 1"),
        (np.array([1.0, 1.0, np.nan, 1.0]), "finite.*nan for sample 2"),
    ],
)
def test_weights_that_cannot_be_used_are_refused(weights, message):
    with pytest.raises(ValueError, match=f"`sample_weight` must be.*{message}"):
        table_model().fit(table_data(4), sample_weight=weights, verbose=0)
    with pytest.raises(ValueError, match="`validation_data` must be"):
        table_model().fit(table_data(4), validation_data=(table_data(4), None, weights), verbose=0)


def test_weights_of_another_shape_in_a_data_set_are_refused():
    batches = ((table_data(4), None, np.ones((4, 2), "float32")) for _ in range(1))
    with pytest.raises(ValueError, match=r"`sample_weight` must hold one number.*, 2\)"):
        table_model().fit(batches, steps_per_epoch=1, shuffle=False, verbose=0)


def in_a_generator(rows, weights):
    return (each for each in [(rows, None, weights)])


def in_a_py_dataset(rows, weights):
    class One(keras.utils.PyDataset):
        def __len__(self):
            return 1

        def __getitem__(self, index):
            return rows, None, weights

    return One()


def in_tf_data(rows, weights):
    import tensorflow as tf

    labels = np.zeros(len(rows), "int32")
    return tf.data.Dataset.from_tensor_slices((rows, labels, weights)).batch(len(rows))


WEIGHTED = [in_a_generator, in_a_py_dataset]
WEIGHTED += [in_tf_data] if importlib.util.find_spec("tensorflow") else []


@pytest.mark.parametrize("form", WEIGHTED, ids=lambda form: form.__name__)
@pytest.mark.parametrize("weight", [-1.0, np.nan])
def test_weights_in_a_data_set_are_refused_as_next_to_an_array(form, weight):
    batches = form(table_data(4), np.array([1.0, 1.0, weight, 1.0], "float32"))
    model = conditional_model() if form is in_tf_data else table_model()
    with pytest.raises(Exception, match="weights of the data set must be finite and not negative"):
        model.fit(batches, steps_per_epoch=1, shuffle=False, verbose=0)
