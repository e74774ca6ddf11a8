"""The writer of NumPy archives in blocks."""

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np


def write_npz(path: Path, arrays: Mapping[str, tuple[int, Iterable[np.ndarray]]]) -> None:
    """Writes a compressed NumPy archive of arrays that come in blocks, one block in memory.

    Args:
        path: Where to.
        arrays: How many rows each array has, and the blocks of them. One array is gone through
            after the other, because one file of an archive is open at a time.
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
