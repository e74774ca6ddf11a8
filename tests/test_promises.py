"""Each row of the table of guarantees names a test that exists."""

import re

import pytest

from helpers.paths import ROOT, TESTS

PAGE = (ROOT / "docs" / "promises.md").read_text()
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and "| test |" not in line]
NAMED = re.findall(r"`([\w/]*test_\w+\.py)::(test_\w+)`", PAGE)


def test_each_row_names_a_test():
    assert len(ROWS) >= 25
    assert [row for row in ROWS if not re.search(r"`[\w/]*test_\w+\.py::test_\w+` \|$", row)] == []


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_named_test_is_there(file, test):
    assert re.search(rf"^def {test}\(", (TESTS / file).read_text(), re.MULTILINE)
