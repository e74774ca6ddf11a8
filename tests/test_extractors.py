"""Features for the Frechet distance: a classifier that trains once, and Inception without a net."""

import keras
import numpy as np
import pytest

from keras_wgan import extractors
from keras_wgan.data import load_images
from keras_wgan.extractors import DigitClassifier, Inception


def noisy(count=64):
    """Images of 16 x 16 and labels that are quick to train on."""
    rng = np.random.default_rng(0)
    images = rng.uniform(-1, 1, size=(count, 16, 16, 1)).astype("float32")
    return images, rng.integers(0, 3, size=count)


def cached(tmp_path):
    return sorted(path.name for path in (tmp_path / "cache").rglob("*") if path.is_file())


def test_it_learns_to_tell_digits_apart():
    images, labels = load_images("digits")
    extractor = DigitClassifier(images[:600], labels[:600], epochs=4)
    features, last = extractor(images[600:900]), extractor.classifier.layers[-1]
    scores = keras.ops.convert_to_numpy(last(features))
    assert np.mean(scores.argmax(axis=-1) == labels[600:900]) > 0.75


def test_features_are_128_numbers_of_the_last_hidden_layer():
    images, labels = noisy()
    extractor = DigitClassifier(images, labels, epochs=1)
    features = extractor(images[:5])
    assert features.shape == (5, 128)
    assert features.min() >= 0 < features.max()  # of a ReLU
    scores = extractor.classifier.layers[-1](features)
    expected = extractor.classifier.predict(images[:5], verbose=0)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(scores), expected, rtol=1e-4, atol=1e-6)


def test_it_trains_once_and_is_then_read_from_the_cache(tmp_path, capsys):
    images, labels = noisy()
    first = DigitClassifier(images, labels, epochs=1)
    features = first(images)
    assert capsys.readouterr().out.count("Training the digit classifier") == 1
    compiled = first.features
    np.testing.assert_array_equal(first(images), features)
    assert first.features is compiled  # another model would compile a `predict` of its own
    second = DigitClassifier(images, labels, epochs=1)
    np.testing.assert_allclose(second(images), features, rtol=1e-5, atol=1e-6)
    assert "Training" not in capsys.readouterr().out
    assert cached(tmp_path) == [f"{first.name}.keras"]


def test_nothing_is_trained_or_written_before_the_first_call(tmp_path):
    extractor = DigitClassifier(*noisy())
    assert extractor.path == tmp_path / "cache" / "extractors" / f"{extractor.name}.keras"
    assert extractor.classifier is None
    assert not (tmp_path / "cache").exists()


def test_the_seed_alone_decides_what_is_learned(tmp_path, monkeypatch):
    images, labels = noisy()
    features = []
    for folder in ("one", "other"):
        monkeypatch.setenv("KERAS_WGAN_CACHE", str(tmp_path / folder))
        keras.utils.set_random_seed(len(folder))
        features.append(DigitClassifier(images, labels, epochs=1, seed=3)(images))
    np.testing.assert_allclose(features[1], features[0], atol=1e-5)
    other = DigitClassifier(images, labels, epochs=1, seed=4)(images)
    assert not np.allclose(other, features[0], atol=1e-2)


def test_the_name_changes_with_all_that_it_was_made_from():
    images, labels = noisy()
    names = [
        DigitClassifier(images, labels).name,
        DigitClassifier(images + 0.01, labels).name,
        DigitClassifier(images, labels + 1).name,
        DigitClassifier(images[:60], labels[:60]).name,
        DigitClassifier(images.reshape(64, 8, 32, 1), labels).name,
        DigitClassifier(images, labels, epochs=3).name,
        DigitClassifier(images, labels, seed=1).name,
    ]
    assert len(set(names)) == 7
    assert all(name.startswith("digit-classifier-v1-") for name in names)
    assert DigitClassifier(images.copy(), labels.copy()).name == names[0]


def test_a_failing_save_leaves_nothing_half_written(tmp_path, monkeypatch):
    def full_disk(model, path, *arguments, **keywords):
        path.write_bytes(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(keras.Model, "save", full_disk)
    with pytest.raises(OSError, match="no space left"):
        DigitClassifier(*noisy(), epochs=1)(noisy()[0])
    assert cached(tmp_path) == []


def test_labels_that_are_not_one_for_each_image_are_refused():
    images, labels = noisy()
    with pytest.raises(ValueError, match=r"`labels` must hold one label for each.*3 labels for 64"):
        DigitClassifier(images, labels[:3])


def test_inception_sees_a_grey_image_as_a_colored_one_of_equal_channels(monkeypatch):
    monkeypatch.setattr(extractors, "INCEPTION_SIZE", 75)  # its smallest: this asks for no quality
    grey = np.random.default_rng(0).uniform(-1, 1, size=(1, 28, 28, 1)).astype("float32")
    inception = Inception(weights=None)
    features = inception(np.concatenate([grey, -grey]))
    colored = inception(np.repeat(np.concatenate([grey, -grey]), 3, axis=-1))
    assert features.shape == (2, 2048)
    np.testing.assert_allclose(colored, features, rtol=1e-4, atol=1e-6)
    assert np.abs(features[0] - features[1]).max() > 1e-3 * np.abs(features).max()


@pytest.mark.parametrize(
    ("weights", "name"),
    [
        ("imagenet", "keras-inception-v3-imagenet"),
        ("/somewhere/own_weights.h5", "keras-inception-v3-own_weights"),
        (None, "keras-inception-v3-random"),
    ],
)
def test_inception_says_in_its_name_which_weights_it_has(weights, name):
    assert Inception(weights).name == name


def test_a_missing_file_of_weights_is_named(tmp_path):
    missing = tmp_path / "weights.h5"
    with pytest.raises(FileNotFoundError, match=r"`weights` must be 'imagenet' or.*weights\.h5"):
        Inception(missing)(np.zeros((1, 28, 28, 1), "float32"))


def test_a_download_that_fails_says_what_to_do_instead(monkeypatch):
    def offline(**arguments):
        raise RuntimeError("URL fetch failure")

    monkeypatch.setattr(keras.applications, "InceptionV3", offline)
    with pytest.raises(OSError, match=r"could not be loaded.*`DigitClassifier`.*URL fetch failure"):
        Inception()(np.zeros((1, 28, 28, 1), "float32"))
