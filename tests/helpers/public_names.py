"""The public names of the package, read from the lists in `__init__.pyi` and `__init__.py`."""

import ast
import inspect
from pathlib import Path

import keras_wgan


def public_names():
    """Returns every public object by its full name: classes, functions, types and constants.

    A name is public when the `__init__` of `keras_wgan` or of a folder in it lists it. A listed
    module, such as `losses`, is public with the classes and functions that it defines.
    """
    return dict(_names_of(keras_wgan))


def public_objects():
    """Returns every public class and function by its full name."""
    return {
        name: value
        for name, value in public_names().items()
        if inspect.isclass(value) or inspect.isfunction(value)
    }


def listed(package):
    """Returns the names that the `__init__` of a package lists, `from x import y as y`."""
    source = Path(package.__file__)
    stub = source.with_suffix(".pyi")
    tree = ast.parse((stub if stub.exists() else source).read_text())
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return [alias.name for node in imports for alias in node.names if alias.asname == alias.name]


def _names_of(module):
    names = listed(module) if hasattr(module, "__path__") else _defined(module)
    for name in names:
        value = getattr(module, name)
        if inspect.ismodule(value):
            yield from _names_of(value)
        else:
            yield f"{module.__name__}.{name}", value


def _defined(module):
    """Returns the classes and functions that a module defines; its constants are its own."""
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    ]
