"""Each panel draws the autocorrelation that it names."""

from types import SimpleNamespace

import numpy as np
import pytest

from keras_wgan.metrics.returns.facts import return_facts
from keras_wgan.report.plots.autocorrelation import autocorrelation_picture

RNG = np.random.default_rng(0)
NAMES = ("acf_abs", "acf_square", "acf", "leverage")
REAL, GENERATED = (
    SimpleNamespace(**{name: RNG.normal(size=12) for name in NAMES}) for _ in range(2)
)


def test_each_panel_draws_real_and_generated_by_lag():
    axes = autocorrelation_picture(REAL, GENERATED).axes
    for panel, name in zip(axes, NAMES, strict=True):
        for line, memory in zip(panel.lines[:2], (REAL, GENERATED), strict=True):
            np.testing.assert_array_equal(line.get_ydata(), getattr(memory, name))
            assert line.get_xdata().tolist() == list(range(1, 13))


def test_the_panels_are_named_by_what_they_draw():
    labels = [panel.get_ylabel() for panel in autocorrelation_picture(REAL, GENERATED).axes]
    assert labels == [
        "Autocorrelation of |r|",
        "Autocorrelation of r²",
        "Autocorrelation of r",
        "Correlation of r and later r²",
    ]


def test_panels_of_a_row_share_their_scale():
    size, square, direction, leverage = autocorrelation_picture(REAL, GENERATED).axes
    assert size.get_ylim() == square.get_ylim()
    assert direction.get_ylim() == leverage.get_ylim()


def test_measured_facts_can_be_drawn_as_they_are():
    facts = return_facts(0.01 * RNG.normal(size=(150, 30)))
    axes = autocorrelation_picture(facts, facts).axes
    np.testing.assert_array_equal(axes[3].lines[0].get_ydata(), facts.leverage)


@pytest.mark.filterwarnings("error")
def test_what_is_undefined_is_named_in_the_legend():
    undefined = SimpleNamespace(**{name: np.full(12, np.nan) for name in NAMES})
    texts = autocorrelation_picture(REAL, undefined).legends[0].get_texts()
    assert [text.get_text() for text in texts] == ["Real", "Generated (undefined: never varies)"]
