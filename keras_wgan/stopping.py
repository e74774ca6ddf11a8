"""How does Ctrl-C end training for certain, and between two batches?"""

import os
import signal
import threading
from typing import Any, Self

import keras

NOTICE = b"\nStopping after this batch. Ctrl-C again stops at once.\n"


class StopOnCtrlC(keras.callbacks.Callback):
    """A callback that ends training with `KeyboardInterrupt` after the batch of a Ctrl-C.

    Left to itself, Python raises it wherever the program happens to be. That is mostly where Keras
    waits for a batch's numbers, `pythonify_logs`, which takes any exception for a value that is no
    number and goes on: on JAX hardly one Ctrl-C in ten would stop `fit`. Use it as a context
    around `fit`, last among the callbacks:

    ```python
    with StopOnCtrlC() as ctrl_c:
        model.fit(data, callbacks=[ctrl_c])
    ```
    """

    def __init__(self) -> None:
        super().__init__()
        self.asked = False
        self.earlier: Any = None

    def __enter__(self) -> Self:
        # Signals reach the main thread alone; elsewhere there is nothing to listen to.
        if threading.current_thread() is threading.main_thread():
            self.earlier = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        self._restore()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self  # KerasTuner copies callbacks, and the signal finds only this one

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Stops, if asked to."""
        self._stop_if_asked()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Stops, if asked to while the epoch was measured and drawn."""
        self._stop_if_asked()

    def _note(self, *_: object) -> None:
        self.asked = True
        self._restore()
        os.write(2, NOTICE)  # `print` may not be called while another `print` is under way

    def _restore(self) -> None:
        if self.earlier is not None:
            signal.signal(signal.SIGINT, self.earlier)
            self.earlier = None

    def _stop_if_asked(self) -> None:
        if self.asked:
            raise KeyboardInterrupt
