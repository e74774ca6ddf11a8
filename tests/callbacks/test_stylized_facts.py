"""`StylizedFacts` logs the values that the metrics compute."""

import keras
import numpy as np
import pytest

from keras_wgan.callbacks import StylizedFacts
from keras_wgan.metrics import fact_scores, return_facts, sampling_floor, score_ratios

HISTORY = 0.01 * np.random.default_rng(0).standard_t(5, size=600)
DRAWN = 0.02 * np.random.default_rng(1).normal(size=(100, 30, 1))


def _logs(callback):
    callback.set_model(keras.Sequential())
    callback.on_train_begin()
    logs = {}
    callback.on_epoch_end(0, logs)
    return logs


def _callback(made=DRAWN, **arguments):
    return StylizedFacts(
        HISTORY, days=30, samples=100, sampler=lambda model, count, seed: made, **arguments
    )


def test_scores_and_composite_are_those_of_the_metrics():
    logs = _logs(_callback())
    windows = np.lib.stride_tricks.sliding_window_view(HISTORY, 30)
    scores = fact_scores(return_facts(windows), return_facts(DRAWN))
    ratios = score_ratios(scores, sampling_floor(HISTORY, days=30))
    assert logs["facts_composite"] == pytest.approx(np.mean(list(ratios.values())))
    for name, score in scores.items():
        assert logs[f"facts_{name}"] == pytest.approx(score)


def test_the_inverse_brings_samples_to_log_returns():
    assert _logs(_callback(10 * DRAWN, inverse=lambda x: x / 10)) == pytest.approx(
        _logs(_callback())
    )


def test_a_collapsed_generator_scores_infinity():
    logs = _logs(_callback(np.zeros((100, 30, 1))))
    assert logs["facts_composite"] == np.inf


def test_too_few_samples_to_tell_tails_by_are_refused():
    with pytest.raises(ValueError, match="`samples` must be at least 100 windows"):
        StylizedFacts(HISTORY, days=30, samples=99)
