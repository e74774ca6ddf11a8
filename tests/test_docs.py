"""Every example in the pages and in the docstrings runs."""

import ast
import re
import runpy
from unittest import mock

import pytest

from helpers.paths import ROOT

# KerasTuner 1.4.8 asks for its thread by a name that Python is giving up.
pytestmark = pytest.mark.filterwarnings("ignore:(currentThread|getName):DeprecationWarning")

VERSIONS = ROOT / "docs" / "_extensions" / "versions.py"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
UNLISTED = {"index", "404"}  # the page of the table itself, and that of missing pages
FENCE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def docstrings(node, name):
    """Yields every docstring of a module under the dotted name of what it describes."""
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            text = ast.get_docstring(child)
            if text:
                yield f"{name}.{child.name}", text
            yield from docstrings(child, f"{name}.{child.name}")


def documented_examples():
    """Returns the fences of every docstring of the package, public or not, by name."""
    paths = [*(ROOT / "keras_wgan").rglob("*.py"), *(ROOT / "callbacks").rglob("*.py")]
    return {
        name: fences
        for path in sorted(paths)
        for name, text in docstrings(
            ast.parse(path.read_text()), ".".join(path.relative_to(ROOT).with_suffix("").parts)
        )
        if (fences := FENCE.findall(text))
    }


EXAMPLES = documented_examples()


def slow_if_long(name):
    """Returns the name as a parameter, marked slow where the example trains or measures much."""
    long = re.search(
        r"\b(fit|train|tune|resume|evaluate|explore|MarketSimulator|leaderboard|out_of_sample|regime_check)\(",
        "".join(EXAMPLES[name]),
    )
    return pytest.param(name, marks=pytest.mark.slow if long else ())


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    """Lets an example write into its working folder."""
    monkeypatch.chdir(tmp_path)


def run(fences, origin):
    """Runs pieces of code one after the other in one namespace."""
    namespace = {"__name__": "__main__"}
    for number, code in enumerate(fences, start=1):
        exec(compile(code, f"{origin}, fence {number}", "exec"), namespace)


# The critic of mnist-classic has BatchNorm, and some pages show the warning.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The critic's layer:UserWarning")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_code_of_a_page_runs(page):
    run(FENCE.findall(page.read_text()), page.name)


@pytest.mark.parametrize("name", [slow_if_long(name) for name in EXAMPLES])
def test_the_example_of_a_docstring_runs(name):
    run(EXAMPLES[name], name)


def test_every_page_is_in_the_table_of_contents():
    contents = (ROOT / "docs" / "index.md").read_text()
    tables = re.findall(r"^```\{toctree\}\n(.*?)^```$", contents, re.DOTALL | re.MULTILINE)
    listed = [line for table in tables for line in table.splitlines()]
    pages = {page.stem for page in PAGES if page.parent.name == "docs"}
    assert {line for line in listed if line and not line.startswith(":")} == pages - UNLISTED


each_page = pytest.mark.parametrize(
    "page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name
)


@each_page
def test_every_link_has_a_text(page):
    assert not re.findall(r"(?<!!)\[\]\(.*?\)", page.read_text())


@each_page
def test_a_page_can_be_read_where_only_markdown_is_known(page):
    assert "```{include}" not in page.read_text()  # a code host would show the name of a file
    assert re.search(r"^# ", page.read_text(), re.MULTILINE)


@pytest.mark.parametrize(
    "table", sorted((ROOT / "docs" / "_measured").glob("*.md")), ids=lambda table: table.stem
)
def test_a_measured_table_can_be_reached_from_the_page_of_benchmarks(table):
    texts = [(ROOT / "docs" / page).read_text() for page in ("benchmarks.md", "speed.md")]
    assert any(f"(_measured/{table.name})" in text for text in texts)


def test_the_site_shows_the_change_log_below_the_title_of_its_page():
    source = [(ROOT / "docs" / "changelog.md").read_text()]
    runpy.run_path(str(VERSIONS))["show_changes"](mock.Mock(), "changelog", source)
    assert source[0].count("\n# ") == 0 and "## [Unreleased]" in source[0]


@pytest.mark.parametrize(("name", "begins"), [("404", True), ("index", False)])
def test_only_the_page_for_missing_pages_has_the_base_of_the_site(monkeypatch, name, begins):
    monkeypatch.setenv("DOCS_BASE", "/keras-wgan/")
    context = {"metatags": "<meta>"}
    runpy.run_path(str(VERSIONS))["begin_at_the_base"](None, name, "", context, None)
    assert context["metatags"] == '<base href="/keras-wgan/">' * begins + "<meta>"


def test_each_version_of_the_site_leads_to_the_others_and_to_the_pages_of_today(monkeypatch):
    extension = runpy.run_path(str(VERSIONS))
    monkeypatch.setenv("DOCS_VERSIONS", "v0.2.0 v0.1.0")
    for here, wanted in (
        ("", ["v0.2.0/index.html", "v0.1.0/index.html"]),
        ("v0.1.0", ["../index.html", "../v0.2.0/index.html"]),
    ):
        monkeypatch.setenv("DOCS_VERSION", here)
        source = ["# Versions\n"]
        extension["list_versions"](None, "versions", source)
        assert re.findall(r'href="([^"]*)"', source[0]) == wanted
