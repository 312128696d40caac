"""Receiving uploads: what is larger than allowed is counted to its end, but not written."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Writes at most PLUMBLINE_UPLOAD_LIMIT bytes of a file; `store` refuses the rest by the size it reports."""

    received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        self.received = 0
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a chunk while the file may still grow."""
        self.received += len(raw_data)
        if self.received <= settings.PLUMBLINE_UPLOAD_LIMIT:
            super().receive_data_chunk(raw_data, start)
