"""The folders of the repository, and how a test starts a program of the tests."""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent


def load(name: str) -> ModuleType:
    """Returns the module of a file below `tests`, whose folder need not be a package."""
    spec = importlib.util.spec_from_file_location(Path(name).stem, TESTS / name)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def program(module: str) -> list[str]:
    """Returns the command of a module below `tests`, such as `long.fuzzing`."""
    return [sys.executable, "-m", module]


def program_environment(**variables: str) -> dict[str, str]:
    """Returns the environment in which such a module finds the others."""
    return {**os.environ, "PYTHONPATH": str(TESTS), **variables}
