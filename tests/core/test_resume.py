"""Keras' own checkpoints and backups resume a model exactly, with all of its state.

Bit for bit on TensorFlow with determinism on, to 1e-6 of the largest weight on the others.
"""

import shutil

import keras
import numpy as np
import pytest

from keras_wgan import WGANGP, latents
from keras_wgan.callbacks import FID
from keras_wgan.data.batches import ShuffledBatches

from helpers.resuming import KillAt, Killed, agree, deterministic, same_state
from helpers.tiny import conditional_model, table_data

pytestmark = pytest.mark.slow

layers = keras.layers
DATA = table_data(40)
EPOCHS = 3


@pytest.fixture(scope="module", autouse=True)
def determinism():
    """Turns TensorFlow's determinism on for these tests."""
    with deterministic():
        yield


def compiled(model):
    """Gives a model learning rates that fall with each batch, and momenta."""
    decay = keras.optimizers.schedules.CosineDecay(1e-2, 10)
    model.compile(
        keras.optimizers.Adam(decay, beta_1=0.5), keras.optimizers.RMSprop(decay, momentum=0.5)
    )
    return model


def random_and_scheduled():
    """Returns a model that draws at random wherever one can, and whose learning rates fall."""
    generator = keras.Sequential(
        [keras.Input((3,)), layers.Dense(4), layers.Dropout(0.2, seed=5), layers.Dense(2)]
    )
    critic = keras.Sequential(
        [keras.Input((2,)), layers.Dense(8), layers.Dropout(0.4, seed=3), layers.Dense(1)]
    )
    return compiled(WGANGP(generator, critic, latent=latents.StudentT(3, df=3), seed=1))


def averaged_and_conditional():
    """Returns a model with a condition and averages of its own and of its BatchNormalization.

    The turns of its generator span the border of two epochs.
    """
    noise, label = keras.Input((3,)), keras.Input((), dtype="int32")
    together = layers.Concatenate()([noise, layers.Embedding(3, 4)(label)])
    hidden = layers.BatchNormalization()(layers.Dense(4)(together))
    generator = keras.Model([noise, label], layers.Dense(2)(hidden))
    critic = conditional_model().critic
    model = WGANGP(generator, critic, latent=3, seed=1, ema_momentum=0.9, critic_steps=2)
    model.compile(keras.optimizers.Adam(1e-2, beta_1=0.5), keras.optimizers.Adam(1e-2))
    return model


KINDS = {
    "masks, heavy tails, schedules and momenta": random_and_scheduled,
    "averages, turns and a condition": averaged_and_conditional,
}
PLAIN, CONDITIONAL = KINDS


def start(kind):
    """Returns a model with the weights that all first starts have."""
    keras.utils.set_random_seed(3)
    return KINDS[kind]()


def fit(model, *callbacks, kind=PLAIN, first_epoch=0, epochs=EPOCHS):
    """Trains as a user would, in three batches an epoch, the last one smaller."""
    labels = np.arange(len(DATA)) % 3 if kind == CONDITIONAL else None
    batches = ShuffledBatches(DATA, labels, batch_size=16, seed=7, first_epoch=first_epoch)
    return model.fit(
        batches,
        shuffle=False,
        initial_epoch=first_epoch,
        epochs=epochs,
        callbacks=[*callbacks, batches.in_step()],
        verbose=0,
    ).history


def backup(tmp_path):
    """Returns Keras' own callback, which keeps the weights before too."""
    return keras.callbacks.BackupAndRestore(tmp_path / "backup", double_checkpoint=True)


@pytest.mark.parametrize("kind", KINDS)
def test_keras_checkpoint_and_backup_go_on_as_if_nothing_had_been_between(tmp_path, kind):
    whole = start(kind)
    history = fit(whole, kind=kind)
    checkpoint = keras.callbacks.ModelCheckpoint(tmp_path / "{epoch}.keras")
    with pytest.raises(Killed):
        fit(start(kind), checkpoint, backup(tmp_path), KillAt(2, 1), kind=kind)

    loaded = keras.saving.load_model(tmp_path / "2.keras")
    rest = fit(loaded, kind=kind, first_epoch=2)
    same_state(whole, loaded)
    for name in rest:
        agree(history[name][2:], rest[name])

    other = KINDS[kind]()  # with other weights, which the backup replaces
    fit(other, backup(tmp_path), kind=kind)
    same_state(whole, other)


@pytest.fixture(scope="module")
def unstopped():
    """Returns a model that trained through."""
    model = start(PLAIN)
    fit(model)
    return model


@pytest.fixture(scope="module")
def after_two_epochs(tmp_path_factory):
    """Returns the folder of a backup after two epochs."""
    folder = tmp_path_factory.mktemp("killed")
    with pytest.raises(Killed):
        fit(start(PLAIN), backup(folder), KillAt(2, 0))
    return folder / "backup"


@pytest.fixture
def backed_up(tmp_path, after_two_epochs):
    """Returns a copy of that backup."""
    return shutil.copytree(after_two_epochs, tmp_path / "backup")


def metadata_of_an_older_epoch(folder):
    """Is what a kill leaves that comes between the new weights and their epoch."""
    (folder / "training_metadata.json").write_text('{"epoch": 1, "batch": 0}')


def no_metadata(folder):
    """Is what a kill leaves after the very first weights."""
    (folder / "training_metadata.json").unlink()


def half_the_weights(folder):
    """Is what a kill leaves that comes while the weights are written."""
    weights = folder / "latest.weights.h5"
    weights.write_bytes(weights.read_bytes()[:2000])


@pytest.mark.parametrize("killed", [metadata_of_an_older_epoch, no_metadata, half_the_weights])
def test_keras_backup_killed_during_its_save_trains_no_epoch_twice(
    tmp_path, unstopped, backed_up, killed
):
    killed(backed_up)
    model = KINDS[PLAIN]()
    fit(model, backup(tmp_path))
    same_state(unstopped, model)


def test_a_score_that_is_given_the_last_logs_carries_them_forward():
    def fid():
        return FID(DATA, lambda samples: samples, samples=50, every=3)

    model, rest = start(PLAIN), fid()
    before = fit(model, fid(), epochs=4)
    rest.resume_from({name: values[-1] for name, values in before.items()})
    after = fit(model, rest, first_epoch=4, epochs=6)
    assert before["fid"][:2] == [np.inf, np.inf]
    assert before["fid"][2] == before["fid"][3] == after["fid"][0] != after["fid"][1]
    assert after["fid_fresh"] == [0.0, 1.0]
