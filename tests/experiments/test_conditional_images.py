"""A conditional recipe generates the requested classes, and measures how often it does."""

import dataclasses
import json

import numpy as np
import pytest

from keras_wgan.data import Source
from keras_wgan.experiments import fit, generation, recipes, training
from keras_wgan.experiments.generation import GenerationRequest
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks import image_evaluation
from keras_wgan.experiments.tasks.image_metrics import class_shares
from keras_wgan.experiments.tasks.images import Images
from keras_wgan.experiments.tasks.labels import asked_labels, labels_as_in, labels_in_rows
from keras_wgan.networks import image_critic, image_generator

from helpers import tiny_recipes


def small_networks(latent_size, shape, classes):
    """Returns the package's networks of images, four channels wide."""
    generator = image_generator(latent_size, shape, width=4, classes=classes)
    return generator, image_critic(shape, width=4, classes=classes)


TINY = dataclasses.replace(
    recipes.get("mnist-conditional"), name="tiny-conditional", networks=small_networks
).with_settings({"epochs": 1, "batch_size": 500, "latent_size": 3, "precision": "float32"})


class Obedient:
    """Makes an image whose brightness is the middle of the requested step."""

    def generate(self, n, condition=None, seed=None):
        """Returns `(n, 28, 28, 1)` images of one gray level each."""
        grays = (np.asarray(condition) + 0.5) / 5.0 - 1.0
        return np.broadcast_to(grays[:, None, None, None], (n, 28, 28, 1)).astype("float32")


class Stubborn(Obedient):
    """Makes the same image for every request."""

    def generate(self, n, condition=None, seed=None):
        """Returns black images."""
        return super().generate(n, np.zeros(n), seed)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Puts brightness in the place of a trained classifier."""
    put_in(monkeypatch)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Trains the tiny conditional recipe for one epoch, once for all tests."""
    folder = Run.create(tmp_path_factory.mktemp("conditional") / "r")
    with pytest.MonkeyPatch.context() as patched:
        put_in(patched)
        training.train(ExperimentSpec(TINY, Source("digits"), 0), folder, verbose=0)
    return folder


def put_in(patched):
    """Offers the tiny recipe, judges it by brightness, and draws little."""
    patched.setattr(image_evaluation, "DigitClassifier", tiny_recipes.BrightnessExtractor)
    patched.setattr(recipes, "RECIPES", (TINY, tiny_recipes.IMAGES))
    patched.setattr(fit, "SCORED", 20)


@pytest.mark.slow
def test_samples_of_a_label_are_written_with_the_label(run, tmp_path):
    generation.generate(
        run, GenerationRequest(count=5, seed=1, condition=7), tmp_path / "sevens.npz"
    )
    with np.load(tmp_path / "sevens.npz") as archive:
        assert archive["images"].shape == (5, 28, 28, 1)
        assert archive["labels"].tolist() == [7] * 5


def test_without_a_label_every_one_has_its_turn(run, tmp_path):
    generation.generate(run, GenerationRequest(count=12, seed=1), tmp_path / "all.npz")
    with np.load(tmp_path / "all.npz") as archive:
        assert archive["labels"].tolist() == [*range(10), 0, 1]


@pytest.mark.slow
def test_a_run_is_measured_drawn_and_written_up(run, tmp_path):
    lines, made = training.evaluate(run, count=20, seed=0, progress=lambda line: None)
    assert any("requested" in line for line in lines)
    assert {"samples.png", "report.html"} <= {path.name for path in made}
    assert 0.0 <= json.loads(run.metrics_path.read_text())["agreement"] <= 1.0


def test_a_label_changes_the_samples_of_the_same_latents(run):
    model = run.model()
    sevens, threes = (model.generate(4, condition=label, seed=1) for label in (7, 3))
    assert not np.allclose(sevens, threes)
    mixed = model.generate(4, condition=[7, 3, 7, 3], seed=1)
    np.testing.assert_allclose(mixed[0], sevens[0], atol=1e-5)
    np.testing.assert_allclose(mixed[1], threes[1], atol=1e-5)


def test_a_label_that_the_data_lacks_is_refused(run, tmp_path):
    with pytest.raises(ValueError, match="label of the data, 0 to 9. Received: condition=10"):
        generation.generate(
            run, GenerationRequest(count=5, seed=1, condition=10), tmp_path / "tens.npz"
        )


def test_a_run_without_labels_refuses_one_and_names_the_recipe_that_takes_them(tmp_path):
    run = Run.create(tmp_path / "r")
    recipe = tiny_recipes.IMAGES.with_settings({"epochs": 1})
    training.train(ExperimentSpec(recipe, Source("digits"), 0), run, verbose=0)
    with pytest.raises(ValueError, match="`--condition` is only for .*-conditional. .*tiny-images"):
        generation.generate(
            run, GenerationRequest(count=5, seed=1, condition=7), tmp_path / "sevens.npz"
        )


@pytest.mark.parametrize(("model", "agreement"), [(Obedient(), 1.0), (Stubborn(), 0.1)])
def test_the_agreement_is_the_share_that_the_classifier_sees_as_asked(model, agreement):
    task = Images(labeled=True)
    data = task.load(Source("digits"))
    metrics = task.evaluate(data, model, count=297, seed=2).metrics
    assert metrics["agreement"] == pytest.approx(agreement, abs=0.05)
    assert metrics["classes_covered"] == (10 if agreement == 1 else 1)


def test_classes_are_covered_that_are_made_a_tenth_as_often_as_they_are_real():
    real = np.repeat([0, 1, 2], 100)
    made = np.repeat([0, 1, 2], [180, 116, 4])
    shares = class_shares(made, real)
    assert (shares["classes"], shares["classes_covered"]) == (3, 2)
    assert shares["rarest_class_share"] == pytest.approx(0.04)


def test_labels_are_as_likely_as_in_the_data_and_depend_on_the_seed_alone():
    labels = np.repeat([2, 5], [100, 300])
    drawn = labels_as_in(labels, 10_000, 1)
    assert (drawn == 5).mean() == pytest.approx(0.75, abs=0.02)
    np.testing.assert_array_equal(drawn, labels_as_in(labels, 10_000, 1))
    assert (drawn != labels_as_in(labels, 10_000, 2)).any()


def test_rows_and_turns_of_labels():
    assert labels_in_rows(3, 6, 0).tolist() == [0, 0, 1, 1, 2, 2]
    assert asked_labels(None, 3, 4).tolist() == [0, 1, 2, 0]
    assert asked_labels(2, 3, 2).tolist() == [2, 2]
