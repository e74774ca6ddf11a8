"""A run is exported in the units of its data, and runs without Keras."""

import json

import keras
import numpy as np
import pytest

from keras_wgan.experiments import ExportRequest, export
from keras_wgan.experiments.export import KERAS_NAMES, SUFFIXES

from helpers import tiny_recipes
from helpers.commands import call
from helpers.exports import READERS, WRITTEN

pytestmark = pytest.mark.filterwarnings(
    "ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::UserWarning"
)
LAW = "independent draws of keras_wgan.latents.Normal()"
FORMATS = [name for name, other in KERAS_NAMES.items() if other in WRITTEN]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("run") / "market"
    return tiny_recipes.untrained_run(path, tiny_recipes.MARKET)


def latents_of(model, count, seed):
    """Returns the latents behind the first samples of `generate`."""
    drawn = model.latent.sample(4096, keras.random.SeedGenerator(seed))
    return keras.ops.convert_to_numpy(drawn)[:count]


@pytest.mark.slow
@pytest.mark.parametrize("format", FORMATS)
def test_an_exported_run_makes_the_log_returns_of_generate(format, run, tmp_path):
    _, read, _ = READERS[KERAS_NAMES[format]]
    out = tmp_path / f"market{SUFFIXES[format]}"
    files = export(run, ExportRequest(format), out)
    assert files == [out, tmp_path / f"{out.name}.json"]
    model = run.model()
    expected = run.facts.scaler.inverse(model.generate(6, seed=3))
    for count in (1, 6):
        made = read(out, {"latents": latents_of(model, count, 3)})
        np.testing.assert_allclose(made, expected[:count], atol=1e-7)


def test_the_description_says_what_goes_in_and_what_comes_out(run, tmp_path):
    format = FORMATS[0]
    out = tmp_path / f"market{SUFFIXES[format]}"
    export(run, ExportRequest(format, days=7), out)
    found = json.loads((tmp_path / f"{out.name}.json").read_text())
    assert found["inputs"] == {
        "latents": {"shape": [None, 37, 1], "dtype": "float32", "values": LAW}
    }
    assert found["output"]["shape"] == [None, 7, 1]
    assert found["output"]["unit"] == "log return, business days, 252 a year"
    assert found["assets"] == ["^GSPC"] and found["last_day"] == "2018-12-31"
    assert found["scaler"]["place"] == "inside, as the last layer"
    with pytest.raises(FileExistsError, match="nothing is overwritten: .*market"):
        export(run, ExportRequest(format), out)


@pytest.mark.parametrize("format", [name for name in KERAS_NAMES if name not in FORMATS])
def test_what_a_backend_cannot_write_is_one_sentence_and_leaves_nothing(format, run, tmp_path):
    with pytest.raises((ValueError, ImportError), match="on th"):
        export(run, ExportRequest(format), tmp_path / f"market{SUFFIXES[format]}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("request_", "name", "message"),
    [
        (ExportRequest(FORMATS[0]), "market.txt", "`out` must end in .*Received: .*market.txt"),
        (ExportRequest(FORMATS[0], days=3), "m", "the recipe sp500"),
    ],
)
def test_a_wrong_suffix_and_days_of_a_fixed_network_are_refused(request_, name, message, tmp_path):
    run = tiny_recipes.untrained_run(tmp_path / "run", tiny_recipes.RETURNS)
    out = tmp_path / (name if "." in name else f"{name}{SUFFIXES[request_.format]}")
    with pytest.raises(ValueError, match=message):
        export(run, request_, out)
    assert not out.exists()


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match="one of onnx, litert, saved_model. Received.*'pb'"):
        ExportRequest("pb")


def test_the_command_writes_into_the_run_folder_and_says_how_to_read_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tiny_recipes.offer(monkeypatch)
    run = tiny_recipes.untrained_run("r", tiny_recipes.RETURNS)
    lines = call("export", "r", "--format", FORMATS[0]).splitlines()
    name = f"generator{SUFFIXES[FORMATS[0]]}"
    assert lines[1] == (
        f"The generator is in r/{name}, its inputs and its output are described in r/{name}.json"
    )
    assert lines[2].startswith('Next: python -c "') and name in lines[2]
    assert (run.path / name).exists()
