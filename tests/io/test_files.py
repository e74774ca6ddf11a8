"""A cache that several write at once holds one whole file, the old or the new."""

import threading

from keras_wgan.extractors.digit_classifier import _save_atomically
from keras_wgan.io.files import read_sealed, write_atomically, write_sealed

WRITERS, ROUNDS = 3, 30


def while_many_write(write, read):
    """Lets threads write at once; returns what was read meanwhile, and raises what went wrong."""
    failed, seen = [], []

    def work(number):
        try:
            for _ in range(ROUNDS):
                write(number)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=[number]) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seen.append(read())
    if failed:
        raise failed[0]
    return [*seen, read()]


def test_a_reader_sees_one_whole_file_while_many_write(tmp_path):
    path, contents = tmp_path / "file", [bytes([number]) * 10**6 for number in range(WRITERS)]
    write_atomically(path, contents[0])
    seen = while_many_write(lambda k: write_atomically(path, contents[k]), path.read_bytes)
    assert all(content in contents for content in seen)
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_a_sealed_file_is_never_seen_unsealed_while_many_write(tmp_path):
    path = tmp_path / "prices.csv"
    write_sealed(path, "0\n" * 10**5)
    seen = while_many_write(
        lambda k: write_sealed(path, f"{k}\n" * 10**5), lambda: read_sealed(path)
    )
    assert None not in seen


class Slow:
    """A model whose file takes two steps to write, as a real one takes many."""

    def __init__(self, content, both):
        self.content, self.both = content, both

    def save(self, path):
        """Writes one half, waits for the other writer, and writes the other half."""
        with open(path, "xb") as file:  # a file of another writer is in the way
            file.write(self.content[:2])
            self.both.wait(timeout=60)
            file.write(self.content[2:])


def test_two_threads_that_keep_a_classifier_at_once_do_not_write_into_one_file(tmp_path):
    path, both = tmp_path / "classifier.keras", threading.Barrier(2)
    failed = []

    def work(content):
        try:
            _save_atomically(Slow(content, both), path)
        except BaseException as error:
            failed.append(error)
            both.abort()

    threads = [threading.Thread(target=work, args=[content]) for content in (b"aaaa", b"bbbb")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert path.read_bytes() in (b"aaaa", b"bbbb")
    assert [file.name for file in tmp_path.iterdir()] == ["classifier.keras"]
