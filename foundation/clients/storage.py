"""Where files are kept: a folder on this machine, or a bucket behind the S3 API. Keys look like ``documents/17/ab``."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from foundation.clients import Rejected, Unavailable


class Missing(Rejected):
    """There is no file under this key."""


@dataclass(frozen=True)
class Stored:
    key: str
    size: int
    modified: datetime


class Store(Protocol):
    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Keep the whole file or nothing; what was there before under this key is replaced."""
        ...

    def get(self, key: str) -> bytes: ...

    def open(self, key: str) -> BinaryIO:
        """The file to be read from its start; close it."""
        ...

    def exists(self, key: str) -> bool: ...

    def delete(self, key: str) -> None:
        """Gone afterwards; a key that is not there is no error."""
        ...

    def list(self, prefix: str) -> list[Stored]:
        """All files whose key starts with the prefix, by key."""
        ...

    def health(self) -> None:
        """Return if files can be kept here; raise Unavailable otherwise."""
        ...


def checked(key: str) -> str:
    """The key, if it is a plain relative path that can leave no folder; Rejected otherwise."""
    parts = key.split("/")
    if len(key.encode()) > 900 or any(not _plain(part) for part in parts):
        raise Rejected("This is not a key of a stored file.")
    return key


def _plain(part: str) -> bool:
    return bool(part) and not part.startswith(".") and "\\" not in part and part.isprintable() and len(part) <= 200


class FolderStore:
    """One file a key. A file is written aside, flushed to disk and renamed, so that a half file is never seen."""

    ASIDE = ".writing"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, key: str, data: bytes, content_type: str) -> None:
        path = self._path(key)
        with _disk():
            path.parent.mkdir(parents=True, exist_ok=True)
            aside = self.folder / self.ASIDE
            aside.mkdir(exist_ok=True)
            handle, name = tempfile.mkstemp(dir=aside)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(path)
            finally:
                Path(name).unlink(missing_ok=True)
            _sync_folder(path.parent)

    def get(self, key: str) -> bytes:
        with self.open(key) as file, _disk():
            return file.read()

    def open(self, key: str) -> BinaryIO:
        with _disk():
            return self._path(key).open("rb")

    def exists(self, key: str) -> bool:
        with _disk():
            return self._path(key).is_file()

    def delete(self, key: str) -> None:
        with _disk():
            self._path(key).unlink(missing_ok=True)

    def list(self, prefix: str) -> list[Stored]:
        found = []
        with _disk():
            for path in sorted(self.folder.rglob("*")):
                key = path.relative_to(self.folder).as_posix()
                if key.startswith(prefix) and not key.startswith(self.ASIDE) and path.is_file():
                    facts = path.stat()
                    found.append(Stored(key, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC)))
        return sorted(found, key=lambda stored: stored.key)

    def health(self) -> None:
        with _disk():
            self.folder.mkdir(parents=True, exist_ok=True)
            if not os.access(self.folder, os.W_OK | os.X_OK):
                raise Unavailable("The folder of stored files cannot be written.")

    def _path(self, key: str) -> Path:
        path = (self.folder / checked(key)).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise Rejected("This is not a key of a stored file.")
        return path


@contextmanager
def _disk() -> Iterator[None]:
    """The faults of a disk in our words; its own texts name paths."""
    try:
        yield
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise Missing("There is no such stored file.") from None
    except OSError as error:
        raise Unavailable(f"The folder of stored files fails ({os.strerror(error.errno or 0)}).") from None


def _sync_folder(folder: Path) -> None:
    """A rename is only on disk when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class S3Store:
    """A bucket behind the S3 API. Credentials come from the environment, as every AWS library takes them."""

    def __init__(self, bucket: str, *, endpoint: str = "", region: str = "eu-west-1") -> None:
        self.bucket = bucket
        self.client = _s3_client(endpoint, region)

    def put(self, key: str, data: bytes, content_type: str) -> None:
        with _s3():
            self.client.put_object(Bucket=self.bucket, Key=checked(key), Body=data, ContentType=content_type)

    def get(self, key: str) -> bytes:
        with self.open(key) as file:
            return file.read()

    def open(self, key: str) -> BinaryIO:
        """Fetched whole to a temporary file first, so that a broken connection shows here and not half-way."""
        file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 the caller closes it
        try:
            with _s3():
                shutil.copyfileobj(self.client.get_object(Bucket=self.bucket, Key=checked(key))["Body"], file)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def exists(self, key: str) -> bool:
        try:
            with _s3():
                self.client.head_object(Bucket=self.bucket, Key=checked(key))
        except Missing:
            return False
        return True

    def delete(self, key: str) -> None:
        with _s3():
            self.client.delete_object(Bucket=self.bucket, Key=checked(key))

    def list(self, prefix: str) -> list[Stored]:
        with _s3():
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
            found = [each for page in pages for each in page.get("Contents", [])]
        return [Stored(each["Key"], each["Size"], each["LastModified"]) for each in found]

    def health(self) -> None:
        try:
            with _s3():
                self.client.head_bucket(Bucket=self.bucket)
        except Rejected:
            raise Unavailable("The bucket of stored files does not exist or is closed to us.") from None


@cache
def _s3_client(endpoint: str, region: str) -> Any:
    """Slow to make and safe to share between threads, so one a process."""
    import boto3  # takes half a second to load: only where it is used

    times = Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 3, "mode": "standard"})
    return boto3.session.Session().client("s3", endpoint_url=endpoint or None, region_name=region, config=times)


@contextmanager
def _s3() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500))
        if code in {"NoSuchKey", "404", "NotFound"}:
            raise Missing("There is no such stored file.") from None
        if status >= 500 or status == 429 or code in {"SlowDown", "RequestTimeout"}:
            raise Unavailable(f"The storage cannot serve now ({code}).") from None
        raise Rejected(f"The storage refused ({code}).", code=code) from None
    except BotoCoreError as error:
        raise Unavailable(f"The storage does not answer ({type(error).__name__}).") from None


def store() -> Store:
    """The store that the settings name."""
    if settings.STORAGE == "s3":
        return S3Store(settings.STORAGE_BUCKET, endpoint=settings.STORAGE_ENDPOINT, region=settings.STORAGE_REGION)
    if not settings.LOCAL:
        raise ImproperlyConfigured("STORAGE=folder keeps files on one machine only: it is for local use.")
    return FolderStore(settings.STORAGE_FOLDER)
