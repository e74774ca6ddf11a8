"""How good are a model's samples, as a number that can be compared?"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from keras_wgan._sampling import Sampler, draw_batches
from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.extractors import Extractor, FrechetReference, Inception
from keras_wgan.metrics import Measurement

PROTOCOL_L = 10_000  # images on each side (Lucic et al. 2018)


def frechet_score(
    model: keras.Model,
    extractor: Extractor,
    *,
    real: np.ndarray,
    other_real: np.ndarray,
    split: str,
    samples: int | None = None,
    repeats: int = 3,
    seed: int = 0,
    sampler: Sampler | None = None,
    batch_size: int = 256,
) -> Measurement:
    """Measures a model's Frechet distance, with error bar, floor and protocol.

    Samples are generated and looked at a batch at a time, from the averaged generator where there
    is one.

    Example:
    ```python
    import keras
    import numpy as np
    from keras_wgan import WGANGP
    from keras_wgan.extractors import frechet_score

    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    critic = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model = WGANGP(generator, critic, latent=2)
    test, train = np.random.default_rng(1).normal(size=(2, 300, 3)).astype("float32")
    found = frechet_score(
        model, lambda samples: samples, real=test, other_real=train, split="test"
    )
    assert found.times_floor > 1.0
    print(found)
    ```

    Args:
        model: A `WGANGP`, or any Keras model that generates.
        extractor: A Keras model, or a callable, from samples to features.
        real: `(n, *shape)` real samples to compare with, best such that the model never saw.
        other_real: `(m, *shape)` other real samples, best those that it trained on. The first
            `samples` of them give the floor.
        split: Which part of the data `real` is, such as `"test"`.
        samples: How many samples to generate, at most m, so that the floor is measured on as
            many. Defaults to `None`, as many as `real`.
        repeats: How often they are drawn anew, for the error bar. Defaults to `3`.
        seed: Fixes all latents. Defaults to `0`.
        sampler: A function `(model, count, seed)` that returns samples, for a model without a
            `generate(n, seed=)` method. Defaults to `None`.
        batch_size: How many samples are made and looked at at a time. Defaults to `256`.

    Returns:
        The `Measurement` distance.

    Raises:
        ValueError: If there are fewer other real samples than generated ones, or a number is
            below 1.
    """
    count = len(real) if samples is None else samples
    if len(other_real) < count:
        raise InvalidInputError(
            "`other_real` must hold as many samples as are generated, or the floor would be that "
            f"of another number. Received: {len(other_real)} other real samples for {count} "
            "generated ones. Generate fewer, or hand in more."
        )
    reference = FrechetReference(real, extractor, split=split, batch_size=batch_size)
    distances = [
        reference.distance(draw_batches(model, count, each, sampler, batch_size=batch_size))
        for each in repeat_seeds(seed, repeats)
    ]
    return Measurement.of_repeats(
        distances,
        floor=reference.distance([other_real[:count]]),
        protocol=reference.protocol(generated=count, seed=seed),
    )


def protocol_l(
    model: keras.Model,
    train_images: np.ndarray,
    test_images: np.ndarray,
    *,
    extractor: Extractor | None = None,
    repeats: int = 3,
    seed: int = 0,
    sampler: Sampler | None = None,
    batch_size: int = 256,
) -> Measurement:
    """Measures 10,000 generated against 10,000 test images, as published tables of GANs do.

    The protocol of "Are GANs created equal?": Inception's pooled features, greys copied to three
    channels. The weights of `extractors.Inception` are those of Keras and not those of the tables,
    which the stamp says: numbers compare with others of the same stamp alone.

    Example:
    ```python
    import numpy as np
    from keras_wgan.extractors import protocol_l

    images = np.random.default_rng(0).uniform(-1, 1, (20_000, 2, 2, 1)).astype("float32")
    found = protocol_l(
        None,
        images[:10_000],
        images[10_000:],
        extractor=lambda images: images,
        sampler=lambda model, count, seed: 0.5 * images[:count],
    )
    assert found.protocol.generated == found.protocol.real == 10_000
    ```

    Args:
        model: A `WGANGP`, or any Keras model that generates images in [-1, 1].
        train_images: `(n, height, width, 1 or 3)` training images in [-1, 1], at least 10,000,
            for the floor.
        test_images: `(m, height, width, 1 or 3)` test images in [-1, 1], at least 10,000; where
            there are more, a choice that depends on `seed`.
        extractor: Another extractor. Defaults to `None`, `extractors.Inception()`.
        repeats: How often 10,000 images are drawn, for the error bar. Defaults to `3`.
        seed: Fixes all latents and choices. Defaults to `0`.
        sampler: A function `(model, count, seed)` that returns images, for a model without a
            `generate(n, seed=)` method. Defaults to `None`.
        batch_size: How many images are made and looked at at a time. Defaults to `256`.

    Returns:
        The `Measurement` distance.

    Raises:
        ValueError: If there are fewer than 10,000 images on either side.
        OSError: If the Inception weights cannot be had.

    Reference:
        Lucic et al. (2018), "Are GANs created equal?", https://arxiv.org/abs/1711.10337.
    """
    for name, images in (("train_images", train_images), ("test_images", test_images)):
        if len(images) < PROTOCOL_L:
            raise InvalidInputError(
                f"`{name}` must hold at least {PROTOCOL_L} images under this protocol. Received: "
                f"{len(images)} images. With fewer use `frechet_score`, whose stamp says how many."
            )
    return frechet_score(
        model,
        Inception() if extractor is None else extractor,
        real=chosen(test_images, PROTOCOL_L, seed),
        other_real=chosen(train_images, PROTOCOL_L, seed),
        split="test",
        repeats=repeats,
        seed=seed,
        sampler=sampler,
        batch_size=batch_size,
    )


def chosen(samples: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Returns `count` of the samples: all, or a random choice in the order of the data.

    Example:
    ```python
    import numpy as np
    from keras_wgan.extractors.scoring import chosen

    assert chosen(np.arange(9), 9, seed=1).tolist() == list(range(9))
    assert len(set(chosen(np.arange(9), 4, seed=1))) == 4
    ```

    Args:
        samples: `(n, *shape)`.
        count: How many to choose, at most n.
        seed: On which the choice depends.

    Returns:
        `(count, *shape)`.
    """
    if len(samples) == count:
        return samples
    picked: Any = np.random.default_rng(seed).choice(len(samples), count, replace=False)
    return np.asarray(samples[np.sort(picked)])


def repeat_seeds(seed: int, repeats: int) -> Sequence[int]:
    """Returns a seed for each repeat; the first is `seed` itself.

    Example:
    ```python
    from keras_wgan.extractors.scoring import repeat_seeds

    assert repeat_seeds(7, 1) == [7]
    assert set(repeat_seeds(7, 3)) & set(repeat_seeds(8, 3)) == set()
    ```

    Args:
        seed: Zero or above.
        repeats: At least 1.

    Returns:
        `repeats` whole numbers below 2^31. Neighbouring seeds share none, which would make two
        measurements depend on each other.

    Raises:
        ValueError: If `repeats` is below 1.
    """
    repeats = whole_number("repeats", repeats)
    others = np.random.SeedSequence(seed).generate_state(repeats - 1) >> 1
    return [seed, *others.tolist()]
