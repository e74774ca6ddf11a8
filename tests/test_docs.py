"""Does every example run, in the pages and in the docstrings?"""

import inspect
import re
from pathlib import Path

import pytest
from test_public_api import public_objects

from keras_wgan import WGANGP
from keras_wgan.data.batches import ShuffledBatches
from keras_wgan.report import files

# KerasTuner 1.4.8 asks for its thread by a name that Python is giving up.
pytestmark = pytest.mark.filterwarnings("ignore:(currentThread|getName):DeprecationWarning")

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
EXAMPLES = {
    **public_objects(),
    "keras_wgan.WGANGP.generate": WGANGP.generate,
    "keras_wgan.data.batches.ShuffledBatches": ShuffledBatches,
    "keras_wgan.report.files.scenario_table": files.scenario_table,
}


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    """Lets an example write where it stands."""
    monkeypatch.chdir(tmp_path)


def run(fences, origin):
    """Runs pieces of code one after the other in one namespace."""
    namespace = {"__name__": "__main__"}
    for number, code in enumerate(fences, start=1):
        exec(compile(code, f"{origin}, fence {number}", "exec"), namespace)


# The deck's critic has a BatchNorm, and some pages show that.
@pytest.mark.filterwarnings("ignore:The critic's layer:UserWarning")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_code_of_a_page_runs(page):
    run(FENCE.findall(page.read_text()), page.name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of_a_docstring_runs(name):
    run(FENCE.findall(inspect.getdoc(EXAMPLES[name])), name)


def test_every_page_stands_in_the_table_of_contents():
    contents = (ROOT / "docs" / "index.md").read_text()
    listed = contents.split("```{toctree}")[1].split("```")[0].splitlines()
    pages = {page.stem for page in PAGES if page.parent.name == "docs"} - {"index"}
    assert {line for line in listed if line and not line.startswith(":")} == pages
