"""How are gradients taken on JAX? On pure functions, made by handing every variable in and out.

JAX differentiates functions whose whole state goes in as arguments and comes out as results, while
a Keras layer reads and assigns its variables. `keras.StatelessScope` joins the two: inside it a
variable reads the value that it was handed, and an assignment is noted instead of made.

1. Keras' trainer hands the state of all variables to `train_step`, which opens the outer scope.
2. A scope inside it inherits nothing, so each question hands every variable over once more, with
   the value that it has in the outer scope.
3. Whatever was assigned inside (BatchNorm's averages, Dropout's seeds) comes out as an auxiliary
   result and is assigned in the outer scope, from which `train_step` returns it to the trainer.
"""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import keras

from keras_wgan._tensor import Tensor
from keras_wgan.backends.jax.convolutions import convolutions_as_products
from keras_wgan.backends.jax.devices import batch_devices

State = tuple[list[Tensor], ...]


class AdversarialTrainer(keras.Model):
    """The JAX half of `WGANGP`; see `keras_wgan.backends` for what is promised."""

    def loss_and_gradients(
        self, loss_function: Callable[[], tuple[Tensor, Any]], variables: Sequence[keras.Variable]
    ) -> tuple[Tensor, Any, list[Tensor]]:
        """Answers question 1."""
        state = self.variables

        def pure(values: list[Tensor]) -> tuple[Tensor, Any]:
            handed = [*_current(state), *zip(variables, values, strict=True)]
            (loss, details), after = _run_stateless(loss_function, handed, state)
            return loss, (details, after)

        here = [variable.value for variable in variables]
        with convolutions_as_products():
            (loss, (details, after)), gradients = jax.value_and_grad(pure, has_aux=True)(here)
        # The variables themselves are only read, and come out as they went in.
        _assign(state, after)
        return loss, details, gradients

    def input_gradient(self, function: Callable[[Tensor], Tensor], inputs: Tensor) -> Tensor:
        """Answers question 2."""
        state = self.variables

        def pure(inputs: Tensor) -> tuple[Tensor, list[Tensor]]:
            outputs, after = _run_stateless(lambda: function(inputs), _current(state), state)
            return outputs.sum(), after

        with convolutions_as_products():
            gradient, after = jax.grad(pure, has_aux=True)(inputs)
        _assign(state, after)
        return gradient

    def conditional_update(self, condition: Tensor, update: Callable[[], None]) -> None:
        """Runs the update where the condition holds, as a branch of the compiled step."""
        state = [*self.variables, *self.optimizer.variables, *self.metrics_variables]

        def run(values: list[Tensor]) -> list[Tensor]:
            _, after = _run_stateless(update, zip(state, values, strict=True), state)
            return after

        before = [variable.value for variable in state]
        _assign(state, jax.lax.cond(condition, run, lambda values: values, before))

    @property
    def device_count(self) -> int:
        """How many devices share a batch."""
        return batch_devices()

    def shard_rows(self, count: Tensor, draw: Callable[[Tensor], Tensor]) -> Tensor:
        """Returns what `draw` gives for the batch, which a step here always sees as a whole."""
        return draw(count)

    def train_step(self, state: State, data: Any) -> tuple[dict[str, Tensor], State]:
        """Runs one step of `fit`, as Keras' JAX trainer calls it."""
        groups = (
            self.trainable_variables,
            self.non_trainable_variables,
            self.optimizer.variables,
            self.metrics_variables,
        )
        return _run_grouped(lambda: self.adversarial_step(data), groups, state)

    def test_step(self, state: State, data: Any) -> tuple[dict[str, Tensor], State]:
        """Runs one step of `evaluate`, as Keras' JAX trainer calls it."""
        groups = (self.trainable_variables, self.non_trainable_variables, self.metrics_variables)
        return _run_grouped(lambda: self.held_out_step(data), groups, state)


def _run_grouped(
    function: Callable[[], Any], groups: Sequence[list[keras.Variable]], state: State
) -> tuple[Any, State]:
    """Runs a step on the trainer's grouped state; returns its logs and the new grouped state."""
    variables = [variable for group in groups for variable in group]
    values = [value for group in state for value in group]
    logs, after = _run_stateless(function, zip(variables, values, strict=True), variables)
    remaining = iter(after)
    return logs, tuple([next(remaining) for _ in group] for group in groups)


def _run_stateless(
    function: Callable[[], Any], handed: Any, wanted: Sequence[keras.Variable]
) -> tuple[Any, list[Tensor]]:
    """Runs a function on handed values; returns its result and the wanted variables' values."""
    with keras.StatelessScope(state_mapping=list(handed)) as scope:
        result = function()
    return result, [scope.get_current_value(variable) for variable in wanted]


def _current(variables: Sequence[keras.Variable]) -> list[tuple[keras.Variable, Tensor]]:
    return [(variable, variable.value) for variable in variables]


def _assign(variables: Sequence[keras.Variable], values: Sequence[Tensor]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def bfloat16_is_quick() -> bool:
    """Says whether there is an accelerator; on a processor XLA works in float32 all the same."""
    return jax.default_backend() != "cpu"
