"""Features for the Frechet distance: the digit classifiers, and Inception without a network."""

import hashlib

import keras
import numpy as np
import pytest
from scipy.ndimage import zoom
from sklearn.datasets import load_digits

from keras_wgan.data import load_images
from keras_wgan.extractors import (
    DigitClassifier,
    Inception,
    MnistClassifier,
    feature_batches,
    inception,
    lenet,
    mnist_classifier,
)
from keras_wgan.extractors.features import extractor_protocol


def noisy(count=64):
    """Images of 16 x 16 and labels that are quick to train on."""
    rng = np.random.default_rng(0)
    images = rng.uniform(-1, 1, size=(count, 16, 16, 1)).astype("float32")
    return images, rng.integers(0, 3, size=count)


def cached(tmp_path):
    return sorted(path.name for path in (tmp_path / "cache").rglob("*") if path.is_file())


@pytest.mark.slow
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
    assert "classifier" not in vars(extractor)
    assert not (tmp_path / "cache").exists()


@pytest.mark.slow
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
    assert all(name.startswith("digit-classifier-v2-") for name in names)
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


def test_shifted_images_keep_their_pixels_over_black():
    image = np.arange(9.0).reshape(1, 3, 3, 1) / 10
    down_right, back = (
        lenet.shifted(image, np.array([[1, 1]])),
        lenet.shifted(image, np.array([[2, 2]])),
    )
    np.testing.assert_array_equal(back, image)
    np.testing.assert_array_equal(down_right[0, 1:, 1:], image[0, :2, :2])
    assert (down_right[0, 0] == -1.0).all() and (down_right[0, :, 0] == -1.0).all()


def test_the_same_epoch_shows_the_same_shifts_and_another_epoch_others():
    images, labels = noisy(300)
    one, other = (lenet.ShiftedBatches(images, labels, batch_size=300, seed=2) for _ in range(2))
    np.testing.assert_array_equal(one[0][0], other[0][0])
    other.epoch = 1
    order = [np.random.default_rng([2, epoch]).permutation(300) for epoch in (0, 1)]
    np.testing.assert_array_equal(other[0][1], labels[order[1]])
    assert not np.array_equal(one[0][0][np.argsort(order[0])], other[0][0][np.argsort(order[1])])


# ---- The classifier that comes with the package ------------------------------------------------


def as_in_mnist(count):
    """Digits of other hands, enlarged to the 20 x 20 pixels that MNIST's have in their frame."""
    bunch = load_digits()
    large = np.stack([zoom(image / 16.0, 2.5) for image in bunch.images[:count]])
    framed = np.pad(np.clip(large, 0.0, 1.0), ((0, 0), (4, 4), (4, 4)))[..., None]
    return (2.0 * framed - 1.0).astype("float32"), bunch.target[:count]


def test_the_shipped_classifier_tells_digits_apart_that_it_never_saw():
    images, labels = as_in_mnist(500)
    probabilities = MnistClassifier().probabilities(images)
    np.testing.assert_allclose(probabilities.sum(axis=-1), 1.0, rtol=1e-5)
    assert np.mean(probabilities.argmax(axis=-1) == labels) > 0.95


def test_the_shipped_features_are_those_before_the_probabilities():
    images, _ = load_images("digits")
    extractor = MnistClassifier()
    features = extractor(images[:20])
    assert features.shape == (20, 128)
    kernel, bias = extractor.classifier.layers[-1].get_weights()
    logits = features @ kernel + bias
    expected = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(extractor.probabilities(images[:20]), expected, rtol=1e-3, atol=1e-6)


def test_the_shipped_file_says_how_it_was_made_and_is_small():
    extractor = MnistClassifier()
    facts = extractor.facts
    assert facts["test_accuracy"] >= 0.993
    assert {"data", "data_hash", "epochs", "seed", "keras"} <= set(facts)
    assert len(extractor._content) < 1e6
    assert extractor.hash == hashlib.sha256(extractor._content).hexdigest()[:12]


def test_a_file_of_weights_gives_back_the_classifier_in_half_precision(monkeypatch):
    classifier = lenet.lenet((28, 28, 1), 10, seed=5)
    extractor = MnistClassifier()
    content = mnist_classifier.weights_file(classifier, {"seed": 5})
    monkeypatch.setattr(extractor, "_content", content)
    assert extractor.facts == {"seed": 5}
    for found, expected in zip(
        extractor.classifier.get_weights(), classifier.get_weights(), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-7)


def test_features_are_in_single_precision_whatever_the_generator_trains_in():
    images, _ = load_images("digits")
    expected = MnistClassifier()(images[:8])
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        np.testing.assert_allclose(MnistClassifier()(images[:8]), expected, rtol=1e-5, atol=1e-5)
    finally:
        keras.config.set_dtype_policy("float32")


def test_images_of_another_shape_are_sent_to_a_classifier_of_their_own():
    with pytest.raises(ValueError, match=r"28 x 28.*\(4, 32, 32, 3\).*train a `DigitClassifier`"):
        MnistClassifier()(np.zeros((4, 32, 32, 3), "float32"))


# ---- Entries of the protocol --------------------------------------------------------------------


def doubled(samples):
    """Twice the samples."""
    return 2.0 * samples


def test_any_callable_and_any_keras_model_is_an_extractor():
    layer = keras.layers.Dense(3, use_bias=False)
    model = keras.Sequential([keras.Input((2,)), layer, keras.layers.Dropout(0.9)])
    samples = np.random.default_rng(0).normal(size=(5, 2)).astype("float32")
    batches = list(feature_batches(model, samples, batch_size=2))
    assert [len(batch) for batch in batches] == [2, 2, 1]
    kernel = layer.get_weights()[0]
    np.testing.assert_allclose(np.concatenate(batches), samples @ kernel, rtol=1e-5, atol=1e-6)
    batches = list(feature_batches(doubled, samples[:, :, None], batch_size=4))
    np.testing.assert_array_equal(np.concatenate(batches), 2.0 * samples)


def test_a_keras_model_is_known_by_its_name_and_weights():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)], name="mine")
    before = extractor_protocol(model)
    assert before["extractor"] == "mine" and len(before["extractor_hash"]) == 12
    assert extractor_protocol(model) == before
    model.layers[0].set_weights([np.ones((2, 3)), np.ones(3)])
    assert extractor_protocol(model)["extractor_hash"] != before["extractor_hash"]


def test_a_callable_is_known_by_what_it_says():
    assert extractor_protocol(doubled) == {
        "extractor": "doubled",
        "extractor_hash": "unknown",
        "resize": "none",
        "value_range": "as given",
        "channels": "as given",
    }
    protocol = extractor_protocol(Inception(weights=None))
    assert protocol["resize"] == "299x299 bicubic, antialiased"
    assert (protocol["value_range"], protocol["channels"]) == ("[-1, 1]", "3, gray copied")
    images, labels = noisy()
    extractor = DigitClassifier(images, labels)
    assert extractor_protocol(extractor)["extractor_hash"] == extractor.hash
    assert extractor_protocol(MnistClassifier())["extractor_hash"] == MnistClassifier().hash


# ---- Inception ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_inception_sees_a_gray_image_as_a_colored_one_of_equal_channels(monkeypatch):
    monkeypatch.setattr(inception, "SIZE", 75)  # its smallest: this asks for no quality
    gray = np.random.default_rng(0).uniform(-1, 1, size=(1, 28, 28, 1)).astype("float32")
    extractor = Inception(weights=None)
    features = extractor(np.concatenate([gray, -gray]))
    colored = extractor(np.repeat(np.concatenate([gray, -gray]), 3, axis=-1))
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
