"""The atomic writer: whole and synced files that have the permissions of the user's umask."""

import errno
import os
import stat
import threading

import pytest

from keras_wgan.errors import FileAccessError, InvalidInputError
from keras_wgan.io.files import (
    atomic_path,
    read_sealed,
    remove_unfinished,
    write_atomically,
    write_sealed,
)

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


def test_two_threads_that_write_slowly_at_once_do_not_write_into_one_file(tmp_path):
    path, both, failed = tmp_path / "classifier.keras", threading.Barrier(2), []

    def work(content):
        try:
            with atomic_path(path) as unfinished, unfinished.open("xb") as file:
                file.write(content[:2])
                both.wait(timeout=60)
                file.write(content[2:])
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


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_a_file_has_the_permissions_of_the_users_umask(tmp_path, umask, mode):
    path = tmp_path / "new" / "file"
    before = os.umask(umask)
    try:
        write_atomically(path, b"content")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.parametrize("error", [RuntimeError("stopped"), KeyboardInterrupt()])
def test_an_exception_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(type(error)) as caught, atomic_path(path) as unfinished:
        unfinished.write_bytes(b"half of the new")
        raise error
    assert caught.value is error
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("place", ["io.open", "os.fsync", "os.replace"])
def test_a_full_disk_is_named_and_leaves_the_old_file(tmp_path, monkeypatch, place):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "file"
    path.write_bytes(b"old")
    with monkeypatch.context() as patched:
        patched.setattr(place, full)
        with pytest.raises(
            FileAccessError, match="file cannot be written: No space left"
        ) as caught:
            write_atomically(path, b"new")
    assert caught.value.__cause__.errno == errno.ENOSPC
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(
        FileAccessError, match=r"config\.json cannot be written: (Not a dir|File ex)"
    ):
        write_atomically(tmp_path / "file" / "config.json", b"{}")


def test_an_error_of_the_package_is_not_taken_for_one_of_the_disk(tmp_path):
    wrong = InvalidInputError("`start_prices` must be above zero.")
    with pytest.raises(InvalidInputError) as caught, atomic_path(tmp_path / "file"):
        raise wrong
    assert caught.value is wrong


def test_the_content_is_synced_before_the_file_takes_its_place_and_the_folder_after(
    tmp_path, monkeypatch
):
    path, steps, fsync, replace = tmp_path / "file", [], os.fsync, os.replace

    def synced(handle):
        steps.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "content")
        fsync(handle)

    def replaced(source, target):
        steps.append("replace")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    write_atomically(path, b"content")
    assert steps == ["content", "replace", "folder"]


def test_what_a_killed_process_left_is_removed_by_the_name_of_the_finished_file(tmp_path):
    unfinished = []
    for name in ("model.keras", "error.txt"):
        with atomic_path(tmp_path / name) as path:
            path.write_bytes(b"half")
            unfinished.append((path.name, path.read_bytes()))
    for name, content in unfinished:
        (tmp_path / name).write_bytes(content)
    remove_unfinished(tmp_path, "model.keras")
    left = {file.name for file in tmp_path.iterdir()}
    assert left == {"model.keras", "error.txt", unfinished[1][0]}
    remove_unfinished(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"model.keras", "error.txt"}
