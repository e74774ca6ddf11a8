"""The random states of a network's own layers, set for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np
from keras import ops


def seed_states(network: keras.layers.Layer) -> list[keras.Variable]:
    """Returns the states of all seed generators in a network."""
    weights = {id(weight) for weight in network.weights}
    return [variable for variable in network.variables if id(variable) not in weights]


@contextmanager
def seeded(network: keras.layers.Layer, seed: int, block: int) -> Iterator[None]:
    """Lets the layers of a network draw from a seed, each from its own stream, and then as before.

    Args:
        network: The network.
        seed: Any int; together with `block` it decides what is drawn.
        block: Which batch is made.
    """
    states = seed_states(network)
    before = [ops.convert_to_numpy(state) for state in states]
    streams = np.random.SeedSequence((abs(seed), int(seed < 0), block))
    try:
        # Half of 32 bits, because some backends keep the state as a signed number.
        for state, start in zip(states, streams.generate_state(len(states)) >> 1, strict=True):
            state.assign([int(start), 0])
        yield
    finally:
        for state, value in zip(states, before, strict=True):
            state.assign(value)
