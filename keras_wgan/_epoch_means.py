"""The numbers that `fit` and `evaluate` report, as means over the samples of an epoch."""

import keras
from keras import ops

from keras_wgan._batch import Batch
from keras_wgan._tensor import Tensor

HELD_OUT_SEED = 714_025  # an arbitrary number that is unlikely to be a training seed
LOGGED = ("critic_loss", "generator_loss", "wasserstein", "gradient_penalty", "gradient_norm")


class EpochMeans(keras.Model):
    """The part of `WGANGP` that keeps the epoch's means over samples.

    Next to the five of `LOGGED` there is `loss`, the sum of both networks' losses. It does not
    measure quality, but Keras' `TerminateOnNaN` reads it. An epoch without a generator update
    reports a `generator_loss` of 0.
    """

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The trackers; Keras resets them at the start of each epoch."""
        return list(self.trackers)

    @property
    def metrics_names(self) -> list[str]:
        """The names of what `evaluate` returns as a list, in its order."""
        return [*(tracker.name for tracker in self.trackers), "loss"]

    def reset_metrics(self) -> None:
        """Resets the means, and the noise of `evaluate` to its first draw."""
        super().reset_metrics()
        self.held_out_noise.state.assign([HELD_OUT_SEED, 0])

    def get_metrics_result(self) -> dict[str, Tensor]:
        """Returns the means so far."""
        means = super().get_metrics_result()
        return {**means, "loss": means["critic_loss"] + means["generator_loss"]}

    def track(self, details: dict[str, Tensor], batch: Batch) -> None:
        """Adds one batch to the means, weighted by its size or by the sum of its weights."""
        size = ops.shape(batch.real)[0] if batch.weight is None else ops.sum(batch.weight)
        for tracker in self.trackers:
            if tracker.name in details:
                value = ops.stop_gradient(details[tracker.name])
                tracker.update_state(value, sample_weight=size)
