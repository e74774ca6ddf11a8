"""`keras-wgan generate --shard` and `verify`, `risk --shard` and `merge`."""

from pathlib import Path

from keras_wgan.experiments import streamed_risk

from helpers.commands import call, refusal


def test_shards_are_written_one_by_one_and_verified(monkeypatch, capsys, tmp_path, r):
    options = ("generate", "r", "--count", "5", "--out", "s")
    lines = call(*options, "--shard", "2/3").splitlines()
    assert lines == [
        "Loading Keras ...",
        "Shard 2/3: 2 scenarios from number 1 are in s/part-00002.parquet",
        "Next: keras-wgan verify s, once all 3 are there",
    ]
    line = refusal(monkeypatch, capsys, "verify", "s")
    assert "1 of 3 whole parts: part-00001.parquet is missing; part-00003.parquet is" in line
    assert line.endswith("`--shard 1/3`.")
    call(*options, "--shard", "1-3/3")
    assert call("verify", "s").splitlines() == [
        "s is whole: 5 scenarios of 60 days, ^GSPC, in 3 files.",
        "Next: pandas.read_parquet('s/part-00001.parquet') in Python",
    ]


def test_what_cannot_be_a_folder_of_shards_is_refused(monkeypatch, capsys, tmp_path, r):
    line = refusal(monkeypatch, capsys, "generate", "r", "--shard", "1/2")
    assert "`--shard 1/2` needs a folder: `--out scenarios`" in line
    line = refusal(monkeypatch, capsys, "generate", "r", "--shard", "3/2", "--out", "s")
    assert "such as 3/100" in line
    line = refusal(monkeypatch, capsys, "generate", "r", "--shard", "1/2", "--out", "r")
    assert "holds other files and no manifest.json" in line
    line = refusal(monkeypatch, capsys, "verify", "r")
    assert "manifest.json does not exist" in line


def test_the_risk_of_shards_is_merged_into_the_table_of_one_process(monkeypatch, capsys, r):
    options = ("--horizons", "1,5", "--levels", "5%", "--losses", "1%", "--count", "210")
    lines = call("risk", "r", *options, "--shard", "2/3", "--out", "s").splitlines()
    assert lines[-2:] == [
        "Shard 2/3: the risk over 70 scenarios from number 70 is in s/part-00002.npz",
        "Next: keras-wgan merge s, once all 3 are there",
    ]
    assert "1 of 3 whole parts: part-00001.npz is missing" in refusal(
        monkeypatch, capsys, "merge", "s"
    )
    call("risk", "r", *options, "--shard", "1-3/3", "--out", "s")
    monkeypatch.setattr(streamed_risk, "HELD", 200)
    merged = call("merge", "s").splitlines()
    alone = call("risk", "r", *options, "--out", "alone").splitlines()
    assert "over 210 scenarios, of which none is kept" in " ".join(merged)
    assert merged[: merged.index("Written to:")] == alone[1 : alone.index("Written to:")]
    for name in ("risk.csv", "contributions.csv", "worst.csv", "risk.json"):
        assert Path("s/risk", name).read_bytes() == Path("alone", name).read_bytes()


def test_shards_of_a_risk_need_a_folder_and_one_run(monkeypatch, capsys, r):
    line = refusal(monkeypatch, capsys, "risk", "r", "--shard", "1/2")
    assert "`--shard 1/2` needs a folder: `--out risks`" in line
    options = ("--count", "2000", "--given", "^GSPC<0 in 3", "--shard", "1/2", "--out", "s")
    assert "cannot be used while streaming" in refusal(monkeypatch, capsys, "risk", "r", *options)
    assert not Path("s").exists()
