"""The generator's and the critic's optimizer as one Keras optimizer."""

from collections.abc import Sequence

import keras


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
