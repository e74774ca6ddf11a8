"""Shuffled batches whose order depends on the seed and the epoch alone."""

from typing import Any

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidIndexError, InvalidInputError

# Any numbers: Keras decides what it makes of them.
Batch = NDArray[Any] | tuple[NDArray[Any], NDArray[Any]]


class ShuffledBatches(keras.utils.PyDataset):
    """Batches whose order depends on the seed and the epoch alone.

    Epoch `e` takes the samples in the order `numpy.random.default_rng([seed, e]).permutation(n)`,
    so a run resumed with `first_epoch=e` sees what an uninterrupted one would have seen. Pass
    `shuffle=False` to `fit`, which otherwise mixes the order of the batches once more, from
    Python's global generator.

    An epoch is over once its last batch has been handed out and Keras says that an epoch ends.
    `fit` also says so before it starts, and backends read ahead or look at a first batch to build
    a model: none of this moves the order, except where the whole epoch is read that way (one or
    two batches an epoch and a model that is not built yet). `evaluate` counts as an epoch, so give
    held-out data batches of its own. After a run that stopped in the middle of an epoch, set
    `epoch`, because the rest of it may have been read ahead.

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
        labels: (n, ...) array that goes with the samples. Defaults to `None`.
        batch_size: Samples in a batch; the last batch of an epoch holds what is left.
        seed: Seed of every order, zero or above.
        first_epoch: Number of the epoch to start with, from zero. Defaults to `0`.
        devices: How many devices share a batch evenly. Where the last batch cannot be shared, it is
            filled up with the first samples of its epoch. Defaults to `1`.

    Raises:
        ValueError: If there are no samples, one is NaN or infinite, there is not one label for
            each, or a number is out of range.
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
    ) -> None:
        super().__init__()
        self.samples = np.asarray(samples)
        self.labels = None if labels is None else np.asarray(labels)
        if self.samples.ndim == 0 or len(self.samples) == 0:
            raise InvalidInputError(
                "`samples` must hold at least one sample along its first axis. "
                f"Received: samples.shape={self.samples.shape}"
            )
        if self.labels is not None and self.labels.shape[:1] != self.samples.shape[:1]:
            raise InvalidInputError(
                "`labels` must hold one label for each sample. Received: "
                f"samples.shape={self.samples.shape}, labels.shape={self.labels.shape}"
            )
        _refuse_nan(self.samples)
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
        """The epoch whose order the batches have now; setting it starts that epoch afresh."""
        return self._epoch

    @epoch.setter
    def epoch(self, epoch: int) -> None:
        self._epoch = whole_number("epoch", epoch, minimum=0)
        self._order = np.random.default_rng([self.seed, epoch]).permutation(len(self.samples))
        self._begun = False
        self._all_read = False

    def epochs_done(self, model: keras.Model) -> int:
        """Returns how many whole epochs of these batches a model has trained on.

        Args:
            model: A compiled model, whose optimizer counts batches; it is saved with the count.

        Returns:
            Whole epochs, an unfinished one not counted.
        """
        return _batches_seen(model) // len(self)

    def in_step(self) -> keras.callbacks.Callback:
        """Returns a callback that brings the order in step with a model that was restored.

        Put it after `keras.callbacks.BackupAndRestore` in the list. Keras tells batches nothing of
        the epoch that it goes on from, and notes that epoch after it has saved the weights: killed
        between the two, it would train an epoch twice. The model's own count of batches is right.

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
        # Stopped anywhere and started anew, this goes on where it was, and ends the same.
        model.fit(batches, shuffle=False, callbacks=[backup, batches.in_step()], verbose=0)
        ```

        Returns:
            A Keras callback.
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
        """Notes that the batches read from now on belong to training."""
        self._begun = True

    def on_epoch_end(self) -> None:
        """Moves on to the next epoch's order, if this epoch's last batch was handed out."""
        if self._begun and self._all_read:
            self.epoch += 1
        elif not self._begun:  # `fit` is about to start, and has only looked at some batches
            self._all_read = False
        self._begun = False


class _InStep(keras.callbacks.Callback):
    def __init__(self, batches: ShuffledBatches) -> None:
        super().__init__()
        self.batches, self.before = batches, 0

    def set_model(self, model: keras.Model) -> None:
        """Notes what the model has seen before any callback restores it."""
        super().set_model(model)
        self.before = _batches_seen(model)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Starts with the epoch that the model says."""
        self.batches.epoch = done = self.batches.epochs_done(self.model)
        if _batches_seen(self.model) != self.before:
            self.model._initial_epoch = done  # as BackupAndRestore sets it


def _batches_seen(model: keras.Model) -> int:
    # A variable that several devices hold is no number by itself.
    return int(keras.ops.convert_to_numpy(model.optimizer.iterations))


def _refuse_nan(samples: NDArray[Any]) -> None:
    if not np.issubdtype(samples.dtype, np.floating):
        return
    finite = np.isfinite(samples.reshape(len(samples), -1)).all(axis=1)
    if not finite.all():
        raise InvalidInputError(
            "`samples` must be finite, because one NaN in a batch makes every weight NaN. "
            f"Received: {np.count_nonzero(~finite)} samples that are not, the first at index "
            f"{int(finite.argmin())}. Leave them out, or fill the gaps before."
        )
