"""`fit` accepts data in every form that Keras accepts."""

import importlib.util

import keras
import numpy as np
import pytest
from keras import ops

from keras_wgan.data.batches import ShuffledBatches

from helpers.tiny import conditional_model, table_data, table_model

BATCH = 8


def as_array(rows):
    return {"x": rows, "batch_size": BATCH, "shuffle": False}


def as_py_dataset(rows):
    class InOrder(keras.utils.PyDataset):
        def __len__(self):
            return -(-len(rows) // BATCH)

        def __getitem__(self, index):
            return rows[index * BATCH : (index + 1) * BATCH]

    return {"x": InOrder(), "shuffle": False}


def as_one_tuples(rows):
    def batches():
        for start in range(0, len(rows), BATCH):
            yield (rows[start : start + BATCH],)

    return {"x": batches(), "steps_per_epoch": -(-len(rows) // BATCH), "shuffle": False}


def as_tf_data(rows):
    import tensorflow as tf

    return {"x": tf.data.Dataset.from_tensor_slices(rows).batch(BATCH), "shuffle": False}


def as_torch_loader(rows):
    import torch

    data = torch.utils.data.TensorDataset(torch.from_numpy(rows))
    return {"x": torch.utils.data.DataLoader(data, batch_size=BATCH), "shuffle": False}


# What needs a package of another backend is tested wherever that package is installed.
FORMS = [as_array, as_py_dataset, as_one_tuples]
FORMS += [as_tf_data] if importlib.util.find_spec("tensorflow") else []
FORMS += [as_torch_loader] if importlib.util.find_spec("torch") else []


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_form_of_the_same_rows_trains_the_same(form):
    rows = table_data(20)  # the last batch holds 4
    expected, model = table_model(), table_model()
    model.set_weights(expected.get_weights())
    expected.fit(**as_array(rows), verbose=0)
    model.fit(**form(rows), verbose=0)
    for found, wanted in zip(model.trainable_weights, expected.trainable_weights, strict=True):
        np.testing.assert_allclose(
            ops.convert_to_numpy(found), ops.convert_to_numpy(wanted), rtol=1e-6, atol=1e-7
        )
    assert int(model.optimizer.critic.iterations) == 3


def test_a_data_set_of_pairs_gives_conditions():
    labels = np.arange(20) % 3
    batches = ShuffledBatches(table_data(20), labels, batch_size=BATCH, seed=1)
    history = conditional_model().fit(batches, shuffle=False, verbose=0).history
    assert np.isfinite(history["critic_loss"][0])


def test_double_precision_data_is_taken():
    history = table_model().fit(table_data().astype("float64"), verbose=0).history
    assert np.isfinite(history["critic_loss"][0])


def test_validation_split_holds_rows_out():
    history = table_model().fit(table_data(20), validation_split=0.25, verbose=0).history
    assert np.isfinite(history["val_wasserstein"][0])


def test_several_steps_per_execution_train_like_one():
    rows = table_data(32)
    one, several = table_model(compiled=False), table_model(compiled=False)
    several.set_weights(one.get_weights())
    one.compile("sgd", keras.optimizers.SGD())
    several.compile("sgd", keras.optimizers.SGD(), steps_per_execution=2)
    one.fit(rows, batch_size=BATCH, shuffle=False, verbose=0)
    if keras.backend.backend() == "torch":
        with pytest.raises(ValueError, match="steps_per_execution"):  # Keras has it not there
            several.fit(rows, batch_size=BATCH, shuffle=False, verbose=0)
        return
    several.fit(rows, batch_size=BATCH, shuffle=False, verbose=0)
    assert int(several.optimizer.critic.iterations) == 4
    for found, wanted in zip(several.weights, one.weights, strict=True):
        np.testing.assert_allclose(
            ops.convert_to_numpy(found), ops.convert_to_numpy(wanted), rtol=1e-5, atol=1e-6
        )


@pytest.mark.parametrize("critic_steps", [1, 2])
def test_the_eager_step_trains_like_the_compiled_one(critic_steps):
    rows = table_data(32)
    models = [table_model(compiled=False, critic_steps=critic_steps) for _ in range(2)]
    models[1].set_weights(models[0].get_weights())
    for model, eager in zip(models, (False, True), strict=True):
        model.compile("sgd", keras.optimizers.SGD(), run_eagerly=eager)
        model.fit(rows, batch_size=BATCH, shuffle=False, verbose=0)
    for found, wanted in zip(models[1].weights, models[0].weights, strict=True):
        np.testing.assert_allclose(
            ops.convert_to_numpy(found), ops.convert_to_numpy(wanted), rtol=1e-5, atol=1e-6
        )
