"""Public names: importable from one place, listed on the API page, and documented in full."""

import inspect
import re
import subprocess
import sys

import keras
import numpy as np
import pytest

import keras_wgan
from keras_wgan import penalties
from keras_wgan._schedules import EpochCosine
from keras_wgan.latents import AlphaStable, Normal, StudentT, Uniform
from keras_wgan.networks import (
    invertibility,
    joint_layers,
    market_layers,
    path_views,
    shared_weights,
)

from helpers.paths import ROOT
from helpers.public_names import public_names, public_objects
from helpers.tiny import table_model

SECTION = re.compile(r"^(Example|Args|Returns|Raises|Reference):$", re.MULTILINE)
API_PAGES = sorted((ROOT / "docs" / "api").glob("*.md"))


def sections(docstring):
    """Returns a docstring's sections by their heading; the first part is under `""`."""
    headings = ["", *SECTION.findall(docstring)]
    return dict(zip(headings, SECTION.split(docstring)[::2], strict=True))


def argument_names(docstring):
    """Returns the names that an `Args:` section describes, in order."""
    return re.findall(r"^    (\w+): ", sections(docstring).get("Args", ""), re.MULTILINE)


def names_shown():
    """Returns the words of all examples, and of what public functions and methods return."""
    words = set()
    for value in public_objects().values():
        words |= set(re.findall(r"\w+", sections(inspect.getdoc(value)).get("Example", "")))
        for method in methods_of(value) if inspect.isclass(value) else [value]:
            annotations = getattr(getattr(method, "__func__", method), "__annotations__", {})
            words |= set(re.findall(r"\w+", str(annotations.get("return", ""))))
    return words


def methods_of(kind):
    """Returns what a class and those of ours that it derives from define."""
    ours = [each for each in kind.__mro__ if each.__module__.startswith("keras_wgan")]
    return [method for each in ours for method in vars(each).values()]


def is_error(value):
    """Says whether a public name is an error class."""
    return inspect.isclass(value) and issubclass(value, Exception)


PUBLIC = public_objects()
SHOWN = names_shown()
every_public_name = pytest.mark.parametrize("name", PUBLIC)
# Errors are raised by the package and take one message, so that their docstring is one sentence.
every_name_but_errors = pytest.mark.parametrize(
    "name", [name for name, value in PUBLIC.items() if not is_error(value)]
)

SERIALIZABLE = {
    "WGANGP": lambda: table_model(),
    "Normal": lambda: Normal((5, 2)),
    "Uniform": lambda: Uniform(4),
    "StudentT": lambda: StudentT(4, df=5),
    "AlphaStable": lambda: AlphaStable(4, alpha=1.7, beta=0.2),
    "MomentPenalty": lambda: penalties.MomentPenalty((1, 2), weight=0.5),
    "QuantilePenalty": lambda: penalties.QuantilePenalty((1, 5), weight=0.5),
    "ExtremesPenalty": lambda: penalties.ExtremesPenalty((1, 5), weight=0.5),
    "AutocorrelationPenalty": lambda: penalties.AutocorrelationPenalty(lags=3, weight=0.5),
    "LeveragePenalty": lambda: penalties.LeveragePenalty(lags=3, weight=0.5),
    "CoarseFinePenalty": lambda: penalties.CoarseFinePenalty(weight=0.5),
    "CorrelationPenalty": lambda: penalties.CorrelationPenalty(weight=0.5),
    "UnbiasedPenalty": lambda: penalties.UnbiasedPenalty(penalties.ExtremesPenalty((1, 5), 0.5)),
    "JointFallsPenalty": lambda: penalties.JointFallsPenalty(0.1, weight=0.5),
    "PortfolioPenalty": lambda: penalties.PortfolioPenalty(
        [penalties.MomentPenalty((1, 2), weight=0.5)], 4, weight=0.5, seed=1
    ),
    "MarketShocks": lambda: joint_layers.MarketShocks(name="shocks"),
    "NewsScale": lambda: joint_layers.NewsScale(3, 0.2, name="news"),
    "TwoSidedPower": lambda: joint_layers.TwoSidedPower(name="tail"),
    "SharedByAssets": lambda: shared_weights.SharedByAssets(3, name="drift"),
    "SharedAndOwn": lambda: shared_weights.SharedAndOwn(3, name="drift"),
    "AtMostOne": lambda: shared_weights.AtMostOne(),
    "RaisingMoves": lambda: invertibility.RaisingMoves(2, -0.3),
    "BoundedResponse": lambda: invertibility.BoundedResponse((1, 3), 0.5),
    "Bounded": lambda: joint_layers.Bounded(1.5, name="log_share"),
    "ShockMemory": lambda: market_layers.ShockMemory((2.0, 9.0), 30, name="memory"),
    "VolatilityBand": lambda: market_layers.VolatilityBand(-3.0, 2.0, 0.1, name="band"),
    "TwoSidedTail": lambda: market_layers.TwoSidedTail(0.1, name="tail"),
    "Mean": lambda: market_layers.Mean(name="mean"),
    "CorrelatedShocks": lambda: market_layers.CorrelatedShocks(name="shocks"),
    "EpochCosine": lambda: EpochCosine(0.1, 0.2, epochs=3, steps_per_epoch=5),
    "PathViews": lambda: path_views.PathViews(name="views"),
}


def parameters(value):
    """Returns the names of what a function or a class is called with."""
    if getattr(value, "_is_protocol", False) or getattr(value, "__init__", 0) is object.__init__:
        return []
    function = value.__init__ if inspect.isclass(value) else value
    return [name for name in inspect.signature(function).parameters if name != "self"]


def test_the_public_names_are_found():
    assert {"keras_wgan.WGANGP", "keras_wgan.penalties.MomentPenalty"} <= set(PUBLIC)
    assert len(PUBLIC) >= 40


@every_public_name
def test_a_docstring_begins_with_one_sentence(name):
    first, *rest = inspect.getdoc(PUBLIC[name]).splitlines()
    assert re.fullmatch(r"[A-Z].*[^.]\.", first)
    assert not re.search(r"\. [A-Z]", first)
    assert not rest or rest[0] == ""


@every_name_but_errors
def test_a_docstring_describes_exactly_the_arguments(name):
    assert argument_names(inspect.getdoc(PUBLIC[name])) == parameters(PUBLIC[name])


@every_public_name
def test_a_docstring_says_what_comes_back(name):
    value = PUBLIC[name]
    returns = not inspect.isclass(value) and value.__annotations__["return"] not in (None, "None")
    assert ("Returns" in sections(inspect.getdoc(value))) == returns


@every_name_but_errors
def test_a_docstring_has_an_example(name):
    # The example of another name may show a class: that which takes or returns it.
    if not (inspect.isclass(PUBLIC[name]) and name.split(".")[-1] in SHOWN):
        assert "```python" in sections(inspect.getdoc(PUBLIC[name])).get("Example", "")


def test_the_sections_come_in_the_order_of_keras():
    order = ["", "Example", "Args", "Returns", "Raises", "Reference"]
    for name, value in PUBLIC.items():
        found = list(sections(inspect.getdoc(value)))
        assert found == [section for section in order if section in found], name


def test_the_public_names_are_those_of_the_api_pages():
    pages = "\n".join(page.read_text() for page in API_PAGES)
    documented = re.findall(r"^\.\. auto(?:class|function):: (\S+)$", pages, re.MULTILINE)
    assert sorted(documented) == sorted(PUBLIC)
    for name in set(public_names()) - set(documented):
        assert f"\n.. py:data:: {name}\n" in pages, name


def test_all_registered_classes_are_tested_here():
    known = keras.saving.get_custom_objects()
    ours = {name.split(">")[1] for name in known if name.startswith("keras_wgan>")}
    assert ours == set(SERIALIZABLE)


@pytest.mark.parametrize("name", SERIALIZABLE)
def test_a_class_comes_back_from_its_serialized_form(name):
    one = SERIALIZABLE[name]()
    form = keras.saving.serialize_keras_object(one)
    other = keras.saving.deserialize_keras_object(form)
    assert type(other) is type(one)
    assert other.get_config() == one.get_config()


def test_a_latent_that_came_back_draws_the_same_noise():
    for name in ("Normal", "Uniform", "StudentT", "AlphaStable"):
        one = SERIALIZABLE[name]()
        other = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(one))
        drawn = [keras.ops.convert_to_numpy(latent.sample(3, seed=1)) for latent in (one, other)]
        np.testing.assert_array_equal(*drawn)


def test_every_listed_module_and_name_can_be_had():
    for name in dir(keras_wgan):
        assert getattr(keras_wgan, name) is not None
    with pytest.raises(AttributeError, match="attribute WGAN"):
        keras_wgan.WGAN  # noqa: B018


def test_importing_the_package_loads_neither_keras_nor_numpy_nor_pandas():
    code = (
        "import sys, keras_wgan\n"
        "print([m for m in ('keras', 'numpy', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_keras_knows_the_model_once_both_are_imported():
    registered = keras.saving.get_registered_object("keras_wgan>WGANGP")
    assert registered is keras_wgan.WGANGP
