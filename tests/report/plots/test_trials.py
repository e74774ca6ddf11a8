"""The picture of a search draws each trial at its values, and the best one on top."""

import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from keras_wgan.report.plots.style import GENERATED
from keras_wgan.report.plots.trials import trials_picture

TABLE = pd.DataFrame(
    {
        "trial": [0, 1, 2, 3, 4],
        "score": [0.4, 0.2, 0.3, math.nan, math.nan],
        "status": ["done", "done", "done", "diverged", "unfinished"],
        "seconds": 1.0,
        "learning_rate": [1e-4, 1e-3, 1e-2, 1e-3, 1e-3],
        "beta_1": [0.0, 0.25, 1.0, 0.5, 0.5],
        "critic_steps": [1, 5, 2, 1, 1],
        "latent_size": 100,
        "cause": "",
    }
)


@pytest.fixture(scope="module")
def axes():
    """Returns the axes of a picture of that table."""
    (found,) = trials_picture(TABLE, objective="fid", log=["learning_rate"]).axes
    return found


def paths(axes):
    """Returns the lines that go through all four axes, from the back to the front."""
    found = [line for line in axes.lines if len(line.get_ydata()) == 4]
    return sorted(found, key=lambda line: line.get_zorder())


def texts(axes):
    """Returns all that is written."""
    return [text.get_text() for text in axes.texts]


def test_a_trial_goes_through_its_settings_to_its_score(axes):
    heights = [line.get_ydata() for line in paths(axes) if line.get_color() == GENERATED]
    np.testing.assert_allclose(heights, [[0.5, 0.25, 1.0, 1.0]])  # halfway on a log scale


def test_the_best_is_orange_and_above_the_others_the_worst_is_lightest(axes):
    front, third = paths(axes)[-1], paths(axes)[1]
    assert front.get_color() == GENERATED
    np.testing.assert_allclose(third.get_ydata(), [0.0, 0.0, 0.0, 0.0])
    shades = [sum(to_rgb(line.get_color()[:3])) for line in paths(axes)[1:3]]
    assert shades[0] > shades[1]


def test_a_failed_trial_is_dashed_and_ends_under_the_scores(axes):
    failed = paths(axes)[0]
    assert failed.get_linestyle() == "--"
    assert failed.get_ydata()[-1] < 0
    assert "1 diverged" in texts(axes)


def test_a_stranger_reads_what_is_what(axes):
    assert {"learning_rate", "beta_1", "critic_steps", "fid", "log scale"} <= set(texts(axes))
    assert "latent_size" not in texts(axes)
    assert any("In all trials: latent_size = 100." in text for text in texts(axes))
    assert "0.2" in texts(axes)  # the best's score


def test_a_search_without_a_score_has_no_picture():
    with pytest.raises(ValueError, match="a trial whose status is done"):
        trials_picture(TABLE[TABLE["status"] != "done"], objective="fid")


def test_one_trial_is_drawn_too():
    (axes,) = trials_picture(TABLE.iloc[[1]], objective="fid").axes
    assert any(line.get_color() == GENERATED for line in axes.lines)


def test_the_axes_span_the_space_that_was_searched():
    space = {"learning_rate": (1e-5, 1e-1), "critic_steps": (1, 2, 3, 5), "latent_size": (50, 100)}
    picture = trials_picture(TABLE, objective="fid", log=["learning_rate"], space=space)
    (axes,) = picture.axes
    heights = [
        line.get_ydata()
        for line in axes.lines
        if len(line.get_ydata()) == 5 and line.get_color() == GENERATED
    ]
    # Halfway on a log scale of four decades, a quarter of beta_1 as tried, the last of the choices.
    np.testing.assert_allclose(heights, [[0.5, 0.25, 1.0, 1.0, 1.0]])
    assert {"latent_size", "1e-05", "0.1"} <= set(texts(axes))
