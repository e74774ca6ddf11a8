"""How do two optimizers live in one Keras model? In a container that trainer and callbacks know."""

from collections.abc import Sequence

import keras


class GeneratorAndCritic(keras.optimizers.MultiOptimizer):
    """The generator's and the critic's optimizer, side by side.

    The JAX trainer carries only `model.optimizer.variables`; saving, and the callbacks that read or
    set a learning rate, look for `model.optimizer.optimizers`. This container answers both. It
    applies no gradients itself: the two networks take turns, and each step calls the optimizer
    whose turn it is. Its own `iterations` counts batches.

    Args:
        generator: The generator's optimizer; renamed `generator`, so that callbacks log
            `learning_rate_generator`.
        critic: The critic's optimizer; renamed `critic`.
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
