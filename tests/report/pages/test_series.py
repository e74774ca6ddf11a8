"""The page of series shows its verdict, the scores of each column, and fetches nothing."""

import re

from PIL import Image

from keras_wgan.metrics import SeriesScore
from keras_wgan.report.pages.picture_files import PictureFile
from keras_wgan.report.pages.series import SeriesReport, write_series_page
from keras_wgan.report.verdict import Verdict


def test_the_page_holds_verdict_scores_and_pictures_and_fetches_nothing(tmp_path):
    picture = tmp_path / "samples.png"
    Image.new("L", (4, 4)).save(picture)
    content = SeriesReport(
        title="run <1>",
        source="sensors.csv",
        columns=["heat", "load & wind"],
        window=24,
        verdict=Verdict("fair", ("These windows come close.",)),
        measured=[SeriesScore("steps", (0.2, 0.8), (0.1, 0.1))],
        pictures=[PictureFile("Windows", picture, "What came out.")],
        settings={"window": 24},
        protocol={"measured": {"seed": 3}},
        next_steps={"Make windows": "keras-wgan generate RUN"},
        notes=["sensors.csv: 1,000 rows."],
    )
    page = write_series_page(tmp_path / "report.html", content).read_text(encoding="utf-8")
    assert "run &lt;1&gt;" in page and "Windows of 24 rows of 2 columns" in page
    assert '<section class="verdict fair"' in page and "These windows come close." in page
    assert '<td class="fair">5.00</td><td class="fair">fair</td>' in page
    assert re.search(r'load &amp; wind</th><td class="bad">8.00<small>0.8 / 0.1</small></td>', page)
    assert "1,000 rows." in page and "What came out." in page
    assert not re.search(r'(?:src|href)="http', page)
    assert page.count("data:image/png;base64,") == 1
