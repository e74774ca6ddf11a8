"""The generator's and the critic's optimizer as one Keras optimizer."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import keras

from keras_wgan.errors import InvalidInputError, InvalidTypeError

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
        _refuse_used("generator", self.generator, generator_variables)
        _refuse_used("critic", self.critic, critic_variables)
        self._generator_variables = {id(variable) for variable in generator_variables}
        self.build([*generator_variables, *critic_variables])

    def _optimizer_of(self, variable: keras.Variable) -> keras.optimizers.Optimizer:
        return self.generator if id(variable) in self._generator_variables else self.critic


def with_two_optimizers(method: Callable[..., None]) -> Callable[..., None]:
    """Returns `compile` with an error that knows what other Keras models take."""

    @functools.wraps(method)
    def checked(model: keras.Model, *arguments: Any, **named: Any) -> None:
        foreign = [each for each in ("optimizer", "loss", "metrics") if each in named]
        if foreign:
            raise InvalidTypeError(
                f"`compile` takes no `{foreign[0]}`: the losses are those of the algorithm, and "
                "each network has an optimizer of its own, `compile(generator_optimizer=..., "
                f"critic_optimizer=...)`. Received: {foreign[0]}={named[foreign[0]]!r}"
            )
        method(model, *arguments, **named)

    return checked


def two_optimizers(generator: Optimizer | None, critic: Optimizer | None) -> GeneratorAndCritic:
    """Returns the optimizers of both networks; raises ValueError if they are one object."""
    both = [optimizer_for("generator", generator), optimizer_for("critic", critic)]
    if both[0] is both[1]:
        raise InvalidInputError(
            "`generator_optimizer` and `critic_optimizer` must be two objects, because each "
            f"keeps the state of its own network. Received the same one twice: {both[0]}"
        )
    return GeneratorAndCritic(*both)


def optimizer_for(network: str, given: Optimizer | None) -> keras.optimizers.Optimizer:
    """Returns a network's optimizer: the given one, one by its name, or the paper's."""
    if given is None:
        return keras.optimizers.Adam(**PAPER_ADAM)
    if not isinstance(given, str | dict | keras.optimizers.Optimizer):
        raise InvalidTypeError(
            f"`{network}_optimizer` must be a Keras optimizer such as `keras.optimizers.Adam(1e-4, "
            f"beta_1=0.0, beta_2=0.9)`, or its name. Received: {network}_optimizer={given!r}"
        )
    try:
        optimizer = keras.optimizers.get(given)
    except ValueError as error:
        raise InvalidInputError(
            f"`{network}_optimizer` must be an optimizer that Keras knows: {error}"
        ) from error
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        inner = type(optimizer.inner_optimizer).__name__
        raise InvalidInputError(
            f"`{network}_optimizer` must not scale the loss: scaling is for float16, which does "
            "not train a gradient penalty, and other precisions need none. Pass the "
            f"{inner} inside it alone. Received: {network}_optimizer=LossScaleOptimizer"
        )
    return optimizer


def _refuse_used(
    network: str, optimizer: keras.optimizers.Optimizer, variables: Sequence[keras.Variable]
) -> None:
    """Raises ValueError if an optimizer has the state of other variables than these."""
    known = {id(variable) for variable in optimizer._trainable_variables}
    if optimizer.built and any(id(variable) not in known for variable in variables):
        raise InvalidInputError(
            f"`{network}_optimizer` must be a new object: this one keeps the state of other "
            "weights, those of another model or those before layers were unfrozen. Received: "
            f"{network}_optimizer={type(optimizer).__name__} that was used before"
        )
