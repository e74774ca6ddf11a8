"""All pictures are saved whole or not at all, without effects on Matplotlib."""

import contextlib
import io
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from keras_wgan.market import Leaderboard
from keras_wgan.metrics import return_facts
from keras_wgan.report import RiskRow, fan_picture, leaderboard_picture, risk_picture
from keras_wgan.report.plots.autocorrelation import autocorrelation_picture
from keras_wgan.report.plots.images import image_grid
from keras_wgan.report.plots.paths import price_and_volatility_picture
from keras_wgan.report.plots.returns import histogram_picture
from keras_wgan.report.plots.style import narrow, save_picture
from keras_wgan.report.plots.training import losses_picture

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
    "autocorrelations": lambda: autocorrelation_picture(return_facts(FAT), return_facts(THIN)),
    "collapsed autocorrelations": lambda: autocorrelation_picture(
        return_facts(FAT), return_facts(CONSTANT)
    ),
}


BOARD = Leaderboard(
    "in sample",
    pd.DataFrame({"composite": {"a simulator with quite a long name, alpha 1.8": 160.0, "b": 0.5}}),
    {"b": [{"composite": 0.4}, {"composite": 0.6}]},
    {},
    {},
)
RISK = RiskRow(0.01, 20, -0.15, -0.173, -0.22, -0.246, (-0.2, -0.1), (-0.24, -0.2))
WHOLE = PICTURES | {
    "leaderboard": lambda: leaderboard_picture(BOARD, highlight=["b"]),
    "risks": lambda: risk_picture([RISK] * 3),
    "fan": lambda: fan_picture(THIN, 100.0, real=FAT, start="from today's state"),
    "labeled grid": lambda: image_grid(
        np.zeros((3, 4, 4, 1)), columns=1, title="Epoch 3", row_labels=["a", "b", "ten"]
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("picture", WHOLE.values(), ids=WHOLE)
@pytest.mark.parametrize("width", [contextlib.nullcontext, narrow], ids=["wide", "phone"])
def test_every_picture_is_a_png_in_which_no_text_is_cut_off(picture, width):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with width():
        figure = picture()
    canvas = FigureCanvasAgg(figure)
    file = io.BytesIO()
    canvas.print_png(file)
    assert file.getvalue().startswith(b"\x89PNG")
    drawn, paper = figure.get_tightbbox(canvas.get_renderer()), figure.get_size_inches()
    assert drawn.x0 >= -0.02 and drawn.y0 >= -0.02
    assert drawn.x1 <= paper[0] + 0.02 and drawn.y1 <= paper[1] + 0.02


def test_the_pixels_are_those_of_150_dots_an_inch(tmp_path):
    from matplotlib.image import imread

    path = save_picture(histogram_picture(FAT, THIN), tmp_path / "a.png")
    assert imread(path).shape[:2] == (630, 1500)  # 4.2 by 10 inches


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


@pytest.mark.slow
def test_importing_the_pictures_does_not_import_matplotlib():
    run_python(
        "import sys\n"
        "from keras_wgan.report.plots import style, images, returns\n"
        "from keras_wgan.report.plots import paths, training\n"
        "assert 'matplotlib' not in sys.modules\n"
        "assert not {'keras', 'tensorflow', 'jax', 'torch'} & set(sys.modules)\n"
    )


@pytest.mark.slow
def test_drawing_and_saving_opens_no_window_and_changes_no_settings(tmp_path):
    run_python(
        "import sys, matplotlib, numpy as np\n"
        "before = matplotlib.rcParams.copy()\n"
        "from keras_wgan.report.plots.paths import price_and_volatility_picture\n"
        "from keras_wgan.report.plots.style import narrow, save_picture\n"
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


def test_panels_are_below_each_other_on_a_phone_and_keep_their_places():
    wide = histogram_picture(FAT, THIN)
    with narrow():
        phone = histogram_picture(FAT, THIN)
    assert wide.get_figwidth() == 10.0 and phone.get_figwidth() == 5.0
    left, right = (axes.get_position() for axes in phone.axes)
    assert left.x0 == pytest.approx(right.x0) and left.y0 > right.y1
    assert [axes.get_yscale() for axes in phone.axes] == ["linear", "log"]
    assert histogram_picture(FAT, THIN).get_figwidth() == 10.0
