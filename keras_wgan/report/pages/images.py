"""The report page of generated images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keras_wgan.io.files import write_atomically
from keras_wgan.report.pages.rendering import render, setting_rows


@dataclass(frozen=True)
class ImagePicture:
    """A `.png` or `.gif` file on a page, with its heading and its caption."""

    heading: str
    path: Path
    caption: str


@dataclass(frozen=True)
class ImageReport:
    """All content of a page of images."""

    title: str
    source: str  # of the training images
    verdict: Sequence[str]  # the first sentence is set large
    pictures: Sequence[ImagePicture]
    settings: Mapping[str, Any]  # of the training
    protocol: Mapping[str, Any]  # how the scores were measured


def write_image_page(path: Path, content: ImageReport) -> Path:
    """Writes one HTML page that needs only a browser; its pictures are inside it."""
    page = render(
        "images.html.j2",
        content=content,
        protocol=setting_rows(content.protocol),
        settings=setting_rows(content.settings),
    )
    write_atomically(path, page.encode())
    return path
