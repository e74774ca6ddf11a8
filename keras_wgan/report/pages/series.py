"""The report page of generated windows of several series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keras_wgan.io.files import write_atomically
from keras_wgan.metrics import SeriesScore
from keras_wgan.report.browser.script import WITHOUT_SCRIPTS
from keras_wgan.report.compared_scores import ComparedScore
from keras_wgan.report.pages.picture_files import PictureFile, embedded_pictures
from keras_wgan.report.pages.rendering import render, setting_rows
from keras_wgan.report.series_verdict import series_scores
from keras_wgan.report.verdict import Verdict


@dataclass(frozen=True)
class SeriesReport:
    """All content of a page of series."""

    title: str
    source: str  # of the training windows
    columns: Sequence[str]
    window: int
    verdict: Verdict  # its first sentence is set large
    measured: Sequence[SeriesScore]
    pictures: Sequence[PictureFile]
    settings: Mapping[str, Any]  # of the training
    protocol: Mapping[str, Any]  # how the scores were measured
    next_steps: Mapping[str, str]  # commands, by what they do
    notes: Sequence[str] = ()  # sentences on what was read

    @property
    def scores(self) -> Sequence[ComparedScore]:
        """The mean ratios to the floors."""
        return series_scores(self.measured, self.columns)

    @property
    def cells(self) -> dict[str, list[ComparedScore]]:
        """Each column's scores next to their floors, by its name."""
        return {
            column: [
                ComparedScore(
                    score.name, "", score.columns[number], score.floors[number], better="lower"
                )
                for score in self.measured
            ]
            for number, column in enumerate(self.columns)
        }


def write_series_page(path: Path, content: SeriesReport) -> Path:
    """Writes one HTML page that needs only a browser; its pictures are inside it."""
    page = render(
        "series.html.j2",
        policy=WITHOUT_SCRIPTS,
        content=content,
        pictures=embedded_pictures(content.pictures),
        contents=[(each.anchor, each.heading) for each in content.pictures],
        protocol=setting_rows(content.protocol),
        settings=setting_rows(content.settings),
    )
    write_atomically(path, page.encode())
    return path
