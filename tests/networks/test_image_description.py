"""A described image generator draws what the Keras model does, in JavaScript."""

import keras
import numpy as np
import pytest

from keras_wgan.networks import classic_image_generator, image_generator
from keras_wgan.networks.image_description import describe_image_generator
from keras_wgan.report.browser.script import IMAGES

from helpers.javascript import answer


@pytest.mark.parametrize(
    ("shape", "classes"),
    [((28, 28, 1), None), ((10, 7, 3), 3)],
    ids=["as mnist", "cut, in color, with labels"],
)
def test_javascript_draws_what_keras_does_on_the_same_latents(shape, classes, tmp_path):
    generator, rng = image_generator(4, shape, width=8, classes=classes), np.random.default_rng(0)
    weights = generator.get_weights()
    # Variances of a batch normalization stay above zero.
    generator.set_weights([one + 0.1 * rng.random(one.shape) for one in weights])
    latents = rng.normal(size=(2, 4)).astype("float32")
    labels = np.array([0, 2], "int32")
    found = answer(
        "latents.map((one, k) => Array.from(new (modules['image_generator.js'].DoubledImage)("
        "description).draw(one, labels[k])))",
        tmp_path,
        program=IMAGES,
        latents=latents.tolist(),
        labels=labels.tolist(),
        description=describe_image_generator(generator).to_config(),
    )
    given = [latents, labels] if classes else latents
    wanted = keras.ops.convert_to_numpy(generator(given, training=False))
    np.testing.assert_allclose(np.reshape(found, wanted.shape), wanted, rtol=0, atol=1e-5)


def test_an_image_network_that_runs_in_keras_alone_has_no_description():
    assert describe_image_generator(classic_image_generator(5)) is None
