"""The report page of generated images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keras_wgan.io.files import write_atomically
from keras_wgan.report.browser.script import IMAGES, WITHOUT_SCRIPTS, program_parts
from keras_wgan.report.compared_scores import ComparedScore
from keras_wgan.report.pages.picture_files import PictureFile, embedded, embedded_pictures
from keras_wgan.report.pages.rendering import render, setting_rows
from keras_wgan.report.pages.returns_figures import PagePicture
from keras_wgan.report.verdict import Verdict

if TYPE_CHECKING:
    from keras_wgan.networks.image_description import ImageDescription


@dataclass(frozen=True)
class ImageReport:
    """All content of a page of images."""

    title: str
    source: str  # of the training images
    verdict: Verdict  # its first sentence is set large
    scores: Sequence[ComparedScore]
    notes: Sequence[str]  # sentences about how the scores were measured
    pictures: Sequence[PictureFile]
    settings: Mapping[str, Any]  # of the training
    protocol: Mapping[str, Any]  # how the scores were measured
    next_steps: Mapping[str, str]  # commands, by what they do
    generator: ImageDescription | None = None  # that runs in the page
    generator_note: str = ""  # the reason why the page carries none


def write_image_page(path: Path, content: ImageReport) -> Path:
    """Writes one HTML page that needs only a browser; its pictures are inside it."""
    parts: dict[str, Any] = {"policy": WITHOUT_SCRIPTS}
    if content.generator is not None:
        parts = drawing_parts(content.generator, "The rest of this page does not.")
    page = render(
        "images.html.j2",
        **parts,
        content=content,
        pictures=embedded_pictures(content.pictures),
        contents=[
            *([("draw", "Draw images")] if content.generator else []),
            *((each.anchor, each.heading) for each in content.pictures),
        ],
        protocol=setting_rows(content.protocol),
        settings=setting_rows(content.settings),
    )
    write_atomically(path, page.encode())
    return path


def write_drawing_page(
    path: Path,
    generator: ImageDescription,
    picture: Path,
    *,
    title: str,
    report: str | None = None,
    verdict: str | None = None,
) -> Path:
    """Writes one HTML page with a generator in it, which needs only a browser.

    `picture` shows samples to readers whose browser runs no scripts; `report` is the address of
    the run's report, and `verdict` a sentence on how good the generator is.
    """
    page = render(
        "explore_images.html.j2",
        **drawing_parts(generator, "The picture below shows samples that were drawn before."),
        title=title,
        report=report,
        verdict=verdict,
        picture=PagePicture(embedded(picture), "Samples", "Samples of the trained model."),
    )
    write_atomically(path, page.encode())
    return path


def drawing_parts(generator: ImageDescription, instead: str) -> dict[str, Any]:
    """Returns what the template of a generator needs; `instead` is for readers without scripts."""
    return {
        "generator": generator,
        **program_parts(IMAGES, {"generator": generator.to_config()}, instead),
    }
