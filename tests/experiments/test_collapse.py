"""A collapsed generator is recognized and reported first."""

import numpy as np
import pytest

from keras_wgan.experiments import training
from keras_wgan.experiments.collapse import collapse_lines, spread_ratio
from keras_wgan.experiments.spec import ExperimentSpec

from helpers import tiny_recipes
from helpers.tiny_recipes import RETURNS, SHORT

REAL = np.random.default_rng(0).normal(size=(500, 6, 2))


@pytest.mark.parametrize("share", [1.0, 0.25, 0.0])
def test_the_spread_is_a_share_of_the_real_one_wherever_the_samples_lie(share):
    assert spread_ratio(REAL, 3.0 + share * REAL) == pytest.approx(share)


def test_variation_within_a_sample_is_no_spread_of_samples():
    assert spread_ratio(REAL, np.repeat(REAL[:1], 50, axis=0)) < 1e-12


@pytest.mark.parametrize(("share", "lines"), [(0.011, 0), (0.009, 1)])
def test_less_than_a_hundredth_of_the_spread_is_a_collapse(share, lines):
    found = collapse_lines(REAL, share * REAL)
    assert len(found) == lines
    assert not lines or ("The generator has collapsed" in found[0] and "0.9%" in found[0])


@pytest.mark.slow
def test_a_run_whose_generator_collapsed_is_measured_and_says_so_first(
    tmp_path, monkeypatch, trained_run
):
    tiny_recipes.offer(monkeypatch)
    spec = ExperimentSpec(RETURNS.with_settings({"epochs": 1}), SHORT, 1)
    run = trained_run(tmp_path / "run", spec)
    model = run.model()
    kernel = model.generator.layers[0].kernel
    kernel.assign(np.zeros(kernel.shape, "float32"))
    run.save_model(model)
    lines, _ = training.evaluate(run, count=100, seed=0, progress=len)
    assert lines[0].startswith("The generator has collapsed: all samples are nearly the same")
    assert run.metrics_path.exists()
