"""The table of private parts of libraries names tests that exist, and every replacement."""

import re

import pytest

from helpers.paths import ROOT, TESTS

PAGE = (ROOT / "docs" / "internals.md").read_text()
ROWS = [
    line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| where")
]
NAMED = re.findall(r"`([\w/]*test_\w+\.py)::(test_\w+)`", PAGE)


def test_each_row_ends_with_a_test():
    assert len(ROWS) >= 14
    assert [row for row in ROWS if not re.search(r"`[\w/]*test_\w+\.py::test_\w+` \|$", row)] == []


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_named_test_exists(file, test):
    assert re.search(rf"^def {test}\(", (TESTS / file).read_text(), re.MULTILINE)


def test_every_module_that_replaces_a_function_has_a_row():
    package = ROOT / "keras_wgan"
    modules = [
        str(file.relative_to(package))
        for file in package.rglob("*.py")
        if re.search(r"= Replacement\(", file.read_text())
    ]
    assert len(modules) >= 3
    assert [name for name in modules if f"| `{name}` | replaces" not in PAGE] == []
