"""Test of file names made of tickers."""

from keras_wgan.report import file_names


def test_names_of_files_are_plain_and_never_alike():
    assert file_names(["^GSPC", "gspc", "BRK/B", "..", "a b"]) == [
        "GSPC",
        "gspc-2",
        "BRK-B",
        "asset",
        "a-b",
    ]
