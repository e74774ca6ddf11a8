"""Objects show themselves in notebooks as tables."""

from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from keras_wgan.io.html import html_table, short_number
from keras_wgan.market import Leaderboard, OriginScores, RollingScores
from keras_wgan.metrics import FactScores, FamilyScores, Measurement, Protocol

PROTOCOL = Protocol(
    metric="frechet distance",
    extractor="mnist-classifier",
    extractor_hash="5e8f",
    resize="none",
    value_range="[-1, 1]",
    channels="1",
    data="0b2a",
    split="test",
    real=10_000,
    generated=10_000,
    seed=0,
)


def rows(shown):
    """Returns the title and the rows of what a notebook shows."""
    page = ElementTree.fromstring(shown)
    table = [["".join(cell.itertext()) for cell in row] for row in page.iter("tr")]
    return page.find("strong").text, table


def test_texts_are_escaped():
    title, table = rows(html_table("a < b", ["<i>", "&"], [["<script>", "1"]]))
    assert title == "a < b"
    assert table == [["<i>", "&"], ["<script>", "1"]]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0482, "0.048"), (1.254, "1.25"), (2157.3, "2157"), (np.nan, "-"), (-np.inf, "-inf")],
)
def test_numbers_have_three_digits(value, text):
    assert short_number(value) == text


def test_a_measurement_shows_its_floor():
    title, table = rows(Measurement(3.0, 0.05, 1.5, 3, PROTOCOL)._repr_html_())
    assert title == "frechet distance"
    assert table == [["value", "3 ± 0.05"], ["floor", "1.5"], ["times the floor", "2"]]


def test_scores_show_the_worst_family_first():
    found = FamilyScores.of({"w1": 0.1, "leverage": 0.3}, {"w1": 0.1, "leverage": 0.1})
    title, table = rows(found._repr_html_())
    assert title == "2 times the sampling floor, the mean over 2 families"
    assert table[1:3] == [
        ["leverage", "3", "leverage 3"],
        ["daily distribution", "1", "w1 1"],
    ]
    shown = FactScores({"w1": 0.1, "copies": 0.0}, {"w1": 2.0}, 2.0)._repr_html_()
    assert rows(shown)[1][1:] == [["w1", "0.100", "2"], ["copies", "0.000", "-"]]


def test_a_leaderboard_shows_the_controls_and_then_the_best_model():
    scores = pd.DataFrame(
        {"w1": [0.0, 0.05, 0.2, 0.1], "families": [0.0, 1.0, 1.9, 0.8]},
        index=["real", "sampling floor", "iid normal", "my run"],
    )
    board = Leaderboard("in sample", scores, {}, {}, {}, trained_on=("w1",))
    title, table = rows(board._repr_html_())
    assert title == "Leaderboard, in sample"
    assert table[0] == ["", "families", "w1*"]
    assert [row[0] for row in table[1:]] == ["real", "sampling floor", "my run", "iid normal"]


def test_rolling_scores_show_means_with_their_errors():
    origins = {
        year: OriginScores(mean, mean, 0.0, 0.0, {"sums": mean})
        for year, mean in ((1970, 1.0), (1974, 2.0))
    }
    _, table = rows(RollingScores({"PDV": origins})._repr_html_())
    assert table[1][:2] == ["PDV", "1.5 ± 0.500"]
