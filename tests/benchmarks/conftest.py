"""How a test imports a benchmark."""

import importlib

import pytest

from helpers.paths import ROOT


@pytest.fixture
def benchmark(monkeypatch):
    """Imports a module of benchmarks/, which is no part of what is installed."""
    monkeypatch.syspath_prepend(str(ROOT))
    return lambda name: importlib.import_module(f"benchmarks.{name}")
