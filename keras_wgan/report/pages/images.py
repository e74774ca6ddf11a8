"""How does somebody who has never seen the project learn what its images are worth?"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keras_wgan.io.files import write_atomically
from keras_wgan.report.pages.returns import page_environment, setting_rows


@dataclass(frozen=True)
class ImagePicture:
    """A picture of a page of images.

    Args:
        heading: What stands above it.
        path: A `.png` or `.gif` file.
        caption: What to look for, and what good looks like.
    """

    heading: str
    path: Path
    caption: str


@dataclass(frozen=True)
class ImageReport:
    """All that `write_image_page` puts on a page.

    Args:
        title: Headline, such as the run's name.
        source: What the images were trained on.
        verdict: What the figures come to, in sentences; the first is set large.
        pictures: Those to show, in this order.
        settings: The settings of the training, by name. Defaults to none.
        protocol: How the figures were measured, by name. Defaults to none.
    """

    title: str
    source: str
    verdict: Sequence[str]
    pictures: Sequence[ImagePicture]
    settings: Mapping[str, Any] = field(default_factory=dict)
    protocol: Mapping[str, Any] = field(default_factory=dict)


def write_image_page(path: Path, content: ImageReport) -> Path:
    """Writes one HTML page that needs nothing but a browser; its pictures are inside it.

    Args:
        path: Where to, all or nothing.
        content: What to show.

    Returns:
        The path written.
    """
    environment = page_environment()
    environment.filters["embedded"] = _embedded
    page = environment.get_template("images.html.j2").render(
        content=content,
        protocol=setting_rows(content.protocol),
        settings=setting_rows(content.settings),
    )
    write_atomically(path, page.encode())
    return path


def _embedded(path: Path) -> str:
    kind = path.suffix.removeprefix(".")
    return f"data:image/{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"
