"""The settings of an experiment and their ranges."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from keras_wgan._validation import in_range, whole_number
from keras_wgan.errors import InvalidInputError

if TYPE_CHECKING:
    from keras_wgan._schedules import EpochCosine

WINDOW = 60  # days in a sample of returns
MIN_WINDOW = 4  # rows in a sample of series; shorter ones have no lags to compare
PRECISIONS = ("float32", "bfloat16", "auto")

_positive = partial(in_range, above=0)
_momentum = partial(in_range, at_least=0, below=1)
CHECKS: dict[str, Callable[[str, Any], float]] = {
    "epochs": whole_number,
    "batch_size": whole_number,
    "learning_rate": _positive,
    "critic_learning_rate": _positive,
    "final_rate": partial(in_range, above=0, at_most=1),
    "full_rate_epochs": whole_number,
    "beta_1": _momentum,
    "beta_2": _momentum,
    "gp_weight": partial(in_range, at_least=0),
    "critic_steps": whole_number,
    "ema_momentum": _momentum,
    "latent_size": whole_number,
    "penalty_warmup": partial(whole_number, minimum=0),
    "window": partial(whole_number, minimum=MIN_WINDOW),
}


@dataclass(frozen=True)
class Settings:
    """The settings of an experiment, which a search varies and the command line overrides.

    Example:
    ```python
    from keras_wgan.experiments import Settings

    quick = Settings(epochs=2, learning_rate=1e-3)
    assert (quick.epochs, quick.batch_size, quick.gp_weight) == (2, 256, 10.0)
    ```

    Args:
        epochs: Passes over the data. Defaults to `150`.
        batch_size: Samples in a step. Defaults to `256`.
        learning_rate: The first learning rate of both Adam optimizers. Defaults to `1e-4`.
        critic_learning_rate: The critic's own learning rate. Defaults to `None`, the same.
        final_rate: The share of the first learning rates that is left in the last epoch, reached
            along half a cosine; 1 keeps them. Defaults to `1.0`.
        full_rate_epochs: The number of epochs up to which a training starts with the full learning
            rates; a longer one starts lower, in inverse proportion. Defaults to `None`, no limit.
        beta_1: Adam's first momentum. Defaults to `0.5`.
        beta_2: Adam's second momentum. Defaults to `0.999`, Keras' default.
        gp_weight: The weight of the gradient penalty. Defaults to `10.0`.
        critic_steps: Critic updates for each generator update. Defaults to `1`.
        ema_momentum: The momentum of the averaged generator. Defaults to `None`, no average.
        latent_size: The size of the latent; for `sp500`, the days of noise before each window.
            Defaults to `100`.
        penalty_warmup: Generator updates over which the generator's penalties, where the recipe
            has any, grow to their weight. Defaults to `0`.
        precision: The number format of the networks, `"float32"` or `"bfloat16"`, or `"auto"` for
            bfloat16 where it is fast; weights, losses and penalty stay in float32. Defaults to
            `"float32"`.
        window: Rows in a sample of the recipe `series`, at least 4; other recipes have windows of
            their own, and none here. Defaults to `None`.

    Raises:
        ValueError: If a setting is out of its range.
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
    window: int | None = None

    def __post_init__(self) -> None:
        for name, check in CHECKS.items():
            value = getattr(self, name)
            if value is not None or getattr(type(self), name) is not None:  # None may be a default
                object.__setattr__(self, name, check(name, value))  # NumPy's numbers become plain
        if self.precision not in PRECISIONS:
            raise InvalidInputError(
                f"`precision` must be one of {', '.join(PRECISIONS)}. "
                f"Received: precision={self.precision!r}"
            )

    @property
    def critic_rate(self) -> float:
        """The critic's learning rate."""
        rate = self.critic_learning_rate
        return self.learning_rate if rate is None else rate

    def steps_per_epoch(self, samples: int) -> int:
        """Returns the number of batches in an epoch."""
        return -(-samples // self.batch_size)

    def rates(self, steps_per_epoch: int) -> "tuple[float | EpochCosine, float | EpochCosine]":
        """Returns the generator's and the critic's learning rate, numbers where they stay."""
        from keras_wgan._schedules import EpochCosine

        whole = self.full_rate_epochs
        share = 1.0 if whole is None else min(1.0, whole / self.epochs)
        generator, critic = share * self.learning_rate, share * self.critic_rate
        if self.final_rate == 1.0:
            return generator, critic
        course = (self.final_rate, self.epochs, steps_per_epoch)
        return EpochCosine(generator, *course, self.critic_steps), EpochCosine(critic, *course)
