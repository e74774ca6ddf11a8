"""Many threads get the same samples from a model as one thread."""

from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest

from helpers.tiny import table_model

SEEDS = 125


@pytest.mark.slow
def test_a_thousand_calls_from_eight_threads_give_the_samples_of_one_thread(tmp_path):
    table_model(ema_momentum=0.9).save(tmp_path / "model.keras")
    # Loaded twice, so that the threads are also the first to call, which compiles.
    alone, shared = (keras.saving.load_model(tmp_path / "model.keras") for _ in range(2))
    expected = [alone.generate(3, seed=seed) for seed in range(SEEDS)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda call: shared.generate(3, seed=call % SEEDS), range(1000)))
    for call, samples in enumerate(found):
        np.testing.assert_array_equal(samples, expected[call % SEEDS])
    assert len({samples.tobytes() for samples in found}) == SEEDS
