"""A number with error bar, floor and protocol, and which numbers it can be compared with."""

import dataclasses
import json
import math

import pytest

from keras_wgan.metrics import Measurement, Protocol

PROTOCOL = Protocol(
    metric="frechet distance",
    extractor="classifier",
    extractor_hash="ab12",
    resize="none",
    value_range="[-1, 1]",
    channels="1",
    data="cd34",
    split="test",
    real=1000,
    generated=900,
    seed=3,
)
OTHER = {
    **dict.fromkeys(["metric", "extractor", "extractor_hash", "resize", "value_range"], "other"),
    **dict.fromkeys(["channels", "data", "split"], "other"),
    **dict.fromkeys(["real", "generated", "seed"], 7),
}


def measured(*values, floor=2.0, protocol=PROTOCOL):
    return Measurement.of_repeats(values, floor=floor, protocol=protocol)


def test_mean_and_standard_error_are_those_of_the_repeats():
    found = measured(10.0, 12.0, 17.0)
    assert found.value == pytest.approx(13.0)
    assert found.standard_error == pytest.approx(math.sqrt((9 + 1 + 16) / 2 / 3))
    assert (found.repeats, found.floor, found.times_floor) == (3, 2.0, pytest.approx(6.5))


def test_one_draw_has_no_standard_error():
    assert math.isnan(measured(10.0).standard_error)
    with pytest.raises(ValueError, match="`values` must hold the value of at least one"):
        measured()


def test_one_infinite_draw_makes_the_number_infinite():
    found = measured(1.0, math.inf)
    assert found.value == math.inf and math.isnan(found.standard_error)
    again = Measurement.from_json(found.to_json())
    assert again.value == math.inf and math.isnan(again.standard_error)


def test_like_numbers_are_subtracted_and_their_errors_join():
    gap, error = measured(10.0, 12.0, 14.0).minus(measured(1.0, 5.0))
    assert gap == pytest.approx(9.0)
    assert error == pytest.approx(math.hypot(2 / 3**0.5, 2.0))


@pytest.mark.parametrize("entry", [field.name for field in dataclasses.fields(Protocol)])
def test_numbers_of_unlike_protocols_do_not_compare_and_it_says_why(entry):
    unlike = dataclasses.replace(PROTOCOL, **{entry: OTHER[entry]})
    expected = f"{entry}: {getattr(PROTOCOL, entry)!r} and {OTHER[entry]!r}. Measure both"
    with pytest.raises(ValueError, match="under the same protocol") as refusal:
        measured(1.0, 2.0).minus(measured(1.0, 2.0, protocol=unlike))
    assert expected in str(refusal.value)


def test_all_differences_are_named_at_once():
    unlike = dataclasses.replace(PROTOCOL, extractor="inception", real=5)
    with pytest.raises(ValueError, match="extractor: 'classifier' and 'inception'; real: 1000 and"):
        measured(1.0).minus(measured(1.0, protocol=unlike))


@pytest.mark.parametrize("values", [(1.5, 2.5), (3.0,)])
def test_json_is_strict_and_gives_all_back(values):
    one = dataclasses.replace(measured(1.0, 2.0), value=values[0], floor=0.25)
    text = one.to_json()
    assert json.loads(text, parse_constant=pytest.fail)["protocol"]["real"] == 1000
    assert Measurement.from_json(text) == one


def test_a_missing_error_bar_is_null_in_json_and_comes_back_missing():
    text = measured(3.0).to_json()
    assert json.loads(text)["standard_error"] is None
    assert math.isnan(Measurement.from_json(text).standard_error)


@pytest.mark.parametrize("text", ['{"value": 37.86}', "[1]", '{"protocol": {"seed": 1}}'])
def test_a_bare_number_is_no_measured_number(text):
    with pytest.raises(ValueError, match="`content` must hold what `Measurement.to_dict` returned"):
        Measurement.from_json(text)


def test_printed_it_says_everything():
    text = str(measured(10.0, 12.0, 17.0))
    assert text.startswith("frechet distance 13 +- 2.1, 6.5 times the floor 2; 900 generated")
    assert all(str(value) in text for value in dataclasses.asdict(PROTOCOL).values())


def test_against_a_floor_of_nothing_any_distance_is_infinitely_far():
    assert measured(1.0, floor=0.0).times_floor == math.inf
