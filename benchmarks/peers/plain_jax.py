"""The classic training step in a plain JAX loop, on the networks of Keras."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import keras

State = list[Any]


def plain_step(
    generator: keras.Model, critic: keras.Model, batch: int, latent: int
) -> Callable[[jax.Array], jax.Array]:
    """Returns the classic training step in a `jax.jit`, which keeps all of its state."""
    networks = (generator, critic)
    adams = [keras.optimizers.Adam(1e-4, beta_1=0.5) for _ in networks]
    for adam, network in zip(adams, networks, strict=True):
        adam.build(network.trainable_variables)

    def run(network: keras.Model, weights: State, others: State, inputs: Any) -> tuple[Any, State]:
        outputs, others = network.stateless_call(weights, others, inputs, training=True)
        return outputs, others

    def critic_loss(
        weights: State, others: State, real: jax.Array, fake: jax.Array, mixing: jax.Array
    ) -> tuple[jax.Array, State]:
        made, others = run(critic, weights, others, fake)
        seen, others = run(critic, weights, others, real)

        def scores(points: jax.Array) -> tuple[jax.Array, State]:
            found, after = run(critic, weights, others, points)
            return found.sum(), after

        slopes, others = jax.grad(scores, has_aux=True)(mixing * real + (1 - mixing) * fake)
        lengths = jnp.sqrt(jnp.sum(slopes.reshape(batch, -1) ** 2, axis=1) + 1e-12)
        return made.mean() - seen.mean() + 10.0 * ((lengths - 1.0) ** 2).mean(), others

    def generator_loss(
        weights: State, others: State, noise: jax.Array, judge: tuple[State, State]
    ) -> tuple[jax.Array, State]:
        fake, others = run(generator, weights, others, noise)
        scores, _ = run(critic, *judge, fake)
        return -scores.mean(), others

    @jax.jit
    def step(state: list[list[State]], key: jax.Array, real: jax.Array) -> tuple[Any, Any]:
        (makes, made, maker), (judges, judged, judge) = state
        keys = jax.random.split(key, 3)
        fake, made = run(generator, makes, made, jax.random.normal(keys[0], (batch, latent)))
        mixing = jax.random.uniform(keys[1], (batch, *[1] * (real.ndim - 1)))
        (loss, judged), slopes = jax.value_and_grad(critic_loss, has_aux=True)(
            judges, judged, real, fake, mixing
        )
        judges, judge = adams[1].stateless_apply(judge, slopes, judges)
        noise = jax.random.normal(keys[2], (batch, latent))
        (_, made), slopes = jax.value_and_grad(generator_loss, has_aux=True)(
            makes, made, noise, (judges, judged)
        )
        makes, maker = adams[0].stateless_apply(maker, slopes, makes)
        return [[makes, made, maker], [judges, judged, judge]], loss

    state = [
        [
            [each.value for each in network.trainable_variables],
            [each.value for each in network.non_trainable_variables],
            [each.value for each in adam.variables],
        ]
        for network, adam in zip(networks, adams, strict=True)
    ]
    key = jax.random.key(0)

    def advance(real: jax.Array) -> jax.Array:
        nonlocal state, key
        key, now = jax.random.split(key)
        state, loss = step(state, now, real)
        return loss

    return advance
