"""The page of images shows its verdict, pictures and protocol, without outside resources."""

import base64

from PIL import Image

from keras_wgan.report.pages.images import ImagePicture, ImageReport, write_image_page


def test_the_page_holds_verdict_pictures_and_protocol_and_fetches_nothing(tmp_path):
    picture = tmp_path / "samples.png"
    Image.new("L", (4, 4)).save(picture)
    content = ImageReport(
        title="run <1>",
        source="mnist",
        verdict=["Distance 12.0 +- 0.1"],
        pictures=[ImagePicture("Samples", picture, "What came out.")],
        settings={"batch_size": 128},
        protocol={"measured": {"extractor": "mnist-classifier"}},
    )
    page = write_image_page(tmp_path / "report.html", content).read_text(encoding="utf-8")
    assert "run &lt;1&gt;" in page
    assert "Distance 12.0 +- 0.1" in page
    assert base64.b64encode(picture.read_bytes()).decode() in page
    assert "measured.extractor" in page and "mnist-classifier" in page
    assert "http:" not in page and "https:" not in page and "<script" not in page
