"""The errors that this package raises on purpose: each is a sentence that says what to do.

Every one of them is a `KerasWGANError` and also the built-in error that one would expect, so that
`except ValueError` works as usual. The command line shows them as one sentence; any other error is
unexpected and keeps its traceback.
"""


class KerasWGANError(Exception):
    """The base of all errors that this package raises on purpose.

    Example:
    ```python
    from keras_wgan.errors import KerasWGANError
    from keras_wgan.metrics import feature_statistics, frechet_distance
    import numpy as np

    try:
        feature_statistics(np.full((4, 2), np.nan))
    except KerasWGANError as error:
        assert isinstance(error, ValueError) and "must be finite" in str(error)
    ```
    """


class InvalidInputError(KerasWGANError, ValueError):
    """An argument, a file or a data set holds something that cannot be used."""


class InvalidTypeError(KerasWGANError, TypeError):
    """An argument is of a type that cannot be used."""


class InvalidIndexError(KerasWGANError, IndexError):
    """An index lies outside."""


class InputNotFoundError(KerasWGANError, FileNotFoundError):
    """A file or folder that was named does not exist."""


class OutputExistsError(KerasWGANError, FileExistsError):
    """A file or folder exists already and would be overwritten."""


class FileAccessError(KerasWGANError, OSError):
    """A file cannot be read or written."""


class ServiceError(KerasWGANError, ConnectionError):
    """A service, or another process of a search, cannot be reached."""


class WorkerError(KerasWGANError, ChildProcessError):
    """A worker process ended again and again."""


class MissingPackageError(KerasWGANError, ImportError):
    """An optional package is not installed."""


class DivergenceError(KerasWGANError, FloatingPointError):
    """Training or a fit diverged."""


class ExplosionError(KerasWGANError, OverflowError):
    """A fitted model's simulated paths exceed the range of floating-point numbers."""


class BatchTooLargeError(KerasWGANError, MemoryError):
    """A training step does not fit into memory."""
