"""Any content of the tables that a run keeps is read, or refused in one sentence."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_wgan.experiments import history as history_module
from keras_wgan.experiments.run import Run
from keras_wgan.io.json import plain, strict_json
from keras_wgan.market.leaderboard import Leaderboard
from keras_wgan.metrics import Measurement, Protocol
from keras_wgan.report.pages import leaderboard

from helpers.hostile import (
    EXAMPLES,
    JSON_VALUES,
    ODD_NUMBERS,
    ODD_TEXTS,
    damaged,
    works_or_says_why,
)

HISTORY = pd.DataFrame({"epoch": [0, 1], "critic_loss": [0.5, np.inf], "fid": [np.nan, 7.25]})
BOARD = Leaderboard(
    "in sample",
    pd.DataFrame(
        {"w1": [0.0, 0.1, 0.05], "composite": [np.nan, 1.0, 0.9]},
        index=["real", "sampling floor", "my run"],
    ),
    {"my run": [{"w1": 0.05, "composite": 0.9}, {"w1": np.inf, "composite": 0.9}]},
    {"kurtosis": 10.3, "hill_left": 2.5},
    {"days": 60, "count": 100, "seeds": [0, 1]},
    trained_on=("w1",),
)
MEASURED = Measurement(
    value=3.0,
    standard_error=np.nan,
    floor=1.0,
    repeats=3,
    protocol=Protocol(
        *("frechet distance", "digits", "5e8f", "none", "[-1, 1]", "1", "0b2a", "test"),
        *(100, 100, 0),
    ),
)


@EXAMPLES
@given(damaged(HISTORY.to_csv(index=False).encode()) | st.binary(max_size=80))
def test_a_damaged_history_is_read_as_numbers_or_refused_by_its_name(tmp_path, content):
    run = Run(tmp_path)
    run.history_path.write_bytes(content)
    found = works_or_says_why(run.history, "history.csv")
    if isinstance(found, pd.DataFrame) and len(found):
        assert all(pd.api.types.is_numeric_dtype(kind) for kind in found.dtypes)


@EXAMPLES
@given(st.lists(st.tuples(ODD_TEXTS, ODD_TEXTS), max_size=3), st.permutations(["epoch", "loss"]))
def test_any_cells_of_a_history_are_read_or_refused_by_its_name(tmp_path, rows, header):
    run = Run(tmp_path)
    text = pd.DataFrame(rows, columns=header).to_csv(index=False)
    run.history_path.write_bytes(text.encode(errors="surrogatepass"))
    works_or_says_why(run.history, "history.csv")


def test_a_history_of_any_size_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "history.csv").open("wb") as file:
        file.truncate(history_module.MAX_BYTES + 1)
    with pytest.raises(ValueError, match=r"history\.csv is damaged: it takes 16,777,217 bytes"):
        Run(tmp_path).history()


@st.composite
def edited(draw, content):
    """Draws JSON in which one entry, however deep, is another value or missing."""
    content = json.loads(json.dumps(content))
    table = content
    while True:
        name = draw(
            st.sampled_from(sorted(table) if isinstance(table, dict) else range(len(table)))
        )
        inner = table[name]
        if not isinstance(inner, dict | list) or not inner or draw(st.booleans()):
            break
        table = inner
    table[name] = draw(JSON_VALUES)
    if draw(st.booleans()):
        del table[name]
    return content


def as_json(content):
    """Returns the bytes of JSON that Python would read, NaN and lone surrogates too."""
    return json.dumps(content).encode()


@EXAMPLES
@given(
    edited(BOARD.to_dict()).map(as_json)
    | damaged(strict_json(BOARD.to_dict()))
    | JSON_VALUES.map(as_json)
)
def test_any_leaderboard_is_rendered_or_refused_by_its_name(tmp_path, monkeypatch, content):
    monkeypatch.setattr(leaderboard, "_picture", lambda *_: "")
    path = tmp_path / "leaderboard.json"
    path.write_bytes(content)
    works_or_says_why(lambda: leaderboard.read_section(path), "leaderboard.json")


def test_the_leaderboard_that_is_edited_here_is_a_good_one(tmp_path):
    path = tmp_path / "leaderboard.json"
    path.write_bytes(strict_json(BOARD.to_dict()))
    assert "Comparison with other simulators, in sample</a></h2>" in leaderboard.read_section(path)


@EXAMPLES
@given(
    edited(plain(MEASURED.to_dict())).map(as_json)
    | damaged(MEASURED.to_json().encode())
    | JSON_VALUES.map(as_json)
)
def test_any_measurement_is_read_or_refused_by_name(content):
    text = content.decode(errors="replace")
    works_or_says_why(lambda: str(Measurement.from_json(text)), "`content`", "`text`")


METRICS = st.dictionaries(
    st.text(max_size=5),
    st.recursive(
        st.none() | st.floats() | st.text(max_size=5) | ODD_NUMBERS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=4,
    ),
    max_size=4,
)


@EXAMPLES
@given(METRICS)
def test_any_metrics_become_json_that_strict_readers_take(metrics):
    def refuse(word):
        raise AssertionError(word)

    assert json.loads(strict_json(metrics), parse_constant=refuse) == plain(metrics)
