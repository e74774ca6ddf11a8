"""The Frechet score of a model with error bar, floor and protocol."""

import keras
import numpy as np

from keras_wgan._sampling import Sampler, draw_batches
from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.extractors.features import Extractor
from keras_wgan.extractors.inception import Inception
from keras_wgan.extractors.reference import FrechetReference
from keras_wgan.metrics import Measurement

PROTOCOL_L = 10_000  # images on each side (Lucic et al. 2018)


def frechet_score(
    model: keras.Model | None,
    reference: FrechetReference,
    *,
    samples: int | None = None,
    repeats: int = 3,
    seed: int = 0,
    sampler: Sampler | None = None,
) -> Measurement:
    """Measures a model's Frechet distance, with error bar, floor and protocol.

    Samples are generated and measured a batch at a time, from the averaged generator if there is
    one.

    Example:
    ```python
    import keras
    import numpy as np
    from keras_wgan import WGANGP
    from keras_wgan.extractors import FrechetReference, frechet_score

    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    critic = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model = WGANGP(generator, critic, latent=2)
    test, train = np.random.default_rng(1).normal(size=(2, 300, 3)).astype("float32")
    reference = FrechetReference(test, lambda samples: samples, other_real=train, split="test")
    found = frechet_score(model, reference)
    assert found.times_floor > 1.0
    print(found)
    ```

    Args:
        model: A `WGANGP`, or any Keras model that generates.
        reference: The real samples, best ones that the model never saw, the extractor, and other
            real samples for the floor, best those that the model was trained on.
        samples: How many samples to generate, at most as many as there are other real ones, so
            that the floor is measured on as many. Defaults to `None`, as many as real ones.
        repeats: How often new samples are drawn, for the error bar. Defaults to `3`.
        seed: Fixes all latents. Defaults to `0`.
        sampler: A function `(model, count, seed)` that returns samples, for a model without a
            `generate(n, seed=)` method. Defaults to `None`.

    Returns:
        The distance as a `Measurement`.

    Raises:
        ValueError: If there are fewer other real samples than generated ones, or a number is
            below 1.
    """
    count = len(reference.real) if samples is None else samples
    floor = reference.floor(count)
    distances = [
        reference.distance(
            draw_batches(model, count, each, sampler, batch_size=reference.batch_size)
        )
        for each in repeat_seeds(seed, repeats)
    ]
    protocol = reference.protocol(generated=count, seed=seed)
    return Measurement.of_repeats(distances, floor=floor, protocol=protocol)


def protocol_l(
    train_images: np.ndarray,
    test_images: np.ndarray,
    *,
    extractor: Extractor | None = None,
    seed: int = 0,
) -> FrechetReference:
    """Returns the reference of published tables of GANs: 10,000 test images under Inception.

    `frechet_score` with this reference follows the protocol of "Are GANs created equal?":
    Inception's pooled features, gray images copied to three channels, 10,000 generated against
    10,000 test images. The weights of `Inception` are those of Keras and not those of the tables,
    as the protocol says: numbers compare only with others of the same protocol.

    Example:
    ```python
    import numpy as np
    from keras_wgan.extractors import frechet_score, protocol_l

    images = np.random.default_rng(0).uniform(-1, 1, (20_000, 2, 2, 1)).astype("float32")
    reference = protocol_l(images[:10_000], images[10_000:], extractor=lambda images: images)
    found = frechet_score(
        None, reference, sampler=lambda model, count, seed: 0.5 * images[:count]
    )
    assert found.protocol.generated == found.protocol.real == 10_000
    ```

    Args:
        train_images: `(n, height, width, 1 or 3)` training images in [-1, 1], at least 10,000,
            for the floor.
        test_images: `(m, height, width, 1 or 3)` test images in [-1, 1], at least 10,000.
        extractor: Another extractor. Defaults to `None`, `Inception()`.
        seed: Fixes the random choice of 10,000 images where there are more. Defaults to `0`.

    Returns:
        The `FrechetReference`, for images in [-1, 1].

    Raises:
        ValueError: If there are fewer than 10,000 images on either side.

    Reference:
        Lucic et al. (2018), "Are GANs created equal?", https://arxiv.org/abs/1711.10337.
    """
    for name, images in (("train_images", train_images), ("test_images", test_images)):
        if len(images) < PROTOCOL_L:
            raise InvalidInputError(
                f"`{name}` must hold at least {PROTOCOL_L} images under this protocol. Received: "
                f"{len(images)} images. With fewer use a `FrechetReference`, whose protocol says "
                "how many."
            )
    return FrechetReference(
        random_subset(test_images, PROTOCOL_L, seed),
        Inception() if extractor is None else extractor,
        other_real=random_subset(train_images, PROTOCOL_L, seed),
        split="test",
    )


def random_subset(samples: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Returns a random choice of `count` samples in the order of the data."""
    if len(samples) == count:
        return samples
    picked = np.random.default_rng(seed).choice(len(samples), count, replace=False)
    return np.asarray(samples[np.sort(picked)])


def repeat_seeds(seed: int, repeats: int) -> list[int]:
    """Returns a seed below 2^31 for each repeat; the first is `seed` itself.

    Neighboring seeds share none of the others, which would make two measurements dependent.
    """
    whole_number("repeats", repeats)
    others = np.random.SeedSequence(seed).generate_state(repeats - 1) >> 1
    return [seed, *others.tolist()]
