"""Which numbers make up an experiment, and what may each of them be?"""

import math
import reprlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from keras_wgan.errors import InvalidInputError

MAX_INT = 2**31 - 1  # backends count in 32 bits
WINDOW = 60  # days in a sample of returns; the source deck, section 5
PRECISIONS = ("float32", "bfloat16", "auto")


@dataclass(frozen=True)
class Settings:
    """The numbers of an experiment: what a search varies and a command line overrides.

    Example:
    ```python
    from keras_wgan.experiments.settings import Settings

    quick = Settings(epochs=2, learning_rate=1e-3)
    assert (quick.epochs, quick.batch_size, quick.gp_weight) == (2, 256, 10.0)
    ```

    Args:
        epochs: How often the data is seen. Defaults to `150`.
        batch_size: Samples a step. Defaults to `256`.
        learning_rate: Of both Adam optimizers. Defaults to `1e-4`.
        critic_learning_rate: The critic's own, or `None` for the same. Defaults to `None`.
        final_rate: The share of the first learning rates that is left after the last epoch, reached
            along half a cosine; 1 keeps them. `keras-wgan train` applies it. Defaults to `1.0`.
        full_rate_epochs: Up to so many epochs a training starts with the whole learning rates, a
            longer one with less, in inverse proportion; `None` if always with the whole.
            `keras-wgan train` applies it. Defaults to `None`.
        beta_1: Adam's first momentum. Defaults to `0.5`.
        beta_2: Adam's second momentum. Defaults to `0.999`, Keras' default.
        gp_weight: What the gradient penalty is multiplied by. Defaults to `10.0`.
        critic_steps: Critic updates for each generator update. Defaults to `1`.
        ema_momentum: Momentum of the averaged generator, or `None` for none. Defaults to `None`.
        latent_size: How many numbers feed the generator; for `sp500`, how many days of noise
            before each window. Defaults to `100`.
        penalty_warmup: Generator updates over which the generator's penalties, where the recipe
            has any, grow to their weight. Defaults to `0`.
        precision: What the networks compute in, `"float32"` or `"bfloat16"`, or `"auto"` for
            bfloat16 where it is quick; weights, losses and penalty stay in float32. Defaults to
            `"float32"`.

    Raises:
        ValueError: If a number is out of its range.

    Reference:
        The source deck, section 4, HyperParameters.
    """

    epochs: int = 150
    batch_size: int = 256
    learning_rate: float = 1e-4
    critic_learning_rate: float | None = None
    final_rate: float = 1.0
    full_rate_epochs: int | None = None
    beta_1: float = 0.5
    beta_2: float = 0.999
    gp_weight: float = 10.0
    critic_steps: int = 1
    ema_momentum: float | None = None
    latent_size: int = 100
    penalty_warmup: int = 0
    precision: str = "float32"

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "critic_steps", "latent_size"):
            _check_count(name, getattr(self, name), least=1)
        _check_count("penalty_warmup", self.penalty_warmup, least=0)
        if self.full_rate_epochs is not None:
            _check_count("full_rate_epochs", self.full_rate_epochs, least=1)
        if self.precision not in PRECISIONS:
            raise InvalidInputError(
                f"`precision` must be one of {', '.join(PRECISIONS)}. "
                f"Received: precision={self.precision!r}"
            )
        _check_number("learning_rate", self.learning_rate, "above 0", lambda x: 0 < x < math.inf)
        if (rate := self.critic_learning_rate) is not None:
            _check_number("critic_learning_rate", rate, "above 0", lambda x: 0 < x < math.inf)
        _check_number("final_rate", self.final_rate, "in (0, 1]", lambda x: 0 < x <= 1)
        _check_number("gp_weight", self.gp_weight, "0 or more", lambda x: 0 <= x < math.inf)
        for name in ("beta_1", "beta_2"):
            value = getattr(self, name)
            _check_number(name, value, "at least 0 and below 1", lambda x: 0 <= x < 1)
        if self.ema_momentum is not None:
            value = self.ema_momentum
            _check_number("ema_momentum", value, "at least 0 and below 1", lambda x: 0 <= x < 1)

    @property
    def critic_rate(self) -> float:
        """The critic's learning rate."""
        rate = self.critic_learning_rate
        return self.learning_rate if rate is None else rate

    @property
    def first_share(self) -> float:
        """The share of the learning rates that a training starts with."""
        whole = self.full_rate_epochs
        return 1.0 if whole is None else min(1.0, whole / self.epochs)


def _check_count(name: str, value: Any, *, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MAX_INT:
        raise InvalidInputError(
            f"`{name}` must be a whole number of at least {least} and below 2**31. "
            f"Received: {name}={reprlib.repr(value)}"
        )


def _check_number(name: str, value: Any, wanted: str, fits: Callable[[float], bool]) -> None:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not abs(value) <= sys.float_info.max or not fits(value):
        raise InvalidInputError(
            f"`{name}` must be a number {wanted}. Received: {name}={reprlib.repr(value)}"
        )
