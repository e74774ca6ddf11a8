"""The learning-rate schedule of an experiment: half a cosine, in steps of whole epochs."""

import math
from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_wgan")
class EpochCosine(keras.optimizers.schedules.LearningRateSchedule):
    """Lowers a learning rate along half a cosine; within an epoch the rate is constant.

    The rate depends on the optimizer's own count of updates alone, so a resumed training continues
    where the saved one stopped.

    Args:
        first_rate: The rate of the first epoch.
        final_share: The share of it that is left in the last epoch and after it.
        epochs: How many epochs the training has.
        steps_per_epoch: Batches in an epoch.
        batches_per_update: Batches for each update of the optimizer, the `critic_steps` of the
            generator's. Defaults to `1`.
    """

    def __init__(
        self,
        first_rate: float,
        final_share: float,
        epochs: int,
        steps_per_epoch: int,
        batches_per_update: int = 1,
    ) -> None:
        super().__init__()
        self.first_rate, self.final_share, self.epochs = first_rate, final_share, epochs
        self.steps_per_epoch, self.batches_per_update = steps_per_epoch, batches_per_update

    def __call__(self, step: Any) -> Any:
        """Returns the rate of an update, counted from 0."""
        batch = (ops.convert_to_tensor(step) + 1) * self.batches_per_update - 1
        epoch = ops.minimum(batch // self.steps_per_epoch, self.epochs - 1)
        done = ops.cast(epoch, "float32") / max(self.epochs - 1, 1)
        share = self.final_share + (1 - self.final_share) * (1 + ops.cos(math.pi * done)) / 2
        return self.first_rate * share

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {
            "first_rate": self.first_rate,
            "final_share": self.final_share,
            "epochs": self.epochs,
            "steps_per_epoch": self.steps_per_epoch,
            "batches_per_update": self.batches_per_update,
        }
