"""The atomic writer of all files, and the folder that downloads are kept in."""

import contextlib
import hashlib
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from keras_wgan.errors import FileAccessError, InputNotFoundError, KerasWGANError

CACHE_VARIABLE = "KERAS_WGAN_CACHE"
_SEAL = "# sha256: "
_UNFINISHED = ".part."


def cache_folder() -> Path:
    """Returns the folder of downloads: `KERAS_WGAN_CACHE`, or the user's cache folder."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("keras-wgan")


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Yields a path to write to; the file replaces `path` once it is whole and synced to disk.

    A reader of `path` sees the old file or the new one. The permissions are those of the user's
    umask. Threads and processes may write the same file at once: the last one wins. Missing
    folders are made. The yielded path is in the same folder and has the same suffix.
    """
    # The same folder, because a rename is atomic only inside one file system.
    unfinished = path.with_name(f".{uuid.uuid4().hex}{_UNFINISHED}{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield unfinished
        _sync(unfinished)
        os.replace(unfinished, path)
    except KerasWGANError:
        raise
    except OSError as error:
        raise FileAccessError(
            f"{path} cannot be written: {error.strerror or error}. Nothing was changed. Check the "
            "free space and the permissions of its folder."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink()
    _sync_folder(path.parent)


def write_atomically(path: Path, content: bytes) -> None:
    """Writes all bytes of a file as `atomic_path` does."""
    with atomic_path(path) as unfinished:
        unfinished.write_bytes(content)


def remove_unfinished(folder: Path, name: str = "*", *, idle: float = 0.0) -> None:
    """Removes the files that a killed process left unfinished in a folder.

    No process may be writing files of this name, or pattern of names, in the folder, or each must
    write more often than every `idle` seconds.
    """
    for unfinished in folder.glob(f".*{_UNFINISHED}{name}"):
        with contextlib.suppress(FileNotFoundError):
            if not idle or time.time() - unfinished.stat().st_mtime > idle:
                unfinished.unlink()


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Raises an error of the package where a file or folder inside cannot be read."""
    try:
        yield
    except KerasWGANError:
        raise
    except FileNotFoundError as error:
        raise InputNotFoundError(f"{path} does not exist.") from error
    except OSError as error:
        raise FileAccessError(f"{path} cannot be read: {error.strerror or error}.") from error


def write_sealed(path: Path, text: str) -> None:
    """Writes `text` and a last line with its SHA-256, so that a cut file is noticed.

    A table that is cut in the middle of a number still reads as a table. `text` ends in a newline.
    """
    write_atomically(path, f"{text}{_SEAL}{_digest(text)}\n".encode())


def read_sealed(path: Path) -> str | None:
    """Returns the text that `write_sealed` wrote, or None if it is missing, cut or changed."""
    try:
        content = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None
    text, _, seal = content.rpartition(_SEAL)
    return text if seal == f"{_digest(text)}\n" else None


def _sync(path: Path) -> None:
    with path.open("rb+") as file:  # Windows syncs only what is open for writing
        os.fsync(file.fileno())  # or a power cut could leave the name without the content


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # Windows and some network drives cannot sync a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def first_free(path: Path, is_taken: Callable[[Path], bool]) -> Path:
    """Returns a path, or the same with -2, -3 ... in its name where that is taken."""
    free, number = path, 1
    while is_taken(free):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
