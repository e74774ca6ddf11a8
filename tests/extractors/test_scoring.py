"""A model's distance with error bar, floor and protocol, and the protocol of the tables."""

import numpy as np
import pytest

from keras_wgan.extractors import FrechetReference
from keras_wgan.extractors.scoring import frechet_score, protocol_l, random_subset, repeat_seeds
from keras_wgan.metrics import feature_statistics, frechet_distance

from helpers.tiny import table_data, table_model


def doubled(samples):
    """Twice the samples."""
    return 2.0 * samples


def distance(real, other):
    return frechet_distance(*(feature_statistics(2.0 * side) for side in (real, other)))


def score(model=None, count=80, real=None, other_real=None, **arguments):
    real = table_data(100) if real is None else real
    other = table_data(90, seed=1) if other_real is None else other_real
    reference = FrechetReference(real, doubled, other_real=other, split="test")
    return frechet_score(
        model or table_model(compiled=False), reference, samples=count, **arguments
    )


def test_value_error_and_floor_are_those_measured_by_hand():
    model, real, other = table_model(compiled=False), table_data(100), table_data(90, seed=1)
    found = score(model, repeats=4, seed=5)
    by_hand = [
        distance(real, model.generate(80, seed=each).astype("float64"))
        for each in repeat_seeds(5, 4)
    ]
    assert found.value == pytest.approx(np.mean(by_hand), rel=1e-5)
    assert found.standard_error == pytest.approx(np.std(by_hand, ddof=1) / 2, rel=1e-3)
    assert found.floor == pytest.approx(distance(real, other[:80]), rel=1e-5)
    assert found.repeats == 4


def test_the_protocol_says_what_was_done():
    protocol = score(seed=5).protocol
    assert (protocol.metric, protocol.extractor) == ("frechet distance", "doubled")
    assert (protocol.real, protocol.generated, protocol.seed) == (100, 80, 5)
    assert protocol.split == "test"


def test_other_data_is_another_protocol():
    found, other = score(), score(real=table_data(100, seed=3))
    assert set(found.protocol.differences(other.protocol)) == {"data"}
    with pytest.raises(ValueError, match="They differ in data: "):
        found.minus(other)


@pytest.mark.slow
def test_the_error_bar_is_about_the_spread_of_more_draws():
    def sampler(model, count, seed):
        return 1.5 * np.random.default_rng(seed).normal(size=(count, 2))

    def found(repeats, seed):
        return frechet_score(
            None, reference, samples=80, repeats=repeats, seed=seed, sampler=sampler
        )

    reference = FrechetReference(table_data(100), doubled)
    values = [found(1, seed).value for seed in range(200)]
    errors = [found(4, seed).standard_error for seed in range(50)]
    # Squared, because the square is what is unbiased.
    assert np.mean(np.square(errors)) == pytest.approx(np.var(values) / 4, rel=0.4)


def test_a_floor_of_fewer_samples_is_refused():
    with pytest.raises(ValueError, match="`other_real` must hold as many.*90 other.*for 91 gen"):
        score(count=91)


def test_as_many_are_generated_as_there_are_real_ones_where_nothing_is_said():
    found = score(count=None, other_real=table_data(200, seed=1))
    assert found.protocol.generated == found.protocol.real == 100


def test_without_other_real_samples_there_is_no_floor():
    found = frechet_score(table_model(compiled=False), FrechetReference(table_data(50), doubled))
    assert np.isnan(found.floor)
    assert np.isfinite(found.value)


def test_samples_that_are_not_finite_are_infinitely_far():
    found = score(sampler=lambda model, count, seed: np.full((count, 2), np.nan))
    assert found.value == np.inf
    reference = FrechetReference(table_data(9), lambda samples: samples / 0.0 * 0.0)
    with np.errstate(all="ignore"):
        assert reference.distance([table_data(9)]) == np.inf


@pytest.mark.filterwarnings("error")
def test_protocol_l_holds_10000_generated_against_10000_test_images():
    rng = np.random.default_rng(0)
    train = rng.uniform(-1, 1, (10_500, 2, 2, 1)).astype("float32")
    test = rng.uniform(-1, 1, (10_000, 2, 2, 1)).astype("float32")
    asked = []

    def sampler(model, count, seed):
        asked.append(count)
        return 0.5 * test[:count]

    reference = protocol_l(train, test, extractor=doubled)
    found = frechet_score(None, reference, sampler=sampler, repeats=2)
    assert asked == [10_000, 10_000]
    # The same law at half the width, so that each feature is apart by half its deviation.
    expected = distance(test.reshape(10_000, 4), 0.5 * test.reshape(10_000, 4))
    assert found.value == pytest.approx(expected, rel=1e-5)
    assert found.floor < 0.01 * expected
    protocol = found.protocol
    assert (protocol.real, protocol.generated, protocol.split) == (10_000, 10_000, "test")


def test_protocol_l_uses_inception_and_refuses_fewer_images(monkeypatch):
    few, many = np.zeros((9_999, 2, 2, 1)), np.zeros((10_000, 2, 2, 1))
    for name, pair in {"train_images": (few, many), "test_images": (many, few)}.items():
        with pytest.raises(ValueError, match=f"`{name}` must hold at least 10000.*9999 images"):
            protocol_l(*pair)

    def offline(**arguments):
        raise RuntimeError("URL fetch failure")

    monkeypatch.setattr("keras.applications.InceptionV3", offline)
    with pytest.raises(OSError, match=r"InceptionV3 weights could not be loaded.*MnistClassifier"):
        frechet_score(None, protocol_l(many, many), sampler=lambda model, count, seed: many)


def test_a_choice_is_fixed_by_its_seed_and_keeps_the_order():
    samples = np.arange(50)
    picked = random_subset(samples, 20, seed=1)
    np.testing.assert_array_equal(picked, np.unique(picked))
    np.testing.assert_array_equal(picked, random_subset(samples, 20, seed=1))
    assert not np.array_equal(picked, random_subset(samples, 20, seed=2))


def test_seeds_of_repeats_are_all_different_and_start_with_the_given_one():
    seeds = [each for seed in range(50) for each in repeat_seeds(seed, 4)]
    assert len(set(seeds)) == 200
    assert max(seeds) < 2**31
    assert repeat_seeds(3, 4)[0] == 3
    with pytest.raises(
        ValueError, match="`repeats` must be a whole number of at least 1.*repeats=0"
    ):
        repeat_seeds(3, 0)
