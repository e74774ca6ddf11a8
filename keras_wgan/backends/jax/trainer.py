"""Gradients and training steps on JAX, as pure functions of all variables.

JAX differentiates functions whose whole state is passed in and returned, while a Keras layer reads
and assigns variables. `keras.StatelessScope` connects the two: inside it, a variable has the value
that was passed in, and an assignment is recorded instead of made.

1. Keras' trainer passes the state of all variables to `train_step`, which opens the outer scope.
2. An inner scope inherits nothing, so that each gradient method passes every variable in again,
   with its value in the outer scope.
3. Values assigned inside (the averages of BatchNormalization, the seeds of Dropout) are returned as
   an auxiliary result and assigned in the outer scope; `train_step` returns them to the trainer.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

import jax
import keras

from keras_wgan._tensor import Tensor
from keras_wgan.backends._second_derivatives import twice_differentiable
from keras_wgan.backends.jax.convolutions import convolutions_as_products
from keras_wgan.backends.jax.devices import batch_devices

State = tuple[list[Tensor], ...]


class AdversarialTrainer(keras.Model):
    """The JAX part of `WGANGP`; see `keras_wgan.backends`."""

    train_function: Any
    test_function: Any

    runs_compiled = True
    export_packages: ClassVar[dict[str, str]] = {
        "onnx": "jax2onnx",
        "tf_saved_model": "tensorflow",
    }

    def loss_and_gradients(
        self, loss_function: Callable[[], tuple[Tensor, Any]], variables: Sequence[keras.Variable]
    ) -> tuple[Tensor, Any, list[Tensor]]:
        """Returns the loss, its details and its gradients."""
        state = self.variables

        def pure(values: list[Tensor]) -> tuple[Tensor, Any]:
            handed = [*_current(state), *zip(variables, values, strict=True)]
            (loss, details), after = _run_stateless(loss_function, handed, state)
            return loss, (details, after)

        here = [variable.value for variable in variables]
        with convolutions_as_products():
            (loss, (details, after)), gradients = jax.value_and_grad(pure, has_aux=True)(here)
        # The variables of the gradient are only read, and keep their values.
        _assign(state, after)
        return loss, details, gradients

    def input_gradient(self, function: Callable[[Tensor], Tensor], inputs: Tensor) -> Tensor:
        """Returns the gradient of the function with respect to its inputs."""
        state = self.variables

        def pure(inputs: Tensor) -> tuple[Tensor, list[Tensor]]:
            outputs, after = _run_stateless(lambda: function(inputs), _current(state), state)
            return outputs.sum(), after

        with convolutions_as_products(), twice_differentiable():
            gradient, after = jax.grad(pure, has_aux=True)(inputs)
        _assign(state, after)
        return gradient

    def conditional_update(self, condition: Tensor, update: Callable[[], None]) -> None:
        """Runs the update if the condition holds, as a branch of the compiled step."""
        state = [*self.variables, *self.optimizer.variables, *self.metrics_variables]

        def run(values: list[Tensor]) -> list[Tensor]:
            _, after = _run_stateless(update, zip(state, values, strict=True), state)
            return after

        before = [variable.value for variable in state]
        _assign(state, jax.lax.cond(condition, run, lambda values: values, before))

    @property
    def device_count(self) -> int:
        """The number of devices that share a batch."""
        return batch_devices()

    def shard_rows(self, count: Tensor, draw: Callable[[Tensor], Tensor]) -> Tensor:
        """Draws for the batch, which XLA itself splits over devices."""
        return draw(count)

    def make_train_function(self, force: bool = False) -> None:
        """Compiles the step; JAX itself reads rows that are not there as NaN, without an error."""
        if self.train_function is not None and not force:
            return
        super().make_train_function(force=True)
        step = self.train_function
        self.train_function = lambda state, data: step(state, map(self.check_batch, data))

    def make_test_function(self, force: bool = False) -> None:
        """Compiles the held-out step, with the same check of each batch."""
        if self.test_function is not None and not force:
            return
        super().make_test_function(force=True)
        step = self.test_function
        self.test_function = lambda state, data: step(state, map(self.check_batch, data))

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
    """Runs a function on the given values; returns its result and the new values of `wanted`."""
    with keras.StatelessScope(state_mapping=list(handed), collect_losses=True) as scope:
        result = function()
    return result, [scope.get_current_value(variable) for variable in wanted]


def _current(variables: Sequence[keras.Variable]) -> list[tuple[keras.Variable, Tensor]]:
    return [(variable, variable.value) for variable in variables]


def _assign(variables: Sequence[keras.Variable], values: Sequence[Tensor]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


@contextlib.contextmanager
def exporting(format: str) -> Iterator[None]:
    """Does nothing: an export needs nothing here."""
    yield


def compile_predictions(model: keras.Model) -> None:
    """Does nothing: Keras compiles predictions on JAX."""
    del model


def bfloat16_is_quick() -> bool:
    """Returns whether there is an accelerator; on processors XLA computes in float32 anyway."""
    return jax.default_backend() != "cpu"
