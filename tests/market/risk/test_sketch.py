"""Tests of distributions in little memory: exact sums, and quantiles within their bound."""

import math
import pickle
import random
from fractions import Fraction

import numpy as np
import pytest
from ddsketch.mapping import LogarithmicMapping

from keras_wgan.market import DistributionSketch
from keras_wgan.market.risk.exact_sum import ExactSum

BOUND = 0.001
ROUNDED = BOUND * (1.0 + 1e-9)  # a value on the edge of a bin is off by the whole bound
RETURNS = {
    "fat tails": lambda rng: 0.02 * rng.standard_t(3, size=200_000),
    "losses only": lambda rng: -np.exp(rng.normal(-3, 2, size=50_000)),
    "many zeros": lambda rng: np.maximum(rng.normal(-1, 1, size=50_000), 0.0),
    "whole numbers": lambda rng: rng.integers(0, 60, size=50_000).astype(float),
    "one value": lambda _: np.full(1000, -0.03),
}


def _sketch(values, pieces=1):
    sketch = DistributionSketch(BOUND)
    for piece in np.array_split(values, pieces):
        sketch.add(piece)
    return sketch


@pytest.fixture(params=RETURNS)
def values(request):
    """Returns values of one kind."""
    return RETURNS[request.param](np.random.default_rng(1))


def test_quantiles_and_tail_means_stay_within_the_bound(values):
    sketch, ordered = _sketch(values), np.sort(values)
    for level in (0.0005, 0.001, 0.01, 0.025, 0.05, 0.5, 0.95, 0.999):
        exact = ordered[math.ceil(level * len(values) - 1e-9) - 1]
        assert sketch.quantile(level).value == pytest.approx(exact, rel=ROUNDED, abs=1e-9)
        shares = np.clip(level * len(values) - np.arange(len(values)), 0.0, 1.0)
        shares /= shares.sum()
        shortfall = sketch.expected_shortfall(level).value
        assert abs(shortfall - shares @ ordered) <= ROUNDED * (shares @ np.abs(ordered)) + 1e-9


def test_the_mean_and_the_standard_deviation_are_exact(values):
    sketch = _sketch(values)
    assert sketch.count == len(values)
    assert sketch.mean().value == pytest.approx(values.mean(), rel=1e-12, abs=1e-15)
    assert sketch.standard_deviation().value == pytest.approx(values.std(), rel=1e-9, abs=1e-9)


def test_a_sketch_does_not_depend_on_order_grouping_or_merging(values):
    whole = _sketch(values)
    shuffled = np.random.default_rng(2).permutation(values)
    parts = [_sketch(part, pieces=3) for part in np.array_split(shuffled, 7)]
    random.Random(3).shuffle(parts)
    merged = DistributionSketch(BOUND)
    for part in parts:
        merged.merge(pickle.loads(pickle.dumps(part)))
    for ask in (
        lambda found: found.mean(),
        lambda found: found.standard_deviation(),
        lambda found: found.quantile(0.01),
        lambda found: found.expected_shortfall(0.025),
        lambda found: found.share_below(-0.05),
    ):
        assert ask(merged) == ask(whole)


def test_the_share_below_a_bound_is_exact_away_from_the_bins_edges():
    values = RETURNS["fat tails"](np.random.default_rng(1))
    found = _sketch(values).share_below(-0.05)
    near = np.mean(np.abs(values / -0.05 - 1.0) < BOUND)
    assert abs(found.value - np.mean(values < -0.05)) <= near
    assert found.error == pytest.approx(math.sqrt(found.value * (1 - found.value) / len(values)))


def test_errors_are_those_of_repeated_draws():
    estimates = []
    for seed in range(100):
        sketch = _sketch(np.random.default_rng(seed).normal(size=1000))
        asked = (
            sketch.mean(),
            sketch.standard_deviation(),
            sketch.quantile(0.05),
            sketch.expected_shortfall(0.05),
        )
        estimates.append([(each.value, each.error) for each in asked])
    found = np.array(estimates)
    np.testing.assert_allclose(found[..., 0].std(axis=0), found[..., 1].mean(axis=0), rtol=0.25)


def test_memory_does_not_grow_with_the_number_of_values():
    values = np.random.default_rng(0).normal(size=500_000)
    once, often = _sketch(values), DistributionSketch(BOUND)
    for _ in range(8):
        often.merge(once)
    assert often.count == 4_000_000
    assert len(pickle.dumps(often)) < 1.01 * len(pickle.dumps(once)) < 400_000


def test_the_smallest_values_take_no_bins_of_their_own():
    values = np.concatenate([np.geomspace(1e-300, 9e-10, 5000), [0.5]])
    sketch = _sketch(values)
    assert sketch.quantile(0.5).value == 0.0
    assert len(pickle.dumps(sketch)) < 10_000


def test_sums_are_exact_in_any_order():
    values = np.random.default_rng(0).normal(size=1000) * 10.0 ** np.arange(-10, 10).repeat(50)
    exact = float(sum(map(Fraction, values.tolist())))
    for order in (values, values[::-1], np.random.default_rng(1).permutation(values)):
        total = ExactSum()
        for piece in np.array_split(order, 9):
            total.add(piece)
        assert total.value == exact
        assert len(total.parts) <= 4


def test_values_fall_into_the_bins_of_the_library():
    mapping = LogarithmicMapping(BOUND)
    for value in np.exp(np.random.default_rng(0).uniform(-20, 7, size=300)).tolist():
        sketch = _sketch(np.array([value]))
        assert sketch.quantile(0.5).value == pytest.approx(mapping.value(mapping.key(value)))


def test_what_cannot_be_added_is_refused():
    with pytest.raises(ValueError, match="`values` must be finite"):
        DistributionSketch().add([0.1, float("nan")])
    with pytest.raises(ValueError, match="`relative_error` must be a finite number"):
        DistributionSketch(0.0)
    with pytest.raises(ValueError, match="of no values"):
        DistributionSketch().mean()
    with pytest.raises(ValueError, match="`other` must have the same relative error"):
        DistributionSketch().merge(DistributionSketch(0.01))
