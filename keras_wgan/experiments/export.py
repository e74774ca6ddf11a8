"""Export of a run's generator to programs that know no Keras, in the units of its data."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import keras

from keras_wgan._export import with_named_inputs
from keras_wgan._validation import whole_number
from keras_wgan.data import ImageFacts, ReturnsFacts, SeriesFacts
from keras_wgan.errors import InvalidInputError, OutputExistsError
from keras_wgan.experiments.config import Versions
from keras_wgan.experiments.run import Run
from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import strict_json
from keras_wgan.latents import Latent
from keras_wgan.networks import MarketGenerator
from keras_wgan.wgan_gp import WGANGP

Format = Literal["onnx", "litert", "saved_model"]
SUFFIXES: dict[str, str] = {"onnx": ".onnx", "litert": ".tflite", "saved_model": ""}
KERAS_NAMES = {"onnx": "onnx", "litert": "litert", "saved_model": "tf_saved_model"}


@dataclass(frozen=True)
class ExportRequest:
    """The form in which a run's generator is written.

    Example:
    ```python
    from keras_wgan.experiments import ExportRequest

    assert ExportRequest("litert").file_name == "generator.tflite"
    ```

    Args:
        format: `"onnx"`, `"litert"` or `"saved_model"`.
        days: The length of paths of returns, for a network that runs over any number of days.
            Defaults to `None`, as trained.

    Raises:
        ValueError: If the format is unknown or `days` is below 1.
    """

    format: Format = "onnx"
    days: int | None = None

    def __post_init__(self) -> None:
        if self.format not in SUFFIXES:
            raise InvalidInputError(
                f"`format` must be one of {', '.join(SUFFIXES)}. Received: format={self.format!r}"
            )
        if self.days is not None:
            whole_number("days", self.days)

    @property
    def file_name(self) -> str:
        """The name of the file, or of the folder of a SavedModel, where none is given."""
        return f"generator{SUFFIXES[self.format]}"


def export(run: Run, request: ExportRequest, out: Path) -> list[Path]:
    """Writes a run's generator for other programs, and next to it what goes in and comes out.

    The exported function takes a batch of latents of any size, of a conditional run latents and
    labels. It has the weights that `generate` uses and returns what `generate` returns: log returns
    a period, images in [-1, 1], or series in the units of the data.

    Example:
    ```python
    import tempfile
    from pathlib import Path

    import keras
    import keras_wgan
    from keras_wgan.experiments import ExportRequest, export

    if keras.backend.backend() == "tensorflow":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "market.tflite"
            files = export(keras_wgan.from_preset("sp500"), ExportRequest("litert"), path)
            assert [file.name for file in files] == ["market.tflite", "market.tflite.json"]
    ```

    Args:
        run: A run that has a model, or a preset.
        request: The form.
        out: A new file with the suffix of the format: `.onnx`, `.tflite`, or none for the folder of
            a SavedModel.

    Returns:
        The file or folder, and a JSON file next to it that describes inputs and output.

    Raises:
        FileExistsError: If one of the two is there already.
        ImportError: If a package that the format needs is not installed.
        ValueError: If the format does not fit `out`, cannot be written on this backend, or the
            network has a fixed number of days.
    """
    described = out.with_name(f"{out.name}.json")
    for path in (out, described):
        if path.exists():
            raise OutputExistsError(f"`out` must be new, nothing is overwritten: {path}")
    if out.suffix != SUFFIXES[request.format]:
        expected = SUFFIXES[request.format] or "no suffix, since a SavedModel is a folder"
        raise InvalidInputError(
            f"`out` must end in {expected} for the format {request.format}. Received: {out}"
        )
    model = run.model()
    chosen = model.export_format(out, KERAS_NAMES[request.format])
    with _network(model, run, request.days) as network:
        finished = _in_units(network, run)
        model.write_network(finished, out, chosen)
        write_atomically(described, strict_json(_description(finished, model, run)))
    return [out, described]


@contextlib.contextmanager
def _network(model: WGANGP, run: Run, days: int | None) -> Iterator[keras.Model]:
    """Yields the generator with the weights of its samples, over another number of days."""
    if days is None:
        with model.sampling_network() as network:
            yield network
        return
    if not isinstance(run.facts, ReturnsFacts):
        raise InvalidInputError(f"`days` is for returns. Received: days={days} of {run.path}")
    longer = MarketGenerator(model.generator).with_days(days)
    longer.model.set_weights(model.sampling_weights())
    yield with_named_inputs(longer.model, longer.model.input_shape[1:])


def _in_units(network: keras.Model, run: Run) -> keras.Model:
    """Returns the network with the run's scaler as its last layer."""
    facts = run.facts
    if isinstance(facts, ImageFacts):
        return network
    scaler, name = facts.scaler, "log_returns" if isinstance(facts, ReturnsFacts) else "series"
    # Lists of one number would be per-channel constants too, but LiteRT keeps scalars exact.
    scale, offset = (
        list(values) if len(values) > 1 else values[0] for values in (scaler.scale, scaler.offset)
    )
    finished = keras.layers.Rescaling(scale, offset, name=name)(network.output)
    return keras.Model(network.inputs, finished, name=network.name)


def _description(network: keras.Model, model: WGANGP, run: Run) -> dict[str, Any]:
    facts = run.facts
    inputs: dict[str, Any] = {}
    drawn = {"latents": _law(model.latent), "condition": "the label, such as 7"}
    for each in network.inputs:
        shape = [None, *each.shape[1:]]
        inputs[each.name] = {"shape": shape, "dtype": each.dtype, "values": drawn[each.name]}
    unit = "in [-1, 1], from black to white"
    continued: dict[str, Any] = {}
    if isinstance(facts, ReturnsFacts):
        unit = f"log return, {facts.frequency.describe()}"
        continued = {
            "assets": list(facts.tickers),
            "last_day": facts.last_day,
            "last_prices": list(facts.last_prices),
            "scaler": {**facts.scaler.to_config(), "place": "inside, as the last layer"},
        }
    if isinstance(facts, SeriesFacts):
        unit = "that of each column of the data"
        continued = {
            "columns": list(facts.columns),
            "scaler": {**facts.scaler.to_config(), "place": "inside, as the last layer"},
        }
    return {
        "recipe": run.recipe.name,
        "seed": run.config.experiment.seed,
        "inputs": inputs,
        "output": {"shape": [None, *network.output_shape[1:]], "dtype": "float32", "unit": unit},
        **continued,
        "exported_with": vars(Versions.installed()),
    }


def _law(latent: Latent) -> str:
    """Returns the distribution of a latent without its size, such as `"Normal()"`."""
    arguments = {name: value for name, value in latent.get_config().items() if name != "size"}
    named = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    return f"independent draws of keras_wgan.latents.{type(latent).__name__}({named})"
