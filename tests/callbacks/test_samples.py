"""Pictures of the samples after each epoch: which files are written, and of which samples."""

import keras
import numpy as np
import pytest

from keras_wgan import WGANGP
from keras_wgan.callbacks import SampleImages, SamplePaths
from keras_wgan.callbacks import samples as samples_module

layers = keras.layers


def image_model():
    generator = keras.Sequential(
        [keras.Input((3,)), layers.Dense(16, activation="tanh"), layers.Reshape((4, 4, 1))]
    )
    critic = keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten(), layers.Dense(1)])
    model = WGANGP(generator, critic, latent=3, seed=1)
    model.compile(keras.optimizers.Adam(0.01), keras.optimizers.Adam(0.01))
    return model


def images(count=10):
    return np.random.default_rng(0).uniform(-1, 1, (count, 4, 4, 1)).astype("float32")


def returns(count=10):
    return 0.01 * np.random.default_rng(0).normal(size=(count, 30)).astype("float32")


def run(callback, epochs):
    """Runs a callback without any training."""
    callback.set_model(keras.Sequential())
    callback.on_train_begin()
    for epoch in range(epochs):
        callback.on_epoch_end(epoch, {})


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def both(folder, **arguments):
    """Each picture callback, with a sampler of its own kind."""
    return [
        SampleImages(folder, rows=2, columns=3, sampler=lambda m, n, seed: images(n), **arguments),
        SamplePaths(folder, returns(), samples=6, sampler=lambda m, n, s: returns(n), **arguments),
    ]


each = pytest.mark.parametrize("kind", [0, 1], ids=["SampleImages", "SamplePaths"])


@each
def test_a_picture_is_written_after_every_epoch_into_a_folder_made_for_it(kind, tmp_path):
    folder = tmp_path / "not" / "yet"
    run(both(folder)[kind], 2)
    assert files(folder) == ["epoch_0001.png", "epoch_0002.png"]
    for name in files(folder):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")


@each
def test_a_picture_is_written_after_every_third_epoch_where_that_is_asked(kind, tmp_path):
    run(both(tmp_path, every=3)[kind], 7)
    assert files(tmp_path) == ["epoch_0003.png", "epoch_0006.png"]


def test_each_epoch_shows_the_same_latents_through_the_weights_it_has_then(tmp_path):
    shown, expected = [], []

    class Watched(SampleImages):
        def draw(self, samples, epoch):
            shown.append(samples)
            expected.append(self.model.generate(6, seed=4))
            return super().draw(samples, epoch)

    model = image_model()
    model.fit(
        images(), epochs=2, callbacks=[Watched(tmp_path, rows=2, columns=3, seed=4)], verbose=0
    )
    np.testing.assert_array_equal(shown, expected)
    assert not np.array_equal(shown[0], shown[1])
    np.testing.assert_array_equal(shown[1], model.generate(6, seed=4))


def test_the_grid_has_the_asked_rows_and_columns(tmp_path):
    drawn = SampleImages(tmp_path, rows=2, columns=3).draw(images(6), 1)
    sheet = drawn.axes[0].images[0].get_array()
    assert sheet.shape[:2] == (2 * 4 + 1, 3 * 4 + 2)  # images of 4 x 4, one white pixel between
    expected = (images(6)[4, ..., 0] + 1) / 2  # second row, second column
    np.testing.assert_allclose(sheet[5:9, 5:9, 0], expected, atol=1e-6)


def test_a_grid_carries_its_epoch_and_the_labels_of_its_rows(tmp_path):
    drawn = SampleImages(tmp_path, rows=["zero", "one"], columns=3).draw(images(6), 7)
    assert [text.get_text() for text in drawn.texts] == ["Epoch 7", "zero", "one"]


def test_paths_are_drawn_in_return_units_next_to_the_real_ones(tmp_path, monkeypatch):
    handed = []

    def picture(*arguments, periods_per_year):
        assert periods_per_year == 252
        handed.append(arguments)
        return samples_module.image_grid(images(1), 1)

    monkeypatch.setattr(samples_module, "price_and_volatility_picture", picture)
    real = returns()
    run(
        SamplePaths(
            tmp_path,
            real,
            inverse=lambda samples: samples / 100,
            start_price=50.0,
            samples=6,
            sampler=lambda model, count, seed: 100 * returns(count),
        ),
        1,
    )
    ((shown_real, generated, start_price),) = handed
    assert shown_real is real and start_price == 50.0
    np.testing.assert_allclose(generated, returns(6), rtol=1e-6)


@pytest.mark.parametrize("value", [np.nan, np.inf])
@each
def test_samples_that_are_not_finite_leave_no_picture_and_training_continues(kind, value, tmp_path):
    callback = both(tmp_path)[kind]
    good, draws = callback.sampler, iter([True, False, True])

    def sampler(model, count, seed):
        samples = good(model, count, seed)
        return samples if next(draws) else np.where(samples > 0, value, samples)

    callback.sampler = sampler
    run(callback, 3)
    assert files(tmp_path) == ["epoch_0001.png", "epoch_0003.png"]


def test_returns_that_only_their_inverse_makes_infinite_leave_no_picture(tmp_path):
    callback = SamplePaths(
        tmp_path,
        returns(),
        inverse=lambda samples: samples * np.inf,
        samples=6,
        sampler=lambda model, count, seed: returns(count),
    )
    run(callback, 1)
    assert files(tmp_path) == []


def test_returns_that_are_wild_but_finite_are_drawn(tmp_path):
    run(
        SamplePaths(
            tmp_path, returns(), samples=6, sampler=lambda model, count, seed: 1e6 * returns(count)
        ),
        1,
    )
    assert files(tmp_path) == ["epoch_0001.png"]


@pytest.mark.parametrize("every", [0, -1, 1.5])
@each
def test_a_distance_that_is_no_whole_number_is_refused(kind, every, tmp_path):
    with pytest.raises(ValueError, match=rf"`every` must be a whole number.*every={every}"):
        both(tmp_path, every=every)[kind]


def test_a_picture_of_ones_own_must_say_what_it_draws(tmp_path):
    own = samples_module.SamplePictures(
        tmp_path, samples=2, every=1, seed=0, sampler=lambda model, count, seed: images(count)
    )
    with pytest.raises(NotImplementedError, match="override `draw`"):
        run(own, 1)
