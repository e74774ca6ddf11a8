"""Checks that networks, latent and data fit together."""

import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import keras
from keras import ops

from keras_wgan._batch import Batch, split
from keras_wgan._ranges import BOUNDED, MOVING, activation_name, last_first
from keras_wgan._tensor import Tensor
from keras_wgan.errors import InvalidInputError

HALF_BOUNDED = ("relu", "relu6", "softplus", "elu", "exponential")


def networks(generator: keras.Model, critic: keras.Model, latent_shape: tuple[int, ...]) -> None:
    """Builds networks that are not built yet; raises ValueError if they do not fit."""
    for network, role in ((generator, "generator"), (critic, "critic")):
        if not isinstance(network, keras.layers.Layer):
            raise InvalidInputError(
                f"`{role}` must be a Keras model or layer. Received: {role}={network!r}"
            )
        _refuse_float16(network, role)
        _refuse_other_inputs(network, role)
    _latent_fits(generator, latent_shape)
    for network, role in ((generator, "generator"), (critic, "critic")):
        one_output(getattr(network, "outputs", None) or [None], role)
    if takes_condition(generator) or takes_condition(critic):
        _both_take_condition(generator, critic)
        _one_number_each(critic)
    else:
        _connect(generator, critic, latent_shape)
    _share_no_weights(generator, critic)
    _warn_about_layers(critic)


def takes_condition(network: keras.Model) -> bool:
    """Returns whether a network takes two inputs; a subclassed network is assumed to take one."""
    return len(getattr(network, "inputs", None) or [None]) > 1


def condition_shape(network: keras.Model) -> tuple[int, ...] | None:
    """Returns the shape of a single condition, if the network says it."""
    return tuple(network.inputs[1].shape[1:]) if takes_condition(network) else None


def batch(data: Any, generator: keras.Model, critic: keras.Model) -> Batch:
    """Returns the real samples in float32 of one batch, their condition and weights, if any."""
    real, condition, weight = split(data)
    if not hasattr(real, "dtype") or not hasattr(real, "shape"):
        raise InvalidInputError(
            "A batch must be one array of real samples, or a pair (samples, condition). "
            f"Received: {type(real).__name__}"
        )
    dtype = keras.backend.standardize_dtype(real.dtype)
    if "float" not in dtype:
        raise InvalidInputError(
            "Real samples must be floating point, on the scale of the generator's output, for "
            f"example `x.astype('float32') / 127.5 - 1` for pixels. Received: dtype={dtype}"
        )
    if condition is not None and hasattr(generator, "inputs") and not takes_condition(generator):
        raise InvalidInputError(
            "The data set gives pairs (samples, condition), but `generator` takes latents alone. "
            "Pass the samples alone, or networks with two inputs. "
            f"Received: generator with {len(generator.inputs or [None])} input"
        )
    if condition is None and (takes_condition(generator) or takes_condition(critic)):
        raise InvalidInputError(
            "`generator` and `critic` take a condition as their second input, but the data set "
            "gives samples alone. Pass pairs: `fit(x, condition)` or a data set of them."
        )
    return Batch(ops.cast(real, "float32"), condition, _one_weight_each(weight))


def same_shape(real: Tensor, fake: Tensor) -> None:
    """Raises ValueError if generated samples have another shape than the real ones."""
    wanted, came = tuple(real.shape[1:]), tuple(fake.shape[1:])
    fits = len(wanted) == len(came) and all(
        a is None or b is None or a == b for a, b in zip(wanted, came, strict=True)
    )
    if not fits:
        raise InvalidInputError(
            "`generator` must make samples of the data's shape. Change its last layers, or the "
            f"data. Received: generator output {came}, data {wanted} (without the batch axis)"
        )


def one_output(outputs: Any, role: str) -> Tensor:
    """Returns a network's only output; raises ValueError if it has several."""
    found = keras.tree.flatten(outputs)
    if len(found) == 1:
        return found[0]
    wanted = "one score for each sample" if role == "critic" else "one array of samples"
    raise InvalidInputError(
        f"`{role}` must have a single output, {wanted}. Pass `keras.Model(inputs, output)` with "
        f"the output to train on. Received: {role} with {len(found)} outputs"
    )


def one_number(outputs: Any) -> Tensor:
    """Returns the critic's output; raises ValueError if it is not one number per sample."""
    scores = one_output(outputs, "critic")
    shape = tuple(scores.shape)
    if any(side != 1 for side in shape[1:]):
        raise InvalidInputError(
            "`critic` must give one number a sample, a shape of (batch, 1): end it with "
            f"`keras.layers.Dense(1)`, after `Flatten` if need be. Received: output shape {shape}"
        )
    return scores


def one_penalty(value: Any) -> Any:
    """Returns what a penalty of the generator gave; raises ValueError if it is no scalar."""
    shape = tuple(getattr(value, "shape", ()))
    if shape:
        raise InvalidInputError(
            "`generator_penalties` must return a scalar, one number for the whole batch, such as "
            f"`keras.ops.mean(...)` of what they return now. Received: a result of shape {shape}"
        )
    return value


def _one_weight_each(weight: Tensor | None) -> Tensor | None:
    if weight is None:
        return None
    shape = tuple(weight.shape)
    if any(side != 1 for side in shape[1:]):
        raise InvalidInputError(
            "`sample_weight` must hold one number for each sample, a shape of (batch,). "
            f"Received: weights of shape {shape}"
        )
    return ops.cast(ops.reshape(weight, (-1,)), "float32")


def _refuse_float16(network: keras.layers.Layer, role: str) -> None:
    for layer in _layers_of(network):
        if getattr(layer, "compute_dtype", None) == "float16":
            raise InvalidInputError(
                "float16 does not train a gradient penalty: the penalty differentiates a gradient, "
                "the loss scaling that float16 needs would scale that inner gradient and the norm "
                "that is held to one, and without it both overflow or vanish. Use "
                "`keras.mixed_precision.set_dtype_policy('mixed_bfloat16')`, which has float32's "
                f"range. Received: {role} layer '{layer.name}' computing in float16"
            )


def _refuse_other_inputs(network: keras.layers.Layer, role: str) -> None:
    inputs = getattr(network, "inputs", None) or []
    first = "latents" if role == "generator" else "samples"
    if len(inputs) > 2:
        raise InvalidInputError(
            f"`{role}` must take at most two inputs, [{first}, condition]. Join several conditions "
            "in one array, which the network may take apart again, such as `condition[:, :3]`. "
            f"Received: {role} with {len(inputs)} inputs"
        )
    if len(inputs) > 1 and isinstance(network.input, dict):
        raise InvalidInputError(
            f"`{role}` must take its inputs as a list, [{first}, condition], because Keras orders "
            "a dictionary by its names. Pass `keras.Model([first, condition], output)`. "
            f"Received: {role} with a dictionary of {sorted(network.input)}"
        )


def _latent_fits(generator: keras.Model, latent_shape: tuple[int, ...]) -> None:
    inputs = getattr(generator, "inputs", None)
    if not inputs:
        return
    wanted = tuple(inputs[0].shape[1:])
    fits = len(wanted) == len(latent_shape) and all(
        a is None or a == b for a, b in zip(wanted, latent_shape, strict=True)
    )
    if not fits:
        raise InvalidInputError(
            "`latent` must have the shape of the generator's (first) input. "
            f"Received: latent {latent_shape}, generator input {wanted} (without the batch axis)"
        )


def _both_take_condition(generator: keras.Model, critic: keras.Model) -> None:
    for network, role, first in (
        (generator, "generator", "[latents, condition]"),
        (critic, "critic", "[samples, condition]"),
    ):
        if not takes_condition(network):
            raise InvalidInputError(
                "In a conditional GAN both networks take two inputs; otherwise the condition "
                f"would be ignored. Received: `{role}` with one input instead of "
                f"{first}"
            )


def _one_number_each(critic: keras.Model) -> None:
    for output in getattr(critic, "outputs", None) or []:
        one_number(output)


def _connect(generator: keras.Model, critic: keras.Model, latent_shape: tuple[int, ...]) -> None:
    """Runs both networks on symbols, which builds them and shows their shapes."""
    latents = keras.KerasTensor((None, *latent_shape), dtype="float32")
    samples = _run_on_symbol(generator, latents, "generator")
    scores = None if samples is None else _run_on_symbol(critic, samples, "critic")
    if scores is not None:
        one_number(scores)


def _run_on_symbol(network: keras.Model, symbol: Tensor, role: str) -> Tensor | None:
    says_its_inputs = bool(getattr(network, "inputs", None))
    was_built = network.built
    try:
        return network(symbol)
    except Exception as error:
        if was_built and not says_its_inputs:
            return None  # a subclassed network with inputs of its own: checked on the first batch
        cure = "" if was_built else " If it takes other inputs, call it once on a batch of them."
        raise InvalidInputError(
            f"`{role}` cannot take an input of shape {tuple(symbol.shape)}, which is what "
            f"{'`latent` gives' if role == 'generator' else 'the generator makes'}.{cure} "
            f"Its error: {error}"
        ) from error


def _share_no_weights(generator: keras.Model, critic: keras.Model) -> None:
    of_the_critic = {id(weight) for weight in critic.weights}
    shared = [weight.path for weight in generator.weights if id(weight) in of_the_critic]
    if shared:
        raise InvalidInputError(
            "`generator` and `critic` must not share a layer that has weights: each update would "
            "undo the other network's. Give each network a layer of its own. "
            f"Received: both with the weight '{shared[0]}'"
        )


def _warn_about_layers(critic: keras.Model) -> None:
    # A frozen one normalizes by its stored averages, and each sample by itself.
    mixing = [
        layer
        for layer in _layers_of(critic)
        if isinstance(layer, keras.layers.BatchNormalization) and layer.trainable
    ]
    more = f", as are {len(mixing) - 1} more of its layers" if mixing[1:] else ""
    if mixing and _only_linear_after(critic, mixing):
        warnings.warn(
            f"The critic's layer '{mixing[-1].name}' is a BatchNormalization{more}. Only a "
            "linear layer comes after it, so that the mean score of every batch is the same: "
            "such a critic cannot tell real from generated samples, and nothing trains. Remove "
            "it, or use LayerNormalization, which the WGAN-GP paper advises.",
            UserWarning,
            stacklevel=4,
        )
    elif mixing:
        warnings.warn(
            f"The critic's layer '{mixing[0].name}' is a BatchNormalization{more}. The gradient "
            "penalty is per sample and BatchNorm mixes the samples of a batch, so the penalty no "
            "longer holds each sample's slope. It trains, but LayerNormalization is what the "
            "WGAN-GP paper advises.",
            UserWarning,
            stacklevel=4,
        )
    last = next(last_first(critic), None)
    name = activation_name(last)
    if name in BOUNDED or name in HALF_BOUNDED:
        warnings.warn(
            f"The critic ends in a {name}. A critic's score is unbounded, not a probability; "
            "squashed to a part of the numbers it cannot measure a Wasserstein distance. Give the "
            "last layer no activation.",
            UserWarning,
            stacklevel=4,
        )


def _only_linear_after(critic: keras.layers.Layer, mixing: Sequence[Any]) -> bool:
    """Returns whether the last layers are a normalization over the batch and a linear one."""
    last = [layer for layer in last_first(critic) if not isinstance(layer, MOVING)][:2]
    return (
        len(last) == 2
        and isinstance(last[0], keras.layers.Dense)
        and activation_name(last[0]) == "linear"
        and any(last[1] is layer for layer in mixing)
    )


def _layers_of(network: keras.layers.Layer) -> Iterator[keras.layers.Layer]:
    """Yields the network and all layers in it, also those inside the user's own layers."""
    yield from network._flatten_layers()
