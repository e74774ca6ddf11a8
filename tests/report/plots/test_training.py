"""The losses over the epochs, with validation dashed."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.report import losses_picture

HISTORY = pd.DataFrame(
    {
        "epoch": [0, 1, 2],
        "critic_loss": [-5.0, -3.0, -2.0],
        "generator_loss": [1.0, 4.0, 2.0],
        "wasserstein": [6.0, 3.5, 2.25],
        "gradient_norm": [0.2, 0.9, 1.1],
        "val_wasserstein": [6.5, 4.0, 3.0],
    }
)


def lines_of(axes):
    return {line.get_label(): list(line.get_ydata()) for line in axes.lines}


def test_losses_draw_each_column_in_its_panel():
    critic, generator, slope = losses_picture(HISTORY).axes
    assert lines_of(critic) == {
        "Estimated distance, real to generated": [6.0, 3.5, 2.25],
        "Estimated distance, real to generated (validation)": [6.5, 4.0, 3.0],
        "Critic loss": [-5.0, -3.0, -2.0],
    }
    assert lines_of(generator) == {"Generator loss": [1.0, 4.0, 2.0]}
    assert lines_of(slope)["Gradient norm"] == [0.2, 0.9, 1.1]
    assert lines_of(slope)["Target: 1"] == [1.0, 1.0]
    assert slope.lines[1].get_linestyle() == "--"
    assert critic.lines[0].get_xdata().tolist() == [1.0, 2.0, 3.0]


def test_validation_is_dashed_in_the_color_of_its_training_counterpart():
    training, validation, _ = losses_picture(HISTORY).axes[0].lines
    assert (training.get_linestyle(), validation.get_linestyle()) == ("-", "--")
    assert training.get_color() == validation.get_color()


def test_missing_columns_leave_no_empty_panel_and_rows_count_as_epochs():
    (axes,) = losses_picture(pd.DataFrame({"generator_loss": [1.0, np.nan, np.inf]})).axes
    assert axes.lines[0].get_xdata().tolist() == [1.0, 2.0, 3.0]
    assert axes.get_xlabel() == "Epoch"


def test_a_single_epoch_can_be_seen():
    axes = losses_picture(HISTORY[:1]).axes[0]
    assert axes.lines[0].get_marker() == "o"
    assert axes.get_xlim() == (0.5, 1.5)


@pytest.mark.parametrize("history", [HISTORY[["epoch"]], HISTORY[:0]])
def test_a_history_with_nothing_to_show_is_refused(history):
    with pytest.raises(ValueError, match="`history` must have a row an epoch"):
        losses_picture(history)


def test_losses_leave_out_the_empty_validation_columns_of_a_csv_logger():
    history = pd.DataFrame({"critic_loss": [2.0, 1.0], "val_critic_loss": [np.nan, np.nan]})
    lines = losses_picture(history).axes[0].lines
    assert [line.get_label() for line in lines] == ["Critic loss"]
