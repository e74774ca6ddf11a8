"""Gradients and training steps on PyTorch, with `torch.autograd.grad`."""

import contextlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

import keras
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from keras_wgan._batch import check_weights
from keras_wgan._tensor import Tensor
from keras_wgan.backends._second_derivatives import twice_differentiable


class AdversarialTrainer(keras.Model):
    """The PyTorch part of `WGANGP`; see `keras_wgan.backends`."""

    export_packages: ClassVar[dict[str, str]] = {"onnx": "onnx"}
    runs_compiled = False  # one batch at a time, each operation at once

    def loss_and_gradients(
        self, loss_function: Callable[[], tuple[Tensor, Any]], variables: Sequence[keras.Variable]
    ) -> tuple[Tensor, Any, list[Tensor]]:
        """Returns the loss, its details and its gradients."""
        tensors = [variable.value for variable in variables]
        with torch.enable_grad():
            loss, details = loss_function()
            gradients = _gradients(loss, tensors)
        return loss.detach(), details, gradients

    def input_gradient(self, function: Callable[[Tensor], Tensor], inputs: Tensor) -> Tensor:
        """Returns the gradient of the function with respect to its inputs."""
        with torch.enable_grad():
            if not inputs.requires_grad:
                inputs = inputs.detach().requires_grad_()
            # PyTorch chooses a fused kernel for attention by itself, and only one is plain.
            with twice_differentiable(), sdpa_kernel(SDPBackend.MATH):
                outputs = function(inputs)
            return _gradients(outputs.sum(), [inputs], differentiable=True)[0]

    def conditional_update(self, condition: Tensor, update: Callable[[], None]) -> None:
        """Runs the update if the condition holds."""
        if bool(condition):
            update()

    @property
    def device_count(self) -> int:
        """The number of devices that share a batch; Keras uses one on PyTorch."""
        return 1

    def shard_rows(self, count: Tensor, draw: Callable[[Tensor], Tensor]) -> Tensor:
        """Draws for the batch, which one device holds as a whole."""
        return draw(count)

    def train_step(self, data: Any) -> dict[str, Tensor]:
        """Runs one step of `fit`, as Keras' PyTorch trainer calls it."""
        # Only the two gradient methods need a graph, and they enable it themselves.
        with torch.no_grad(), _explained(self, data):
            return self.adversarial_step(data)

    def test_step(self, data: Any) -> dict[str, Tensor]:
        """Runs one step of `evaluate`, as Keras' PyTorch trainer calls it."""
        with _explained(self, data):
            return self.held_out_step(data)


@contextlib.contextmanager
def _explained(model: keras.Model, data: Any) -> Iterator[None]:
    """Checks the weights of a batch, and its labels where a step could not look them up."""
    check_weights(data)
    try:
        yield
    except IndexError:
        model.check_batch(data)
        raise


def _gradients(output: Tensor, inputs: list[Tensor], differentiable: bool = False) -> list[Tensor]:
    """Returns the gradients of a scalar, zero for an input that it does not depend on."""
    if not inputs:  # of a network that is frozen as a whole
        return []
    if not output.requires_grad:
        return [torch.zeros_like(value) for value in inputs]
    found = torch.autograd.grad(output, inputs, create_graph=differentiable, allow_unused=True)
    return [torch.zeros_like(x) if g is None else g for x, g in zip(inputs, found, strict=True)]


@contextlib.contextmanager
def exporting(format: str) -> Iterator[None]:
    """Is silent about the sizes that an export turns into constants: they never change."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", torch.jit.TracerWarning)
        yield


def compile_predictions(model: keras.Model) -> None:
    """Does nothing: PyTorch's compiler takes minutes, and needs a compiler of C++."""
    del model


def bfloat16_is_quick() -> bool:
    """Returns whether there is a GPU that computes in bfloat16."""
    return torch.cuda.is_available() and torch.cuda.is_bf16_supported()
