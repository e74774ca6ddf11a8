"""The soak test detects growth, and nothing grows over a few rounds."""

import gc

import pytest

from long import soaking
from long.soaking import Round, complaints, prepare, work

FLAT = [
    Round(1000.0 + number % 3, 20 + number % 2, 1.0 + 0.1 * (number % 2)) for number in range(50)
]


def test_what_goes_up_and_down_is_no_complaint():
    assert complaints(FLAT) == []


@pytest.mark.parametrize(
    ("grown", "complaint"),
    [
        (lambda r, k: Round(r.memory + 3 * k, r.files, r.seconds), "memory grew from 10"),
        (lambda r, k: Round(r.memory, r.files + k // 5, r.seconds), "open files grew from 2"),
        (lambda r, k: Round(r.memory, r.files, r.seconds * (1 + k / 90)), "a round slowed from 1"),
    ],
)
def test_what_grows_is_named(grown, complaint):
    (found,) = complaints([grown(one, number) for number, one in enumerate(FLAT)])
    assert found.startswith(complaint)


@pytest.mark.slow
def test_a_few_rounds_leave_no_file_open_and_nothing_of_the_models_they_trained(tmp_path):
    images, alive, rounds = prepare(tmp_path), [], []
    for _ in range(4):
        rounds.append(work(tmp_path, images))
        alive.append(len(gc.get_objects()))
    assert rounds[-1].files <= rounds[1].files + soaking.MORE_FILES
    assert rounds[-1].memory < rounds[1].memory + 100
    assert alive[-1] < alive[1] + 2000  # a step that stays in memory is 4,000 objects
