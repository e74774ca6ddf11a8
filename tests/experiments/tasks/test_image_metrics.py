"""Interpolations between samples begin and end at the given latents."""

import numpy as np

from keras_wgan.experiments.tasks.image_metrics import interpolated
from keras_wgan.latents import Normal, Uniform


class Latents:
    """Stands in for a model: its samples are its latents, and its label where there is one."""

    def __init__(self, latent=None):
        self.latent = latent or Normal(4)

    def predict(self, inputs, verbose):
        """Returns `(n, 4)` latents, or `(n, 5)` with the label."""
        return np.column_stack(inputs) if isinstance(inputs, list) else inputs


def test_a_way_between_latents_keeps_its_ends_and_stays_as_far_from_the_origin():
    ways = interpolated(Latents(), 2, 5, seed=3).reshape(2, 5, 4)
    begin, end = np.split(np.asarray(Normal(4).sample(4, seed=3)), 2)
    np.testing.assert_allclose(ways[:, 0], begin, rtol=1e-5)
    np.testing.assert_allclose(ways[:, -1], end, rtol=1e-5)
    straight = np.linalg.norm((begin + end) / 2, axis=-1)
    assert (np.linalg.norm(ways[:, 2], axis=-1) > straight).all()


def test_between_latents_that_are_not_normal_the_way_is_straight():
    ways = interpolated(Latents(Uniform(4)), 1, 3, seed=3)
    np.testing.assert_allclose(ways[1], (ways[0] + ways[2]) / 2, rtol=1e-5)
    assert abs(ways).max() <= 1


def test_each_way_has_its_label():
    ways = interpolated(Latents(), 2, 3, seed=0, labels=np.array([4, 9]))
    assert ways[:, -1].tolist() == [4, 4, 4, 9, 9, 9]
