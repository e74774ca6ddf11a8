"""What tests of resuming share: exact comparison of models, and ends at a chosen batch."""

import contextlib

import keras
import numpy as np
from keras import ops

ON_TENSORFLOW = keras.backend.backend() == "tensorflow"


@contextlib.contextmanager
def deterministic():
    """Turns TensorFlow's determinism on for a while."""
    if not ON_TENSORFLOW:
        yield
        return
    from tensorflow.python.framework import config

    config.enable_op_determinism()
    yield
    config.disable_op_determinism()


def agree(one, other):
    """Asserts that numbers agree as exactly as the backend allows."""
    one, other = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if ON_TENSORFLOW:
        np.testing.assert_array_equal(one, other)
    else:
        largest = abs(one[np.isfinite(one)]).max(initial=1e-3)
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6 * largest)


def same_state(one, other):
    """Asserts that two models agree in weights, averages, optimizers and noise."""
    for variable, counterpart in zip(_variables(one), _variables(other), strict=True):
        agree(ops.convert_to_numpy(variable), ops.convert_to_numpy(counterpart))


def _variables(model):
    return [*model.variables, *model.optimizer.variables]


class Killed(BaseException):
    """What no code of ours catches, like SIGKILL."""


class KillAt(keras.callbacks.Callback):
    """Ends everything at a batch of an epoch."""

    def __init__(self, epoch, batch):
        super().__init__()
        self.at, self.epoch = (epoch, batch), 0

    def on_epoch_begin(self, epoch, logs=None):
        """Notes which epoch it is."""
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        """Ends it when it is time."""
        if (self.epoch, batch) == self.at:
            raise Killed
