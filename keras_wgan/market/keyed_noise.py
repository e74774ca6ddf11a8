"""Noise of which each scenario's part depends on the seed and the scenario's number alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from keras import ops
from numpy.typing import NDArray

from keras_wgan.latents import (
    LARGEST_UNIFORM,
    SMALLEST_UNIFORM,
    AlphaStable,
    Latent,
    Normal,
    Seed,
    StudentT,
    Uniform,
)

Noise = NDArray[np.float32]

WORDS = 8  # 32-bit numbers that Philox makes of one counter


class KeyedNoise:
    """The noise of numbered scenarios: up to rounding, the same in any group and on any backend.

    Philox turns a key and a counter into random numbers (Salmon et al. 2011, "Parallel Random
    Numbers: As Easy as 1, 2, 3"): the key comes from the seed, the counter from the scenario's
    number. So that many scenarios are one call, all take the same count of numbers: normals come
    from the Box-Muller transform, not from a method that rejects.

    A latent of the user's own draws for a whole block of scenarios from a seed of the block.
    """

    def __init__(self, latent: Latent, seed: int | Sequence[int], block: int) -> None:
        self._latent, self._seed, self._block = latent, seed, block
        self._key = np.random.SeedSequence(seed).generate_state(2, np.uint64)

    def draw(
        self, first: int, count: int, shape: tuple[int, ...], *, stream: int, part: int = 0
    ) -> Noise:
        """Returns `(count, *shape)` noise of scenarios in a row.

        `stream` and `part` name what the noise is for: numbers of different ones are independent.
        """
        size = math.prod(shape)
        words = _uniforms_for(self._latent, size)
        if words is None:
            return self._draw_own(first, count, shape, (stream, part))
        each = -(-words // WORDS)
        counter = [first * each, part, stream, 0]
        bits = np.random.Philox(key=self._key, counter=counter).random_raw(
            count * each * WORDS // 2
        )
        # Halves of 64 bits in the order of a little-endian machine, on any.
        halves = bits.astype("<u8", copy=False).view("<u4").reshape(count, -1)
        uniforms = (halves[:, :words].astype(np.float32) + np.float32(0.5)) * np.float32(2.0**-32)
        return _transformed(self._latent, uniforms)[:, :size].reshape(count, *shape)

    def _draw_own(
        self, first: int, count: int, shape: tuple[int, ...], what: tuple[int, int]
    ) -> Noise:
        latent = reshaped(self._latent, shape)
        blocks = range(first // self._block, -(-(first + count) // self._block))
        drawn = [
            ops.convert_to_numpy(latent.sample(self._block, self._seed_of(block, *what)))
            for block in blocks
        ]
        start = first - blocks.start * self._block
        return np.concatenate(drawn)[start : start + count].astype(np.float32)

    def _seed_of(self, *numbers: int) -> int:
        words = np.random.SeedSequence([*np.atleast_1d(self._seed).tolist(), *numbers])
        return int(words.generate_state(1)[0]) % 2**31


class SameOnEveryBackend(Latent):
    """A latent that draws from a seed what `KeyedNoise` does, instead of the backend's numbers."""

    def __init__(self, latent: Latent) -> None:
        super().__init__(latent.shape)
        self._latent = latent

    def sample(self, batch_size: int, seed: Seed = None) -> Any:
        """Draws `(batch_size, *shape)` noise."""
        assert seed is not None
        entropy = seed if isinstance(seed, int) else ops.convert_to_numpy(seed.next()).tolist()
        noise = KeyedNoise(self._latent, entropy, block=batch_size)
        return noise.draw(0, batch_size, self.shape, stream=0)


def reshaped(latent: Latent, shape: Sequence[int]) -> Latent:
    """Returns the same latent for another shape."""
    return type(latent).from_config({**latent.get_config(), "size": list(shape)})


def _uniforms_for(latent: Latent, size: int) -> int | None:
    """Returns how many uniforms make so many numbers; `None` for a latent of the user's own."""
    kind = type(latent)
    if kind is Uniform:
        return size
    if kind is Normal:
        return size + size % 2
    return 2 * size if kind in (StudentT, AlphaStable) else None


def _transformed(latent: Latent, uniforms: Noise) -> Noise:
    if isinstance(latent, Uniform):
        return 2.0 * uniforms - 1.0
    first, second = np.split(uniforms, 2, axis=1)
    if isinstance(latent, StudentT | AlphaStable):
        inside = np.clip(uniforms, SMALLEST_UNIFORM, LARGEST_UNIFORM)
        pair = map(ops.convert_to_tensor, np.split(inside, 2, axis=1))
        return np.asarray(ops.convert_to_numpy(latent.from_uniforms(*pair)), np.float32)
    length, angle = np.sqrt(-2.0 * np.log(first)), np.float32(2.0 * np.pi) * second
    normals = np.empty_like(uniforms)
    half = first.shape[1]
    np.multiply(length, np.cos(angle), out=normals[:, :half])
    np.multiply(length, np.sin(angle), out=normals[:, half:])
    return normals
