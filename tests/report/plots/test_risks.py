"""The picture of risks shows both sides and the range of sampling noise."""

import pytest

from keras_wgan.report import RiskRow, risk_picture

ROWS = [
    RiskRow(0.01, 1, -0.03, -0.04, -0.05, -0.06, (-0.035, -0.025), (-0.07, -0.04)),
    RiskRow(0.05, 5, -0.06, -0.05, -0.08, -0.07),
]


def test_marks_dots_and_bars_stand_at_the_risks_in_percent():
    var, shortfall = risk_picture(ROWS).axes
    real, generated = var.lines
    assert real.get_xdata() == pytest.approx([-3.0, -6.0])
    assert generated.get_xdata() == pytest.approx([-4.0, -5.0])
    (bar,) = var.collections  # the second row was not measured
    assert bar.get_segments()[0][:, 0] == pytest.approx([-3.5, -2.5])
    assert shortfall.lines[1].get_xdata() == pytest.approx([-6.0, -7.0])
    assert [label.get_text() for label in var.get_yticklabels()] == ["1%, 1 day", "5%, 5 days"]


def test_no_risks_are_refused():
    with pytest.raises(ValueError, match="`rows` must hold at least one risk"):
        risk_picture([])
