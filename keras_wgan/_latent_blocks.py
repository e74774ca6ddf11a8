"""How many latents are drawn at a time, so that those of many assets fit into memory."""

import math

NUMBERS = 2**26  # in a block, 256 MiB; drawing takes several times as much


def latents_at_a_time(most: int, shape: tuple[int, ...]) -> int:
    """Returns `most`, or fewer where so many latents of this shape are too many numbers.

    It depends on the shape alone, so the n-th latent of a seed is always the same.
    """
    return min(most, max(1, NUMBERS // math.prod(shape)))
