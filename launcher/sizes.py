"""Files and functions stay readable in one sitting: a file of 500 lines or a function of 60 fails."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

FILE_LINES = 500
FUNCTION_LINES = 60
SUFFIXES = (".py", ".html", ".css", ".js")
SKIPPED = {"var", "vendor", "migrations"}  # written by others, or by makemigrations


def main() -> int:
    """Print what is too long; status 1 when anything is."""
    found = list(too_long(Path.cwd()))
    sys.stdout.writelines(f"{text}\n" for text in found)
    return 1 if found else 0


def too_long(root: Path) -> Iterator[str]:
    """A line for every file and every function of the project over the limit."""
    for path in sorted(_sources(root)):
        text = path.read_text()
        name = path.relative_to(root)
        lines = len(text.splitlines())
        if lines >= FILE_LINES:
            yield f"{name}: {lines} lines; {FILE_LINES} is too long for a file"
        if path.suffix == ".py":
            yield from (f"{name}:{line}" for line in _long_functions(text))


def _sources(root: Path) -> Iterator[Path]:
    for entry in root.iterdir():
        if entry.name.startswith(".") or entry.name in SKIPPED:
            continue
        if entry.is_dir():
            yield from (path for path in entry.rglob("*") if path.suffix in SUFFIXES and not SKIPPED & set(path.parts))
        elif entry.suffix in SUFFIXES:
            yield entry


def _long_functions(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines >= FUNCTION_LINES:
                yield f"{node.lineno}: {node.name} has {lines} lines; {FUNCTION_LINES} is too long for a function"


if __name__ == "__main__":
    sys.exit(main())
