"""The command `keras-wgan export`."""

from pathlib import Path
from typing import Annotated

import typer

from keras_wgan.cli.options import Backend, Debug, ExportFormat, Quiet, RunPath, quoted
from keras_wgan.cli.startup import start_backend


def export(
    run: RunPath,
    format: Annotated[
        ExportFormat, typer.Option(help="ONNX, LiteRT (.tflite), or a folder with a SavedModel.")
    ] = "onnx",
    out: Annotated[
        Path | None,
        typer.Option(help="A new file, or folder of a SavedModel; by default in the run folder."),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(min=1, help="Days of each path, if not as trained (recipe sp500)."),
    ] = None,
    backend: Backend = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Write the generator of a run for programs that know no Keras."""
    start_backend(backend)
    from keras_wgan.experiments.export import ExportRequest
    from keras_wgan.experiments.export import export as write
    from keras_wgan.experiments.run import Run

    opened, request = Run.open(run), ExportRequest(format, days)
    path = out or opened.next_free_file(request.file_name)
    network, described = write(opened, request, path)
    typer.echo(
        f"The generator is in {network}, its inputs and its output are described in {described}\n"
        f"Next: {_reader(format, network)}"
    )


def _reader(format: str, path: Path) -> str:
    """Returns a command that reads the export."""
    if format == "onnx":
        code = f"import onnxruntime; print(onnxruntime.InferenceSession('{path}').get_inputs()[0])"
    elif format == "litert":
        code = (
            "from ai_edge_litert.interpreter import Interpreter; "
            f"print(Interpreter('{path}').get_input_details()[0])"
        )
    else:
        code = f"import keras; print(keras.layers.TFSMLayer('{path}', call_endpoint='serve'))"
    return f'python -c "{code}"' if "'" not in str(path) else f"the files in {quoted(path.parent)}"
