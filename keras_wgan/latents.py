"""Distributions of the noise that feeds the generator."""

import math
from collections.abc import Iterable, Sequence
from numbers import Integral
from typing import Any, TypeAlias

import keras
from keras import ops

from keras_wgan._tensor import Tensor
from keras_wgan._validation import in_range, whole_number, whole_numbers
from keras_wgan.errors import InvalidTypeError

Seed: TypeAlias = int | keras.random.SeedGenerator | None

# The open unit interval in float32: 0 would give an infinite logarithm.
SMALLEST_UNIFORM = 2.0**-24
LARGEST_UNIFORM = 1.0 - SMALLEST_UNIFORM
LARGEST = 1e18  # where tails are cut off: the square still fits into float32


class Latent:
    """A source of noise: a shape, and a way to draw a batch of it.

    Write your own latent by deriving from this class, overriding `sample` (and `get_config`, if the
    constructor takes more than the size), and decorating it with
    `keras.saving.register_keras_serializable`, so that models which use it can be saved.

    Example:
    ```python
    import keras
    from keras_wgan.latents import Latent

    @keras.saving.register_keras_serializable(package="examples")
    class Signs(Latent):
        def sample(self, batch_size, seed=None):
            return keras.ops.sign(keras.random.normal((batch_size, *self.shape), seed=seed))

    assert Signs(4).sample(2, seed=1).shape == (2, 4)
    ```

    Args:
        size: How many numbers feed the generator, or the shape of an array of them, such as
            `(60, 3)` for three numbers a day.

    Raises:
        ValueError: If `size` holds anything but whole numbers of at least 1.
    """

    def __init__(self, size: int | Sequence[int]) -> None:
        self.shape = whole_numbers("size", size if isinstance(size, Iterable) else (size,))

    def sample(self, batch_size: int, seed: Seed = None) -> Tensor:
        """Draws noise.

        Args:
            batch_size: How many samples to draw noise for.
            seed: An int (the same noise each time), a `keras.random.SeedGenerator` (new noise
                each time) or `None` (Keras' global generator). Defaults to `None`.

        Returns:
            `(batch_size, *shape)` float32.
        """
        raise NotImplementedError("A latent must define how it is drawn: override `sample`.")

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"size": self.shape[0] if len(self.shape) == 1 else list(self.shape)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Latent":
        """Builds the latent from the result of `get_config`."""
        return cls(**config)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{key}={value!r}" for key, value in self.get_config().items())
        return f"{type(self).__name__}({arguments})"


@keras.saving.register_keras_serializable(package="keras_wgan")
class Normal(Latent):
    """Standard normal noise; the coordinates are independent.

    Example:
    ```python
    from keras_wgan.latents import Normal

    assert Normal(100).sample(8, seed=1).shape == (8, 100)
    ```

    Args:
        size: How many numbers feed the generator, or the shape of an array of them.
    """

    def sample(self, batch_size: int, seed: Seed = None) -> Tensor:
        """Draws `(batch_size, *shape)` float32 standard normals."""
        return keras.random.normal((batch_size, *self.shape), dtype="float32", seed=seed)


@keras.saving.register_keras_serializable(package="keras_wgan")
class Uniform(Latent):
    """Noise that is uniform on [-1, 1); the coordinates are independent.

    Example:
    ```python
    import keras
    from keras_wgan.latents import Uniform

    noise = keras.ops.convert_to_numpy(Uniform(2).sample(4, seed=1))
    assert noise.shape == (4, 2) and abs(noise).max() <= 1.0
    ```

    Args:
        size: How many numbers feed the generator, or the shape of an array of them.
    """

    def sample(self, batch_size: int, seed: Seed = None) -> Tensor:
        """Draws `(batch_size, *shape)` float32 numbers from [-1, 1)."""
        return keras.random.uniform(
            (batch_size, *self.shape), minval=-1.0, maxval=1.0, dtype="float32", seed=seed
        )


@keras.saving.register_keras_serializable(package="keras_wgan")
class StudentT(Latent):
    """Student-t noise with power-law tails; the coordinates are independent.

    Each coordinate has a tail draw of its own: an extreme value in one says nothing about the
    others, unlike in a multivariate t, where one draw stretches the whole vector.

    Example:
    ```python
    from keras_wgan.latents import StudentT

    noise = StudentT(100, df=5).sample(8, seed=1)
    assert noise.shape == (8, 100)
    ```

    Args:
        size: How many numbers feed the generator, or the shape of an array of them.
        df: Degrees of freedom, above 0 and finite. The variance is `df / (df - 2)` above 2 and
            infinite at or below it.

    Raises:
        ValueError: If `df` is not above 0 and finite.

    Reference:
        Bailey (1994), Polar generation of random variates with the t-distribution, Mathematics
        of Computation 62. This form needs uniforms only, so it compiles on every backend.
    """

    def __init__(self, size: int | Sequence[int], df: float) -> None:
        super().__init__(size)
        self.df = in_range("df", df, above=0)

    def sample(self, batch_size: int, seed: Seed = None) -> Tensor:
        """Draws `(batch_size, *shape)` float32 Student-t numbers."""
        return self.from_uniforms(*_two_uniforms((batch_size, *self.shape), seed))

    def from_uniforms(self, radius: Tensor, angle: Tensor) -> Tensor:
        """Returns Student-t numbers made of two independent uniforms each."""
        squared = self.df * ops.expm1(-2.0 / self.df * ops.log(radius))
        length = ops.sqrt(ops.minimum(squared, LARGEST**2))
        return length * ops.cos(2.0 * math.pi * angle)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {**super().get_config(), "df": self.df}


@keras.saving.register_keras_serializable(package="keras_wgan")
class AlphaStable(Latent):
    """Alpha-stable (Levy) noise with very heavy tails; the coordinates are independent.

    Standard location 0 and scale 1 in the parametrization that `scipy.stats.levy_stable` calls
    S1. `alpha=2` is a normal of variance 2; below 2 the variance is infinite, and at or below 1
    the mean does not exist. A Wasserstein distance between laws of infinite mean has no meaning,
    so keep `alpha` above 1 unless a bounded layer follows.

    Example:
    ```python
    from keras_wgan.latents import AlphaStable

    noise = AlphaStable(100, alpha=1.7).sample(8, seed=1)
    assert noise.shape == (8, 100)
    ```

    Args:
        size: How many numbers feed the generator, or the shape of an array of them.
        alpha: Tail index, above 0 and at most 2; smaller is heavier.
        beta: Skewness from -1 to 1. Defaults to `0.0`, symmetric.

    Raises:
        ValueError: If `alpha` or `beta` is out of its range.

    Reference:
        Chambers, Mallows and Stuck (1976), A Method for Simulating Stable Random Variables, in
        the form of Weron (1996).
    """

    def __init__(self, size: int | Sequence[int], alpha: float, beta: float = 0.0) -> None:
        super().__init__(size)
        self.alpha = in_range("alpha", alpha, above=0, at_most=2)
        self.beta = in_range("beta", beta, at_least=-1, at_most=1)

    def sample(self, batch_size: int, seed: Seed = None) -> Tensor:
        """Draws `(batch_size, *shape)` float32 alpha-stable numbers."""
        return self.from_uniforms(*_two_uniforms((batch_size, *self.shape), seed))

    def from_uniforms(self, first: Tensor, second: Tensor) -> Tensor:
        """Returns alpha-stable numbers made of two independent uniforms each."""
        angle = math.pi * (first - 0.5)
        waiting = -ops.log(second)
        if self.alpha == 1.0:
            lean = math.pi / 2 + self.beta * angle
            logarithm = ops.log(math.pi / 2 * waiting * ops.cos(angle) / lean)
            return 2.0 / math.pi * (lean * ops.tan(angle) - self.beta * logarithm)
        skew = self.beta * math.tan(math.pi * self.alpha / 2)
        turned = self.alpha * angle + math.atan(skew)
        # Rounding may make it negative where `beta` is 1 or -1, and its power NaN.
        rest = ops.maximum(ops.cos(angle - turned), SMALLEST_UNIFORM)
        # In logarithms, because for a small `alpha` one power overflows where the other vanishes.
        logarithm = (
            ops.log(ops.abs(ops.sin(turned)))
            - ops.log(ops.cos(angle)) / self.alpha
            + (1.0 - self.alpha) / self.alpha * (ops.log(rest) - ops.log(waiting))
        )
        scale = (1.0 + skew**2) ** (1.0 / (2.0 * self.alpha))
        noise = scale * ops.sign(ops.sin(turned)) * ops.exp(logarithm)
        return ops.clip(noise, -LARGEST, LARGEST)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {**super().get_config(), "alpha": self.alpha, "beta": self.beta}


def as_latent(latent: int | Sequence[int] | Latent) -> Latent:
    """Returns the latent itself, or standard normal noise of the given size or shape.

    Example:
    ```python
    from keras_wgan.latents import as_latent

    assert as_latent(100).shape == (100,)
    assert as_latent((60, 3)).shape == (60, 3)
    ```

    Args:
        latent: A whole number, a shape such as `(60, 3)`, or an object with a `shape` and
            `sample(batch_size, seed)`.

    Returns:
        The latent.

    Raises:
        TypeError: If it is none of these.
        ValueError: If a size is not a whole number of at least 1.
    """
    if isinstance(latent, int | Integral):
        return Normal(whole_number("latent", latent))
    if isinstance(latent, Sequence) and not isinstance(latent, str):
        return Normal(whole_numbers("latent", latent))
    if hasattr(latent, "shape") and hasattr(latent, "sample"):
        return latent
    raise InvalidTypeError(
        "`latent` must be a whole number (that many standard normals), a shape such as (60, 3), or "
        f"a latent such as `keras_wgan.latents.StudentT(100, df=5)`. Received: latent={latent!r}"
    )


def _two_uniforms(shape: tuple[int, ...], seed: Seed) -> tuple[Tensor, Tensor]:
    """Returns two independent arrays of uniforms on the open unit interval."""
    both = keras.random.uniform((*shape, 2), dtype="float32", seed=seed)
    both = ops.clip(both, SMALLEST_UNIFORM, LARGEST_UNIFORM)
    return both[..., 0], both[..., 1]
