"""A callback that ends training between two batches at Ctrl-C or SIGTERM."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import keras

SIGNALS = (signal.SIGINT, signal.SIGTERM)  # a terminal's, and a scheduler's or a shutdown's
NOTICE = b"\nStopping after this batch. Ctrl-C again stops at once.\n"


class GracefulInterrupt(keras.callbacks.Callback):
    """A callback that ends training with `KeyboardInterrupt` after the batch of a Ctrl-C.

    SIGTERM, by which schedulers and shutdowns end a process, is taken the same way.

    Left to itself, Python raises it wherever the program happens to be. That is mostly where Keras
    waits for a batch's numbers, `pythonify_logs`, which takes any exception for a value that is no
    number and continues: on JAX hardly one Ctrl-C in ten would stop `fit`. Use it as a context
    around `fit`, last among the callbacks:

    ```python
    from keras_wgan.callbacks.interrupt import GracefulInterrupt

    with GracefulInterrupt() as interrupt:
        callbacks = [interrupt]  # model.fit(data, callbacks=callbacks)
    ```
    """

    def __init__(self) -> None:
        super().__init__()
        self.asked = False
        self.earlier: dict[int, Any] = {}

    def __enter__(self) -> Self:
        # Signals reach the main thread alone; elsewhere there is nothing to listen to.
        if threading.current_thread() is threading.main_thread():
            self.earlier = {number: signal.signal(number, self._note) for number in SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        self._restore()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self  # KerasTuner copies callbacks, and the signal finds only this one

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Stops, if asked to; after an epoch's last batch only once the epoch has been recorded."""
        steps = (self.params or {}).get("steps")
        if steps is None or batch + 1 < steps:
            self._stop_if_asked()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Stops, if asked to while the epoch was measured and drawn."""
        self._stop_if_asked()

    def _note(self, *_: object) -> None:
        self.asked = True
        self._restore()
        os.write(2, NOTICE)  # `print` may not be called while another `print` is under way

    def _restore(self) -> None:
        while self.earlier:
            number, handler = self.earlier.popitem()
            if handler is not None:  # None: it was not set by Python, and cannot be set again
                signal.signal(number, handler)

    def _stop_if_asked(self) -> None:
        if self.asked:
            raise KeyboardInterrupt


@contextmanager
def sigterm_as_ctrl_c() -> Iterator[None]:
    """Raises `KeyboardInterrupt` at SIGTERM too, so that cleanup code runs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    earlier = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, earlier)
