"""The classic networks and training step in plain PyTorch, eager and compiled.

The layers and sizes are those of Keras, in PyTorch's order of axes. Keras pads one side of an even
image and PyTorch both, which leaves shapes and work the same; the number of parameters is checked.
"""

from collections.abc import Callable

import torch
from torch import nn

from benchmarks.timing import Round, timed

LATENT = 100
SLOPE = 0.3  # of Keras' LeakyReLU
SHAPES = {"images": (1, 28, 28), "returns": (1, 60)}


def contender(
    kind: str, batch: int, steps: int, compiled: str, compiler: str, parameters: list[int]
) -> Round:
    """Returns a round of training.

    Args:
        kind: Which networks, `"images"` or `"returns"`.
        batch: Samples a step.
        steps: Steps a round.
        compiled: `""` for eager; `"step"`, where the critic's and the generator's losses with
            their gradients are compiled; `"networks"`, where the networks are, but for the call
            that is differentiated twice.
        compiler: A backend of `torch.compile`.
        parameters: How many the generator and the critic have in Keras.

    Raises:
        ValueError: If the networks are not the same as in Keras.
    """
    generator, critic = image_networks() if kind == "images" else return_networks()
    here = [sum(weight.numel() for weight in each.parameters()) for each in (generator, critic)]
    if here != parameters:
        raise ValueError(f"The networks differ: {here} parameters here, {parameters} in Keras.")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    real = torch.rand(batch, *SHAPES[kind], device=device) * 2 - 1
    step = training_step(generator.to(device), critic.to(device), compiled, compiler)

    def work() -> None:
        for _ in range(steps):
            step(real)
        if device == "cuda":
            torch.cuda.synchronize()

    return timed(work, steps)


def image_networks() -> tuple[nn.Module, nn.Module]:
    """Returns the classic generator and critic of digits."""
    generator = nn.Sequential(
        nn.Linear(LATENT, 7 * 7 * 256),
        nn.BatchNorm1d(7 * 7 * 256),
        nn.LeakyReLU(SLOPE),
        nn.Unflatten(1, (256, 7, 7)),
        nn.ConvTranspose2d(256, 128, 3, stride=2, padding=1, output_padding=1),
        nn.BatchNorm2d(128),
        nn.LeakyReLU(SLOPE),
        nn.ConvTranspose2d(128, 1, 3, stride=2, padding=1, output_padding=1),
        nn.Tanh(),
    )
    critic = nn.Sequential(
        nn.Conv2d(1, 64, 3, stride=2, padding=1),
        nn.BatchNorm2d(64),
        nn.LeakyReLU(SLOPE),
        nn.Conv2d(64, 128, 3, stride=2, padding=1),
        nn.BatchNorm2d(128),
        nn.LeakyReLU(SLOPE),
        nn.Flatten(),
        nn.Linear(7 * 7 * 128, 256),
        nn.ReLU(),
        nn.Dropout(0.2),
        nn.Linear(256, 1),
    )
    return generator, critic


def return_networks() -> tuple[nn.Module, nn.Module]:
    """Returns the classic generator and critic of returns."""
    generator = nn.Sequential(
        nn.Linear(LATENT, 15 * 100),
        nn.LeakyReLU(SLOPE),
        nn.Unflatten(1, (100, 15)),
        nn.ConvTranspose1d(100, 256, 3, stride=2, padding=1, output_padding=1),
        nn.LeakyReLU(SLOPE),
        nn.ConvTranspose1d(256, 1, 3, stride=2, padding=1, output_padding=1),
        nn.Tanh(),
    )
    critic = nn.Sequential(
        nn.Conv1d(1, 128, 3, stride=2, padding=1),
        nn.LeakyReLU(SLOPE),
        nn.Conv1d(128, 256, 3, stride=2, padding=1),
        nn.LeakyReLU(SLOPE),
        nn.Flatten(),
        nn.Linear(15 * 256, 256),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Linear(256, 1),
    )
    return generator, critic


def training_step(
    generator: nn.Module, critic: nn.Module, compiled: str, compiler: str
) -> Callable[[torch.Tensor], None]:
    """Returns the step: one update of the critic, one of the generator."""
    generator_adam = torch.optim.Adam(generator.parameters(), 1e-4, betas=(0.5, 0.999))
    critic_adam = torch.optim.Adam(critic.parameters(), 1e-4, betas=(0.5, 0.999))
    make, judge = generator, critic
    if compiled == "networks":
        make = torch.compile(generator, backend=compiler)
        judge = torch.compile(critic, backend=compiler)

    def critic_gradients(real: torch.Tensor) -> tuple[torch.Tensor, ...]:
        with torch.no_grad():
            fake = make(torch.randn(len(real), LATENT, device=real.device))
        mixing = torch.rand(len(real), *[1] * (real.ndim - 1), device=real.device)
        points = (mixing * real + (1 - mixing) * fake).requires_grad_()
        (slopes,) = torch.autograd.grad(critic(points).sum(), points, create_graph=True)
        lengths = slopes.flatten(1).norm(dim=1)
        loss = judge(fake).mean() - judge(real).mean() + 10.0 * ((lengths - 1.0) ** 2).mean()
        return torch.autograd.grad(loss, list(critic.parameters()))

    def generator_gradients(real: torch.Tensor) -> tuple[torch.Tensor, ...]:
        loss = -judge(make(torch.randn(len(real), LATENT, device=real.device))).mean()
        return torch.autograd.grad(loss, list(generator.parameters()))

    if compiled == "step":
        critic_gradients = torch.compile(critic_gradients, backend=compiler)
        generator_gradients = torch.compile(generator_gradients, backend=compiler)

    def step(real: torch.Tensor) -> None:
        update(critic, critic_adam, critic_gradients(real))
        update(generator, generator_adam, generator_gradients(real))

    return step


def update(
    network: nn.Module, adam: torch.optim.Optimizer, gradients: tuple[torch.Tensor, ...]
) -> None:
    """Moves a network one step against its gradients."""
    for weight, gradient in zip(network.parameters(), gradients, strict=True):
        weight.grad = gradient
    adam.step()
