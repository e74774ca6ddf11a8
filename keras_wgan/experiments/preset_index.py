"""The names, the files and the cards of the presets, read without Keras."""

from __future__ import annotations

import hashlib
from pathlib import Path

from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.model_card import ModelCard
from keras_wgan.io.files import reading

FOLDER = Path(__file__).parent / "preset_files"
CHECKSUMS = "SHA256SUMS"  # as `sha256sum --check` reads it
PREFIX = "preset:"  # says that a name means a preset, not a folder or a recipe


def preset_names() -> list[str]:
    """Returns the names of all presets.

    Example:
    ```python
    from keras_wgan.experiments import preset_names

    assert "sp500" in preset_names()
    ```

    Returns:
        Names, as `from_preset` and the command line take them.
    """
    return sorted(path.parent.name for path in FOLDER.glob("*/model.keras"))


def is_preset(place: str | Path) -> bool:
    """Says whether a name means a preset: with `preset:`, or where no folder has that name."""
    text = str(place)
    return text.startswith(PREFIX) or (text in preset_names() and not Path(text).is_dir())


def preset_folder(name: str) -> Path:
    """Returns the folder of a preset; refuses one whose files are not those of the package."""
    name = name.removeprefix(PREFIX)
    if name not in preset_names():
        raise InvalidInputError(
            f"`name` must be one of the presets {', '.join(preset_names())}. Received: {name!r}"
        )
    sums = FOLDER / CHECKSUMS
    with reading(sums):
        lines = sums.read_text(encoding="utf-8").splitlines()
    expected = {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
    files = {path: digest for path, digest in expected.items() if path.startswith(f"{name}/")}
    damaged = [path for path, digest in files.items() if checksum(FOLDER / path) != digest]
    if damaged or not files:
        raise InvalidInputError(
            f"The preset {name} is damaged: {', '.join(damaged) or sums} is not the file of the "
            "package. Install it again: pip install --force-reinstall --no-deps keras-wgan"
        )
    return FOLDER / name


def preset_card(name: str) -> ModelCard:
    """Returns the model card of a preset."""
    return ModelCard.read(preset_folder(name) / "card.json")


def checksum(path: Path) -> str:
    """Returns the SHA-256 of a file, or nothing where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
