"""Keras' callbacks work with `WGANGP` as with any model."""

import csv

import keras
import numpy as np
import pytest

from helpers.tiny import table_data, table_model

callbacks = keras.callbacks


def _fit(model, *used, **arguments):
    arguments = {"batch_size": 16, "epochs": 2, "verbose": 0, **arguments}
    return model.fit(table_data(), callbacks=list(used), **arguments).history


def _rates(model):
    return [float(optimizer.learning_rate) for optimizer in model.optimizer.optimizers]


def test_csv_logger_writes_the_history(tmp_path):
    history = _fit(table_model(), callbacks.CSVLogger(tmp_path / "log.csv"))
    with open(tmp_path / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["wasserstein"]) for row in rows] == pytest.approx(history["wasserstein"])


def test_early_stopping_stops_and_restores_the_best_weights():
    kept = []
    keep = callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: kept.append(model.get_weights())
    )
    model = table_model(ema_momentum=0.9)
    # No later epoch can be better by so much: the first one is the best.
    stop = callbacks.EarlyStopping(
        "critic_loss", mode="min", patience=2, min_delta=1e9, restore_best_weights=True
    )
    _fit(model, keep, stop, epochs=5)
    assert len(kept) == 3
    for found, wanted in zip(model.get_weights(), kept[0], strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_early_stopping_finds_its_default_name():
    stop = callbacks.EarlyStopping(patience=3)
    _fit(table_model(), stop, validation_data=table_data(seed=1))
    assert np.isfinite(stop.best)


def test_model_checkpoint_keeps_a_model_that_resumes(tmp_path):
    model = table_model()
    _fit(model, callbacks.ModelCheckpoint(tmp_path / "{epoch}.keras"))
    loaded = keras.saving.load_model(tmp_path / "2.keras")
    np.testing.assert_array_equal(loaded.generate(4, seed=1), model.generate(4, seed=1))
    assert int(loaded.optimizer.generator.iterations) == 6


def test_model_checkpoint_keeps_the_best_weights_alone(tmp_path):
    best = callbacks.ModelCheckpoint(
        tmp_path / "best.weights.h5",
        monitor="val_critic_loss",
        mode="min",
        save_best_only=True,
        save_weights_only=True,
    )
    model, loaded = table_model(), table_model()
    _fit(model, best, epochs=1, validation_data=table_data(seed=1))
    loaded.load_weights(tmp_path / "best.weights.h5")
    np.testing.assert_array_equal(loaded.generate(4, seed=1), model.generate(4, seed=1))


def test_learning_rate_scheduler_sets_both_optimizers():
    model = table_model()
    history = _fit(model, callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2))
    assert _rates(model) == pytest.approx([2.5e-4, 2.5e-4])
    assert history["learning_rate_generator"] == pytest.approx([5e-4, 2.5e-4])
    assert history["learning_rate_critic"] == pytest.approx([5e-4, 2.5e-4])


def test_reduce_lr_on_plateau_reduces_both_optimizers():
    model = table_model()
    plateau = callbacks.ReduceLROnPlateau(
        "critic_loss", mode="min", factor=0.1, patience=1, min_delta=1e9
    )
    _fit(model, plateau, epochs=2)
    assert _rates(model) == pytest.approx([1e-4, 1e-4])


def test_terminate_on_nan_stops_after_the_first_batch_without_a_number():
    model = table_model()
    data = table_data()
    data[3] = np.nan
    # In a list: Keras 3.15 runs a single callback in threads parallel to the training, where it
    # stops some batches late, and on JAX may read values that the next step has donated.
    with pytest.warns(UserWarning, match="`x` holds NaN, .*missing_values=True"):
        history = model.fit(
            data,
            batch_size=8,
            epochs=3,
            shuffle=False,
            verbose=0,
            callbacks=[callbacks.TerminateOnNaN()],
        ).history
    assert len(history["loss"]) == 1
    assert int(model.optimizer.critic.iterations) == 1


def test_tensorboard_writes_both_learning_rates(tmp_path):
    from tensorboard.backend.event_processing import event_accumulator

    _fit(table_model(), callbacks.TensorBoard(tmp_path, write_graph=False))
    events = event_accumulator.EventAccumulator(str(tmp_path / "train"))
    events.Reload()
    names = set(events.Tags()["tensors"]) | set(events.Tags()["scalars"])
    assert {"epoch_wasserstein", "epoch_learning_rate_critic"} <= names


def test_backup_and_restore_resumes_after_a_stop(tmp_path):
    class Stop(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                raise RuntimeError("stopped on purpose")

    model = table_model()
    with pytest.raises(RuntimeError, match="on purpose"):
        _fit(model, callbacks.BackupAndRestore(tmp_path / "backup"), Stop(), epochs=3)
    again = table_model()
    history = _fit(again, callbacks.BackupAndRestore(tmp_path / "backup"), epochs=3)
    assert 1 <= len(history["loss"]) <= 2
    assert int(again.optimizer.critic.iterations) == 9


def test_swap_ema_weights_works_with_averaging_optimizers():
    model = table_model(compiled=False)
    model.compile(
        generator_optimizer=keras.optimizers.Adam(use_ema=True),
        critic_optimizer=keras.optimizers.Adam(use_ema=True),
    )
    history = _fit(model, callbacks.SwapEMAWeights(swap_on_epoch=True))
    assert np.isfinite(history["critic_loss"]).all()
