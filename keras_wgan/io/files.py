"""Where are downloads kept on disk, and how is one written so that it is whole or absent?"""

import hashlib
import os
import tempfile
from pathlib import Path

import platformdirs

CACHE_VARIABLE = "KERAS_WGAN_CACHE"
_SEAL = "# sha256: "


def cache_folder() -> Path:
    """Returns the folder that downloads are kept in; it need not exist yet.

    It is the user's cache folder for "keras-wgan", or what the environment variable
    `KERAS_WGAN_CACHE` says.

    Returns:
        The folder. Deleting it loses nothing that cannot be downloaded again.
    """
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("keras-wgan")


def write_atomically(path: Path, content: bytes) -> None:
    """Writes `content` to `path`, which then holds the old content or the new, never a part.

    Args:
        path: The file to write; its folder is made if it is missing.
        content: All bytes of the file.

    Raises:
        OSError: If the folder cannot be made or written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # The same folder, because a rename is atomic only inside one file system.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def write_sealed(path: Path, text: str) -> None:
    """Writes `text` and a last line with its SHA-256, so that a cut file is noticed.

    A table cut in the middle of a number still reads as a table; the seal tells them apart.

    Args:
        path: The file to write.
        text: The content; it ends with a newline.

    Raises:
        OSError: If the folder cannot be made or written to.
    """
    write_atomically(path, f"{text}{_SEAL}{_digest(text)}\n".encode())


def read_sealed(path: Path) -> str | None:
    """Reads what `write_sealed` wrote.

    Args:
        path: The file to read.

    Returns:
        The text without its seal, or None where the file is missing, cut or changed.
    """
    try:
        content = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None
    text, _, seal = content.rpartition(_SEAL)
    return text if seal == f"{_digest(text)}\n" else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
