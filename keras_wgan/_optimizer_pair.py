"""The generator's and the critic's optimizer as one Keras optimizer."""

from collections.abc import Sequence
from typing import TypeAlias

import keras

from keras_wgan.errors import InvalidInputError

Optimizer: TypeAlias = str | keras.optimizers.Optimizer

PAPER_ADAM = {"learning_rate": 1e-4, "beta_1": 0.0, "beta_2": 0.9}  # Gulrajani et al., Algorithm 1


class GeneratorAndCritic(keras.optimizers.MultiOptimizer):
    """A container of two optimizers, in the form that Keras' trainers and callbacks expect.

    The JAX trainer carries only `model.optimizer.variables`, while saving and the callbacks that
    use a learning rate look for `model.optimizer.optimizers`; the container has both. It applies no
    gradients itself: each update calls the optimizer of its network. Its own `iterations` counts
    batches. The optimizers are renamed, so that callbacks log `learning_rate_generator`.
    """

    def __init__(
        self, generator: keras.optimizers.Optimizer, critic: keras.optimizers.Optimizer
    ) -> None:
        super().__init__(self._optimizer_of, name="generator_and_critic")
        self.generator, self.critic = generator, critic
        generator.name, critic.name = "generator", "critic"
        self._inner_optimizers = [generator, critic]
        self._generator_variables: set[int] = set()

    def build_for(
        self,
        generator_variables: Sequence[keras.Variable],
        critic_variables: Sequence[keras.Variable],
    ) -> None:
        """Creates both optimizers' variables."""
        self._generator_variables = {id(variable) for variable in generator_variables}
        self.build([*generator_variables, *critic_variables])

    def _optimizer_of(self, variable: keras.Variable) -> keras.optimizers.Optimizer:
        return self.generator if id(variable) in self._generator_variables else self.critic


def optimizer_for(network: str, given: Optimizer | None) -> keras.optimizers.Optimizer:
    """Returns a network's optimizer: the given one, one by its name, or the paper's."""
    if given is None:
        return keras.optimizers.Adam(**PAPER_ADAM)
    optimizer = keras.optimizers.get(given)
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        inner = type(optimizer.inner_optimizer).__name__
        raise InvalidInputError(
            f"`{network}_optimizer` must not scale the loss: scaling is for float16, which does "
            "not train a gradient penalty, and other precisions need none. Pass the "
            f"{inner} inside it alone. Received: {network}_optimizer=LossScaleOptimizer"
        )
    return optimizer
