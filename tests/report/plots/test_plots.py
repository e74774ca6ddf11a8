"""The pictures hold the values they were given, and reach the disk whole or not at all."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from keras_wgan.metrics import return_moments
from keras_wgan.report.plots.images import image_grid
from keras_wgan.report.plots.paths import price_and_volatility_picture
from keras_wgan.report.plots.returns import histogram_picture, moments_picture
from keras_wgan.report.plots.style import GENERATED, REAL, save_picture
from keras_wgan.report.plots.training import losses_picture
from keras_wgan.report.tables.moments import moments_table

RNG = np.random.default_rng(0)
FAT = 0.01 * RNG.standard_t(4, size=(150, 30))
THIN = 0.02 * RNG.normal(size=(200, 30))
CONSTANT = np.full((120, 30), 0.001)
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


PICTURES = {
    "losses": lambda: losses_picture(HISTORY),
    "grid": lambda: image_grid(np.zeros((3, 4, 4, 1)), columns=2),
    "prices": lambda: price_and_volatility_picture(FAT, THIN, 100.0),
    "short": lambda: price_and_volatility_picture(FAT[:, :20], THIN, 100.0),
    "diverged": lambda: price_and_volatility_picture(FAT, THIN * 1e30, 100.0),
    "histogram": lambda: histogram_picture(FAT, THIN),
    "collapsed histogram": lambda: histogram_picture(FAT, CONSTANT),
    "moments": lambda: moments_picture(return_moments(FAT), return_moments(THIN)),
    "collapsed moments": lambda: moments_picture(return_moments(FAT), return_moments(CONSTANT)),
}


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_every_picture_can_be_saved_as_png(picture, tmp_path):
    path = save_picture(picture(), tmp_path / "new folder" / "picture.png")
    assert path.read_bytes().startswith(b"\x89PNG")


def test_the_pixels_are_those_of_150_dots_an_inch(tmp_path):
    from matplotlib.image import imread

    path = save_picture(
        moments_picture(return_moments(FAT), return_moments(THIN)), tmp_path / "a.png"
    )
    assert imread(path).shape[:2] == (570, 1500)  # 3.8 by 10 inches


def test_saving_replaces_the_old_picture_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")
    assert save_picture(image_grid(np.zeros((1, 4, 4, 1)), columns=1), str(path)) == path
    assert path.read_bytes().startswith(b"\x89PNG")
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_save_keeps_the_old_picture_and_leaves_nothing_else(tmp_path):
    class Failing:
        def savefig(self, target, **settings):
            target.write_bytes(b"half")
            raise OSError("disk full")

    path = tmp_path / "picture.png"
    path.write_bytes(b"old")
    with pytest.raises(OSError, match="disk full"):
        save_picture(Failing(), path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_another_ending_than_png_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"`path` must end in \.png.*picture\.jpg"):
        save_picture(image_grid(np.zeros((1, 4, 4, 1)), columns=1), tmp_path / "picture.jpg")
    assert list(tmp_path.iterdir()) == []


def run_python(code):
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_importing_the_pictures_does_not_import_matplotlib():
    run_python(
        "import sys\n"
        "from keras_wgan.report.plots import style, images, returns\n"
        "from keras_wgan.report.plots import paths, training\n"
        "assert 'matplotlib' not in sys.modules\n"
        "assert not {'keras', 'tensorflow', 'jax', 'torch'} & set(sys.modules)\n"
    )


def test_drawing_and_saving_opens_no_window_and_changes_no_settings(tmp_path):
    run_python(
        "import sys, matplotlib, numpy as np\n"
        "before = matplotlib.rcParams.copy()\n"
        "from keras_wgan.report.plots.paths import price_and_volatility_picture\n"
        "from keras_wgan.report.plots.style import save_picture\n"
        "windows = np.random.default_rng(0).normal(size=(9, 30)) / 100\n"
        "picture = price_and_volatility_picture(windows, windows, 100.0)\n"
        f"save_picture(picture, {str(tmp_path / 'a.png')!r})\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "assert matplotlib.rcParams.copy() == before\n"
    )


def test_a_missing_matplotlib_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match="pip install matplotlib"):
        losses_picture(HISTORY)


# Losses


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
    assert critic.lines[0].get_xdata().tolist() == [0.0, 1.0, 2.0]


def test_validation_is_dashed_in_the_color_of_its_training_twin():
    training, validation, _ = losses_picture(HISTORY).axes[0].lines
    assert (training.get_linestyle(), validation.get_linestyle()) == ("-", "--")
    assert training.get_color() == validation.get_color()


def test_missing_columns_leave_no_empty_panel_and_rows_count_as_epochs():
    (axes,) = losses_picture(pd.DataFrame({"generator_loss": [1.0, np.nan, np.inf]})).axes
    assert axes.lines[0].get_xdata().tolist() == [0.0, 1.0, 2.0]
    assert axes.get_xlabel() == "Epoch"


def test_a_single_epoch_can_be_seen():
    axes = losses_picture(HISTORY[:1]).axes[0]
    assert axes.lines[0].get_marker() == "o"
    assert axes.get_xlim() == (-0.5, 0.5)


@pytest.mark.parametrize("history", [HISTORY[["epoch"]], HISTORY[:0]])
def test_a_history_with_nothing_to_show_is_refused(history):
    with pytest.raises(ValueError, match="`history` must have a row an epoch"):
        losses_picture(history)


# Images


def test_the_grid_places_images_row_by_row_with_white_between():
    images = np.stack([np.full((2, 3, 1), value) for value in (-1.0, 0.0, 1.0, -0.5, -9.0)])
    (axes,) = image_grid(images, columns=2).axes
    sheet = axes.images[0].get_array()
    assert sheet.shape == (3 * 3 - 1, 2 * 4 - 1, 3)
    assert np.all(sheet[0:2, 0:3] == 0.0)
    assert np.all(sheet[0:2, 4:7] == 0.5)
    assert np.all(sheet[3:5, 0:3] == 1.0)
    assert np.all(sheet[3:5, 4:7] == 0.25)
    assert np.all(sheet[6:8, 0:3] == 0.0)  # -9 is beyond the range, and black
    assert np.all(sheet[6:8, 4:7] == 1.0)  # nothing left to show
    assert np.all(sheet[2] == 1.0)
    assert np.all(sheet[:, 3] == 1.0)
    assert not axes.axison


def test_the_grid_keeps_colors():
    red = np.full((1, 2, 2, 3), -1.0, dtype=np.float32)
    red[..., 0] = 1.0
    sheet = image_grid(red, columns=8).axes[0].images[0].get_array()
    assert sheet.shape == (2, 2, 3)
    assert np.all(sheet == [1.0, 0.0, 0.0])


@pytest.mark.parametrize(
    ("images", "columns", "message"),
    [
        (np.zeros((4, 8, 8)), 2, r"`images` must have the shape .*\(4, 8, 8\)"),
        (np.zeros((4, 8, 8, 2)), 2, r"with 1 or 3 channels.*\(4, 8, 8, 2\)"),
        (np.zeros((0, 8, 8, 1)), 2, r"`images` must have the shape .*\(0, 8, 8, 1\)"),
        (np.zeros((4, 8, 8, 1), np.uint8), 2, r"floats in \[-1, 1\].*uint8"),
        (np.full((4, 8, 8, 1), np.nan), 2, "`images` must be finite"),
        (
            np.zeros((4, 8, 8, 1)),
            0,
            "`columns` must be a whole number of at least 1. Received: columns=0",
        ),
    ],
)
def test_unusable_images_are_refused_by_name(images, columns, message):
    with pytest.raises(ValueError, match=message):
        image_grid(images, columns)


# Scenarios


def test_prices_compound_the_returns_of_evenly_spaced_windows():
    axes = price_and_volatility_picture(FAT, THIN, 1234.0, paths=3).axes
    for panel, windows, color in ((axes[0], FAT, REAL), (axes[1], THIN, GENERATED)):
        shown = (0, round((len(windows) - 1) / 2), len(windows) - 1)
        assert len(panel.lines) == 3
        for line, index in zip(panel.lines, shown, strict=True):
            expected = [1234.0 * np.exp(windows[index, :day].sum()) for day in range(31)]
            np.testing.assert_allclose(line.get_ydata(), expected, rtol=1e-12)
            assert line.get_xdata().tolist() == list(range(31))
            assert line.get_color() == color


def test_volatility_is_the_annual_percent_of_the_last_twenty_days():
    panel = price_and_volatility_picture(FAT, THIN, 100.0, paths=1).axes[2]
    (line,) = panel.lines
    expected = [
        100.0 * np.sqrt(252.0) * np.std(FAT[0, day - 20 : day], ddof=1) for day in range(20, 31)
    ]
    np.testing.assert_allclose(line.get_ydata(), expected, rtol=1e-9)
    assert line.get_xdata().tolist() == list(range(20, 31))


def test_the_band_is_the_middle_ninety_percent_of_all_windows():
    panel = price_and_volatility_picture(FAT, THIN, 100.0).axes[0]
    vertices = panel.collections[0].get_paths()[0].vertices
    last_day = vertices[vertices[:, 0] == 30.0, 1]
    ends = 100.0 * np.exp(FAT.sum(axis=1))
    np.testing.assert_allclose([last_day.min(), last_day.max()], np.quantile(ends, [0.05, 0.95]))


def test_real_and_generated_share_their_axes():
    prices, generated_prices, wild, generated_wild = price_and_volatility_picture(
        FAT, THIN, 100.0
    ).axes
    assert prices.get_ylim() == generated_prices.get_ylim()
    assert wild.get_ylim() == generated_wild.get_ylim()
    assert prices.get_xlim() == generated_wild.get_xlim()


def test_windows_without_twenty_one_days_have_prices_only():
    assert len(price_and_volatility_picture(FAT[:, :20], THIN, 100.0).axes) == 2
    assert len(price_and_volatility_picture(FAT[:, :21], THIN, 100.0).axes) == 4


def test_a_diverged_generator_does_not_squash_the_real_prices():
    axes = price_and_volatility_picture(FAT, THIN * 1e30, 100.0).axes
    drawn = np.concatenate([line.get_ydata() for line in axes[0].lines])
    low, high = axes[0].get_ylim()
    assert low < drawn.min()
    assert drawn.max() < high < 1000.0
    assert [text.get_text() for text in axes[3].texts] == ["Far beyond the frame"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"start_price": 0.0}, r"`start_price` must be .* Received: start_price=0\.0"),
        ({"start_price": np.nan}, "`start_price` must be .* Received: start_price=nan"),
        ({"paths": 0}, "`paths` must be a whole number of at least 1. Received: paths=0"),
        ({"real": FAT[0]}, r"`real` must have the shape .*real\.shape=\(30,\)"),
        ({"generated": FAT * np.inf}, "`generated` must be finite"),
    ],
)
def test_unusable_scenarios_are_refused_by_name(changed, message):
    arguments = {"real": FAT, "generated": THIN, "start_price": 100.0, **changed}
    with pytest.raises(ValueError, match=message):
        price_and_volatility_picture(**arguments)


# Histogram


def outlines_of(axes):
    return [patch.get_data() for patch in axes.patches if patch.get_label().startswith(("R", "G"))]


def test_the_histogram_is_the_density_over_the_same_bins_in_both_panels():
    center, tails = histogram_picture(FAT, THIN[..., None]).axes
    limit = 125.0 * np.abs(FAT).max()
    for axes in (center, tails):
        for outline, windows in zip(outlines_of(axes), (FAT, THIN), strict=True):
            percent = np.clip(100.0 * windows.ravel(), -limit, limit)
            expected, edges = np.histogram(percent, bins=161, range=(-limit, limit), density=True)
            np.testing.assert_allclose(outline.edges, edges, rtol=1e-9)
            np.testing.assert_allclose(outline.values, expected, rtol=1e-9)
    assert (center.get_yscale(), tails.get_yscale()) == ("linear", "log")
    assert tails.get_xlim() == pytest.approx((-limit, limit))


def test_the_log_scale_shows_a_single_real_day():
    tails = histogram_picture(FAT, THIN).axes[1]
    values = outlines_of(tails)[0].values
    assert tails.get_ylim()[0] < values[values > 0].min()


def test_the_reference_line_is_the_normal_density_of_the_real_returns():
    import scipy.stats

    line = histogram_picture(FAT, THIN).axes[0].lines[0]
    normal = scipy.stats.norm(100.0 * FAT.mean(), 100.0 * FAT.std())
    np.testing.assert_allclose(line.get_ydata(), normal.pdf(line.get_xdata()), rtol=1e-9)


def test_the_legend_says_std_kurtosis_and_days_beyond_the_frame():
    figure = histogram_picture(FAT, 100.0 * THIN)
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    moments = return_moments(FAT)
    beyond = np.sum(np.abs(100.0 * THIN) > 1.25 * np.abs(FAT).max())
    assert texts[0] == (
        f"Real: std {100 * moments.std:.2f}%, excess kurtosis {moments.excess_kurtosis:.2f}"
    )
    assert texts[1].endswith(f"({beyond:,} days beyond the frame)")


def test_a_collapsed_generator_does_not_squash_the_real_histogram():
    figure = histogram_picture(FAT, CONSTANT)
    peak = outlines_of(figure.axes[0])[0].values.max()
    assert figure.axes[0].get_ylim() == pytest.approx((0.0, 3.3 * peak))
    assert figure.legends[0].get_texts()[1].get_text().endswith("excess kurtosis undefined")


def test_constant_real_returns_are_refused_by_the_histogram():
    with pytest.raises(ValueError, match="`real` must vary"):
        histogram_picture(CONSTANT, FAT)


# Moments


def test_bars_are_the_autocorrelations_real_beside_generated():
    real, generated = return_moments(FAT), return_moments(THIN)
    axes = moments_picture(real, generated).axes
    for panel, name in zip(axes, ("acf", "acf_abs"), strict=True):
        left, right = panel.containers
        for bars, moments, shift in ((left, real, -0.2), (right, generated, 0.2)):
            heights = [bar.get_height() for bar in bars]
            centers = [bar.get_x() + 0.5 * bar.get_width() for bar in bars]
            np.testing.assert_array_equal(heights, getattr(moments, name))
            np.testing.assert_allclose(centers, np.arange(1, 21) + shift)
    assert axes[0].get_ylim() == axes[1].get_ylim()


def test_an_undefined_autocorrelation_is_named_in_the_legend():
    figure = moments_picture(return_moments(FAT), return_moments(CONSTANT))
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == ["Real", "Generated (undefined: never varies)"]


def test_the_table_holds_the_moments_side_by_side():
    real, generated = return_moments(FAT), return_moments(THIN)
    table = moments_table(real, generated)
    assert list(table.columns) == ["Real", "Generated"]
    assert table["Generated"].to_dict() == {
        "Mean": generated.mean,
        "Std": generated.std,
        "Skew": generated.skew,
        "Excess kurtosis": generated.excess_kurtosis,
        "ACF r lag 1": generated.acf[0],
        "ACF |r| lag 1": generated.acf_abs[0],
        "ACF |r| lags 1-20 mean": generated.acf_abs.mean(),
    }
    assert table.loc["Excess kurtosis", "Real"] == real.excess_kurtosis


def test_losses_leave_out_the_empty_validation_columns_of_a_csv_logger():
    history = pd.DataFrame({"critic_loss": [2.0, 1.0], "val_critic_loss": [np.nan, np.nan]})
    lines = losses_picture(history).axes[0].lines
    assert [line.get_label() for line in lines] == ["Critic loss"]
