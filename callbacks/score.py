"""Base classes of callbacks that log numbers about samples in every epoch."""

import copy
import math
from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np

from keras_wgan._sampling import Sampler, check_inverse, check_sampler, draw_samples, made_shape
from keras_wgan._validation import seed_number, whole_number
from keras_wgan.callbacks.siblings import claim
from keras_wgan.errors import InvalidInputError


class SampleScore(keras.callbacks.Callback):
    """A callback that draws samples every few epochs and logs numbers about them.

    In every epoch `logs` holds a finite number or `+inf` for each of its names: the latest number
    is carried forward, and it is `+inf` before the first measurement and for samples that are not
    finite. KerasTuner would save a checkpoint wherever an objective is missing, and a NaN compares
    with nothing. `<name>_fresh` says whether the number was measured in this epoch.

    Override `names` and `measure`, or `measure_model` if memory cannot hold all samples at once.
    Under another `name` the first of `names` is that name, and the others begin with it.

    Args:
        samples: How many samples to draw.
        every: Measure in every `every`-th epoch.
        seed: Fixes the latents of all epochs.
        sampler: How to draw from a model without `generate(n, seed=)`.
        name: The score's name in the logs, or `None` for the first of `names`.
    """

    names: tuple[str, ...] = ()  # the score first, then other logged numbers

    def __init__(
        self,
        *,
        samples: int,
        every: int,
        seed: int,
        sampler: Sampler | None,
        name: str | None = None,
    ) -> None:
        super().__init__()
        if name is not None:
            others = (f"{name}_{other}" for other in self.names[1:])
            self.names = (checked_name(name), *others)
        self.samples = whole_number("samples", samples)
        self.every = whole_number("every", every)
        self.seed, self.sampler = seed_number(seed), sampler
        self.latest = dict.fromkeys(self.names, math.inf)
        self.before: Mapping[str, float] = {}

    def resume_from(self, logs: Mapping[str, float]) -> None:
        """Takes the logs of the last epoch of an earlier start, to be carried forward.

        Without them, a resumed `fit` would log `+inf` until its first measurement instead of the
        latest number.

        Args:
            logs: Numbers by name, such as a row of what `CSVLogger` wrote.
        """
        self.before = logs

    def measure(self, samples: np.ndarray) -> dict[str, float]:
        """Returns a number for each of `names`, from finite samples `(samples, *shape)`."""
        raise NotImplementedError("A score must define what it measures: override `measure`.")

    def measure_model(self) -> dict[str, float]:
        """Draws samples of the model as it is now and returns a number for each of `names`."""
        drawn = draw_samples(self.model, self.samples, self.seed, self.sampler)
        return self.measure(drawn) if np.isfinite(drawn).all() else {}

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Forgets the numbers of an earlier model, and starts from those of `resume_from`.

        Raises:
            TypeError: If the model cannot draw samples with a seed.
            ValueError: If another callback or metric logs one of the names.
        """
        check_sampler(self.model, self.sampler)
        claim(self, "name", (*self.names, f"{self.names[0]}_fresh"))
        self.latest = {name: float(self.before.get(name, math.inf)) for name in self.names}
        self.before = {}

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Writes the numbers into `logs`."""
        fresh = (epoch + 1) % self.every == 0
        if fresh:
            measured = self.measure_model()
            self.latest = {name: _finite_or_inf(measured.get(name)) for name in self.names}
        if logs is not None:
            logs.update(self.latest)
            logs[f"{self.names[0]}_fresh"] = float(fresh)

    def __deepcopy__(self, memo: dict[int, Any]) -> "SampleScore":
        # KerasTuner copies every callback for every trial. Real data, their statistics and the
        # extractor are read only and shared; the trial's `fit` sets the model.
        duplicate = copy.copy(self)
        duplicate.latest = dict(self.latest)
        duplicate.set_model(None)
        return duplicate


def checked_name(name: str) -> str:
    """Returns the name of a score; raises ValueError if it is not a word."""
    if not isinstance(name, str) or not name:
        raise InvalidInputError(
            "`name` must be a word such as 'fid_test', under which the score is logged. "
            f"Received: name={name!r}"
        )
    return name


def _finite_or_inf(value: float | None) -> float:
    return float(value) if value is not None and math.isfinite(value) else math.inf


MIN_WINDOWS = 100


class ReturnsScore(SampleScore):
    """A score of windows of log returns a day.

    Derive from it and override `names` and `measure_returns`.

    Args:
        inverse: From the model's output to log returns per day, or `None`.
        samples: How many windows to generate, at least 100.
        every: Measure in every `every`-th epoch.
        seed: Fixes the latents of all epochs.
        sampler: How to draw from a model without `generate(n, seed=)`.
        name: The score's name in the logs, or `None` for the first of `names`.
    """

    def __init__(
        self,
        *,
        inverse: Callable[[np.ndarray], np.ndarray] | None,
        samples: int,
        every: int,
        seed: int,
        sampler: Sampler | None,
        name: str | None,
    ) -> None:
        super().__init__(samples=samples, every=every, seed=seed, sampler=sampler, name=name)
        if samples < MIN_WINDOWS:
            raise InvalidInputError(
                f"`samples` must be at least {MIN_WINDOWS} windows, because tails and "
                f"autocorrelations of a few windows are noise. Received: samples={samples}"
            )
        check_inverse(inverse)
        self.inverse = inverse

    def measure_returns(self, returns: np.ndarray) -> dict[str, float]:
        """Returns a number for each of `names`, from finite log returns a day."""
        raise NotImplementedError("A score must define its measure: override `measure_returns`.")

    def measure(self, samples: np.ndarray) -> dict[str, float]:
        """Returns the numbers, or none where the inverse makes samples infinite."""
        returns = samples if self.inverse is None else np.asarray(self.inverse(samples))
        if returns.ndim > 1:
            self.check_days(returns.shape[1])
        return self.measure_returns(returns) if np.isfinite(returns).all() else {}

    def check_days(self, days: int) -> None:
        """Raises ValueError if windows of so many days cannot be measured; override it."""

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Checks the length of what the model makes, where it is known already."""
        super().on_train_begin(logs)
        made = made_shape(self.model, self.sampler)
        if self.inverse is None and made and made[0] is not None:
            self.check_days(made[0])
