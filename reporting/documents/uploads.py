"""How the files of a request are read: never more of them than the limits allow, and never a broken connection.

Django's own limits end the request with an error page, or fill the disk first. Here what is over a limit is read and
thrown away, and the file says which limit it broke, so that the person gets an ordinary message at the field.
The whole service reads uploads this way (``FILE_UPLOAD_HANDLERS``), so no address takes more.
"""

from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

IN_MEMORY = 1024 * 1024
"""A file up to this size waits in memory, a larger one in a temporary file that has no name."""

ABSURD = 8
"""A body this many times over the limit of a request is not read to its end."""


class Upload(UploadedFile):
    """A file as the browser sent it. One that is over a limit has no content."""

    sent_name: str
    """The whole name; Django cuts ``name`` to 255 characters."""
    over: str
    """Which limit it broke: file, request, count or none (empty)."""


class BoundedUploads(FileUploadHandler):
    """Reads all files of one request."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.count = 0
        self.total = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        if content_length > ABSURD * settings.REQUEST_MAX_BYTES:
            raise RequestDataTooBig("The body is many times over the limit of a request.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.count += 1
        self.size = 0
        self.over = "count" if self.count > settings.REQUEST_MAX_FILES else ""
        self.file = cast(IO[bytes], SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 the request closes it

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        self.total += len(raw_data)
        if not self.over and self.size > settings.DOCUMENT_MAX_BYTES:
            self._drop("file")
        if not self.over and self.total > settings.REQUEST_MAX_BYTES:
            self._drop("request")
        if not self.over:
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> Upload:
        self.file.seek(0)
        upload = Upload(self.file, self.file_name, self.content_type, self.size, self.charset)
        upload.sent_name, upload.over = self.file_name or "", self.over
        return upload

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()

    def _drop(self, limit: str) -> None:
        self.over = limit
        self.file.seek(0)
        self.file.truncate()
