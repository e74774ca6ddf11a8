"""Any `.npz` file is read or refused in a sentence, within bounded memory."""

import io
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_wgan.data import load_images
from keras_wgan.io.npz import MAX_BYTES, read_npz_arrays
from keras_wgan.metrics.images.statistics_files import FORMAT, read_arrays

from helpers.hostile import EXAMPLES, damaged, works_or_says_why

IMAGES = {"x_train": np.full((2, 3, 4), 7, np.uint8), "y_train": np.array([3, 1])}
STATISTICS = {
    "format": np.array(FORMAT),
    "mean": np.zeros(2),
    "factor": np.eye(2),
    "count": np.array(5),
}


def read_images(path):
    """Reads images."""
    return load_images("mine", path)


READERS = [(read_images, IMAGES), (read_arrays, STATISTICS)]
KINDS = [np.uint8, np.int64, np.float64, np.complex128, bool, "U3", "S3", "M8[D]", "f4,i2", "V0"]
ARRAYS = st.builds(
    lambda kind, shape, value: np.full(shape, value, np.float64).astype(np.dtype(kind)),
    st.sampled_from(KINDS[:5]),
    st.lists(st.integers(0, 3), max_size=4).map(tuple),
    st.sampled_from([0.0, 2.0, 200.0]),
) | st.sampled_from(
    [np.zeros((2,), kind) for kind in KINDS]
    + [np.array(value) for value in (np.nan, np.inf, -1, 2**64 - 1, 1.5, "x" * 5000)]
)
HEADERS = st.sampled_from(
    ["", "{", "(" * 9000, "-" * 9000 + "1", "{'a': 1}", "[1]", "1", "\x00", "'''", "1L", "\\", "{}"]
) | st.builds(
    "{{'descr': {}, 'fortran_order': {}, 'shape': {}}}".format,
    st.sampled_from(["'|u1'", "'<f8'", "'|O'", "'nothing'", "[]", "[('a', '|O')]", "1", "'V0'"]),
    st.sampled_from(["True", "False", "2"]),
    st.sampled_from(["()", "(2,)", "(-1,)", "(-1, -2)", "(2**40,)", "(1099511627776,)", "(0,)"])
    | st.sampled_from(["(9" + "9" * 400 + ",)", "(0, 9" + "9" * 40 + ")", "5", "('a',)", "[2]"]),
)


def save(arrays):
    """Returns the bytes of an archive of arrays."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def zipped(members, method=zipfile.ZIP_DEFLATED):
    """Returns the bytes of an archive of any members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def npy(header, content=b"", version=b"\x01\x00"):
    """Returns the bytes of an array with any header."""
    return b"\x93NUMPY" + version + struct.pack("<H", len(header)) + header.encode() + content


@pytest.mark.parametrize(("read", "good"), READERS)
@EXAMPLES
@given(data=st.data())
def test_any_array_in_the_place_of_another_is_read_or_refused(tmp_path, read, good, data):
    name = data.draw(st.sampled_from(sorted(good)))
    path = tmp_path / "arrays.npz"
    path.write_bytes(save({**good, name: data.draw(ARRAYS)}))
    works_or_says_why(lambda: read(path), "arrays.npz")


@pytest.mark.parametrize(("read", "good"), READERS)
@EXAMPLES
@given(data=st.data())
def test_any_header_of_an_array_is_read_or_refused(tmp_path, read, good, data):
    name = data.draw(st.sampled_from(sorted(good)))
    version = data.draw(st.sampled_from([b"\x01\x00", b"\x02\x00", b"\x03\x00", b"\xff\xff"]))
    content = data.draw(st.binary(max_size=40))
    path = tmp_path / "arrays.npz"
    with zipfile.ZipFile(io.BytesIO(save(good))) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    path.write_bytes(zipped({**members, f"{name}.npy": npy(data.draw(HEADERS), content, version)}))
    works_or_says_why(lambda: read(path), "arrays.npz")


@pytest.mark.parametrize(("read", "good"), READERS)
@EXAMPLES
@given(data=st.data())
def test_a_damaged_archive_is_read_or_refused(tmp_path, read, good, data):
    path = tmp_path / "arrays.npz"
    path.write_bytes(data.draw(damaged(save(good)) | st.binary(max_size=50)))
    works_or_says_why(lambda: read(path), "arrays.npz")


@pytest.mark.parametrize("read", [read_images, read_arrays])
def test_an_archive_that_unpacks_to_more_than_the_limit_is_refused_before_it_is(
    tmp_path, monkeypatch, read
):
    path = tmp_path / "bomb.npz"
    members = {
        f"{name}.npy": bytearray(100) for name in ("x_train", "y_train", *sorted(STATISTICS))
    }
    path.write_bytes(zipped(members))
    whole = zipfile.ZipFile.infolist

    def promising(archive):
        for info in (found := whole(archive)):
            info.file_size = MAX_BYTES
        return found

    monkeypatch.setattr(zipfile.ZipFile, "infolist", promising)
    with pytest.raises(ValueError, match=r"bomb\.npz would take .* at most 2,147,483,648 are read"):
        read(path)


def test_a_zip_bomb_of_ten_megabytes_is_refused_by_its_sizes(tmp_path):
    path = tmp_path / "bomb.npz"
    path.write_bytes(zipped({"a.npy": npy("", bytes(10**7))}))
    assert path.stat().st_size < 20_000
    with pytest.raises(ValueError, match=r"a of .*bomb\.npz would take 10,000,010 bytes"):
        read_npz_arrays(path, ["a"], most_bytes=10**6)


def test_a_header_that_promises_more_than_is_there_is_refused_before_anything_is_set_aside(
    tmp_path,
):
    path = tmp_path / "arrays.npz"
    header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1099511627776, 28, 28)}"
    path.write_bytes(zipped({"a.npy": npy(header, b"few")}))
    with pytest.raises(ValueError, match=r"promises the shape .* of uint8, but holds 3 bytes"):
        read_npz_arrays(path, ["a"])


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_unpacks_without_a_limit_is_refused(tmp_path, method):
    path = tmp_path / "arrays.npz"
    path.write_bytes(zipped({"a.npy": npy("", bytes(1000))}, method))
    with pytest.raises(ValueError, match="is compressed by another method than NumPy's"):
        read_npz_arrays(path, ["a"])


def test_arrays_come_as_numpy_wrote_them(tmp_path):
    path = tmp_path / "arrays.npz"
    rows = np.arange(6.0).reshape(2, 3)
    path.write_bytes(save({"rows": rows, "columns": np.asfortranarray(rows), "none": rows[:0]}))
    found = read_npz_arrays(path, ["rows", "columns", "none"])
    for name, expected in {"rows": rows, "columns": rows, "none": rows[:0]}.items():
        np.testing.assert_array_equal(found[name], expected, strict=True)
