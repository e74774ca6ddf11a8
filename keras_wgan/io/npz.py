"""Arrays read from `.npz` files, with their sizes checked first, and written in blocks."""

import math
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from textwrap import shorten
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.files import reading

MAX_BYTES = 2**31  # unpacked, of all arrays read; ten times CIFAR-10, 64 times MNIST
_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def read_npz_arrays(
    path: Path, names: Sequence[str], *, most_bytes: int = MAX_BYTES
) -> dict[str, NDArray[Any]]:
    """Returns the named arrays, read-only; refuses broken and large ones, and pickled objects.

    Their sizes, `most_bytes` in all, are checked before they are unpacked.
    """
    with reading(path), path.open("rb") as file:
        if file.read(2) != b"PK":
            given = ", ".join(f"{name}=..." for name in names)
            raise InvalidInputError(
                f"{path} is not an .npz archive. Write one with numpy.savez_compressed(path, "
                f"{given})."
            )
        try:
            with zipfile.ZipFile(file) as archive:
                members = _find(archive, names, path, most_bytes)
                return {name: _read(archive, members[name], name, path) for name in names}
        except (_RefusedError, MemoryError):
            raise
        except Exception as error:  # an archive fails in as many ways as it has parts
            raise InvalidInputError(
                f"{path} is broken or cut short ({shorten(str(error), 200)}). "
                "Copy or download it again."
            ) from error


def write_npz(path: Path, arrays: Mapping[str, tuple[int, Iterable[NDArray[Any]]]]) -> None:
    """Writes a compressed archive of arrays, given as their number of rows and blocks of rows.

    One block is in memory at a time. The arrays are written one after the other, because only one
    file of an archive is open at a time.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (count, blocks) in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                written = 0
                for block in blocks:
                    if not written:
                        header = {
                            "descr": np.lib.format.dtype_to_descr(block.dtype),
                            "fortran_order": False,
                            "shape": (count, *block.shape[1:]),
                        }
                        np.lib.format.write_array_header_1_0(file, header)
                    file.write(np.ascontiguousarray(block).tobytes())
                    written += len(block)
            assert written == count, f"{name}: {written} rows instead of {count}"


class _RefusedError(InvalidInputError):
    """A complete message, which names the file."""


def _find(
    archive: zipfile.ZipFile, names: Sequence[str], path: Path, most_bytes: int
) -> dict[str, zipfile.ZipInfo]:
    members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
    if not set(names) <= set(members):
        raise _RefusedError(
            f"{path} must hold the arrays {', '.join(sorted(names))}, but it holds "
            f"{shorten(', '.join(sorted(members)), 500) or 'none'}."
        )
    size = sum(members[name].file_size for name in names)
    if size > most_bytes:
        raise _RefusedError(
            f"The arrays {', '.join(sorted(names))} of {path} would take {size:,} bytes, and at "
            f"most {most_bytes:,} are read. Keep fewer or smaller ones in it."
        )
    return members


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, path: Path) -> NDArray[Any]:
    # Other methods unpack without a limit on the size of a piece.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refusal(name, path, "is compressed by another method than NumPy's")
    with archive.open(info) as member:
        shape, order, dtype = _header(member, name, path)
        held = info.file_size - member.tell()
        if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != held:
            reason = f"promises the shape {shape} of {dtype}, but holds {held:,} bytes"
            raise _refusal(name, path, reason)
        content = member.read()
    return np.frombuffer(content, dtype).reshape(shape, order=order)


def _header(member: IO[bytes], name: str, path: Path) -> tuple[Any, Any, np.dtype[Any]]:
    try:
        version = np.lib.format.read_magic(member)
    except ValueError as error:
        raise _RefusedError(f"The member {name} of {path} is not a NumPy array.") from error
    if version not in _HEADERS:
        raise _refusal(name, path, f"has a header of version {version}")
    try:
        shape, in_columns, dtype = _HEADERS[version](member)
    except zipfile.BadZipFile:
        raise
    except Exception as error:  # Python's parser and tokenizer read it: MemoryError among others
        raise _refusal(name, path, f"has no valid header ({type(error).__name__})") from error
    if dtype.hasobject:
        raise _refusal(name, path, "needs pickle, which can run code")
    return shape, "F" if in_columns else "C", dtype


def _refusal(name: str, path: Path, reason: str) -> _RefusedError:
    return _RefusedError(
        f"The array {name} of {path} cannot be read: it {reason}. Save plain number arrays."
    )
