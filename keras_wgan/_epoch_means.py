"""The numbers that `fit` and `evaluate` report, as means over the samples of an epoch."""

import keras
from keras import ops

from keras_wgan._batch import Batch
from keras_wgan._tensor import Tensor

HELD_OUT_SEED = 714_025  # an arbitrary number that is unlikely to be a training seed
LOGGED = ("critic_loss", "generator_loss", "wasserstein", "gradient_penalty", "gradient_norm")


class LastingMean(keras.metrics.Mean):
    """A mean that lasts through epochs without a value, for which zero would be made up."""

    def __init__(self, name: str) -> None:
        super().__init__(name, dtype="float32")
        unknown = keras.initializers.Constant(float("nan"))
        self.latest = self.add_variable((), unknown, "float32", "mean", name="latest")

    def keep(self, value: Tensor) -> None:
        """Takes the value that an epoch without one reports."""
        self.latest.assign(ops.cast(ops.stop_gradient(value), "float32"))

    def begin(self, value: Tensor) -> None:
        """Takes a value to report until there is another one."""
        latest = ops.convert_to_tensor(self.latest)
        self.keep(ops.where(ops.isnan(latest), value, latest))

    def reset_state(self) -> None:
        """Forgets the epoch's values, but not the latest one."""
        self.total.assign(0.0)
        self.count.assign(0.0)

    def result(self) -> Tensor:
        """Returns the mean of the epoch, else the latest value."""
        latest = ops.convert_to_tensor(self.latest)
        latest = ops.where(ops.isnan(latest), ops.zeros_like(latest), latest)
        return ops.where(self.count > 0, super().result(), latest)


class EpochMeans(keras.Model):
    """The part of `WGANGP` that keeps the epoch's means over samples.

    Next to the five of `LOGGED` there is `loss`, the sum of both networks' losses. It does not
    measure quality, but Keras' `TerminateOnNaN` reads it. An epoch without a generator update
    reports the `generator_loss` of the latest one, and before the first what the critic's first
    batch gave: a number that is made up would mislead callbacks that follow `loss`.
    """

    critic_steps: int

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

    def make_trackers(self) -> None:
        """Makes a tracker for each number."""
        kinds = {"generator_loss": LastingMean}
        self.trackers = [kinds.get(name, _float32_mean)(name) for name in LOGGED]

    def keep_generator_loss(self, details: dict[str, Tensor]) -> None:
        """Notes the loss of a generator update, for epochs that have none."""
        if self.critic_steps > 1:
            self.trackers[LOGGED.index("generator_loss")].keep(details["generator_loss"])

    def begin_generator_loss(self, details: dict[str, Tensor]) -> None:
        """Moves the loss that the critic gives out of the details, to stand before any update."""
        value = details.pop("generator_loss")
        if self.critic_steps > 1:
            self.trackers[LOGGED.index("generator_loss")].begin(value)

    def track(self, details: dict[str, Tensor], batch: Batch) -> None:
        """Adds one batch to the means, weighted by its size or by the sum of its weights."""
        size = ops.shape(batch.real)[0] if batch.weight is None else ops.sum(batch.weight)
        for tracker in self.trackers:
            if tracker.name in details:
                value = ops.stop_gradient(details[tracker.name])
                tracker.update_state(value, sample_weight=size)


def _float32_mean(name: str) -> keras.metrics.Mean:
    return keras.metrics.Mean(name, dtype="float32")
