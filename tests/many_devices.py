"""What does a small model become after six steps on one device, and on two?

Devices can only be split before a backend has started, so this is a program of its own. It loads
the backend once, and each way of training is a fork, because loading is what takes the time.

    python tests/many_devices.py FOLDER     # writes FOLDER/<way>.npz for each way of this backend
"""

import json
import os
import re
import socket
import sys
from pathlib import Path

import keras
import numpy as np

from keras_wgan import WGANGP, latents
from keras_wgan.callbacks import FID
from keras_wgan.data.batches import ShuffledBatches

BACKEND = keras.backend.backend()
BATCH = 8
EPOCHS = 2
# Three batches an epoch; the last one is split unevenly where a backend can do that.
ROWS = 21 if BACKEND == "tensorflow" else 24
PAGE = Path(__file__).parent.parent / "docs" / "many_devices.md"
layers = keras.layers


def data(rows=ROWS):
    """Returns `(rows, 2)` normal numbers around one."""
    return (1 + np.random.default_rng(0).normal(size=(rows, 2))).astype("float32")


def networks():
    """Returns networks whose weights the global seed fixes."""
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
    return generator, critic


def compiled(made=WGANGP):
    """Returns a model with averages, whose generator takes every second turn."""
    noise = latents.StudentT(3, df=5)
    model = made(*networks(), latent=noise, seed=1, ema_momentum=0.9, critic_steps=2)
    # Keras' own epsilon of 1e-7 would turn the rounding of a gradient that is zero into a step.
    model.compile(*(keras.optimizers.Adam(1e-2, epsilon=1e-4) for _ in range(2)))
    return model


def train(model, batches):
    """Trains six steps; returns all that should be the same however many devices there were."""
    fid = FID(data(), lambda samples: samples, samples=20, batch_size=8)
    logs = model.fit(batches, epochs=EPOCHS, shuffle=False, verbose=0, callbacks=[fid]).history
    logs.update(model.evaluate(data(32), batch_size=BATCH, return_dict=True, verbose=0))
    whole = model.generate(10, seed=1)
    pieces = np.concatenate(list(model.generate_batches(10, seed=1, batch_size=4)))
    return {
        **{f"weight {i}": _numpy(variable) for i, variable in enumerate(model.variables)},
        **{f"optimizer {i}": _numpy(v) for i, v in enumerate(model.optimizer.variables)},
        **{f"log {name}": np.array(value) for name, value in logs.items()},
        "generated": whole,
        "generated in pieces": pieces,
    }


def batches():
    """Returns three batches an epoch."""
    return ShuffledBatches(data(), batch_size=BATCH, seed=7)


def _numpy(variable):
    return np.array(keras.ops.convert_to_numpy(variable))


# ---- TensorFlow ----------------------------------------------------------------------------------


def one_device():
    return train(compiled(), batches())


def two_replicas():
    import tensorflow as tf

    strategy = tf.distribute.MirroredStrategy(["/cpu:0", "/cpu:1"])
    with strategy.scope():
        model = compiled()
    return train(model, batches())


def worker(index, addresses):
    import tensorflow as tf

    os.environ["TF_CONFIG"] = json.dumps(
        {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}
    )
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    with strategy.scope():
        model = compiled()
    return train(model, batches())


def tensorflow(start):
    import tensorflow as tf

    one = tf.config.LogicalDeviceConfiguration()
    tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], [one] * 2)
    addresses = [f"127.0.0.1:{port}" for port in free_ports(2)]
    start("one device", one_device)
    start("two replicas", two_replicas)
    for index in range(2):
        start(f"worker {index}", worker, index, addresses)


def free_ports(count):
    """Returns ports of this machine that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [made.getsockname()[1] for made in sockets]
    for made in sockets:
        made.close()
    return ports


# ---- All -----------------------------------------------------------------------------------------


def main(folder):
    """Trains in all ways of this backend, side by side."""
    children = []

    def start(way, function, *arguments):
        child = os.fork()
        if not child:
            status = 1
            try:
                np.savez(folder / f"{way}.npz", **function(*arguments))
                status = 0
            except BaseException:
                import traceback

                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        children.append(child)

    globals()[BACKEND](start)
    statuses = [os.waitpid(child, 0)[1] for child in children]
    sys.exit(any(statuses))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
