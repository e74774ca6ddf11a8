"""Any content of a `config.json` or `--set` is accepted, or refused in one sentence."""

import json

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keras_wgan.cli.options import changed_settings
from keras_wgan.data import Frequency, ReturnsFacts, Scaler, SeriesFacts, Source
from keras_wgan.experiments import recipes
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.tasks.returns_export import export_returns
from keras_wgan.io import json as json_module
from keras_wgan.report.export.series import write_windows

from helpers.hostile import (
    EXAMPLES,
    JSON_VALUES,
    ODD_NUMBERS,
    ODD_TEXTS,
    damaged,
    works_or_says_why,
)

RECIPE = recipes.get("sp500-classic")
SCALER = {"offset": [0.0], "scale": [0.01]}
ONE = {
    **RECIPE.describe(),
    "seed": 0,
    "source": Source("prices.csv", "A").to_config(),
    "data": {
        "source": "prices.csv",
        "tickers": ["A"],
        "first_day": "2023-10-02",
        "last_day": "2023-12-29",
        "last_prices": [4769.83],
        "returns": 69,
        "windows": 10,
        "scaler": SCALER,
        "frequency": Frequency().to_config(),
        "last_time": None,
        "fingerprint": None,
        "first_days": None,
    },
    "select_until": "2015-12-31",
    "warm_start": None,
    "egarch": None,
    "devices": 1,
    "selection": {
        "first_day": "2012-03-29",
        "last_day": "2015-12-31",
        "days": 946,
    },
    "versions": {"keras_wgan": "0.2", "keras": "3", "backend": "jax"},
}
SERIES = {
    **recipes.get("series").describe(),
    "seed": 0,
    "source": Source("sensors.csv").to_config(),
    "data": {
        "source": "sensors.csv",
        "columns": ["heat", "load"],
        "rows": 1000,
        "window": 24,
        "scaler": {"offset": [20.0, 5e6], "scale": [10.0, 1e6]},
        "checksum": "3b0c",
    },
    "select_until": None,
    "warm_start": None,
    "egarch": None,
    "devices": 1,
    "selection": None,
    "versions": ONE["versions"],
}
SEVERAL = {
    **ONE,
    "data": {
        **ONE["data"],
        "tickers": ["A", "B"],
        "last_prices": [10.0, 20.0],
        "scaler": {"offset": [0.0, 0.0], "scale": [0.01, 0.01]},
    },
}


def places(entries, above=()):
    """Returns the way to each entry of a table, those of inner ones too."""
    for name, value in entries.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from places(value, (*above, name))


@st.composite
def edited(draw, config):
    """Draws a config with one or two entries replaced or left out."""
    config = json.loads(json.dumps(config))
    for _ in range(draw(st.integers(1, 2))):
        *above, name = draw(st.sampled_from(sorted(places(config))))
        table = config
        for part in above:
            table = table[part]
        table[name] = draw(JSON_VALUES)
        if draw(st.booleans()):
            del table[name]
    return config


def use(run, assets):
    """Does with a config what commands do that have no model at hand."""
    config = run.config
    out = run.path / "out.csv"
    if isinstance(run.facts, ReturnsFacts):
        shape = (2, 60, assets)
        export_returns([np.zeros(shape, np.float32)], run.facts, out)
    if isinstance(run.facts, SeriesFacts):
        windows = run.facts.scaler.inverse(np.zeros((2, 4, assets)))
        write_windows(out, [windows], run.facts.columns, count=2)
    return config.to_config()


@pytest.mark.parametrize(("good", "assets"), [(ONE, 1), (SEVERAL, 2), (SERIES, 2)])
def test_the_configs_that_are_edited_here_are_good_ones(tmp_path, good, assets):
    Run(tmp_path).config_path.write_text(json.dumps(good))
    assert use(Run(tmp_path), assets) == good
    assert (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(("good", "assets"), [(ONE, 1), (SEVERAL, 2), (SERIES, 2)])
@EXAMPLES
@given(data=st.data())
def test_an_edited_config_is_taken_or_refused_in_a_sentence(tmp_path, good, assets, data):
    run = Run(tmp_path / "run")
    run.path.mkdir(exist_ok=True)
    run.config_path.write_text(json.dumps(data.draw(edited(good))))
    names = ("config.json", "recipe", *good["settings"], "settings", "returns", "`last_day`")
    works_or_says_why(lambda: use(run, assets), *names)
    assert [file.name for file in tmp_path.iterdir()] == ["run"]


@EXAMPLES
@given(
    damaged(json.dumps(ONE).encode())
    | st.binary(max_size=50)
    | JSON_VALUES.map(json.dumps).map(str.encode)
)
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@example(b"9" * 5000)
@example(b"NaN")
@example(b"\xff\xfe")
def test_a_damaged_config_is_taken_or_refused_by_its_name(tmp_path, content):
    run = Run(tmp_path)
    run.config_path.write_bytes(content)
    works_or_says_why(lambda: run.config, "config.json")


def test_a_config_of_any_size_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "config.json").open("wb") as file:
        file.truncate(json_module.MAX_BYTES + 1)
    with pytest.raises(ValueError, match=r"config\.json was not written by .* 16,777,217 bytes"):
        assert Run(tmp_path).config


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        (("recipe",), 3, "`recipe` must be a text. Received: recipe=3"),
        (("kind",), "sounds", "`kind` must be returns"),
        (("seed",), -1, "`seed` must be a whole number of at least 0"),
        (("settings",), [], "`settings` must be a table"),
        (("source", "data"), None, r"`source\.data` must be a text"),
        (("source", "code"), "x", "The entries of `source` are data, ticker, start, end"),
        (("data", "last_prices"), [0], "`data`: `last_prices` must be a finite number above 0"),
        (
            ("data", "last_prices"),
            [10**400],
            "`data`: `last_prices` must be a finite number above 0",
        ),
        (("data", "last_prices"), 5.0, "`data`: `last_prices` must be a list"),
        (("data", "last_day"), "soon", "`data`: `last_day` must be a day"),
        (
            ("data", "scaler"),
            {"kind": "x"},
            "`data`: `scaler` is not a scaler: .* `offset` and `scale`",
        ),
        (("data", "tickers"), ["A", "B"], "`data`: `last_prices` must have an entry for each"),
        (("data", "tickers"), ["A", "A"], "`data`: `tickers` must not repeat a name"),
        (("data", "windows"), 2.5, "`data`: `windows` must be a whole number"),
        (("data", "unit"), "%", "`data`: The entries are source, tickers, .* Received: 'unit'"),
        (("selection", "days"), 0, r"`selection\.days` must be a whole number of at least 1"),
        (("comment",), "x", "The entries are recipe, .* Received: 'comment'"),
        (("versions",), 1, "`versions` must be a table"),
    ],
)
def test_an_entry_of_another_kind_is_named(tmp_path, place, value, sentence):
    config = json.loads(json.dumps(ONE))
    table = config
    for part in place[:-1]:
        table = table[part]
    table[place[-1]] = value
    Run(tmp_path).config_path.write_text(json.dumps(config))
    with pytest.raises(ValueError, match=rf"config\.json is damaged: .*{sentence}"):
        assert Run(tmp_path).config


NAMES = st.sampled_from([*ONE["settings"], "", "__class__", "no such"]) | st.text(max_size=4)
VALUES = ODD_NUMBERS.map(str) | ODD_TEXTS | JSON_VALUES.map(json.dumps) | st.text(max_size=5)


@pytest.mark.slow
@EXAMPLES
@given(st.lists(st.builds("{}={}".format, NAMES, VALUES) | VALUES, max_size=3))
@example(["epochs=" + "[" * 100_000])
@example(["epochs=" + "9" * 5000])
@example(["learning_rate=1" + "0" * 400])
@example(["batch_size=2147483648"])
def test_any_set_option_is_taken_or_refused_by_name(entries):
    names = ("--set", "once", "settings", *ONE["settings"])
    works_or_says_why(lambda: RECIPE.with_settings(changed_settings(entries)), *names)


NUMBERS = ODD_NUMBERS | JSON_VALUES
SCALERS = JSON_VALUES | st.fixed_dictionaries(
    {},
    optional={name: st.lists(NUMBERS) | JSON_VALUES for name in ("offset", "scale", "kind")},
)


@EXAMPLES
@given(SCALERS)
def test_any_scaler_config_is_taken_or_refused_by_name(config):
    works_or_says_why(lambda: Scaler.from_config(config), "`offset`", "`scale`")
