"""Tests of the number of latents that are drawn at a time."""

import numpy as np
import pytest

from keras_wgan import _latent_blocks
from keras_wgan._latent_blocks import latents_at_a_time

from helpers.tiny import table_model


@pytest.mark.parametrize(
    ("shape", "expected"), [((100,), 4096), ((564, 20), 4096), ((564, 100), 1189), ((2**30,), 1)]
)
def test_fewer_latents_are_drawn_at_a_time_where_each_is_large(shape, expected):
    assert latents_at_a_time(4096, shape) == expected


def test_samples_of_small_blocks_are_the_same_for_any_batch_size(monkeypatch):
    monkeypatch.setattr(_latent_blocks, "NUMBERS", 10)
    model = table_model()
    assert latents_at_a_time(4096, model.latent.shape) < 7
    samples = model.generate(7, seed=1, batch_size=7)
    np.testing.assert_allclose(model.generate(7, seed=1, batch_size=2), samples, atol=1e-6)
