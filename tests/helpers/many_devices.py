"""A small model after six training steps on one device and on two.

Devices can only be split before a backend has started, so this is a separate program. It loads
the backend once, and each way of training is a fork, because loading is what takes the time.

    PYTHONPATH=tests python -m helpers.many_devices FOLDER

writes FOLDER/<way>.npz for each way of this backend
"""

import json
import os
import re
import socket
import sys
import traceback
from pathlib import Path
from unittest import mock

import keras
import numpy as np

from keras_wgan import WGANGP, latents
from keras_wgan.callbacks import FID
from keras_wgan.cli import app as cli
from keras_wgan.data.batches import ShuffledBatches
from keras_wgan.experiments import fit, recipes, training
from keras_wgan.experiments.recipe import Recipe
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.tasks.returns import Returns

from helpers import tiny_recipes
from helpers.paths import ROOT

BACKEND = keras.backend.backend()
BATCH, EPOCHS = 8, 2
# Three batches an epoch; the last one is split unevenly where a backend can do that.
ROWS = 21 if BACKEND == "tensorflow" else 24
PAGE = ROOT / "docs" / "many_devices.md"
layers = keras.layers


def main(folder):
    """Trains in all ways of this backend, side by side."""
    children = []

    def start(way, function, *arguments):
        child = os.fork()
        if not child:
            _end(way, function, arguments)
        children.append(child)

    def _end(way, function, arguments):
        try:
            np.savez(folder / f"{way}.npz", **function(*arguments))
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)

    start("one device", one_device)
    {"tensorflow": on_tensorflow, "jax": on_jax, "torch": on_torch}[BACKEND](start)
    if BACKEND != "torch":
        start("command line, one device", command_line, folder / "one")
        start("command line, two devices", command_line, folder / "two", "--devices", "cpu:2")
    sys.exit(any([os.waitpid(child, 0)[1] for child in children]))


# ---- What is trained -----------------------------------------------------------------------------


def data(rows=ROWS):
    """Returns `(rows, 2)` normal numbers around one."""
    return (1 + np.random.default_rng(0).normal(size=(rows, 2))).astype("float32")


def compiled(made=WGANGP):
    """Returns a model with averages, whose generator takes every second turn, and an extractor."""
    keras.utils.set_random_seed(1)
    generator = keras.Sequential([keras.Input((3,)), layers.Dense(4, "tanh"), layers.Dense(2)])
    critic = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(8, kernel_regularizer="l2"),
            layers.LayerNormalization(),
            layers.LeakyReLU(),
            layers.Dense(1),
        ]
    )
    noise = latents.StudentT(3, df=5)
    model = made(generator, critic, latent=noise, seed=1, ema_momentum=0.9, critic_steps=2)
    # Keras' own epsilon of 1e-7 would turn the rounding of a gradient that is zero into a step.
    model.compile(*(keras.optimizers.Adam(1e-2, epsilon=1e-4) for _ in range(2)))
    return model, keras.Sequential([keras.Input((2,)), layers.Dense(3)])


def train(model, extractor, shard_rows=lambda batches: batches):
    """Trains six steps; returns all that should be the same however many devices there were."""
    batches = shard_rows(ShuffledBatches(data(), batch_size=BATCH, seed=7))
    fid = FID(data(), extractor, samples=20, batch_size=8)
    logs = model.fit(batches, epochs=EPOCHS, shuffle=False, verbose=0, callbacks=[fid]).history
    return {
        **{f"weight {i}": _numpy(variable) for i, variable in enumerate(model.variables)},
        **{f"optimizer {i}": _numpy(v) for i, v in enumerate(model.optimizer.variables)},
        **{f"log {name}": np.array(values) for name, values in logs.items()},
        "generated": model.generate(9, seed=1),
        "generated in pieces": np.concatenate(
            list(model.generate_batches(9, seed=1, batch_size=3))
        ),
    }


def evaluated(model):
    """Returns what `evaluate` measures; five rows come last, which two devices share unevenly."""
    measured = model.evaluate(data(ROWS), batch_size=BATCH, return_dict=True, verbose=0)
    return {f"held-out {name}": np.array(value) for name, value in measured.items()}


def _numpy(variable):
    return np.array(keras.ops.convert_to_numpy(variable))


def one_device():
    """Returns what all others are held against, and how large the critic's scores are."""
    model, extractor = compiled()
    found = train_and_evaluate(model, extractor)
    return {**found, "largest score": abs(_numpy(model.critic(data()))).max()}


def train_and_evaluate(model, extractor):
    """Returns what training and then `evaluate` give."""
    return {**train(model, extractor), **evaluated(model)}


# ---- TensorFlow ----------------------------------------------------------------------------------


def on_tensorflow(start):
    """Trains on two logical devices, and in two processes on loopback."""
    start("two replicas", two_replicas)
    start("synchronized normalization", synchronized_normalization)
    addresses = [f"127.0.0.1:{port}" for port in free_ports(2)]
    for index in range(2):
        start(f"worker {index}", worker, index, addresses)


def two_replicas():
    """Trains under a `MirroredStrategy`."""
    import tensorflow as tf

    with mirrored().scope():
        model, extractor = compiled()
    found = train_and_evaluate(model, extractor)
    try:
        model.fit(data(9), batch_size=BATCH, verbose=0)
    except tf.errors.InvalidArgumentError as error:
        found["one sample for two"] = np.array(str(error))
    return found


def synchronized_normalization():
    """Trains a critic whose layer pauses each replica inside a step, to wait for the other."""
    import tensorflow as tf

    library = tf.nn.moments
    with mirrored().scope():
        generator = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
        critic = keras.Sequential(
            [keras.Input((2,)), layers.BatchNormalization(synchronized=True), layers.Dense(1)]
        )
        model = WGANGP(generator, critic, latent=3)
        model.compile()
    model.fit(data(8), batch_size=BATCH, verbose=0)
    return {"put back": np.array(tf.nn.moments is library)}


def mirrored():
    """Returns a `MirroredStrategy` over two halves of the processor."""
    import tensorflow as tf

    parts = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], parts)
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


def worker(index, addresses):
    """Trains as one of two workers."""
    import tensorflow as tf

    os.environ["TF_CONFIG"] = json.dumps(
        {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}
    )
    with tf.distribute.MultiWorkerMirroredStrategy().scope():
        made = compiled()
    return train_and_evaluate(*made)


def free_ports(count):
    """Returns ports of this machine that are free."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [made.getsockname()[1] for made in sockets]
    for made in sockets:
        made.close()
    return ports


# ---- JAX -----------------------------------------------------------------------------------------


def on_jax(start):
    """Trains on two host devices."""
    start("two host devices", two_host_devices)


def two_host_devices():
    """Trains under Keras' `DataParallel`."""
    import jax

    jax.config.update("jax_num_cpu_devices", 2)
    distribution = keras.distribution.DataParallel(devices=["cpu:0", "cpu:1"])
    keras.distribution.set_distribution(distribution)
    return train_and_evaluate(*compiled())


# ---- PyTorch -------------------------------------------------------------------------------------


def on_torch(start):
    """Trains in two processes, by the page's own words."""
    (port,) = free_ports(1)
    for rank in range(2):
        start(f"process {rank}", process, rank, port)


def process(rank, port):
    """Trains as one of two processes that average their gradients; a plain model evaluates."""
    import torch.distributed

    address = f"tcp://127.0.0.1:{port}"
    torch.distributed.init_process_group("gloo", init_method=address, rank=rank, world_size=2)
    recipe = {}
    (code,) = re.findall(r"^```py\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    exec(code, recipe)
    model, extractor = compiled(recipe["SharedWGANGP"])
    found = train(model, extractor, recipe["OwnRows"])
    plain, _ = compiled()
    plain.set_weights(model.get_weights())
    return {**found, **evaluated(plain)}


# ---- The command line ----------------------------------------------------------------------------


def market(latent_size):
    """Returns linear networks for windows of 60 returns, without Dropout."""
    generator, _ = tiny_recipes.returns_networks(latent_size)
    critic = keras.Sequential([keras.Input((60, 1)), layers.Flatten(), layers.Dense(1)])
    return generator, critic


def command_line(run, *devices):
    """Trains two epochs, and a third in a resumed run on one device; returns what came of it."""
    settings = tiny_recipes.SETTINGS
    recipe = Recipe("tiny", "For tests.", "returns", "bundled", market, settings)
    days = ("--start", "2018-01-03", "--end", "2018-12-31")  # 190 windows
    first = ("train", "tiny", *days, "--batch-size", "38", "--out", str(run), *devices)
    with (
        mock.patch.object(recipes, "RECIPES", (recipe,)),
        mock.patch.object(fit, "SCORES_IN_A_RUN", 1),
        mock.patch.object(Returns, "sample_callback", lambda *_, **__: keras.callbacks.Callback()),
        mock.patch.object(fit, "SCORED", 100),
        mock.patch.object(training, "evaluate", lambda *_, **__: ([], [])),
        open(os.devnull, "w") as nowhere,
        mock.patch.object(sys, "stdout", nowhere),
    ):
        noted = []
        for arguments in (first, ("resume", str(run), "--epochs", "3")):
            with mock.patch.object(sys, "argv", ["keras-wgan", *arguments]):
                try:
                    cli.main()
                except SystemExit as end:
                    assert not end.code, arguments
            noted.append(json.loads((run / "config.json").read_text())["devices"])
    history = np.genfromtxt(run / "history.csv", delimiter=",", names=True)
    weights = Run(run).model().generator.get_weights()
    return {
        "devices": np.array(noted),
        "wasserstein": history["wasserstein"],
        "generator": np.concatenate([weight.ravel() for weight in weights]),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
