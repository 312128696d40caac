"""What was already done for exactly this source and this private database, so that a warm start can skip it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from launcher.places import Places

BESIDE_THE_SITE = {"var", "tests", "bench", "docs", "launcher", "bin"}


@dataclass(frozen=True)
class Marks:
    """Marks lie beside the private database and go with it; without a folder (a database of your own) none are kept."""

    folder: Path | None
    source: str

    def has(self, name: str) -> bool:
        """Whether this was done."""
        if self.folder is None:
            return False
        path = self.folder / f"done-{name}"
        return path.exists() and path.read_text() == self.source

    def put(self, name: str) -> None:
        """Note that it was done."""
        if self.folder is not None:
            (self.folder / f"done-{name}").write_text(self.source)

    def remove(self, name: str) -> None:
        """Forget it."""
        if self.folder is not None:
            (self.folder / f"done-{name}").unlink(missing_ok=True)


def marks_of(places: Places, *, private: bool) -> Marks:
    """The marks of the private database, or none."""
    return Marks(places.var / "services" if private else None, source_state(places.root))


def source_state(root: Path) -> str:
    """Changes when a file of the site changes, its migrations, templates and static files included; by size and time."""
    tops = [path for path in root.iterdir() if path.name not in BESIDE_THE_SITE and not path.name.startswith(".")]
    files = [file for top in tops for file in (top.rglob("*") if top.is_dir() else [top])]
    kept = sorted(file for file in files if file.suffix != ".pyc" and file.is_file())
    states = ((file, file.stat()) for file in kept)
    text = "\n".join(f"{file.relative_to(root)} {state.st_size} {state.st_mtime_ns}" for file, state in states)
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()
