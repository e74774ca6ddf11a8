"""A WGAN-GP with its own `train_step`, as in examples for Keras, only for TensorFlow.

The critic gets real, generated and mixed samples in three calls, under two gradient tapes; `fit`
shows the losses of the last batch. It follows the paper (Gulrajani et al. 2017), with one critic
update a batch like the other implementations here.
"""

from typing import Any

import keras
import tensorflow as tf


class OwnTrainStep(keras.Model):
    """A WGAN-GP that holds its two optimizers itself, ready for `fit`."""

    def __init__(self, generator: keras.Model, critic: keras.Model, latent: int) -> None:
        super().__init__()
        self.generator, self.critic, self.latent = generator, critic, latent
        self.built = True
        self.compile()

    def compile(self) -> None:
        """Makes both optimizers."""
        super().compile()
        self.critic_adam = keras.optimizers.Adam(1e-4, beta_1=0.5)
        self.generator_adam = keras.optimizers.Adam(1e-4, beta_1=0.5)

    def slope_penalty(self, real: tf.Tensor, fake: tf.Tensor) -> tf.Tensor:
        """Returns the mean squared distance of the critic's slopes from one."""
        ones = [1] * (len(real.shape) - 1)
        mixing = tf.random.uniform([tf.shape(real)[0], *ones])
        points = fake + mixing * (real - fake)
        with tf.GradientTape() as tape:
            tape.watch(points)
            scores = self.critic(points, training=True)
        slopes = tf.reshape(tape.gradient(scores, points), [tf.shape(real)[0], -1])
        lengths = tf.sqrt(tf.reduce_sum(slopes**2, axis=1) + keras.config.epsilon())
        return tf.reduce_mean((lengths - 1.0) ** 2)

    def train_step(self, real: tf.Tensor) -> dict[str, Any]:
        """Updates the critic, then the generator."""
        size = tf.shape(real)[0]
        with tf.GradientTape() as tape:
            fake = self.generator(tf.random.normal([size, self.latent]), training=True)
            scores = self.critic(fake, training=True), self.critic(real, training=True)
            gap = tf.reduce_mean(scores[0]) - tf.reduce_mean(scores[1])
            critic_loss = gap + 10.0 * self.slope_penalty(real, fake)
        weights = self.critic.trainable_variables
        self.critic_adam.apply_gradients(
            zip(tape.gradient(critic_loss, weights), weights, strict=True)
        )
        with tf.GradientTape() as tape:
            fake = self.generator(tf.random.normal([size, self.latent]), training=True)
            generator_loss = -tf.reduce_mean(self.critic(fake, training=True))
        weights = self.generator.trainable_variables
        self.generator_adam.apply_gradients(
            zip(tape.gradient(generator_loss, weights), weights, strict=True)
        )
        return {"critic_loss": critic_loss, "generator_loss": generator_loss}
