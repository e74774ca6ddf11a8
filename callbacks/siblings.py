"""What each callback of a `fit` takes for itself: names in the logs, and folders."""

from collections.abc import Sequence

import keras

from keras_wgan.errors import InvalidInputError

CLAIMS = "keras_wgan_claims"


def claim(callback: keras.callbacks.Callback, argument: str, wanted: Sequence[str]) -> None:
    """Takes names for a callback; raises ValueError if another one of the same `fit` has them.

    Keras hands one and the same dictionary, `params`, to all callbacks of a `fit`, and a new one
    to the next `fit`.
    """
    claims = {} if callback.params is None else callback.params.setdefault(CLAIMS, {})
    for metric in getattr(callback.model, "metrics", ()):
        claims.setdefault(("name", metric.name), f"the model's metric '{metric.name}'")
    for each in wanted:
        owner = claims.setdefault((argument, each), callback)
        if owner is not callback:
            other = owner if isinstance(owner, str) else f"another {type(owner).__name__}"
            raise InvalidInputError(
                f"`{argument}` must differ between the callbacks of one `fit`, or one would "
                f"overwrite the other. Pass `{argument}=` to this {type(callback).__name__}. "
                f"Received: {argument}={each!r}, which {other} has"
            )
