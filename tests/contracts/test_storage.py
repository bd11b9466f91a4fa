"""Storage: one contract for a folder and for a bucket (a real S3 server)."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from foundation.clients import Rejected, Unavailable
from foundation.clients.storage import FolderStore, Missing, S3Store, Store, checked, store
from foundation.testing import servers


@pytest.fixture(scope="module")
def bucket_address() -> Iterator[str]:
    with servers.s3() as address:
        yield address


@pytest.fixture(params=["folder", "s3"])
def kept(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Store:
    settings.STORAGE = request.param
    if request.param == "folder":
        settings.STORAGE_FOLDER = tmp_path / "files"
    else:
        settings.STORAGE_ENDPOINT = request.getfixturevalue("bucket_address")
        settings.STORAGE_BUCKET = servers.S3_BUCKET
    chosen = store()
    for stored in chosen.list(""):
        chosen.delete(stored.key)
    return chosen


def test_what_is_put_comes_back(kept: Store) -> None:
    data = bytes(range(256)) * 1000
    kept.put("documents/7/ab", data, "application/pdf")
    assert kept.exists("documents/7/ab")
    assert kept.get("documents/7/ab") == data
    with kept.open("documents/7/ab") as file:
        assert file.read(3) == data[:3]
        file.seek(0)
        assert file.read() == data


def test_an_empty_file_is_a_file(kept: Store) -> None:
    kept.put("empty", b"", "text/plain")
    assert kept.exists("empty")
    assert kept.get("empty") == b""


def test_putting_again_replaces(kept: Store) -> None:
    kept.put("a", b"old and longer", "text/plain")
    kept.put("a", b"new", "text/plain")
    assert kept.get("a") == b"new"


def test_a_reader_keeps_what_it_opened(kept: Store) -> None:
    kept.put("a", b"old", "text/plain")
    with kept.open("a") as file:
        kept.put("a", b"new", "text/plain")
        assert file.read() == b"old"


def test_a_missing_file_is_missing(kept: Store) -> None:
    assert not kept.exists("documents/none")
    with pytest.raises(Missing):
        kept.get("documents/none")
    with pytest.raises(Missing):
        kept.open("documents/none")


def test_deleting_twice_is_no_error(kept: Store) -> None:
    kept.put("a/b", b"x", "text/plain")
    kept.delete("a/b")
    kept.delete("a/b")
    assert not kept.exists("a/b")


def test_listing_is_by_prefix_and_in_order(kept: Store) -> None:
    for key in ("ingest/b.csv", "ingest/a.csv", "ingest2/c.csv", "documents/1/x"):
        kept.put(key, b"12345", "text/csv")
    assert [stored.key for stored in kept.list("ingest/")] == ["ingest/a.csv", "ingest/b.csv"]
    assert [stored.key for stored in kept.list("ing")] == ["ingest/a.csv", "ingest/b.csv", "ingest2/c.csv"]
    assert len(kept.list("")) == 4
    assert kept.list("nothing") == []
    assert kept.list("ingest/../") == []
    [first, _second] = kept.list("ingest/")
    assert first.size == 5
    assert first.modified.tzinfo is not None


@pytest.mark.parametrize(
    "key",
    ["", "/etc/passwd", "../a", "a/../../b", "a//b", "a/", "./a", ".hidden", "a/.b", "a\\b", "a\0b", "a\nb", "x" * 300],
)
def test_a_key_that_could_leave_is_refused(kept: Store, key: str) -> None:
    for act in (kept.get, kept.open, kept.exists, kept.delete, lambda key: kept.put(key, b"x", "text/plain")):
        with pytest.raises(Rejected) as caught:
            act(key)
        assert not isinstance(caught.value, Missing)


@given(st.text(max_size=40))
def test_no_key_leaves_the_folder(key: str) -> None:
    try:
        checked(key)
    except Rejected:
        return
    path = os.path.normpath(os.path.join("/store", key))
    assert path == "/store/" + key


def test_health_of_a_good_store(kept: Store) -> None:
    kept.health()


# The folder alone


def test_a_link_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    folder = FolderStore(tmp_path / "files")
    folder.put("a/b", b"x", "text/plain")
    (tmp_path / "files" / "out").symlink_to(tmp_path)
    with pytest.raises(Rejected):
        folder.get("out/secret")


def test_a_half_written_file_is_never_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = FolderStore(tmp_path)
    folder.put("a", b"old", "text/plain")

    def fails(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(Unavailable, match="No space left"):
        folder.put("a", b"new", "text/plain")
    assert folder.get("a") == b"old"
    assert [stored.key for stored in folder.list("")] == ["a"]


def test_writers_of_one_key_leave_one_whole_file(tmp_path: Path) -> None:
    folder = FolderStore(tmp_path)
    contents = [bytes([n]) * 300_000 for n in range(8)]
    threads = [threading.Thread(target=folder.put, args=("k", data, "text/plain")) for data in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert folder.get("k") in contents


def test_a_folder_is_refused_outside_local_use(settings: Any) -> None:
    settings.STORAGE, settings.LOCAL = "folder", False
    with pytest.raises(ImproperlyConfigured):
        store()


# The bucket alone


def test_a_bucket_that_does_not_answer_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    absent = S3Store("documents", endpoint="http://127.0.0.1:1")
    for act in (absent.get, absent.exists, absent.delete, absent.list):
        with pytest.raises(Unavailable):
            act("a")
    with pytest.raises(Unavailable):
        absent.health()


@pytest.mark.long
def test_a_bucket_lists_more_than_a_page_of_answers(bucket_address: str) -> None:
    bucket = S3Store(servers.S3_BUCKET, endpoint=bucket_address)
    for number in range(1005):  # S3 answers a thousand at a time
        bucket.put(f"many/{number:04}", b"", "text/plain")
    assert [stored.key for stored in bucket.list("many/")] == [f"many/{number:04}" for number in range(1005)]


def test_a_bucket_that_does_not_exist_is_unhealthy(bucket_address: str) -> None:
    with pytest.raises(Unavailable):
        S3Store("another", endpoint=bucket_address).health()
