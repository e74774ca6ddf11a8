"""Callbacks and methods of a model that the page "What works with WGANGP" lists."""

import copy
import pickle
import tempfile
from pathlib import Path

import keras
import numpy as np

from keras_wgan import WGANGP
from keras_wgan.callbacks import FID, Moments, SampleImages, StylizedFacts

from helpers.habits_networks import X, chain, fitted, images, trained
from helpers.habits_training import plain

layers, callbacks = keras.layers, keras.callbacks


def folder() -> Path:
    """Returns a new empty folder."""
    return Path(tempfile.mkdtemp())


def watched(*used, **arguments):
    """Trains the plain model for two epochs with these callbacks."""
    return fitted(plain(), callbacks=list(used), epochs=2, validation_data=X, **arguments)


def all_together():
    """Trains with the callbacks that people use together."""
    kept = folder()
    return watched(
        FID(X, lambda samples: samples, samples=16),
        callbacks.ModelCheckpoint(kept / "best.keras", monitor="fid", mode="min"),
        callbacks.EarlyStopping("val_critic_loss", mode="min"),
        callbacks.CSVLogger(kept / "log.csv"),
        callbacks.ReduceLROnPlateau("fid", mode="min"),
        callbacks.TerminateOnNaN(),
    )


def swapped():
    """Trains with the averages that Keras' optimizers keep."""
    model = plain()
    averaged = keras.optimizers.Adam(use_ema=True), keras.optimizers.Adam(use_ema=True)
    model = trained(
        model.generator,
        model.critic,
        generator_optimizer=averaged[0],
        critic_optimizer=averaged[1],
    )
    return fitted(model, callbacks=[callbacks.SwapEMAWeights(swap_on_epoch=True)])


def market_scores():
    """Trains on returns with both scores of returns, and a second one under another name."""
    generator = chain(shape=(3,), last=[layers.Dense(25)])
    returns = 0.01 * np.random.default_rng(1).standard_t(5, size=700).astype("float32")
    windows = np.lib.stride_tricks.sliding_window_view(returns, 25)[:120]
    model = trained(generator, chain(shape=(25,), last=[layers.Dense(1)]), windows)
    scores = [Moments(windows, samples=100), Moments(windows, samples=100, name="second")]
    facts = StylizedFacts(returns, days=25, samples=100)
    return fitted(model, windows, callbacks=[*scores, facts])


CALLBACKS = {
    "ModelCheckpoint": lambda: watched(
        callbacks.ModelCheckpoint(
            folder() / "best.keras", monitor="val_critic_loss", mode="min", save_best_only=True
        )
    ),
    "EarlyStopping": lambda: watched(
        callbacks.EarlyStopping("val_critic_loss", mode="min", restore_best_weights=True)
    ),
    "CSVLogger": lambda: watched(callbacks.CSVLogger(folder() / "log.csv")),
    "LearningRateScheduler": lambda: watched(
        callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    ),
    "ReduceLROnPlateau": lambda: watched(callbacks.ReduceLROnPlateau("val_loss")),
    "BackupAndRestore": lambda: watched(callbacks.BackupAndRestore(folder())),
    "TerminateOnNaN": lambda: watched(callbacks.TerminateOnNaN()),
    "LambdaCallback": lambda: watched(callbacks.LambdaCallback(on_epoch_end=lambda *_: None)),
    "SwapEMAWeights": swapped,
    "FID, checkpoint and stopping together": all_together,
    "FID twice under one name": lambda: watched(
        *(FID(X, lambda samples: samples, samples=16) for _ in range(2))
    ),
    "Moments, StylizedFacts": market_scores,
    "SampleImages": lambda: fitted(
        images(),
        np.zeros((16, 4, 4, 1), "float32"),
        callbacks=[SampleImages(folder(), rows=1, columns=2)],
    ),
}


def same_samples(one, other):
    """Checks that two models make the same samples."""
    np.testing.assert_allclose(one.generate(3, seed=1), other.generate(3, seed=1), atol=1e-6)


def saved(name):
    """Saves the plain model, loads it, and trains on."""
    path = folder() / name
    plain().save(path)
    loaded = keras.saving.load_model(path)
    same_samples(plain(), loaded)
    return fitted(loaded)


def fitted_clone():
    """Compiles and trains a clone, which starts from new weights."""
    clone = keras.models.clone_model(plain())
    clone.compile()
    return fitted(clone)


def weights_alone():
    """Moves the weights into a model of the same networks through a file."""
    path = folder() / "model.weights.h5"
    plain().save_weights(path)
    other = keras.models.clone_model(plain())
    other.load_weights(path)
    same_samples(plain(), other)


def exported(name):
    """Exports the plain model, and checks that something lies there."""
    path = folder() / name
    plain().export(path)
    assert path.exists()


def adapted(change):
    """Trains on after a change of the generator's weights, with an average that follows them."""
    generator = chain(layers.Dense(4), shape=(3,), last=[layers.Dense(2)])
    critic = chain(shape=(2,), last=[layers.Dense(1)])
    model = WGANGP(generator, critic, latent=3, seed=1, ema_momentum=0.9)
    model.compile()
    fitted(model)
    change(model.generator.layers[0])
    model.compile()
    fitted(model)
    path = folder() / "model.keras"
    model.save(path)
    same_samples(model, keras.saving.load_model(path))


MODEL = {
    "save to .keras and load": lambda: saved("model.keras"),
    "save to .h5": lambda: saved("model.h5"),
    "save_weights, load_weights": weights_alone,
    "quantize to int8": lambda: adapted(lambda layer: layer.quantize("int8")),
    "enable_lora": lambda: adapted(lambda layer: layer.enable_lora(1)),
    "export to ONNX": lambda: exported("generator.onnx"),
    "export to LiteRT": lambda: exported("generator.tflite"),
    "export to a SavedModel": lambda: exported("generator"),
    "pickle": lambda: same_samples(plain(), pickle.loads(pickle.dumps(plain()))),
    "copy.deepcopy": lambda: same_samples(plain(), copy.deepcopy(plain())),
    "clone_model": fitted_clone,
    "to_json, model_from_json": lambda: keras.models.model_from_json(plain().to_json()),
    "get_weights, set_weights": lambda: plain().set_weights(plain().get_weights()),
    "summary, count_params": lambda: (
        plain().summary(print_fn=lambda *_, **__: None),
        plain().count_params(),
    ),
    "predict, model(x)": lambda: (
        plain().predict(np.zeros((3, 3)), verbose=0),
        plain()(np.zeros((3, 3), "float32")),
    ),
    "evaluate": lambda: plain().evaluate(X, verbose=0),
    "train_on_batch, test_on_batch": lambda: (
        plain().train_on_batch(X[:8]),
        plain().test_on_batch(X[:8]),
    ),
}
