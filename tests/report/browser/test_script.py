"""The scripts of pages: all files, as one text whose hash the page's policy admits."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from keras_wgan.report import browser
from keras_wgan.report.browser.script import IMAGES, MARKET, STYLE, program_parts

from helpers.market_page import small_market, write_drawing, write_small_page, write_small_report
from helpers.paths import ROOT

FOLDER = Path(browser.__file__).parent


def test_the_market_in_the_docs_runs_the_script_of_today():
    page = (ROOT / "docs" / "_static" / "market.html").read_text()
    for text in (MARKET.text(), (FOLDER / STYLE).read_text()):
        again = "`keras-wgan explore preset:sp500 --no-open --out docs/_static/market.html`"
        assert text.strip() in page, f"Make the page again: {again}"


def test_every_file_is_part_of_a_page():
    assert {path.name for path in FOLDER.glob("*.js")} == {*MARKET.files, *IMAGES.files}


@pytest.mark.parametrize("program", [MARKET, IMAGES], ids=["market", "images"])
def test_a_script_needs_no_other_file_and_comes_after_what_it_uses(program):
    text = program.text()
    assert not re.search(r"^(import|export)\b", text, re.MULTILINE)
    assert "</script" not in text.lower()
    parts = re.split(r'^modules\["(\w+\.js)"\] = ', text, flags=re.MULTILINE)
    defined = parts[1::2]
    assert defined == list(program.files)
    for number, part in enumerate(parts[2::2]):
        assert set(re.findall(r'= modules\["(\w+\.js)"\]', part)) <= set(defined[:number])


@pytest.mark.parametrize("write", [write_small_page, write_small_report, write_drawing])
def test_the_policy_of_a_page_admits_its_script_alone(tmp_path, write):
    page = write(tmp_path).read_text("utf-8")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src &#39;sha256-{digest}&#39;" in policy
    assert policy.startswith("default-src &#39;none&#39;; img-src data:;")


def test_a_name_cannot_end_the_data_of_a_page():
    name = "</script><b>&"
    parts = program_parts(MARKET, small_market(tickers=(name,)).to_config(), "")
    assert "<" not in parts["play_data"]
    assert json.loads(parts["play_data"])["assets"][0]["name"] == name
