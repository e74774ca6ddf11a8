"""The nearest training images are those of plain distances."""

import numpy as np

from keras_wgan.report.plots.neighbors import nearest, neighbors_picture


def test_the_nearest_training_images_are_those_of_the_smallest_distance():
    rng = np.random.default_rng(0)
    training, samples = rng.uniform(-1, 1, (50, 4, 3, 1)), rng.uniform(-1, 1, (5, 4, 3, 1))
    distances = np.sqrt(((samples[:, None] - training[None]) ** 2).sum(axis=(2, 3, 4)))
    np.testing.assert_array_equal(
        nearest(samples, training, 3), np.argsort(distances, axis=1)[:, :3]
    )


def test_a_copy_is_next_to_its_original():
    training = np.random.default_rng(1).uniform(-1, 1, (30, 4, 4, 1))
    sheet = neighbors_picture(training[[7]], training, 2).axes[0].images[0].get_array()
    np.testing.assert_array_equal(sheet[:, :4], sheet[:, 10:14])
    assert (sheet[:, 4:10] == 1.0).all()
