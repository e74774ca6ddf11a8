"""The classic training step in a plain TensorFlow loop."""

from collections.abc import Callable

import keras
import tensorflow as tf


def plain_step(
    generator: keras.Model, critic: keras.Model, batch: int, latent: int
) -> Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor]]:
    """Returns the classic training step in a tf.function."""
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
