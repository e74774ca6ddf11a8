"""How long is a step of `fit()`, against a plain loop written as the source deck prints it?

    python -m benchmarks.step_time                  # both experiments
    python -m benchmarks.step_time returns --steps 20

Both train the same networks on the same made data (the time does not depend on what is in it), in
one process, in turn: a round of one, a round of the other. What is printed is the median over the
rounds, the median of the ratios round by round, and the ratio of the two fastest rounds, which a
machine that changes speed disturbs least. TensorFlow only, like the deck.
"""

import argparse
import os
import statistics
import time
import warnings
from collections.abc import Callable

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf

from keras_wgan import recipes

RECIPES = {"images": "mnist-classic", "returns": "sp500-classic"}


def main() -> None:
    """Measures what the command line names, and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("which", nargs="*", help="images, returns; without a name both")
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--steps", type=int, default=3, help="steps a round")
    parser.add_argument("--rounds", type=int, default=12)
    asked = parser.parse_args()
    print(
        f"keras {keras.__version__}, tensorflow {tf.__version__}, {os.cpu_count()} cores, "
        f"float32, batch {asked.batch_size}, {asked.rounds} rounds of {asked.steps} steps"
    )
    print(
        f"{'networks':10} {'fit() ms/step':>14} {'plain loop':>11} {'fit / plain':>12} "
        f"{'fastest':>8}  (range)"
    )
    for which in asked.which or list(RECIPES):
        ours, plain = compare(RECIPES[which], asked.batch_size, asked.steps, asked.rounds)
        ratios = [a / b for a, b in zip(ours, plain, strict=True)]
        print(
            f"{which:10} {1e3 * statistics.median(ours):14.1f} "
            f"{1e3 * statistics.median(plain):11.1f} {statistics.median(ratios):12.3f} "
            f"{min(ours) / min(plain):8.3f}  "
            f"({min(ratios):.3f} to {max(ratios):.3f})",
            flush=True,
        )


def compare(name: str, batch: int, steps: int, rounds: int) -> tuple[list[float], list[float]]:
    """Returns the seconds a step of `fit()` and of the plain loop, a number a round."""
    recipe = recipes.get(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # the deck's critic has BatchNorm, as we know
        model = recipe.build(seed=1)
    shape = model.generator.output_shape[1:]
    real = np.random.default_rng(1).uniform(-1, 1, (batch * steps, *shape)).astype("float32")
    data = tf.data.Dataset.from_tensor_slices(real).batch(batch).cache().prefetch(2)
    generator, critic = recipe.networks(recipe.settings.latent_size)
    step = plain_step(generator, critic, batch, recipe.settings.latent_size)

    def ours() -> None:
        model.fit(data, verbose=0)

    def plain() -> None:
        for images in data:
            losses = step(images)
        float(losses[0])

    measured: tuple[list[float], list[float]] = ([], [])
    ours(), plain()  # tracing
    for _ in range(rounds):
        for run, seconds in zip((ours, plain), measured, strict=True):
            start = time.perf_counter()
            run()
            seconds.append((time.perf_counter() - start) / steps)
    return measured


def plain_step(
    generator: keras.Model, critic: keras.Model, batch: int, latent: int
) -> Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor]]:
    """Returns the training step as the deck prints it (section 4, Training), in a tf.function."""
    generator_adam, critic_adam = (keras.optimizers.Adam(1e-4, beta_1=0.5) for _ in range(2))
    generator_adam.build(generator.trainable_variables)
    critic_adam.build(critic.trainable_variables)

    @tf.function
    def step(real: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        axes = list(range(1, len(real.shape)))
        noise = tf.random.normal((batch, latent))
        with tf.GradientTape() as critic_tape:
            fake = generator(noise, training=True)
            gap = tf.reduce_mean(critic(fake, training=True)) - tf.reduce_mean(
                critic(real, training=True)
            )
            alpha = tf.random.uniform([batch] + [1] * len(axes))
            mixed = alpha * real + (1 - alpha) * fake
            with tf.GradientTape() as penalty_tape:
                penalty_tape.watch(mixed)
                score = critic(mixed, training=True)
            slope = penalty_tape.gradient(score, mixed)
            norm = tf.sqrt(tf.reduce_sum(tf.square(slope), axis=axes))
            critic_loss = gap + 10.0 * tf.reduce_mean((norm - 1.0) ** 2)
        gradients = critic_tape.gradient(critic_loss, critic.trainable_variables)
        critic_adam.apply_gradients(zip(gradients, critic.trainable_variables, strict=True))
        with tf.GradientTape() as generator_tape:
            fake = generator(tf.random.normal((batch, latent)), training=True)
            generator_loss = -tf.reduce_mean(critic(fake, training=True))
        gradients = generator_tape.gradient(generator_loss, generator.trainable_variables)
        generator_adam.apply_gradients(zip(gradients, generator.trainable_variables, strict=True))
        return critic_loss, generator_loss

    return step


if __name__ == "__main__":
    main()
