"""Picture files on the pages of images and of series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from keras_wgan.report.pages.rendering import data_address
from keras_wgan.report.pages.returns_figures import PagePicture


@dataclass(frozen=True)
class PictureFile:
    """A `.png` or `.gif` file on a page, with its heading and its caption."""

    heading: str
    path: Path
    caption: str

    @property
    def anchor(self) -> str:
        """The address of its heading within the page."""
        return self.heading.lower().replace(" ", "-")


def embedded_pictures(pictures: Sequence[PictureFile]) -> list[tuple[str, PagePicture]]:
    """Returns pictures as a page holds them, each with the anchor of its heading."""
    return [
        (each.anchor, PagePicture(embedded(each.path), each.heading, each.caption))
        for each in pictures
    ]


def embedded(path: Path) -> str:
    """Returns the content of a picture file as an address in a page."""
    return data_address(path.suffix.removeprefix("."), path.read_bytes())
