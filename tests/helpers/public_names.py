"""All public classes and functions of the package."""

import importlib
import inspect

import keras_wgan


def public_objects():
    """Returns every public class and function by its full name."""
    found = {"keras_wgan.WGANGP": keras_wgan.WGANGP}
    for module_name in keras_wgan.MODULES:
        module = importlib.import_module(f"keras_wgan.{module_name}")
        for name, value in vars(module).items():
            described = inspect.isclass(value) or inspect.isfunction(value)
            # A package exports what its files define; what a file imports has another home.
            if not name.startswith("_") and described and at_home(value, module):
                found[f"{module.__name__}.{name}"] = value
    return found


def at_home(value, module):
    """Says whether a class or function is defined in a module or in a file of it."""
    return f"{value.__module__}.".startswith(f"{module.__name__}.")
