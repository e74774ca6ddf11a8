"""The page "What works with WGANGP" says what is measured here."""

import os

import keras
import pytest

from helpers import habits_models, habits_networks, habits_training
from helpers.what_works import (
    BACKENDS,
    NOT_TRIED,
    PAGE,
    WORKS,
    Habit,
    measure,
    page,
    read_results,
    record,
)

GROUPS = {
    "Layers and networks": habits_networks.LAYERS,
    "Data": habits_training.DATA,
    "Optimizers": habits_training.OPTIMIZERS,
    "Options of compile": habits_training.COMPILE,
    "Precision": habits_training.PRECISION,
    "Callbacks": habits_models.CALLBACKS,
    "The model": habits_models.MODEL,
}
PACKAGES = {**habits_training.DATA_PACKAGES}
HABITS = [
    Habit(group, name, run, PACKAGES.get(name, "keras"))
    for group, rows in GROUPS.items()
    for name, run in rows.items()
]
WRITING = "KERAS_WGAN_WRITE_MATRIX" in os.environ

# Some rows warn on purpose, JAX that 64 bits are cut to 32, and exporters of what they use.
pytestmark = pytest.mark.filterwarnings(
    "ignore::UserWarning", "ignore::FutureWarning", "ignore::DeprecationWarning"
)


@pytest.mark.slow
@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.name)
def test_a_row_of_the_page_is_what_is_measured(habit):
    found = measure(habit)
    if found != WORKS:
        # On JAX a model has no weights after an error within `fit`, so the next row builds another.
        habits_training.plain.cache_clear()
    if WRITING:
        record(habit, found)
    said = read_results(keras.backend.backend()).get(habit.name, NOT_TRIED)
    if NOT_TRIED in (found, said):
        pytest.skip("a package is missing that the row needs, or no result was recorded")
    assert found == said


def test_the_page_shows_the_results_and_nothing_else():
    if WRITING:
        PAGE.write_text(page(HABITS))
    assert PAGE.read_text() == page(HABITS)
    names = [habit.name for habit in HABITS]
    assert len(set(names)) == len(names)
    for backend in BACKENDS:
        assert set(read_results(backend)) <= set(names)
