"""Images from scikit-learn, from .npz files, and from a stand-in for tensorflow-datasets."""

import subprocess
import sys
import types

import numpy as np
import pytest

from keras_wgan.data import load_images

PIXELS = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4) * 11  # 0, 11, ... 253
ARRAYS = {
    "x_train": PIXELS,
    "y_train": np.array([7, 3], np.uint8),
    "x_test": PIXELS[:1] + 1,
    "y_test": np.array([5], np.uint8),
}


@pytest.fixture
def npz(tmp_path):
    def write(**changes):
        path = tmp_path / "images.npz"
        arrays = {**ARRAYS, **changes}
        np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
        return path

    return write


class DatasetNotFoundError(ValueError):
    """As in tensorflow-datasets, where it is a ValueError too."""


@pytest.fixture
def tfds(monkeypatch, tmp_path):
    """A module that answers as tensorflow-datasets does, and notes what it was asked."""
    module = types.ModuleType("tensorflow_datasets")
    module.download_error = None
    module.splits = {"train": (PIXELS[..., None], np.array([7, 3])), "test": None}
    module.asked = []

    class Builder:
        def download_and_prepare(self):
            if module.download_error is not None:
                raise module.download_error

        def as_dataset(self, **arguments):
            module.asked.append(arguments)
            data = module.splits[arguments["split"]]
            if data is None:
                raise ValueError("Unknown split 'test'. Should be one of ['train'].\nMore.")
            return data

    def builder(name, data_dir):
        module.asked.append((name, data_dir))
        if name != "mnist":
            raise DatasetNotFoundError(f"Dataset {name} not found. Available:\n - abstract\n")
        return Builder()

    module.builder = builder
    module.disable_progress_bar = lambda: None
    module.as_numpy = lambda data: data
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", module)
    monkeypatch.setenv("KERAS_WGAN_CACHE", str(tmp_path / "cache"))
    return module


def test_digits_are_1500_training_images_from_minus_one_to_one():
    images, labels = load_images("digits")
    assert images.shape == (1500, 28, 28, 1)
    assert images.dtype == np.float32
    assert (images.min(), images.max()) == (-1.0, 1.0)
    assert labels.dtype == np.int64
    np.testing.assert_array_equal(labels[:10], np.arange(10))


def test_digits_test_images_are_the_last_297():
    from sklearn.datasets import load_digits

    images, labels = load_images("digits", split="test")
    assert images.shape == (297, 28, 28, 1)
    np.testing.assert_array_equal(labels, load_digits().target[1500:])


def test_digits_keep_the_picture_when_they_are_enlarged():
    from sklearn.datasets import load_digits

    images, _ = load_images("digits")
    small = load_digits().images[:1500] / 8.0 - 1.0
    # A quarter is 4x4 old pixels and 14x14 new ones; only clipped overshoot changes its mean.
    old, new = (
        grid.reshape(1500, 2, side, 2, side).mean(axis=(2, 4))
        for grid, side in ((small, 4), (images, 14))
    )
    np.testing.assert_allclose(new, old, atol=0.08)  # pixels taken as points miss it by 0.2


def test_digits_are_the_same_every_time():
    np.testing.assert_array_equal(load_images("digits")[0], load_images("digits")[0])


def test_npz_pixels_are_scaled_from_bytes_to_minus_one_to_one(npz):
    images, labels = load_images("mine", npz())
    assert images.dtype == np.float32
    assert labels.dtype == np.int64
    np.testing.assert_allclose(images, PIXELS[..., None] / 127.5 - 1.0, atol=1e-6)
    np.testing.assert_array_equal(labels, [7, 3])


def test_npz_extremes_become_exactly_minus_one_and_one(npz):
    pixels = np.array([[[0, 255]]], np.uint8)
    images, _ = load_images("mine", npz(x_train=pixels, y_train=np.array([1])))
    np.testing.assert_array_equal(images, [[[[-1.0], [1.0]]]])


def test_npz_test_split_is_its_own(npz):
    images, labels = load_images("mine", str(npz()), split="test")
    np.testing.assert_allclose(images, (PIXELS[:1, ..., None] + 1) / 127.5 - 1.0, atol=1e-6)
    np.testing.assert_array_equal(labels, [5])


def test_npz_color_images_and_a_column_of_labels_are_read(npz):
    pixels = np.stack([PIXELS, PIXELS // 2, PIXELS // 3], axis=-1)
    images, labels = load_images("cifar10", npz(x_train=pixels, y_train=np.array([[4], [6]])))
    assert images.shape == (2, 3, 4, 3)
    np.testing.assert_allclose(images[..., 2], PIXELS // 3 / 127.5 - 1.0, atol=1e-6)
    np.testing.assert_array_equal(labels, [4, 6])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"x_train": None}, "arrays x_train, y_train, but it holds x_test, y_test, y_train"),
        ({"x_train": PIXELS / 255.0}, "unsigned 8-bit integers.*float64"),
        ({"x_train": PIXELS.astype(np.int64)}, "unsigned 8-bit integers.*int64"),
        ({"x_train": PIXELS[0]}, r"shape.*\(3, 4\)"),
        ({"x_train": PIXELS[:0], "y_train": np.zeros(0, int)}, r"shape.*\(0, 3, 4\)"),
        ({"x_train": np.zeros((2, 3, 28, 28), np.uint8)}, r"channels.*\(2, 3, 28, 28\)"),
        ({"y_train": np.array([7, 3, 1])}, r"one label for each image.*2 images.*\(3,\)"),
        ({"y_train": np.eye(2, dtype=int)}, r"one label for each image.*\(2, 2\)"),
        ({"y_train": np.array([0.5, 1.0])}, "Labels must be integers.*float64"),
    ],
)
def test_npz_of_something_else_is_refused_in_one_sentence(npz, changes, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        load_images("mine", npz(**changes))
    assert "images.npz" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_npz_is_never_unpickled(npz):
    path = npz(y_train=np.array([{"a": 1}, None], dtype=object))
    with pytest.raises(ValueError, match=r"y_train of .*images\.npz.*needs pickle"):
        load_images("mine", path)


def test_a_missing_npz_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nothing\.npz"):
        load_images("mine", tmp_path / "nothing.npz")


@pytest.mark.parametrize("part", [0.3, 0.6, 0.99])
def test_a_truncated_npz_is_called_so(npz, part):
    path = npz()
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(ValueError, match=r"images\.npz is broken or cut short"):
        load_images("mine", path)


def test_an_npz_with_a_damaged_array_is_called_broken(npz):
    path = npz()
    content = bytearray(path.read_bytes())
    position = content.index(PIXELS.tobytes())
    content[position] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"images\.npz is broken or cut short"):
        load_images("mine", path)


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\x93NUMPY\x01\x00", b"\x80\x04N."])
def test_a_file_that_is_no_archive_is_called_so(tmp_path, content):
    path = tmp_path / "images.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"images\.npz is not an \.npz archive"):
        load_images("mine", path)


def test_an_unknown_split_is_refused():
    with pytest.raises(ValueError, match=r"`split`.*'valid'"):
        load_images("digits", split="valid")


def test_a_named_set_is_read_whole_through_tfds_into_the_cache_folder(tfds, tmp_path):
    images, labels = load_images("mnist")
    np.testing.assert_allclose(images, PIXELS[..., None] / 127.5 - 1.0, atol=1e-6)
    np.testing.assert_array_equal(labels, [7, 3])
    assert (images.dtype, labels.dtype) == (np.float32, np.int64)
    assert tfds.asked == [
        ("mnist", tmp_path / "cache" / "tensorflow_datasets"),
        {"split": "train", "batch_size": -1, "as_supervised": True},
    ]


def test_an_unknown_name_is_refused_without_the_whole_catalog(tfds):
    with pytest.raises(ValueError, match=r"\"digits\" or a data set.*name='mnits'") as caught:
        load_images("mnits")
    assert "abstract" not in str(caught.value)


class DownloadError(Exception):
    """As in tensorflow-datasets, where it is not an OSError."""


@pytest.mark.parametrize("error", [OSError("Max retries exceeded"), DownloadError("HTTP 503")])
def test_without_a_network_the_offline_sources_are_named(tfds, error):
    tfds.download_error = error
    with pytest.raises(ConnectionError, match=r"mnist.*name=\"digits\".*path=.*\.npz") as caught:
        load_images("mnist")
    assert str(error) in str(caught.value)


def test_a_set_that_must_be_fetched_by_hand_is_not_blamed_on_the_network(tfds):
    tfds.download_error = AssertionError("Manual directory does not exist.\nMore.")
    with pytest.raises(ValueError, match=r"Manual directory does not exist\. Without"):
        load_images("mnist")


def test_a_split_that_the_set_lacks_is_refused(tfds):
    with pytest.raises(ValueError, match=r'"test" part of.*\'mnist\'.*Unknown split'):
        load_images("mnist", split="test")


def test_a_set_of_other_pixels_is_refused(tfds):
    tfds.splits["train"] = (PIXELS[..., None].astype(np.uint16), np.array([7, 3]))
    with pytest.raises(ValueError, match="'mnist' holds uint16"):
        load_images("mnist")


def test_a_missing_part_of_tfds_is_named_with_its_cure(tfds):
    tfds.download_error = ModuleNotFoundError("No module named 'wanted'", name="wanted")
    with pytest.raises(ImportError, match="pip install tensorflow-datasets wanted"):
        load_images("mnist")


def test_without_tfds_the_cure_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    with pytest.raises(ImportError, match=r"pip install tensorflow-datasets$"):
        load_images("mnist")


def test_importing_data_loads_neither_keras_nor_other_heavy_packages():
    heavy = ["keras", "tensorflow_datasets", "sklearn", "scipy", "arch", "yfinance", "pyarrow"]
    code = (
        "import sys, pandas; before = set(sys.modules); import keras_wgan.data; "
        f"print(sorted((set(sys.modules) - before) & set({heavy})))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (answer.stdout.strip(), answer.returncode) == ("[]", 0), answer.stderr
