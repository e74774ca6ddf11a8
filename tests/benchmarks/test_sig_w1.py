"""Signatures have their closed forms, and Sig-W1 its published number of terms."""

import argparse
from math import factorial

import numpy as np
import pytest

RNG = np.random.default_rng(0)


def test_the_signature_of_a_line_is_the_tensor_exponential_of_its_step(benchmark):
    step = np.array([0.5, -2.0, 1.0])
    line = np.linspace(0.0, 1.0, 7)[None, :, None] * step
    levels = benchmark("sig_w1").signatures(line, 4)
    power = np.ones(())
    for level, found in enumerate(levels, start=1):
        power = np.multiply.outer(power, step)
        np.testing.assert_allclose(found[0], power / factorial(level), atol=1e-12)


def test_the_area_of_an_axis_path_is_in_its_second_level(benchmark):
    path = np.array([[[0.0, 0.0], [3.0, 0.0], [3.0, 2.0]]])
    first, second = benchmark("sig_w1").signatures(path, 2)
    assert first[0].tolist() == [3.0, 2.0]
    assert second[0].tolist() == [[4.5, 6.0], [0.0, 2.0]]


def test_the_signature_of_joined_paths_is_the_product_of_theirs(benchmark):
    path = RNG.normal(size=(2, 9, 2))
    whole, left, right = (
        benchmark("sig_w1").signatures(part, 3) for part in (path, path[:, :5], path[:, 4:])
    )
    third = left[2] + right[2]
    third += np.einsum("ni,njk->nijk", left[0], right[1])
    third += np.einsum("nij,nk->nijk", left[1], right[0])
    np.testing.assert_allclose(whole[2], third, atol=1e-12)


def test_a_window_becomes_a_path_with_time_lead_lag_and_visibility(benchmark):
    path = benchmark("sig_w1").augmented(np.array([[0.1, 0.3]]))
    assert path[0] == pytest.approx(
        np.array(
            [
                [0.0, 0.0, 0.0, 0.0, 0.0],
                [0.0, 0.2, 0.0, 0.2, 0.0],
                [0.0, 0.2, 0.0, 0.2, 1.0],
                [0.0, 0.2, 1.0, 0.6, 1.0],
                [1.0, 0.6, 1.0, 0.6, 1.0],
            ]
        )
    )
    assert len(benchmark("sig_w1").expected_signature(0.01 * RNG.normal(size=(5, 16)))) == 780


def test_the_history_itself_is_at_no_distance_and_a_wild_one_is(benchmark):
    sig_w1 = benchmark("sig_w1")
    history = 0.01 * RNG.normal(size=600)
    simulators = sig_w1.fitted(["iid normal"], 4.0 * history)
    asked = argparse.Namespace(paths=300, seed=0)
    rows = sig_w1.rows(history, history, simulators, asked)
    found = {row[""]: row["Sig-W1"] for row in rows}
    assert found["the whole training history"] == 0.0
    assert 0.0 < found["sampling floor"] < 0.2 * found["iid normal"]
