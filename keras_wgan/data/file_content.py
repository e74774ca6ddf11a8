"""The bytes of text files, packed or not, with a bound on their size."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path
from textwrap import shorten
from typing import BinaryIO

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.files import reading

MAX_BYTES = 2**28  # of text, about 3,000 assets over 40 years
TEXT = (".csv", ".txt", ".tsv", ".tab", ".dat", ".prn", ".asc")
SHEETS = (".xlsx", ".xlsm")
PACKED = (".gz", ".bz2", ".xz", ".zip")


def file_content(path: Path, start: bytes) -> bytes:
    """Returns the bytes of a text file, unpacked."""
    try:
        with reading(path), _opened(path, start) as file:
            content = file.read(MAX_BYTES + 1)
    except (EOFError, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile, ValueError) as error:
        raise InvalidInputError(
            f"{path} is not a whole compressed file: {shorten(str(error), 300)}"
        ) from error
    if len(content) > MAX_BYTES:
        size = path.stat().st_size
        raise InvalidInputError(
            f"{path} takes {max(size, len(content)):,} bytes, and at most {MAX_BYTES:,} are read. "
            "Keep only the columns that you need in it."
        )
    return content


def _opened(path: Path, start: bytes) -> BinaryIO | gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile:
    if start.startswith(b"\x1f\x8b"):
        return gzip.open(path)
    if start.startswith(b"BZh"):
        return bz2.open(path)
    if start.startswith(b"\xfd7zXZ"):
        return lzma.open(path)
    if start.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(path) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            if len(members) != 1 or members[0].file_size > MAX_BYTES:
                raise InvalidInputError(
                    f"{path} must hold one file of at most {MAX_BYTES:,} bytes. Received: "
                    f"{len(members)} files."
                )
            return io.BytesIO(archive.read(members[0]))
    return path.open("rb")
