"""No file that is loaded runs code, and no name in it leads out of the folder."""

import ast
from pathlib import Path

import keras
import numpy as np
import pytest

from keras_wgan.data import load_images, tfds, yahoo
from keras_wgan.experiments.run import Run
from keras_wgan.metrics import FeatureStatistics
from keras_wgan.report.export.file_names import MAX_NAME, file_names

from helpers.paths import ROOT

SOURCES = sorted(
    path for folder in ("keras_wgan", "callbacks") for path in (ROOT / folder).rglob("*.py")
)
MODULES = {"pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve", "runpy"}
CALLS = {"eval", "exec", "compile", "__import__", "enable_unsafe_deserialization", "read_pickle"}
HOSTILE = ["../../x", "..", ".", "/etc/x", "a/../../b", "C:\\x", "\x00", "~", "a\nb", "x" * 1000]


class Foreign(keras.layers.Layer):
    """An unregistered layer, in a module that could be imported."""

    def call(self, inputs):
        """Returns the inputs."""
        return inputs


class Trap:
    """Runs code where it is unpickled."""

    def __reduce__(self):
        return (pytest.fail, ("A file ran code.",))


def dangers(tree):
    """Yields what in a source could run code out of a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name.split(".")[0] for alias in node.names}
            names.add((getattr(node, "module", None) or "").split(".")[0])
            yield from names & MODULES
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in CALLS:
                yield node.func.id
            # `model.compile` and `re.compile` are no builtins.
            if isinstance(node.func, ast.Attribute) and node.func.attr in CALLS - {"compile"}:
                yield node.func.attr
            for keyword in node.keywords:
                unsafe = {"allow_pickle": False, "safe_mode": True}
                if keyword.arg in unsafe and not (
                    isinstance(keyword.value, ast.Constant)
                    and keyword.value.value is unsafe[keyword.arg]
                ):
                    yield keyword.arg


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from pickle import loads",
        "eval('1')",
        "exec(x)",
        "compile('1', '', 'eval')",
        "f(x, allow_pickle=True)",
        "f(x, allow_pickle=y)",
        "load_model(x, safe_mode=False)",
        "builtins.eval('1')",
        "keras.config.enable_unsafe_deserialization()",
        "pd.read_pickle(x)",
    ],
)
def test_the_search_finds_what_could_run_code(source):
    assert len(list(dangers(ast.parse(source)))) == 1


def test_no_source_could_run_code_out_of_a_file():
    assert len(SOURCES) > 100
    found = {path.name: list(dangers(ast.parse(path.read_text()))) for path in SOURCES}
    assert {name: what for name, what in found.items() if what} == {}


def test_images_and_statistics_with_pickled_objects_are_refused(tmp_path):
    path, trap = tmp_path / "arrays.npz", np.array([Trap(), Trap()], dtype=object)
    np.savez(path, x_train=trap, y_train=trap, mean=trap, factor=trap, count=trap, format=trap)
    with pytest.raises(
        ValueError, match=r"x_train of .*arrays\.npz cannot be read: it needs pickle"
    ):
        load_images("mine", path)
    with pytest.raises(ValueError, match=r"`path` must be .*arrays\.npz; .* it needs pickle"):
        FeatureStatistics.load(path)


def test_a_model_file_with_a_lambda_is_refused(tmp_path):
    run = Run(tmp_path)
    layers = [keras.Input((2,)), keras.layers.Lambda(lambda x: pytest.fail("A file ran code."))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keras.layers.Lambda, "call", lambda self, inputs: inputs)
        keras.Sequential(layers).save(run.model_path)
    with pytest.raises(ValueError, match=r"model\.keras cannot be read: [^\n]*[Ll]ambda"):
        run.model()


def test_a_model_file_with_an_unregistered_class_is_refused(tmp_path):
    run = Run(tmp_path)
    keras.Sequential([keras.Input((2,)), Foreign()]).save(run.model_path)
    with pytest.raises(ValueError, match=r"model\.keras cannot be read: [^\n]*Foreign"):
        run.model()


def test_file_names_of_hostile_tickers_stay_in_the_folder():
    names = file_names([*HOSTILE, *HOSTILE])
    assert len({name.lower() for name in names}) == len(names)
    assert all(0 < len(name) <= MAX_NAME + 3 for name in names)
    for name in names:
        assert (Path("folder") / f"report-{name}.html").resolve().parent == Path("folder").resolve()
        assert (Path("folder") / name).resolve().parent == Path("folder").resolve()


@pytest.mark.parametrize("ticker", HOSTILE)
def test_a_hostile_ticker_is_kept_in_the_cache_folder_or_refused(tmp_path, monkeypatch, ticker):
    monkeypatch.setattr(yahoo, "_download", lambda ticker, first, last: pytest.fail("not asked"))
    folder = yahoo.cache_folder() / "yahoo"
    day = yahoo.pd.Timestamp("2000-01-03")
    if len(ticker) > yahoo.LONGEST_TICKER or "\n" in ticker:
        with pytest.raises(ValueError, match="`ticker` must be one symbol"):
            yahoo.yahoo_closes(ticker, day, day)
    else:
        assert yahoo._cache_file(ticker, day, day).resolve().parent == folder.resolve()


@pytest.mark.parametrize("name", [*HOSTILE[:-1], "huggingface:x", "user/x:1/../..", "a/.."])
def test_a_data_set_whose_name_is_a_path_or_code_of_others_is_refused(name):
    with pytest.raises(ValueError, match=r"`name` must be \"digits\" or a data set"):
        tfds._find(None, name)
