"""The documentation site in a real browser: no request to elsewhere, no error, accessible."""

import functools
import http.server
import subprocess
import sys
import threading

import pytest

from helpers.paths import ROOT
from helpers.visitor import Visitor, grave_findings, started_browser

pytestmark = pytest.mark.slow

# One page of each kind; the others, above all those with many docstrings, take long to build.
BUILT = (
    *("index", "how_it_works", "market_in_browser", "tutorials", "tutorials/fid", "benchmarks"),
    *("_measured/sp500", "404", "changelog", "api/losses"),
)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Sends files, and writes nothing."""

    def log_message(self, *arguments):
        """Keeps quiet."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Builds these pages, without what they link to, and returns the address that serves them."""
    pytest.importorskip("myst_nb", reason="the extra `docs` is not installed")
    target, docs = tmp_path_factory.mktemp("site"), ROOT / "docs"
    pages = [path for suffix in ("md", "ipynb") for path in docs.rglob(f"*.{suffix}")]
    names = {path.relative_to(docs).with_suffix("").as_posix() for path in pages}
    left_out = ",".join(f"{name}.*" for name in sorted(names - {*BUILT}))
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html"]
    command += ["-d", str(target / "doctrees"), "-D", f"exclude_patterns=_build,{left_out}"]
    subprocess.run([*command, str(docs), str(target / "html")], check=True, capture_output=True)
    handler = functools.partial(Handler, directory=target / "html")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with started_browser() as browser:
        yield browser


@pytest.fixture
def show(browser, site):
    """Opens pages, and at the end refuses every message, error and request to elsewhere."""
    visitor = Visitor(browser)
    yield lambda name, **options: visitor.show(f"{site}/{name}.html", **options)
    visitor.leave()
    elsewhere = [each for each in visitor.other_requests if not each.startswith(f"{site}/")]
    assert visitor.messages + elsewhere == []


@pytest.mark.parametrize("name", BUILT)
def test_axe_finds_nothing_serious_and_nothing_lies_off_the_screen_of_a_phone(show, name):
    page = show(name)
    assert not grave_findings(page)
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_axe_finds_nothing_serious_in_the_dark(show):
    assert not grave_findings(show("index", color_scheme="dark"))


def test_formulas_are_drawn_by_the_browser(show):
    page = show("how_it_works")
    assert page.locator("math").count() > 20
    assert page.locator('math[display="block"]').first.bounding_box()["width"] > 200


def test_the_market_of_the_docs_runs_in_its_page(show):
    page = show("market_in_browser")
    page.locator("iframe").scroll_into_view_if_needed()
    frame = page.frame_locator("iframe")
    frame.locator('.play[data-state="done"]').wait_for()
    assert "paths of 60 trading days" in frame.locator(".play").inner_text()
