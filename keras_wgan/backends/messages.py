"""The messages of a backend that say nothing about the training."""

import logging

from keras_wgan.io.console import is_debugging


def hide_retracing_notes() -> None:
    """Hides TensorFlow's advice on functions that are traced often, except with `--debug`.

    TensorFlow counts the traces of all models together, since Keras makes the functions of each
    from the same code: a handful of models that are traced once look like one traced again and
    again.
    """
    logging.getLogger("tensorflow").addFilter(_is_no_retracing_note)


def _is_no_retracing_note(record: logging.LogRecord) -> bool:
    return is_debugging() or "triggered tf.function retracing" not in record.getMessage()
