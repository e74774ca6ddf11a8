"""Callbacks of one `fit` overwrite nothing of each other, and refuse early what cannot work."""

import keras
import numpy as np
import pytest

from keras_wgan._ranges import ValueRange
from keras_wgan.callbacks import FID, Moments, SampleImages, SamplePaths, StylizedFacts

from helpers.tiny import table_data, table_model

layers = keras.layers
RETURNS = 0.01 * np.random.default_rng(3).standard_t(5, size=700).astype("float32")
WINDOWS = np.lib.stride_tricks.sliding_window_view(RETURNS[:200], 25)


def same(samples):
    return samples


def fid(**arguments):
    return FID(table_data(60), same, **{"samples": 50, **arguments})


def moments(**arguments):
    return Moments(WINDOWS, samples=100, **arguments)


def facts(**arguments):
    return StylizedFacts(RETURNS, days=25, samples=100, **arguments)


def fit(model, callbacks, width=2):
    data = table_data(32, width=width)
    return model.fit(data, batch_size=16, callbacks=callbacks, verbose=0).history


def test_two_distances_are_logged_under_two_names():
    logged = fit(table_model(), [fid(), fid(seed=5, name="fid_other_seed")])
    assert logged["fid"] != logged["fid_other_seed"]
    assert logged["fid_fresh"] == logged["fid_other_seed_fresh"] == [1.0]


@pytest.mark.parametrize(
    ("make", "name", "logged"),
    [
        (moments, "test", ["test", "test_generated_mean", "test_generated_kurtosis"]),
        (facts, "later", ["later_composite", "later_median", "later_leverage"]),
    ],
)
def test_a_name_stands_at_the_head_of_all_that_a_score_logs(make, name, logged):
    history = fit(table_model(width=25), [make(), make(name=name)], width=25)
    plain = [make().names[make(name=name).names.index(each)] for each in logged]
    assert [history[each] for each in logged] == [history[each] for each in plain]


@pytest.mark.parametrize("make", [fid, moments, facts])
def test_a_second_score_with_the_same_name_is_refused_before_the_first_step(make):
    model = table_model(width=2 if make is fid else 25)
    with pytest.raises(ValueError, match="`name` must differ.*Pass `name=`.*which another"):
        fit(model, [make(), make(seed=3)])
    assert int(model.optimizer.iterations) == 0


def test_a_score_does_not_take_the_name_of_a_metric():
    with pytest.raises(ValueError, match="'wasserstein', which the model's metric"):
        fit(table_model(), [fid(name="wasserstein")])


def test_the_same_callbacks_train_again_also_after_an_error():
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise RuntimeError("stopped on purpose")

    used, model = [fid(), fid(name="other")], table_model()
    with pytest.raises(RuntimeError, match="on purpose"):
        fit(model, [*used, Stop()])
    assert {"fid", "other"} <= set(fit(model, used))


@pytest.mark.parametrize("name", ["", 3])
def test_a_name_is_a_word(name):
    with pytest.raises(ValueError, match="`name` must be a word.*Received"):
        fid(name=name)


def test_two_callbacks_do_not_draw_into_one_folder(tmp_path):
    pictures = [SamplePaths(tmp_path, RETURNS[:60].reshape(2, 30)), SampleImages(tmp_path)]
    with pytest.raises(ValueError, match="`directory` must differ"):
        fit(table_model(), pictures)


class Foreign(keras.Model):
    """A model of the user's own whose `generate` takes no seed."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(2)

    def call(self, inputs):
        return self.dense(inputs)

    def generate(self, n):
        return np.zeros((n, 2))


@pytest.mark.parametrize("make", [lambda folder: fid(), SampleImages])
def test_a_generate_without_a_seed_is_refused_before_the_first_step(make, tmp_path):
    model = Foreign()
    model.compile("sgd", "mse")
    with pytest.raises(TypeError, match=r"`Foreign.generate` must take.*`seed`.*generate\(n\)"):
        model.fit(table_data(8), table_data(8), callbacks=[make(tmp_path)], verbose=0)
    assert int(model.optimizer.iterations) == 0


@pytest.mark.parametrize("sampler", [lambda model, count: table_data(count), "generate"])
def test_a_sampler_that_cannot_be_called_is_refused_before_the_first_step(sampler):
    model = table_model()
    with pytest.raises(TypeError, match="`sampler` must be a function"):
        fit(model, [fid(sampler=sampler)])
    assert int(model.optimizer.iterations) == 0


# ---- The range of the real samples --------------------------------------------------------------


def pixels(samples):
    return np.clip(127.5 * (samples + 1), 0, 255).astype("uint8")


def test_real_samples_on_another_scale_than_the_data_are_named_with_both_ranges():
    real = np.linspace(0, 255, 120).reshape(60, 2)
    with pytest.warns(UserWarning, match=r"of `FID` lie in \[0, 255\].*trained on samples in \[-"):
        fit(table_model(), [FID(real, same, samples=50)])


def test_pixels_as_read_are_compared_with_what_a_model_makes():
    def sampler(model, count, seed):
        return np.random.default_rng(seed).uniform(-1, 1, (count, 2))

    model = Foreign()
    model.compile("sgd", "mse")
    score = FID(pixels(table_data(60)), same, samples=50, sampler=sampler)
    with pytest.warns(UserWarning, match=r"of `FID` lie in .*model makes samples in \[-"):
        model.fit(table_data(8), table_data(8), callbacks=[score], verbose=0)


def test_pixels_from_0_to_1_are_not_those_from_minus_1_to_1():
    images = np.random.default_rng(0).uniform(-1, 1, (32, 2, 2, 1)).astype("float32")
    score = FID((images + 1) / 2, same, samples=8)
    score.set_model(keras.Sequential())
    score.model.data_range = ValueRange.of(images)
    with pytest.warns(UserWarning, match=r"lie in \[0\.\d+, 0.9\d+\].*trained on"):
        score._compare_ranges()
