"""Locks between launchers of one clone. The system frees them when their holder ends, however it ends."""

import fcntl
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO


@dataclass
class Lock:
    """An exclusive lock on a file, which also says in words who holds it."""

    path: Path
    file: TextIO | None = None

    def take(self, holder: str) -> bool:
        """Take it if it is free; `holder` is one line that others may read."""
        file = self.path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        file.seek(0)
        file.truncate()
        file.write(holder + "\n")
        file.flush()
        self.file = file
        return True

    def wait(self, holder: str) -> None:
        """Take it as soon as it is free."""
        while not self.take(holder):
            time.sleep(0.2)

    def holder(self) -> str:
        """Who holds it, as they described themselves; empty when nobody does."""
        if not self.path.exists():
            return ""
        with self.path.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.read().strip()
        return ""

    def release(self) -> None:
        """Let it go."""
        if self.file:
            self.file.close()
            self.file = None
