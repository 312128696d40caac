"""Where things are: all that Plumbline writes lies under var/ of the clone."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """The folders and files of one clone."""

    root: Path

    @property
    def var(self) -> Path:
        """Everything written at run time; safe to delete when nothing runs and nothing is to be kept."""
        return self.root / "var"

    @property
    def venv(self) -> Path:
        """The virtual environment."""
        return self.var / "venv"

    @property
    def python(self) -> Path:
        """The interpreter of the virtual environment."""
        return self.venv / "bin" / "python"

    @property
    def logs(self) -> Path:
        """One log file per program."""
        return self.var / "log"

    @property
    def locks(self) -> Path:
        """Lock files; a lock ends with the process that holds it, however that ends."""
        return self.var / "lock"

    @property
    def data(self) -> Path:
        """Uploaded files and exports (PLUMBLINE_DATA)."""
        return self.var / "data"

    @property
    def secrets(self) -> Path:
        """The generated secrets, readable by the owner only."""
        return self.var / "secrets.env"

    @property
    def example_made(self) -> Path:
        """Exists once the example organizations, with their public passwords, were put into the database."""
        return self.var / "example-made"

    def make(self) -> None:
        """Create the folders that every command needs."""
        for folder in (self.var, self.logs, self.locks, self.data):
            folder.mkdir(exist_ok=True)


def here() -> Places:
    """The clone this package lies in."""
    return Places(Path(__file__).resolve().parent.parent)
