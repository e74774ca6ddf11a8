"""Runs exported generators in the programs that they are written for."""

import importlib.util

from keras_wgan import WGANGP


def onnx(path, inputs):
    """Returns what ONNX Runtime makes of the inputs."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, inputs)[0]


def litert(path, inputs):
    """Returns what LiteRT makes of the inputs."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(path))
    for each in interpreter.get_input_details():
        name = next(name for name in inputs if name in each["name"])
        interpreter.resize_tensor_input(each["index"], inputs[name].shape)
    interpreter.allocate_tensors()
    for each in interpreter.get_input_details():
        name = next(name for name in inputs if name in each["name"])
        interpreter.set_tensor(each["index"], inputs[name])
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


def saved_model(path, inputs):
    """Returns what TensorFlow makes of the inputs."""
    import tensorflow as tf

    values = list(inputs.values())
    loaded = tf.saved_model.load(str(path))  # its variables live as long as it does
    return loaded.serve(values if len(values) > 1 else values[0]).numpy()


READERS = {
    "onnx": ("generator.onnx", onnx, "onnxruntime"),
    "litert": ("generator.tflite", litert, "ai_edge_litert"),
    "tf_saved_model": ("generator", saved_model, "tensorflow"),
}
WRITTEN = [
    name
    for name, package in WGANGP.export_packages.items()
    if importlib.util.find_spec(package) and importlib.util.find_spec(READERS[name][2])
]
