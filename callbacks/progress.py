"""A callback that shows how far a training is: a line an epoch, or one bar for the whole run."""

import math
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import keras

WIDTH = 79  # of 80 columns; a full line would make some terminals begin the next one
BAR, SHORTEST_BAR = 24, 4
REDRAWN = 0.1  # seconds between two drawings of the bar
OTHERS = ("wasserstein", "gradient_norm")  # on the lines, after the score


class RunProgress(keras.callbacks.Callback):
    """Shows the progress of a training on standard output.

    A number is shown where it was measured, in its own epoch: a score that was carried forward is
    left out of the lines, and the bar says from which epoch its score is.

    Args:
        scores: The names of the scores that decide, in the order of their rank; the first one that
            is logged is shown.
        bar: One bar for the whole run, for a terminal. Defaults to `False`, a line an epoch, for
            files and pipes.
    """

    def __init__(self, scores: Sequence[str], *, bar: bool = False) -> None:
        super().__init__()
        self.scores, self.bar = tuple(scores), bar
        self.shown = ""  # the latest measured score, in words
        self.first: int | None = None  # epoch of this `fit`
        self.epoch, self.batches = 0, 0
        self.begun, self.counted, self.drawn = 0.0, 0.0, -math.inf

    @property
    def epochs(self) -> int:
        """The number of epochs in all, those before a resume included."""
        return int(self.params.get("epochs") or 1)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Notes when the epoch began."""
        if self.first is None:
            self.first = epoch
        self.epoch, self.batches, self.begun = epoch, 0, time.monotonic()

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Moves the bar."""
        self.batches += 1
        if not self.counted:
            self.counted = time.monotonic()  # the first batch is compiled, which says nothing
        if self.bar and time.monotonic() - self.drawn >= REDRAWN:
            self._draw()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Writes the line, or puts a newly measured score next to the bar."""
        numbers = logs or {}
        score = self._score(numbers)
        if score and self.bar:
            self.shown = f"{score} (epoch {epoch + 1})"
        if self.bar:
            self._draw()
            return
        others = [f"{name} {numbers[name]:.3g}" for name in OTHERS if name in numbers]
        parts = [*([score] if score else []), *others, f"{time.monotonic() - self.begun:.0f} s"]
        print(f"Epoch {epoch + 1}/{self.epochs}  {'  '.join(parts)}", flush=True)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Ends the line of the bar."""
        self.close()

    def close(self) -> None:
        """Ends the line of the bar, also after an error, so that what follows begins a new one."""
        if math.isfinite(self.drawn):
            self.drawn = -math.inf
            print(flush=True)

    def _score(self, logs: Mapping[str, float]) -> str:
        """Returns the deciding score in words if it was measured in this epoch, else nothing."""
        name = next((score for score in self.scores if score in logs), "")
        if not name or not logs.get(f"{name}_fresh", 1.0):
            return ""
        return f"{name} {logs[name]:.4g}"

    def _draw(self) -> None:
        self.drawn = time.monotonic()
        steps = int(self.params.get("steps") or 1)
        done = self.epoch + min(self.batches / steps, 1.0)
        share = min(done / self.epochs, 1.0)
        before = f"Epoch {self.epoch + 1}/{self.epochs}"
        after = "  ".join(
            part for part in (f"{share:4.0%}", self._left(done, steps), self.shown) if part
        )
        # A long score takes room from the bar, which says less.
        room = min(BAR, max(WIDTH - len(f"{before}  [] {after}"), SHORTEST_BAR))
        filled = round(room * share)
        line = f"{before}  [{'=' * filled}{' ' * (room - filled)}] {after}"[:WIDTH]
        sys.stdout.write(f"\r{line:<{WIDTH}}")
        sys.stdout.flush()

    def _left(self, done: float, steps: int) -> str:
        trained = done - (self.first or 0) - 1.0 / steps
        if trained <= 0.0 or done >= self.epochs:
            return ""
        seconds = (time.monotonic() - self.counted) / trained * (self.epochs - done)
        minutes, rest = divmod(round(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{rest:02} left" if hours else f"{minutes}:{rest:02} left"
