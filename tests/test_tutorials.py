"""The tutorials: their code runs with small settings, and what they show is a whole run of it."""

import functools
import os
import re
from pathlib import Path

import keras
import nbformat
import pytest

from helpers.paths import ROOT

FOLDER = ROOT / "docs" / "tutorials"
TUTORIALS = sorted(FOLDER.glob("*.ipynb"))
GALLERY = (ROOT / "docs" / "tutorials.md").read_text()
# Packages that a tutorial needs and the package does not.
NEEDED = {"portfolio": "skfolio"}

each_tutorial = pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)


@functools.cache
def cells_of(path, kind="code"):
    notebook = nbformat.read(path, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def small_settings(path):
    """Returns the settings that a tutorial names for a quick run of its code."""
    return nbformat.read(path, as_version=4).metadata["tiny"]


@pytest.mark.slow
@pytest.mark.skipif(keras.config.backend() != "tensorflow", reason="tutorials show TensorFlow")
# With few samples and epochs some of the computations warn, rightly.
@pytest.mark.filterwarnings("ignore")
@each_tutorial
def test_the_code_of_a_tutorial_runs(path, tmp_path, monkeypatch):
    pytest.importorskip(NEEDED.get(path.stem, "keras"))
    pyplot = pytest.importorskip("matplotlib.pyplot")
    monkeypatch.chdir(tmp_path)
    pyplot.switch_backend("agg")
    namespace, small = {"__name__": "__main__"}, small_settings(path)
    try:
        for number, cell in enumerate(cells_of(path), start=1):
            exec(compile(cell.source, f"{path.name}, cell {number}", "exec"), namespace)
            if "parameters" in cell.metadata.get("tags", ()):
                assert set(small) <= set(namespace), "a small setting has no setting to replace"
                namespace |= small
    finally:
        pyplot.close("all")


@each_tutorial
def test_the_outputs_are_those_of_one_run_from_top_to_bottom(path):
    counts = [cell.execution_count for cell in cells_of(path)]
    assert counts == list(range(1, len(counts) + 1))


@each_tutorial
def test_the_outputs_show_pictures_and_no_error_warning_or_path_of_a_machine(path):
    outputs = [output for cell in cells_of(path) for output in cell.outputs]
    texts = [output.get("text", "") for output in outputs]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert not [text for text in texts if re.search(r"/(tmp|home|root|usr)/", text)]
    assert not [each for each in outputs if each.output_type == "error"]
    assert not [each for each in outputs if each.get("name") == "stderr"]


@each_tutorial
def test_a_tutorial_is_in_the_gallery_with_a_picture_and_links_to_pages_that_exist(path):
    assert f"(tutorials/{path.name})" in GALLERY
    assert (ROOT / "docs" / "pictures" / "tutorials" / f"{path.stem}.png").exists()
    text = "\n".join(cell.source for cell in cells_of(path, "markdown"))
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert links and all(Path(os.path.normpath(FOLDER / link)).exists() for link in links)
