"""Export of the generator that makes the samples to programs that know no Keras."""

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
from keras import ops

from keras_wgan._generation import SampleMaker
from keras_wgan.backends import exporting
from keras_wgan.errors import InvalidInputError, MissingPackageError
from keras_wgan.io.files import atomic_path

MIXED = "mixed_bfloat16"
FORMATS = {".onnx": "onnx", ".tflite": "litert", "": "tf_saved_model"}


class ExportedGenerator(SampleMaker):
    """The part of `WGANGP` that writes its generator for other programs."""

    export_packages: dict[str, str]  # what Keras needs on this backend, by format

    def export(
        self, filepath: str | os.PathLike[str], format: str | None = None, verbose: bool = False
    ) -> None:
        """Writes the generator, with the weights that `generate` uses, for other programs.

        The exported function takes a batch of latents of any size, or latents and conditions, and
        returns float32 samples as `predict` does.

        Example:
        ```python
        import tempfile
        from pathlib import Path
        import keras
        from keras_wgan import WGANGP

        generator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
        critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        model = WGANGP(generator, critic, latent=3)
        if keras.backend.backend() == "tensorflow":
            path = Path(tempfile.mkdtemp()) / "generator.tflite"
            model.export(path)
            assert path.exists()
        ```

        Args:
            filepath: The file, or the folder of a SavedModel.
            format: One of Keras' formats `"onnx"`, `"litert"` and `"tf_saved_model"`. Defaults to
                `None`, that of the suffix: `.onnx`, `.tflite`, or none for a SavedModel.
            verbose: Whether to print where the export lies. Defaults to `False`.

        Raises:
            ValueError: If the format is unknown, does not fit the suffix, or cannot be written on
                this backend.
            ImportError: If a package that the format needs is not installed.
        """
        path = Path(filepath)
        chosen = self.export_format(path, format)
        with self.sampling_network() as network:
            self.write_network(network, path, chosen)
        if verbose:
            print(f"Saved artifact at '{path}'.")

    def export_format(self, path: Path, given: str | None) -> str:
        """Returns the format of an export; refuses one that cannot be written here."""
        name = str(path)
        chosen = FORMATS.get(path.suffix, "") if given is None else given
        if chosen not in FORMATS.values():
            raise InvalidInputError(
                "`format` must be 'onnx', 'litert' or 'tf_saved_model', or `filepath` end in "
                ".onnx, .tflite or no suffix. "
                f"Received: filepath={name!r}, format={given!r}"
            )
        if chosen == "litert" and path.suffix != ".tflite":
            raise InvalidInputError(
                f"`filepath` must end in '.tflite' for format='litert'. Received: filepath={name!r}"
            )
        package = self.export_packages.get(chosen)
        if package is None:
            raise InvalidInputError(
                f"`format` {chosen!r} cannot be written with a free batch size on the "
                f"{keras.backend.backend()} backend. Save the model as a .keras file and export "
                "that on TensorFlow, or choose one of "
                f"{', '.join(repr(other) for other in self.export_packages)}."
            )
        if importlib.util.find_spec(package) is None:
            raise MissingPackageError(
                f"Format {chosen!r} needs the package {package.replace('_', '-')} on this backend. "
                f"Install it: pip install {package.replace('_', '-')}"
            )
        return chosen

    def write_network(self, network: keras.Model, path: Path, format: str) -> None:
        """Writes a functional network as a function of batches of any size."""
        signature = _signature(network)
        with exporting(format):
            if format == "tf_saved_model":
                network.export(path, format=format, verbose=False, input_signature=signature)
                return
            with atomic_path(path) as unfinished:
                # As text, because the exporters take no path objects.
                name = str(unfinished)
                network.export(name, format=format, verbose=False, input_signature=signature)

    @contextmanager
    def sampling_network(self) -> Iterator[keras.Model]:
        """Yields a network that makes the samples, with the averaged weights inside for a while.

        Where the generator computes in bfloat16, which the exporters cannot, it is one in float32.
        """
        if any(layer.dtype_policy.name == MIXED for layer in self.generator.layers):
            exact = _in_float32(self.generator)
            _set(exact.weights, self.sampling_weights())
            yield with_named_inputs(exact, self.latent.shape)
            return
        network = with_named_inputs(self.generator, self.latent.shape)
        weights = self.generator.weights
        latest = [ops.convert_to_numpy(weight) for weight in weights]
        with self.one_at_a_time:
            try:
                _set(weights, self.sampling_weights())
                yield network
            finally:
                _set(weights, latest)


def with_named_inputs(generator: keras.Model, latent_shape: tuple[int, ...]) -> keras.Model:
    """Returns a functional network around the generator that takes batches of any size."""
    given = getattr(generator, "inputs", None) or [keras.Input(latent_shape)]
    inputs = [
        keras.Input(tuple(one.shape[1:]), dtype=one.dtype, name=name)
        for one, name in zip(given, ("latents", "condition"), strict=False)
    ]
    try:
        made = generator(inputs if len(inputs) > 1 else inputs[0], training=False)
    except Exception as error:
        raise InvalidInputError(
            "`export` must know the inputs of the generator, which a subclassed network of latents "
            "and a condition does not tell. Wrap it in a functional model, `keras.Model([latents, "
            f"condition], network([latents, condition]))`. Its error: {error}"
        ) from error
    if made.dtype != "float32":
        made = ops.cast(made, "float32")
    return keras.Model(inputs if len(inputs) > 1 else inputs[0], made, name="generator_export")


def _in_float32(network: keras.Model) -> keras.Model:
    """Returns the same network with other weights, which computes in float32."""

    def exact(config: Any) -> Any:
        if isinstance(config, dict):
            return {name: exact(value) for name, value in config.items()}
        if isinstance(config, list | tuple):
            return type(config)(map(exact, config))
        return "float32" if isinstance(config, str) and config == MIXED else config

    config = exact(keras.saving.serialize_keras_object(network))
    copy: keras.Model = keras.saving.deserialize_keras_object(config)
    return copy


def _signature(network: keras.Model) -> list[Any]:
    specs = [
        keras.InputSpec(shape=(None, *one.shape[1:]), dtype=one.dtype, name=one.name)
        for one in network.inputs
    ]
    return [specs] if len(specs) > 1 else specs


def _set(weights: list[keras.Variable], values: list[Any]) -> None:
    for weight, value in zip(weights, values, strict=True):
        weight.assign(value)
