"""The page of returns shows all its content, escaped, without outside resources."""

import base64
import dataclasses
import re
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from keras_wgan.metrics import sampling_noise
from keras_wgan.metrics.returns.facts import return_facts
from keras_wgan.report.pages.returns import write_page
from keras_wgan.report.pages.returns_content import (
    AssetRow,
    ReportContent,
    Siblings,
    TodayPaths,
    Together,
)
from keras_wgan.report.pages.returns_figures import page_pictures
from keras_wgan.report.pages.vector import as_data_address
from keras_wgan.report.plots.fan import fan_picture
from keras_wgan.report.plots.style import GENERATED as GENERATED_COLOR
from keras_wgan.report.plots.style import NEUTRAL, TEXT
from keras_wgan.report.plots.style import REAL as REAL_COLOR
from keras_wgan.report.tables.facts import FactRow
from keras_wgan.report.tables.risks import RiskRow

RNG = np.random.default_rng(0)
REAL = 0.01 * RNG.standard_t(4, size=(150, 30))
GENERATED = 0.01 * RNG.normal(size=(120, 30))
PLAIN = ReportContent(
    title="A first run",
    ticker="^GSPC",
    history=pd.Series(REAL.ravel()[:200], index=pd.bdate_range("2023-01-02", periods=200)),
    start_price=4769.83,
    real=REAL,
    generated=GENERATED,
    real_memory=return_facts(REAL),
    generated_memory=return_facts(GENERATED),
    verdict=["Close to real in all but its memory.", "Its tails are thin."],
)
PAIR = pd.DataFrame(
    0.01 * RNG.normal(size=(200, 2)),
    columns=["^GSPC", "TLT"],
    index=pd.bdate_range("2023-01-02", periods=200),
)
FULL = dataclasses.replace(
    PLAIN,
    facts=(
        FactRow(
            "Memory of size",
            "Do wild days stay?",
            0.061,
            "0.29",
            "0.24",
            0.046,
            1.33,
            "clustering",
            True,
        ),
        FactRow("Lags of r²", "", 0.01, "", "", 0.05, 0.2, "clustering"),
        FactRow("Leverage", "", 0.2, "", "", 0.05, 4.0, "leverage"),
        FactRow("Skew", "Falls or rises?", -0.0004, "−0.38", "−0.41"),  # noqa: RUF001
    ),
    risks=(RiskRow(0.01, 20, -0.15, -0.173, -0.22, -0.246, (-0.2, -0.1), (-0.24, -0.2)),),
    noise=sampling_noise(REAL.ravel()[:600], histories=5),
    today=TodayPaths(3.0 * GENERATED, "31.4% a year, percentile 97", alike=REAL),
    grade="bad",
    copy_rate=0.004,
    next_steps={"Make scenarios": "keras-wgan generate RUN"},
    losses=pd.DataFrame({"epoch": [0, 1], "critic_loss": [-5.0, -3.0]}),
    settings={"betas": (0.5, 0.9), "latent": {"kind": "normal"}, "averaged": True},
    protocol={"windows": 120, "protocol": "in sample"},
    together=Together(
        history=PAIR,
        generated=0.01 * RNG.normal(size=(120, 30, 2)),
        table=pd.DataFrame(
            {"Real": [0.871], "Generated": [0.853]}, index=[("^GSPC, TLT", "Correlation of |r|")]
        ),
        assets=(
            AssetRow("^GSPC", "report-GSPC.html", 0.71, (0.19, 0.2), (-0.034, -0.036)),
            AssetRow("TLT", "report-TLT.html", None, (0.14, 0.13), (-0.021, -0.02)),
        ),
    ),
)


class Page(HTMLParser):
    """Collects tags, attributes and text, and refuses tags that are not closed in order."""

    VOID = ("meta", "img", "source")

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    path = write_page(tmp_path_factory.mktemp("page") / "new" / "report.html", FULL)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    path = write_page(tmp_path_factory.mktemp("page") / "report.html", PLAIN)
    return path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_page_is_one_file_of_well_formed_html(full):
    assert full.startswith("<!DOCTYPE html>")
    page = Page(full)
    assert page.all("html") == [{"lang": "en"}]
    assert page.all("meta")[0] == {"charset": "utf-8"}


def test_nothing_comes_from_elsewhere_and_nothing_runs(full):
    page = Page(full)
    assert not {"script", "link", "iframe", "object"} & {tag for tag, _ in page.tags}
    # A place on the page and a page in the same folder are allowed.
    links = [link["href"] for link in page.all("a")]
    assert [link for link in links if link[0] != "#"] == ["report-GSPC.html", "report-TLT.html"]
    anchors = {heading["id"] for heading in page.all("h2")}
    assert {link[1:] for link in links if link[0] == "#"} == anchors
    assert all(image["src"].startswith("data:image/svg+xml;base64,") for image in page.all("img"))
    assert not re.search(
        r"https?:|//|url\(|@import|javascript:", re.sub(r'src(set)?="[^"]*"', "", full)
    )
    policy = next(meta for meta in page.all("meta") if "http-equiv" in meta)["content"]
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_every_picture_is_an_svg_with_its_caption(full):
    page = Page(full)
    images = page.all("img")
    assert len(images) == len({image["alt"] for image in images}) == 10
    on_a_phone = [{"src": source["srcset"]} for source in page.all("source")]
    assert len(on_a_phone) == 10
    images += on_a_phone
    for image in images:
        drawn = ElementTree.fromstring(base64.b64decode(image["src"].partition(",")[2]))
        assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
        # Letters are outlines, so that no font is needed; nothing points out of the picture.
        assert drawn.find(".//{*}text") is None
        links = [e.get("{http://www.w3.org/1999/xlink}href") for e in drawn.iter()]
        assert all(link.startswith(("#", "data:image/png;base64,")) for link in links if link)
    assert page.text.count("In a good run") == 10


def test_the_pictures_are_those_of_the_content(full):
    given = {"history": FULL.history, "real": REAL}
    unconditional = fan_picture(GENERATED, 4769.83, **given, start="from any state")
    assert as_data_address(unconditional) in full
    today = fan_picture(3.0 * GENERATED, 4769.83, **given, start="from today's state")
    assert as_data_address(today) in full
    assert full.index(as_data_address(today)) < full.index(as_data_address(unconditional))


def test_sections_stand_in_the_order_of_a_reader(full):
    text = Page(full).text
    order = [
        "Close to real in all but its memory.",
        "Its tails are thin.",
        "Portfolio scenarios from today on",
        "Portfolio scenarios from any state",
        "Real and generated paths",
        "Daily returns",
        "Autocorrelation and leverage",
        "Drawdowns and volatility",
        "Risk: value at risk and expected shortfall",
        "Stylized facts",
        "Dependence between the assets",
        "The assets",
        "Copy check",
        "Training",
        "What to do next",
        "Settings and protocol",
        "Glossary",
    ]
    positions = [text.rindex(words) for words in order]  # not those of the contents
    assert positions == sorted(positions)
    assert "from 2023-01-02 to 2023-10-06 ." in text


def test_facts_show_score_floor_ratio_and_what_they_mean(full):
    text = Page(full).text
    assert "Clustering 0.765 Memory of size * Do wild days stay? 1.33 0.29 0.24 0.061 0.046" in text
    assert "Skew Falls or rises? – −0.38 −0.41 −0.0004 –" in text  # noqa: RUF001
    assert "Scores marked * are also part of the training loss" in text


def test_risks_are_shown_in_percent_and_in_money(full):
    text = Page(full).text
    assert "−15.00% −20.00% to −10.00% −17.30% −22.00% −24.00% to −20.00% −24.60%" in text  # noqa: RUF001
    left = [f"{100 * np.exp(r):.1f}" for r in (-0.15, -0.22, -0.173, -0.246)]
    assert (
        f"In history, 1 in 100 spans of 20 days left {left[0]} or less of 100 invested, about "
        f"{left[1]} on average. In the scenarios: {left[2]} and {left[3]}."
    ) in text


def test_the_headline_is_the_mean_of_the_families_that_are_shown(full):
    text = Page(full).text
    assert "2.38 mean over the families of scores" in text  # (0.765 + 4) / 2
    assert "0.765 where a score is part of the training loss, 4 elsewhere" in text
    assert "the mean over the 2 families is 2.38" in text


def test_the_verdict_has_the_color_of_its_grade(full, plain):
    assert 'class="verdict bad"' in full
    assert 'class="verdict "' in plain


def test_copies_settings_and_protocol_are_shown(full):
    text = Page(full).text
    assert "0.4% of the generated windows are near copies of a real one" in text
    assert "betas 0.500, 0.900 latent: kind normal averaged yes" in text
    assert "windows 120 protocol in sample" in text


@pytest.mark.parametrize(
    "term",
    ["Log return", "Value at risk (VaR)", "Expected shortfall (ES)", "Sampling floor",
     "Leverage effect", "Family"],
)  # fmt: skip
def test_the_glossary_explains(full, term):
    glossary = Page(full).text.partition("Glossary")[2]
    assert term in glossary


@pytest.mark.slow
def test_what_was_not_measured_is_left_out_or_said(plain):
    page = Page(plain)
    assert len(page.all("img")) == 6
    assert "This model cannot begin in a chosen state" in page.text
    assert "from today on" not in page.text
    assert "Copy check Not measured for this page." in page.text
    for heading in ("Training", "Settings and protocol", "Stylized facts"):
        assert heading not in page.text


@pytest.mark.slow
def test_hostile_names_are_shown_and_not_run(tmp_path):
    hostile = "<script>alert('$x_^')</script>\" onload=\"x"
    content = dataclasses.replace(
        PLAIN,
        title=hostile,
        ticker=hostile,
        verdict=[hostile],
        settings={hostile: hostile},
        facts=(FactRow(hostile, hostile, 1.0, hostile, hostile),),
    )
    page = Page(write_page(tmp_path / "report.html", content).read_text(encoding="utf-8"))
    assert not page.all("script")
    assert page.text.count(hostile) == 11
    assert not any("onload" in attributes for _, attributes in page.tags)


@pytest.mark.slow
def test_the_same_content_makes_the_same_page_and_changes_no_settings(plain, tmp_path):
    import matplotlib

    before = matplotlib.rcParams.copy()
    again = write_page(tmp_path / "report.html", PLAIN).read_text(encoding="utf-8")
    assert again == plain
    assert matplotlib.rcParams.copy() == before


@pytest.mark.slow
def test_windows_with_a_channel_axis_will_do(tmp_path):
    content = dataclasses.replace(PLAIN, real=REAL[..., None], generated=GENERATED[..., None])
    text = write_page(tmp_path / "report.html", content).read_text(encoding="utf-8")
    assert "scenarios of 30 days, against 150 real windows" in Page(text).text


@pytest.mark.parametrize(
    ("path", "changed", "message"),
    [
        ("report.pdf", {}, r"`path` must end in .html. Received: .*report.pdf"),
        (
            "report.html",
            {"verdict": []},
            r"`content.verdict` must hold at least one .*verdict=\[\]",
        ),
    ],
)
def test_an_unusable_page_is_refused_and_nothing_is_written(path, changed, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        write_page(tmp_path / path, dataclasses.replace(PLAIN, **changed))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_missing_jinja2_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(ImportError, match="pip install jinja2"):
        write_page(tmp_path / "report.html", PLAIN)


def test_the_page_of_a_portfolio_shows_it_first_then_dependence_then_its_assets(full):
    headings = re.findall(r'<h2 id="([\w-]+)">', full)
    order = ["any-state", "risks", "facts", "together", "assets"]
    assert [name for name in headings if name in order] == order
    text = re.sub(r"<[^>]+>", " ", full)
    assert re.search(r"\^GSPC, TLT\s+Correlation of \|r\|\s+0\.871\s+0\.853", text)
    assert re.search(r"\^GSPC\s+0\.710\s+19\.00%\s+20\.00%\s+.3\.40%\s+.3\.60%", text)


def test_the_page_of_one_of_several_assets_leads_to_the_others_and_has_no_leaderboard(tmp_path):
    pages = (("^GSPC", "report-GSPC.html"), ("TLT", "report-TLT.html"))
    content = dataclasses.replace(PLAIN, siblings=Siblings("report.html", pages))
    page = write_page(tmp_path / "report-GSPC.html", content).read_text(encoding="utf-8")
    links = [link["href"] for link in Page(page).all("a") if link["href"][0] != "#"]
    assert links == ["report.html", "report-TLT.html"]
    assert "leaderboards" not in page


def test_captions_say_what_the_pictures_show():
    captions = {name: each.caption for name, each in page_pictures(FULL).items()}
    assert "a volatility of 31.4% a year, percentile 97 among the days" in captions["today"]
    width = np.ptp(np.quantile(3.0 * GENERATED.sum(axis=1), [0.05, 0.95]))
    width /= np.ptp(np.quantile(REAL.sum(axis=1), [0.05, 0.95]))
    assert f"The fan is {width - 1:.0%} wider than that of history." in captions["today"]
    assert "today's state is not looked at" in captions["fan"]
    assert f"{REAL.std():.2%} real, {GENERATED.std():.2%} generated" in captions["histogram"]
    assert "In 0 of 1 rows both generated risks lie within their bars" in captions["risks"]
    assert "2 epochs" in captions["losses"]
    strength = f"{FULL.real_memory.acf_abs.mean():.2f} real".replace("-", "−")  # noqa: RUF001
    assert strength in captions["memory"] and "band holds" in captions["memory"]


def test_a_picture_that_cannot_be_drawn_leaves_its_reason(tmp_path):
    content = dataclasses.replace(PLAIN, generated=GENERATED[:99])
    page = Page(write_page(tmp_path / "report.html", content).read_text(encoding="utf-8"))
    assert len(page.all("img")) == 5
    assert "Histogram of returns: This picture could not be drawn: `windows` must" in page.text


def contrast(one, other):
    """Returns the contrast of two colors by the Web Content Accessibility Guidelines."""

    def luminance(color):
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return np.dot([0.2126, 0.7152, 0.0722], linear)

    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_color_of_text_can_be_read_in_light_dark_and_print(plain):
    schemes = [
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block.replace("#fff;", "#ffffff;")))
        for block in re.findall(r":root \{[^}]*\}", plain)
    ]
    assert len(schemes) == 3
    for colors in schemes:
        for name in ("real", "generated", "good", "fair", "bad"):
            assert contrast(colors[name], colors["card"]) >= 4.5, (name, colors)
    for color in (GENERATED_COLOR, NEUTRAL, REAL_COLOR, TEXT):
        assert contrast(color, "#ffffff") >= 4.5


def test_wide_tables_keep_their_first_column_in_sight(full):
    assert re.search(r"th:first-child \{[^}]*position: sticky; left: 0", full)
    head = re.search(r'<th scope="col">Fact</th><th scope="col">(\w+)</th>', full)
    assert head[1] == "Ratio"


def test_a_page_without_a_simulator_says_why(tmp_path):
    content = dataclasses.replace(PLAIN, market_note="Its network runs in Keras alone.")
    page = Page(write_page(tmp_path / "report.html", content).read_text(encoding="utf-8"))
    assert "Its network runs in Keras alone." in page.text
