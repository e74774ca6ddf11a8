"""The table of the hybrid hidden Markov model tells copies, wrong widths and orders apart."""

import argparse

import numpy as np
import pandas as pd
import pytest

RNG = np.random.default_rng(0)
REAL = 0.01 * RNG.standard_t(4, size=400)


def test_copies_pass_and_returns_of_twice_the_width_do_not(benchmark):
    hybrid = benchmark("hybrid_hmm")
    copies = hybrid.scored(np.tile(REAL, (3, 1)), REAL)
    assert (copies.ks, copies.ad, copies.acf, copies.acf_of_mean) == (100.0, 100.0, 0.0, 0.0)
    wide = hybrid.scored(2.0 * np.tile(REAL, (3, 1)), REAL)
    assert (wide.ks, wide.ad) == (0.0, 0.0)
    assert wide.acf == pytest.approx(0.0, abs=1e-12)


def test_the_autocorrelation_of_a_wave_is_its_cosine(benchmark):
    wave = np.sin(2 * np.pi * np.arange(10_000) / 8)[None]
    found = benchmark("hybrid_hmm").autocorrelations(wave, 4)
    np.testing.assert_allclose(found[0], np.cos(2 * np.pi * np.arange(1, 5) / 8), atol=1e-3)


def test_ranks_are_mapped_to_the_returns_of_the_history(benchmark):
    paths = RNG.normal(size=(2, 400))
    mapped = benchmark("hybrid_hmm").with_the_returns_of(REAL, paths)
    np.testing.assert_allclose(np.sort(mapped[0]), np.sort(REAL))
    assert (mapped.argsort(axis=1) == paths.argsort(axis=1)).all()


def test_the_table_has_a_row_for_simulators_controls_and_published_models(benchmark, monkeypatch):
    hybrid = benchmark("hybrid_hmm")
    monkeypatch.setattr(hybrid, "FIT", ("2014-01-04", "2014-12-31"))
    days = pd.bdate_range("2010-01-01", "2025-03-31")
    returns = pd.Series(0.01 * RNG.normal(size=len(days)), days)
    asked = argparse.Namespace(names=["iid normal", "FHS-EGARCH"], paths=20, seed=0, data="made")
    rows = hybrid.rows(returns, asked)
    by_name = {row[""]: row for row in rows}
    assert list(by_name) == [
        "iid normal",
        "FHS-EGARCH",
        "FHS-EGARCH, ranks mapped",
        "the market itself, 4 earlier spans",
    ]
    assert by_name["FHS-EGARCH, ranks mapped"]["KS"] == 100.0
    assert by_name["iid normal"]["KS"] >= 80.0
    text = hybrid.table(rows, asked, returns).markdown()
    assert "published: HMM with jumps" in text
    assert "2014-01-06 to 2014-12-31 (258 returns)" in text and "64 days of 2025" in text
