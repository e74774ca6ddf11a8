"""The page of a run shows each of its leaderboards once."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from keras_wgan.io.json import strict_json
from keras_wgan.market.leaderboard import Leaderboard
from keras_wgan.report.pages import leaderboard
from keras_wgan.report.pages.leaderboard import (
    BEGIN,
    END,
    FILES,
    leaderboard_section,
    show_leaderboards,
)
from keras_wgan.report.plots.leaderboard import leaderboard_picture
from keras_wgan.report.tables.leaderboard import leaderboard_protocol

EMPTY = f"<main>above\n{BEGIN}\n{END}\nbelow</main>"


def board(protocol="in sample", composites=(0.9, 2.0), names=("FHS", "mine"), **given):
    """Returns a leaderboard of a rival and a run."""
    scores = pd.DataFrame(
        {"w1": np.linspace(0.1, 0.2, len(names)), "composite": composites}, index=list(names)
    )
    return Leaderboard(**{
        "protocol": protocol, "scores": scores, "by_seed": {}, "real": {}, "settings": {}, **given
    })  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """Returns a run folder with a page that has no leaderboard yet."""
    (tmp_path / "report.html").write_text(EMPTY)
    return tmp_path


def write(folder, number, one):
    """Writes a leaderboard as the command does."""
    (folder / FILES[number]).write_bytes(strict_json(one.to_dict()))


def headings(folder):
    """Returns the headings of the leaderboards on the page."""
    return re.findall(r"<h2 id=.*?><a .*?>(.*?)</a></h2>", (folder / "report.html").read_text())


@pytest.mark.slow
def test_the_page_holds_each_board_once_however_often_it_is_renewed(folder):
    write(folder, 1, board("out of sample"))
    write(folder, 0, board("in sample"))
    expected = [f"Comparison with other simulators, {which}" for which in
                ("in sample", "out of sample")]  # fmt: skip
    for _ in range(3):
        assert show_leaderboards(folder) == [folder / "report.html"]
        assert headings(folder) == expected
    text = (folder / "report.html").read_text()
    assert text.count(BEGIN) == text.count(END) == 1
    assert text.startswith("<main>above\n") and text.endswith("\nbelow</main>")


def test_a_renewed_board_replaces_the_old_one(folder):
    for composite, shown in ((2.0, "2.00"), (3.25, "3.25")):
        write(folder, 0, board(composites=(0.9, composite)))
        show_leaderboards(folder)
        assert f"<td>{shown}</td>" in (folder / "report.html").read_text()
    assert "<td>2.00</td>" not in (folder / "report.html").read_text()


def test_a_run_without_leaderboards_keeps_its_page(folder):
    show_leaderboards(folder)
    assert headings(folder) == []


def test_without_a_page_or_on_a_page_of_an_earlier_version_nothing_is_written(tmp_path):
    assert show_leaderboards(tmp_path) == []
    (tmp_path / "report.html").write_text("<main>old</main>")
    write(tmp_path, 0, board())
    assert show_leaderboards(tmp_path) == []
    assert (tmp_path / "report.html").read_text() == "<main>old</main>"


def test_the_template_of_the_page_has_the_place_for_them():
    template = (Path(leaderboard.__file__).parent / "templates" / "returns.html.j2").read_text()
    assert template.index(BEGIN) < template.index(END)


def test_the_run_itself_is_marked_and_no_rival(folder):
    section = leaderboard_section(board())
    assert '<tr class="own"><th scope="row">mine</th>' in section
    assert section.count('class="own"') == 1


def test_names_cannot_bring_html_into_the_page():
    section = leaderboard_section(board(names=("FHS", "<b>&mine")))
    assert "<b>&mine" not in section and "&lt;b&gt;&amp;mine" in section


def test_the_picture_is_in_the_page_itself():
    assert '<img src="data:image/' in leaderboard_section(board())


def test_boards_on_which_all_exploded_have_no_picture_and_say_inf():
    section = leaderboard_section(board(composites=(np.inf, np.inf)))
    assert "<figure>" not in section and section.count("<td>inf</td>") == 2


def test_the_days_and_the_legend_are_next_to_the_table():
    days = {"fitted_to": {"first": "2000-01-03", "last": "2011-12-30", "days": 3018}}
    section = leaderboard_section(board(settings=days, trained_on=("w1",)))
    assert "Fitted to 2000-01-03 to 2011-12-30." in section
    assert '<th scope="col">W1*</th>' in section
    assert "* is also part of the training loss" in section


def test_one_seed_is_called_so_and_has_no_line_from_best_to_worst():
    scores = pd.DataFrame({"composite": [0.5]}, index=["mine"])
    for seeds, words, lines in (([3], "seed 3", 0), ([3, 4], "means of the seeds 3, 4", 1)):
        by_seed = {"mine": [{"composite": 0.5} for _ in seeds]}
        found = Leaderboard("in sample", scores, by_seed, {}, {"seeds": seeds})
        assert any(words in sentence.lower() for sentence in leaderboard_protocol(found))
        label = leaderboard_picture(found).axes[0].get_xlabel()
        assert label.count("from the best to the worst seed") == lines
