"""Shuffled batches with a reproducible order."""

from typing import Any

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidIndexError, InvalidInputError

Batch = NDArray[Any] | tuple[NDArray[Any], NDArray[Any]]


class ShuffledBatches(keras.utils.PyDataset):
    """Batches whose order depends on the seed and the epoch alone.

    Epoch `e` has the order `numpy.random.default_rng([seed, e]).permutation(n)`, so a run resumed
    with `first_epoch=e` continues like an uninterrupted one. Pass `shuffle=False` to `fit`, which
    otherwise shuffles the batches again with Python's global generator.

    The next epoch begins when the last batch has been read and Keras calls `on_epoch_end`. The call
    before `fit` starts, prefetching, and the batch that builds a model do not change the epoch,
    unless they read all of it (one or two batches an epoch and a model that is not built yet).
    `evaluate` counts as an epoch, so use separate batches for held-out data. After a run that
    stopped during an epoch, set `epoch`, because its other batches may have been prefetched.

    Example:
    ```python
    import numpy as np
    from keras_wgan.data import ShuffledBatches

    batches = ShuffledBatches(np.arange(5.0), batch_size=2, seed=7)
    order = np.random.default_rng([7, 0]).permutation(5)
    np.testing.assert_array_equal(np.concatenate(list(batches)), order)
    ```

    Args:
        samples: (n, ...) array.
        labels: (n, ...) array with a label for each sample. Defaults to `None`.
        batch_size: Samples in a batch; the last batch of an epoch may be smaller.
        seed: Seed of all orders, at least 0.
        first_epoch: Number of the first epoch, from 0. Defaults to `0`.
        devices: The number of devices, which share each batch evenly. The last batch is filled up
            with the first samples of its epoch where necessary. Defaults to `1`.
        missing_values: Whether a sample may lack values, which are NaN, for a model of the same
            setting. Defaults to `False`.

    Raises:
        ValueError: If there are no samples, one is NaN or infinite, the numbers of samples and
            labels differ, or a number is out of range.
    """

    def __init__(
        self,
        samples: ArrayLike,
        labels: ArrayLike | None = None,
        *,
        batch_size: int,
        seed: int,
        first_epoch: int = 0,
        devices: int = 1,
        missing_values: bool = False,
    ) -> None:
        super().__init__()
        self.samples = np.asarray(samples)
        self.labels = None if labels is None else np.asarray(labels)
        if self.samples.ndim == 0 or len(self.samples) == 0:
            raise InvalidInputError(
                "`samples` must hold at least one sample. "
                f"Received: samples.shape={self.samples.shape}"
            )
        if self.labels is not None and self.labels.shape[:1] != self.samples.shape[:1]:
            raise InvalidInputError(
                "`labels` must hold one label for each sample. Received: "
                f"samples.shape={self.samples.shape}, labels.shape={self.labels.shape}"
            )
        _refuse_nan(self.samples, missing_values)
        self.batch_size = whole_number("batch_size", batch_size)
        if self.batch_size % whole_number("devices", devices):
            raise InvalidInputError(
                "`batch_size` must be a multiple of the number of devices, which share each batch. "
                f"Received: batch_size={batch_size}, devices={devices}"
            )
        self.devices = devices
        self.seed = whole_number("seed", seed, minimum=0, maximum=2**63 - 1)
        self.epoch = whole_number("first_epoch", first_epoch, minimum=0)

    @property
    def epoch(self) -> int:
        """The number of the current epoch; setting it restarts that epoch."""
        return self._epoch

    @epoch.setter
    def epoch(self, epoch: int) -> None:
        self._epoch = whole_number("epoch", epoch, minimum=0)
        self._order = np.random.default_rng([self.seed, epoch]).permutation(len(self.samples))
        self._begun = False
        self._all_read = False

    def epochs_done(self, model: keras.Model) -> int:
        """Returns the number of epochs that a model has completed on these batches.

        Args:
            model: A compiled model, whose optimizer counts the batches.
        """
        return _batches_seen(model) // len(self)

    def in_step(self) -> keras.callbacks.Callback:
        """Returns a callback that sets the epoch to that of a restored model.

        Put it after `keras.callbacks.BackupAndRestore` in the list. Keras does not pass the
        restored epoch to the batches, and saves it after the weights, so a run killed in between
        would repeat an epoch. This callback uses the batch count of the model instead.

        Example:
        ```python
        import keras
        import numpy as np
        from keras_wgan import WGANGP
        from keras_wgan.data import ShuffledBatches

        generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
        critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        model = WGANGP(generator, critic, latent=2, seed=1)
        model.compile()
        batches = ShuffledBatches(np.zeros((64, 2), "float32"), batch_size=32, seed=7)
        backup = keras.callbacks.BackupAndRestore("backup")
        # After an interruption, the same script continues and ends with the same weights.
        model.fit(batches, shuffle=False, callbacks=[backup, batches.in_step()], verbose=0)
        ```
        """
        return _InStep(self)

    def __len__(self) -> int:
        return -(-len(self.samples) // self.batch_size)

    def __getitem__(self, index: int) -> Batch:
        if not 0 <= index < len(self):
            raise InvalidIndexError(
                f"`index` must lie in 0 to {len(self) - 1}. Received: index={index}"
            )
        chosen = self._order[index * self.batch_size : (index + 1) * self.batch_size]
        if missing := -len(chosen) % self.devices:
            chosen = np.concatenate([chosen, np.resize(self._order, missing)])
        if index == len(self) - 1:
            self._all_read = True
        if self.labels is None:
            return self.samples[chosen]
        return self.samples[chosen], self.labels[chosen]

    def on_epoch_begin(self) -> None:
        """Marks the following batches as part of the training."""
        self._begun = True

    def on_epoch_end(self) -> None:
        """Begins the next epoch if the last batch of this one was read."""
        if self._begun and self._all_read:
            self.epoch += 1
        elif not self._begun:  # the call before `fit` starts, after reading some batches
            self._all_read = False
        self._begun = False


class _InStep(keras.callbacks.Callback):
    def __init__(self, batches: ShuffledBatches) -> None:
        super().__init__()
        self.batches, self.before = batches, 0

    def set_model(self, model: keras.Model) -> None:
        """Stores the model's batch count before a callback restores it."""
        super().set_model(model)
        self.before = _batches_seen(model)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Sets the epoch by the model's batch count."""
        self.batches.epoch = done = self.batches.epochs_done(self.model)
        if _batches_seen(self.model) != self.before:
            self.model._initial_epoch = done  # as BackupAndRestore sets it


def _batches_seen(model: keras.Model) -> int:
    # A variable on several devices must be converted first.
    return int(keras.ops.convert_to_numpy(model.optimizer.iterations))


def _refuse_nan(samples: NDArray[Any], missing_values: bool) -> None:
    if not np.issubdtype(samples.dtype, np.floating):
        return
    rows = samples.reshape(len(samples), -1)
    if missing_values:
        _refuse(np.isinf(rows).any(axis=1), "`samples` must be finite or NaN.")
        empty = np.isnan(rows).all(axis=1)
        _refuse(empty, "`samples` must each have a value that is not NaN.", "have none")
        return
    _refuse(
        ~np.isfinite(rows).all(axis=1),
        "`samples` must be finite, because one NaN in a batch makes every weight NaN. Where NaN "
        "stands for a missing value, give model and batches `missing_values=True`.",
    )


def _refuse(wrong: NDArray[np.bool_], sentence: str, words: str = "are not") -> None:
    if wrong.any():
        raise InvalidInputError(
            f"{sentence} Received: {np.count_nonzero(wrong)} samples that {words}, the first at "
            f"index {int(wrong.argmax())}. Remove them, or replace them."
        )
