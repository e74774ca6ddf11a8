"""The measurements on a GPU go on where one of them fails or takes too long."""

import json
import sys
import time

import pytest

MAKERS = "tests.helpers.child_makers"  # as a child finds them, from the repository's folder


def test_a_measurement_that_fails_or_does_not_end_is_noted_and_the_next_one_runs(benchmark):
    session = benchmark("gpu").Session(time.monotonic() + 60.0)
    measure = session.measure
    assert measure("jax", f"{MAKERS}:failing", 30.0, {}) is None
    assert measure("jax", f"{MAKERS}:sleeping", 1.0, {"seconds": 60}) is None
    assert measure("jax", f"{MAKERS}:counting", 30.0, {"first": 7}) == 7
    assert [note.rpartition(": ")[2] for note in session.notes] == [
        "no networks",
        "It did not end within 1 s.",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_the_small_setting_measures_every_step_on_the_processor(benchmark, monkeypatch, backend):
    pytest.importorskip(backend, reason=f"{backend} is not installed here")
    gpu = benchmark("gpu")
    monkeypatch.setenv("XLA_FLAGS", gpu.UNOPTIMIZED)
    session = gpu.Session(time.monotonic() + 300.0)
    times, ratios = gpu._steps(session, [backend], small=True)
    assert session.notes == []
    assert [row["what"] for row in times.rows] == [
        gpu.PLAIN,
        "sp500-classic, fit()",
        "sp500, fit()",
    ]
    assert [row["backend"] for row in ratios.rows] == [backend, backend]


def test_what_was_not_measured_is_named_in_the_tables(benchmark, monkeypatch, tmp_path):
    gpu = benchmark("gpu")
    monkeypatch.setattr(gpu, "LIMIT", 0.0)
    monkeypatch.setattr(sys, "argv", ["gpu", "--small", "--out", str(tmp_path)])
    gpu.main()
    (table,) = json.loads((tmp_path / "speed_gpu.json").read_text())["tables"]
    notes = [row["what"] for row in table["rows"]]
    assert notes[2].endswith("no --data with MNIST in Keras' format was given.")
    assert sum("did not end within" in note for note in notes) == 5
    assert "python -m benchmarks.gpu --small" in (tmp_path / "speed_gpu.md").read_text()
