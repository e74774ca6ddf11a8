"""An array on disk returns its rows and leaves nothing behind."""

import errno
import os

import numpy as np
import pytest

from keras_wgan.errors import FileAccessError
from keras_wgan.io.spill import ArrayOnDisk

ROWS = np.random.default_rng(0).normal(size=(10, 3, 2)).astype("float32")


def test_rows_come_back_as_they_were_put_in(tmp_path):
    with ArrayOnDisk(tmp_path) as array:
        for first, last in ((0, 1), (1, 1), (1, 7), (7, 10)):
            array.append(ROWS[first:last])
        assert (len(array), array.shape, array.size) == (10, (10, 3, 2), 60)
        for rows in (slice(0, 3), slice(6, 99), slice(4, 4), slice(None)):
            np.testing.assert_array_equal(array[rows], ROWS[rows].astype("float64"), strict=True)
        array.append(ROWS[:1])  # reading does not move where is written
        np.testing.assert_array_equal(array[10:], ROWS[:1])


def test_rows_that_do_not_lie_in_order_in_memory_are_put_in_order(tmp_path):
    with ArrayOnDisk(tmp_path) as array:
        array.append(ROWS.transpose(1, 0, 2))
        np.testing.assert_array_equal(array[:], ROWS.transpose(1, 0, 2))


def test_nothing_is_left_and_nothing_is_seen_meanwhile(tmp_path):
    with ArrayOnDisk(tmp_path) as array:
        array.append(ROWS)
        assert list(tmp_path.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_rows_of_another_shape_are_refused(tmp_path):
    with ArrayOnDisk(tmp_path) as array:
        array.append(ROWS)
        with pytest.raises(AssertionError):
            array.append(ROWS[:, :2])


def test_a_full_disk_is_named_with_its_folder(tmp_path, monkeypatch):
    class Full:
        def seek(self, *_):
            """Changes nothing."""

        def write(self, _):
            """Fails as a full disk does."""
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def close(self):
            """Changes nothing."""

    monkeypatch.setattr("tempfile.TemporaryFile", lambda dir: Full())
    message = f"{tmp_path} cannot be written: No space left"
    with ArrayOnDisk(tmp_path) as array, pytest.raises(FileAccessError, match=message):
        array.append(ROWS)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileAccessError, match="file/new cannot be written"):
        ArrayOnDisk(tmp_path / "file" / "new")
