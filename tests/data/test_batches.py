"""ShuffledBatches: the documented order, under iteration and under `fit` on every backend."""

import keras
import numpy as np
import pytest

from keras_wgan.data.batches import ShuffledBatches

from helpers.tiny import table_data, table_model

COUNT = 10
SEED = 5


class Recorder(keras.Model):
    """Learns nothing and remembers which samples `fit` hands it."""

    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)
        self.seen = []

    def call(self, inputs):
        """Is here so that Keras can build the model."""
        return self.dense(inputs)

    def train_step(self, *arguments):
        """Takes (data,), or (state, data) where training is stateless."""
        samples = arguments[-1][0]
        self.seen.append([float(number) for number in samples[:, 0]])
        logs = {"count": float(len(self.seen))}
        return logs if len(arguments) == 1 else (logs, arguments[0])


def numbered_samples():
    return np.arange(COUNT, dtype=np.float32)[:, None]


def order(epoch, count=COUNT):
    return np.random.default_rng([SEED, epoch]).permutation(count)


def orders(epochs):
    return np.concatenate([order(epoch) for epoch in range(epochs)])


def samples_seen_by_fit(batches, *, built=True, shuffle=False, **fit_arguments):
    model = Recorder()
    if built:
        model(numbered_samples())
    model.compile(run_eagerly=True)
    model.fit(batches, shuffle=shuffle, verbose=0, **fit_arguments)
    return model.seen


def test_an_epoch_takes_the_documented_order_and_keeps_the_smaller_last_batch():
    batches = ShuffledBatches(numbered_samples(), batch_size=4, seed=SEED)
    assert [len(batch) for batch in batches] == [4, 4, 2]
    np.testing.assert_array_equal(np.concatenate(list(batches))[:, 0], order(epoch=0))


def test_labels_stay_with_their_samples():
    batches = ShuffledBatches(
        numbered_samples(), np.arange(COUNT) * 10, batch_size=4, seed=SEED, first_epoch=2
    )
    samples, labels = batches[1]
    np.testing.assert_array_equal(samples[:, 0], order(epoch=2)[4:8])
    np.testing.assert_array_equal(labels, order(epoch=2)[4:8] * 10)


def test_a_batch_is_a_copy_of_the_samples():
    samples = numbered_samples()
    ShuffledBatches(samples, batch_size=4, seed=SEED)[0][:] = -1.0
    np.testing.assert_array_equal(samples, numbered_samples())


@pytest.mark.parametrize("batch_size", [2, 3, 5])
@pytest.mark.parametrize("built", [True, False])
def test_fit_sees_the_documented_order_in_every_epoch(batch_size, built):
    batches = ShuffledBatches(numbered_samples(), batch_size=batch_size, seed=SEED)
    seen = samples_seen_by_fit(batches, built=built, epochs=3)
    np.testing.assert_array_equal(np.concatenate(seen), orders(3))
    assert batches.epoch == 3


def test_fit_sees_the_documented_order_where_one_batch_is_an_epoch():
    batches = ShuffledBatches(numbered_samples(), batch_size=COUNT, seed=SEED)
    seen = samples_seen_by_fit(batches, epochs=3)
    np.testing.assert_array_equal(seen, [order(e) for e in range(3)])


def test_fit_sees_the_documented_order_when_many_batches_are_read_ahead():
    samples = np.arange(200, dtype=np.float32)[:, None]
    seen = samples_seen_by_fit(ShuffledBatches(samples, batch_size=1, seed=SEED), epochs=2)
    expected = np.concatenate([order(0, count=200), order(1, count=200)])
    np.testing.assert_array_equal(np.concatenate(seen), expected)


def test_a_resumed_run_sees_what_an_uninterrupted_one_would_have_seen():
    whole = samples_seen_by_fit(
        ShuffledBatches(numbered_samples(), batch_size=4, seed=SEED), epochs=4
    )
    resumed = samples_seen_by_fit(
        ShuffledBatches(numbered_samples(), batch_size=4, seed=SEED, first_epoch=2),
        epochs=4,
        initial_epoch=2,
    )
    np.testing.assert_array_equal(np.concatenate(resumed), np.concatenate(whole[6:]))


def test_a_second_fit_continues_where_the_first_one_ended():
    batches = ShuffledBatches(numbered_samples(), batch_size=4, seed=SEED)
    samples_seen_by_fit(batches, epochs=2)
    seen = samples_seen_by_fit(batches, epochs=1)
    np.testing.assert_array_equal(np.concatenate(seen), order(epoch=2))


@pytest.mark.parametrize("steps_per_epoch", [2, 5, 10])
def test_epochs_shorter_than_the_data_still_go_through_whole_orders(steps_per_epoch):
    batches = ShuffledBatches(numbered_samples(), batch_size=1, seed=SEED)  # 10 batches an order
    seen = samples_seen_by_fit(
        batches, epochs=30 // steps_per_epoch, steps_per_epoch=steps_per_epoch
    )
    np.testing.assert_array_equal(np.concatenate(seen), orders(3))


def test_where_fit_shuffles_too_each_batch_still_holds_its_samples():
    batches = ShuffledBatches(numbered_samples(), batch_size=5, seed=SEED)
    seen = samples_seen_by_fit(batches, epochs=2, shuffle=True)
    for epoch in range(2):
        got = sorted(seen[2 * epoch : 2 * epoch + 2])
        assert got == sorted(order(epoch).reshape(2, 5).tolist())


def test_setting_the_epoch_starts_it_afresh():
    batches = ShuffledBatches(numbered_samples(), batch_size=4, seed=SEED)
    batches.on_epoch_begin()
    list(batches)
    batches.epoch = 7
    batches.on_epoch_end()  # `fit` calls it before it starts, too
    np.testing.assert_array_equal(np.concatenate(list(batches))[:, 0], order(epoch=7))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"samples": []}, r"`samples`.*\(0,\)"),
        ({"samples": 1.0}, r"`samples`.*\(\)"),
        ({"labels": [1, 2]}, r"`labels`.*\(10, 1\), labels.shape=\(2,\)"),
        ({"labels": 1}, "`labels`"),
        ({"batch_size": 0}, "`batch_size`.*batch_size=0"),
        ({"batch_size": 2.0}, r"`batch_size`.*2\.0"),
        ({"seed": -1}, "`seed`.*seed=-1"),
        ({"first_epoch": -1}, "`first_epoch`.*first_epoch=-1"),
    ],
)
def test_wrong_arguments_are_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        ShuffledBatches(
            **{"samples": numbered_samples(), "batch_size": 4, "seed": SEED, **arguments}
        )


def test_a_batch_beyond_the_epoch_is_refused():
    with pytest.raises(IndexError, match="index=3"):
        ShuffledBatches(numbered_samples(), batch_size=4, seed=SEED)[3]


@pytest.mark.parametrize("bad", [np.nan, -np.inf])
def test_a_sample_that_is_no_number_is_refused_before_it_spoils_a_batch(bad):
    samples = np.zeros((6, 2, 2), np.float32)
    samples[4, 1, 0] = samples[5, 0, 0] = bad
    with pytest.raises(ValueError, match=r"Received: 2 samples that are not, the first at index 4"):
        ShuffledBatches(samples, batch_size=2, seed=0)


def test_whole_epochs_are_counted_by_the_batches_that_a_model_has_seen():
    model, batches = table_model(), ShuffledBatches(table_data(40), batch_size=16, seed=SEED)
    counts = []
    for seen in (0, 2, 3, 5, 6):
        model.optimizer.iterations.assign(seen)
        counts.append(batches.epochs_done(model))
    assert counts == [0, 0, 1, 1, 2]
