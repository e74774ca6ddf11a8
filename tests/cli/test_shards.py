"""`keras-wgan generate --shard` and `verify`."""

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
