"""Where files are kept: a local folder, or an S3-compatible store whose troubles look like those of a disk."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import FileSystemStorage, default_storage
from storages.backends.s3 import S3Storage


def answers() -> bool:
    """Whether the storage is there at all: a disk that is not mounted has lost no file."""
    if isinstance(default_storage, FileSystemStorage):
        return _is_there(Path(default_storage.location))
    try:
        default_storage.listdir("")
    except OSError:
        return False
    return True


def _is_there(root: Path) -> bool:
    """Whether a folder can be looked into."""
    try:
        with os.scandir(root) as entries:
            next(entries, None)
    except OSError:
        return False
    return True


@contextmanager
def _as_a_disk() -> Iterator[None]:
    """What goes wrong between here and the store is an OSError."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError(f"The object store does not answer: {error}") from error


class ObjectStore(S3Storage):  # type: ignore[misc] # untyped
    """A bucket. Paths are by hash, so what is there is never written a second time under another name."""

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _as_a_disk():
            opened = super()._open(name, mode)
            with ExitStack() as stack:
                stack.callback(opened.close)
                _ = opened.file  # fetched here: what breaks on the way is told of before anybody relies on it
                stack.pop_all()
            return opened

    def _save(self, name: str, content: Any) -> str:
        with _as_a_disk():
            return str(super()._save(name, content))

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        with _as_a_disk():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        """Delete it."""
        with _as_a_disk():
            super().delete(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        """Folders and files in a folder."""
        with _as_a_disk():
            folders, files = super().listdir(name)
            return folders, files

    def get_modified_time(self, name: str) -> Any:
        """When it was written."""
        with _as_a_disk():
            return super().get_modified_time(name)
