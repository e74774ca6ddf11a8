"""The backend is chosen before Keras is loaded, and only known start-up messages are hidden."""

import keras
import pytest

from keras_wgan.io.console import LOG_LEVEL

from helpers.commands import fresh_python, python

NOISE = (
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR",
    "I0000 00:00:1795881714.508871   21210 port.cc:153] oneDNN custom operations are on. You may",
    "I0000 00:00:1795881714.509344   21210 cudart_stub.cc:31] Could not find cuda drivers on your "
    "machine, GPU will not be used.",
    "2025-11-28 16:02:10.094059: I tensorflow/core/platform/cpu_feature_guard.cc:210] This "
    "TensorFlow binary is optimized to use available CPU instructions in critical operations.",
    "To enable the following instructions: AVX2 FMA, in other operations, rebuild TensorFlow with "
    "the appropriate compiler flags.",
    "E0000 00:00:1795881722.155757   21210 cuda_platform.cc:52] failed call to cuInit: INTERNAL: "
    "CUDA error: Failed call to cuInit: UNKNOWN ERROR (303)",
    "E0000 00:00:1795881722.155757   21210 cuda_fft.cc:477] Unable to register cuFFT factory: "
    "Attempting to register factory for plugin cuFFT when one has already been registered",
)
SHOWN = (
    "W0000 00:00:1795881722.155757   21210 gpu_device.cc:2342] Cannot dlopen some GPU libraries.",
    "E0000 00:00:1795881722.155757   21210 cuda_platform.cc:52] failed call to cuInit: "
    "CUDA_ERROR_UNKNOWN: unknown error (999)",
    "I1234 is the number of my experiment",
    "To enable the following instructions, read on",
    "from Python",
)
LOADING = (
    "import os, sys\n"
    "from keras_wgan.io.console import without_start_up_noise as quietly\n"
    "with quietly():\n"
    "    for line in sys.argv[1:]: os.write(2, line.encode() + b'\\n')\n"
    "    print('from Python', file=sys.stderr)\n"
)


def printed(*lines, **environment):
    """Returns what is shown of lines that a backend prints while it loads."""
    code = LOADING.replace("sys.argv[1:]", repr(list(lines)))
    return python(code, **environment)[1].splitlines()


def test_only_known_noise_is_hidden_while_a_backend_loads():
    assert printed(*NOISE, *SHOWN[:-1]) == list(SHOWN)


@pytest.mark.parametrize("environment", [{LOG_LEVEL: "0"}, {"KERAS_WGAN_DEBUG": "1"}])
def test_all_is_shown_to_a_user_who_asks_for_it(environment):
    assert printed(*NOISE, *SHOWN[:-1], **environment) == [*NOISE, *SHOWN]


def test_what_is_printed_after_loading_is_not_touched():
    code = LOADING.replace("sys.argv[1:]", "[]") + f"os.write(2, {NOISE[1]!r}.encode())"
    assert python(code)[1] == f"from Python\n{NOISE[1]}"


def test_an_import_that_fails_is_still_seen():
    code = (
        "from keras_wgan.io.console import without_start_up_noise as quietly\n"
        "try:\n"
        "    with quietly():\n"
        "        raise ImportError('no such library')\n"
        "except ImportError as error:\n"
        "    print(error)"
    )
    assert python(code)[0] == ["no such library"]


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_the_backend_option_is_set_before_keras_is_imported(backend):
    code = (
        "import importlib.machinery, os, sys\n"
        "class Watch:\n"
        "    def find_spec(name, *_):\n"
        "        if name == 'keras': sys.exit(os.environ['KERAS_BACKEND'])\n"
        f"        if name == {backend!r}:\n"  # as if installed, where it is not
        "            return importlib.machinery.ModuleSpec(name, None)\n"
        "sys.meta_path.insert(0, Watch)\n"
        "from keras_wgan.cli import app as cli\n"
        f"sys.argv = ['keras-wgan', 'evaluate', '.', '--backend', {backend!r}]\n"
        "cli.main()"
    )
    other = "jax" if backend == "torch" else "torch"
    done = fresh_python(code, KERAS_BACKEND=other)
    assert (done.returncode, done.stderr) == (1, f"{backend}\n")


CHOSEN = keras.backend.backend()


@pytest.fixture(scope="module")
def started():
    """Returns the lines and the errors of a process that starts the backend of these tests."""
    code = (
        "from keras_wgan.cli.startup import COMPANIONS, start_backend\n"
        f"start_backend({CHOSEN!r})\n"
        "import keras, sys\n"
        "print(keras.backend.backend())\n"
        "print(*(name for name in COMPANIONS if name in sys.modules))\n"
        "import matplotlib, sklearn"  # are not hidden from us
    )
    return python(code, KERAS_BACKEND="jax" if CHOSEN == "torch" else "torch")


@pytest.mark.slow
def test_keras_really_runs_on_the_chosen_backend_and_starts_with_one_line(started):
    assert started[0][:2] == ["Loading Keras ...", CHOSEN]
    assert started[1] == ""


@pytest.mark.slow
def test_keras_is_loaded_without_the_packages_that_it_only_offers_to_work_with(started):
    assert started[0][2] == ""


def test_a_warning_is_shown_once_as_one_sentence():
    code = (
        "import warnings\n"
        "from keras_wgan.cli.startup import show_warnings_as_notes\n"
        "show_warnings_as_notes()\n"
        "warnings.warn('Mind the gap.')\n"
        "warnings.warn('Mind the gap.')"
    )
    assert python(code)[1] == "Note: Mind the gap.\n"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["recipes"], ["train", "--help"], ["recipes", "--debug"]]
)
def test_help_and_recipes_come_without_loading_keras(arguments):
    code = (
        "import sys\n"
        "from keras_wgan.cli import app as cli\n"
        f"sys.argv = {['keras-wgan', *arguments]!r}\n"
        "try:\n"
        "    cli.main()\n"
        "except SystemExit as ended:\n"
        "    assert not ended.code\n"
        "print('keras' in sys.modules)"
    )
    assert python(code)[0][-1] == "False"
