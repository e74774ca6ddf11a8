"""The page of images shows its verdict, pictures and protocol, without outside resources."""

import base64
import re

from PIL import Image

from keras_wgan.report.compared_scores import ComparedScore
from keras_wgan.report.pages.images import ImageReport, write_image_page
from keras_wgan.report.pages.picture_files import PictureFile
from keras_wgan.report.verdict import Verdict


def test_the_page_holds_verdict_pictures_and_protocol_and_fetches_nothing(tmp_path):
    picture = tmp_path / "samples.png"
    Image.new("L", (4, 4)).save(picture)
    content = ImageReport(
        title="run <1>",
        source="mnist",
        verdict=Verdict("fair", ("These images come close.",)),
        scores=[ComparedScore("Frechet distance", "A distance.", 12.0, 3.0, better="lower")],
        notes=["Distance 12.0 +- 0.1"],
        pictures=[PictureFile("Samples", picture, "What came out.")],
        settings={"batch_size": 128},
        protocol={"measured": {"extractor": "mnist-classifier"}},
        next_steps={"Make images": "keras-wgan generate RUN"},
    )
    page = write_image_page(tmp_path / "report.html", content).read_text(encoding="utf-8")
    assert "run &lt;1&gt;" in page
    assert "Distance 12.0 +- 0.1" in page
    assert '<section class="verdict fair"' in page and "These images come close." in page
    assert '<td class="fair">4</td>' in page
    anchors = re.findall(r'<h2 id="([^"]+)"', page)
    assert anchors == ["scores", "samples", "next", "protocol", "glossary"]
    assert all(page.count(f'href="#{anchor}"') == 2 for anchor in anchors)
    assert base64.b64encode(picture.read_bytes()).decode() in page
    assert "<code>keras-wgan generate RUN</code>" in page
    assert "measured: extractor" in page and "mnist-classifier" in page
    assert "http:" not in page and "https:" not in page and "<script" not in page
