"""Every program reads the JSON that is written."""

import json

import numpy as np
import pytest

from keras_wgan.io.json import plain, read_object, strict_json


def refuse(constant):
    """Stands in for a strict reader, which knows neither NaN nor Infinity."""
    raise AssertionError(f"bare {constant}")


def test_nan_becomes_null_and_an_infinity_a_word_at_any_depth():
    content = {"a": [np.nan, {"b": (np.inf, -np.inf)}], "c": np.float64("inf")}
    read = json.loads(strict_json(content), parse_constant=refuse)
    assert read == {"a": [None, {"b": ["inf", "-inf"]}], "c": "inf"}


def test_finite_numbers_come_back_to_the_last_bit_and_whole_ones_stay_whole():
    content = {"third": 1.0 / 3.0, "tiny": 5e-324, "days": 6036, "yes": True, "none": None}
    assert json.loads(strict_json(content)) == content
    assert b'"days": 6036' in strict_json(content)


def test_tuples_become_lists_and_names_that_are_numbers_become_text():
    assert plain({1: (1, (2, 3))}) == {"1": [1, [2, 3]]}


def test_the_text_is_indented_and_ends_with_one_newline():
    assert strict_json({"a": 1}) == b'{\n  "a": 1\n}\n'


def test_what_json_cannot_hold_is_refused():
    with pytest.raises(TypeError, match="ndarray"):
        strict_json({"samples": np.zeros(3)})


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"rate": NaN}', "is damaged: NaN is not JSON"),
        ('{"rate": ', "is damaged: "),
        ("[1]", "was not written by `keras-wgan`: it must hold an object"),
    ],
)
def test_what_is_no_object_of_strict_json_is_refused_by_its_name(tmp_path, text, complaint):
    path = tmp_path / "best.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=f"best.json {complaint}"):
        read_object(path)
