"""The report page of generated images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    """All content of a page of images.

    The first sentence of `verdict` is set large, `source` names the training images, `settings`
    are those of the training, and `protocol` says how the scores were measured.
    """

    title: str
    source: str
    verdict: Sequence[str]
    pictures: Sequence[ImagePicture]
    settings: Mapping[str, Any] = field(default_factory=dict)
    protocol: Mapping[str, Any] = field(default_factory=dict)


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
