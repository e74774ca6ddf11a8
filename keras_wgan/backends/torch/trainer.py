"""How are gradients taken on PyTorch? With `torch.autograd.grad`, and only where it is asked."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import torch

from keras_wgan._tensor import Tensor


class AdversarialTrainer(keras.Model):
    """The PyTorch half of `WGANGP`; see `keras_wgan.backends` for what is promised."""

    def loss_and_gradients(
        self, loss_function: Callable[[], tuple[Tensor, Any]], variables: Sequence[keras.Variable]
    ) -> tuple[Tensor, Any, list[Tensor]]:
        """Answers question 1."""
        tensors = [variable.value for variable in variables]
        with torch.enable_grad():
            loss, details = loss_function()
            gradients = _gradients(loss, tensors)
        return loss.detach(), details, gradients

    def input_gradient(self, function: Callable[[Tensor], Tensor], inputs: Tensor) -> Tensor:
        """Answers question 2."""
        with torch.enable_grad():
            if not inputs.requires_grad:
                inputs = inputs.detach().requires_grad_()
            return _gradients(function(inputs).sum(), [inputs], differentiable=True)[0]

    def conditional_update(self, condition: Tensor, update: Callable[[], None]) -> None:
        """Runs the update where the condition holds."""
        if bool(condition):
            update()

    @property
    def device_count(self) -> int:
        """How many devices share a batch: Keras knows one on PyTorch."""
        return 1

    def shard_rows(self, count: Tensor, draw: Callable[[Tensor], Tensor]) -> Tensor:
        """Returns what `draw` gives for the batch, which a step here always sees as a whole."""
        return draw(count)

    def train_step(self, data: Any) -> dict[str, Tensor]:
        """Runs one step of `fit`, as Keras' PyTorch trainer calls it."""
        # Nothing outside the two questions needs a graph: not the samples shown to the critic, the
        # optimizers' updates, or the metrics.
        with torch.no_grad():
            return self.adversarial_step(data)

    def test_step(self, data: Any) -> dict[str, Tensor]:
        """Runs one step of `evaluate`, as Keras' PyTorch trainer calls it."""
        return self.held_out_step(data)


def _gradients(output: Tensor, inputs: list[Tensor], differentiable: bool = False) -> list[Tensor]:
    """Returns the gradients of a scalar, zero for an input that it does not depend on."""
    if not output.requires_grad:
        return [torch.zeros_like(value) for value in inputs]
    found = torch.autograd.grad(output, inputs, create_graph=differentiable, allow_unused=True)
    return [torch.zeros_like(x) if g is None else g for x, g in zip(inputs, found, strict=True)]


def bfloat16_is_quick() -> bool:
    """Says whether there is a GPU that computes in bfloat16."""
    return torch.cuda.is_available() and torch.cuda.is_bf16_supported()
