"""The comparison of choices of the digit recipe after the same processor time.

    export TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1 OMP_NUM_THREADS=1
    python -m benchmarks.digits_choices --data mnist.npz --seconds 150 --out runs/choices

The recipe `mnist`, and variants that differ from it in one choice, each train on one core for the
given seconds of processor time, which do not depend on other work on the machine; the learning
rates fall over this time. Training uses 50,000 of the training images, and the Frechet distance
compares 10,000 generated images with the other 10,000: the test images stay unseen. A variant that
is in the table already is not trained again.
"""

import argparse
import json
import math
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import pandas as pd
from keras import layers

from keras_wgan._sampling import draw_batches
from keras_wgan.data import ImageData, Source
from keras_wgan.experiments import recipes
from keras_wgan.experiments.recipes import Recipe
from keras_wgan.experiments.settings import Settings
from keras_wgan.extractors import FrechetReference, MnistClassifier
from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import strict_json
from keras_wgan.networks import image_critic, image_generator
from keras_wgan.networks.images import pixels_to_channels

JUDGED = 10_000  # images on each side
SETTLING = 3  # first steps, which compile and are not counted


def strided_critic(
    latent_size: int, shape: tuple[int, int, int] = (28, 28, 1), *, width: int = 32
) -> tuple[keras.Model, keras.Model]:
    """Returns the recipe's generator, and a critic of two strided convolutions, as in a DCGAN."""
    x = images = keras.Input(shape)
    for channels in (width, 2 * width):
        x = layers.LeakyReLU(0.2)(layers.Conv2D(channels, 5, strides=2, padding="same")(x))
    scores = layers.Dense(1, dtype="float32")(layers.Flatten()(x))
    return image_generator(latent_size, shape), keras.Model(images, scores)


def strided_both(
    latent_size: int, shape: tuple[int, int, int] = (28, 28, 1), *, width: int = 32
) -> tuple[keras.Model, keras.Model]:
    """Returns that critic, and a generator of two transposed convolutions and no others."""
    latents = keras.Input((latent_size,))
    x = layers.Dense(7 * 7 * 2 * width, use_bias=False)(latents)
    x = layers.Reshape((7, 7, 2 * width))(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Conv2DTranspose(width, 4, strides=2, padding="same", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Conv2DTranspose(1, 4, strides=2, padding="same")(x)
    images = layers.Activation("tanh", dtype="float32")(x)
    _, critic = strided_critic(latent_size, shape, width=width)
    return keras.Model(latents, images), critic


def plain_critic(
    latent_size: int, shape: tuple[int, int, int] = (28, 28, 1), *, width: int = 32
) -> tuple[keras.Model, keras.Model]:
    """Returns the recipe's networks, but no residuals in the critic."""
    images = keras.Input(shape)
    x = layers.Conv2D(width, 3, padding="same")(pixels_to_channels(images))
    x = pixels_to_channels(layers.LeakyReLU(0.2)(x))
    for kernel in (1, 3, 3):
        x = layers.LeakyReLU(0.2)(layers.Conv2D(2 * width, kernel, padding="same")(x))
    scores = layers.Dense(1, dtype="float32")(layers.Flatten()(x))
    return image_generator(latent_size, shape), keras.Model(images, scores)


def wide(
    latent_size: int, shape: tuple[int, int, int] = (28, 28, 1)
) -> tuple[keras.Model, keras.Model]:
    """Returns the recipe's networks, half as wide again."""
    return image_generator(latent_size, shape, width=48), image_critic(shape, width=48)


VARIANTS: dict[str, dict[str, Any]] = {
    "the recipe": {},
    "learning rate 1e-3": {"learning_rate": 1e-3},
    "learning rate 2e-3": {"learning_rate": 2e-3},
    "learning rate 8e-3": {"learning_rate": 8e-3},
    "beta_1 0.5": {"beta_1": 0.5},
    "beta_2 0.99": {"beta_2": 0.99},
    "penalty weight 3": {"gp_weight": 3.0},
    "batches of 64": {"batch_size": 64},
    "batches of 256": {"batch_size": 256},
    "two critic steps": {"critic_steps": 2},
    "strided critic": {"networks": strided_critic},
    "strided critic and generator": {"networks": strided_both},
    "critic without residuals": {"networks": plain_critic},
    "width 48": {"networks": wide},
}


def main() -> None:
    """Trains the variants that are missing, and writes the table after each."""
    asked = _arguments()
    data = recipes.get("mnist").task.load(Source(asked.data))
    judge = FrechetReference(data.samples[-JUDGED:], MnistClassifier(), split="held back")
    seen = replace(data, samples=data.samples[:-JUDGED], labels=data.labels[:-JUDGED])
    path = asked.out / f"choices-{asked.seconds:g}-seconds-{asked.seed}.json"
    rows: list[dict[str, Any]] = json.loads(path.read_text()) if path.exists() else []
    for name in asked.variants or VARIANTS:
        if name in [row["variant"] for row in rows]:
            continue
        row = trained(variant(VARIANTS[name]), seen, judge, asked.seconds, asked.seed)
        rows.append({"variant": name, **row})
        write_atomically(path, strict_json(rows))
        print(pd.DataFrame(rows).to_string(index=False), flush=True)
    print(f"\nThe table is in {path}\nNext: python -m benchmarks.digits_table --data {asked.data}")


def variant(changes: dict[str, Any]) -> Recipe:
    """Returns the recipe `mnist` with other settings, or other networks where `networks` is set."""
    changes = dict(changes)
    networks = changes.pop("networks", None)
    recipe = recipes.get("mnist").with_settings(changes)
    return recipe if networks is None else replace(recipe, networks=networks)


def trained(
    recipe: Recipe, data: ImageData, judge: FrechetReference, seconds: float, seed: int
) -> dict[str, Any]:
    """Returns the distance that a recipe reaches in the given seconds of processor time."""
    steady = recipe.with_settings({"final_rate": 1.0, "full_rate_epochs": None})
    model, clock = steady.build_for(data, seed), ProcessorTime(recipe.settings, seconds)
    batches = recipe.batches(data, seed)
    model.fit(batches, shuffle=False, epochs=10**6, callbacks=[clock], verbose=0)
    return {
        "steps": clock.steps,
        "milliseconds": 1000 * clock.spent / clock.steps,
        "distance": judge.distance(draw_batches(model, JUDGED, seed)),
    }


class ProcessorTime(keras.callbacks.Callback):
    """Lowers the learning rates over a span of processor time, and stops training at its end.

    `clock` may be another one than that of the processor.
    """

    def __init__(
        self, settings: Settings, seconds: float, clock: Callable[[], float] = time.process_time
    ) -> None:
        super().__init__()
        self.settings, self.seconds, self.clock = settings, seconds, clock
        self.steps, self.spent, self.start = -SETTLING, 0.0, 0.0

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Counts the step and its time."""
        self.steps += 1
        if self.steps <= 0:
            self.start = self.clock()
            return
        self.spent = self.clock() - self.start
        done = min(self.spent / self.seconds, 1.0)
        final = self.settings.final_rate
        share = final + (1 - final) * (1 + math.cos(math.pi * done)) / 2
        self.model.optimizer.generator.learning_rate = share * self.settings.learning_rate
        self.model.optimizer.critic.learning_rate = share * self.settings.critic_rate
        self.model.stop_training = done >= 1.0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("variants", nargs="*", help="names; without one all")
    parser.add_argument("--data", default="mnist", help="MNIST in Keras' format")
    parser.add_argument("--seconds", type=float, default=150.0, help="of processor time")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
