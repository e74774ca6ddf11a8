"""The report page of generated images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keras_wgan.io.files import write_atomically
from keras_wgan.report.image_verdict import ImageScore
from keras_wgan.report.pages.rendering import data_address, render, setting_rows
from keras_wgan.report.pages.returns_figures import PagePicture
from keras_wgan.report.verdict import Verdict


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
    verdict: Verdict  # its first sentence is set large
    scores: Sequence[ImageScore]
    measured: Sequence[str]  # sentences about how
    pictures: Sequence[ImagePicture]
    settings: Mapping[str, Any]  # of the training
    protocol: Mapping[str, Any]  # how the scores were measured


def write_image_page(path: Path, content: ImageReport) -> Path:
    """Writes one HTML page that needs only a browser; its pictures are inside it."""
    page = render(
        "images.html.j2",
        content=content,
        pictures=[
            (slug(each.heading), PagePicture(_embedded(each.path), each.heading, each.caption))
            for each in content.pictures
        ],
        contents=[(slug(each.heading), each.heading) for each in content.pictures],
        protocol=setting_rows(content.protocol),
        settings=setting_rows(content.settings),
    )
    write_atomically(path, page.encode())
    return path


def slug(heading: str) -> str:
    """Returns the anchor of a heading."""
    return heading.lower().replace(" ", "-")


def _embedded(path: Path) -> str:
    return data_address(path.suffix.removeprefix("."), path.read_bytes())
