"""Event codes in the tests: none that the catalogue does not have, and in the end all that it has.

What a test itself writes begins with `test.`, or stands in for what the product would have recorded before; neither counts as
emitted, and nor does what only drawn requests to the API come upon. `python -m tests.codes FOLDER` names the codes that no
process of a whole run noted there.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import audit.codes

if TYPE_CHECKING:
    from audit.actors import Actor
    from audit.record import Entry

FOLDER = "PLUMBLINE_TEST_CODES"
OWN = "test."
DRAWN = "test_conformance"
_HERE = Path(__file__).parent
_RECORD = "audit.record"
_seen: set[str] = set()


class StrayCode(AssertionError):
    """An event whose code, or whose kind of record, is not in the catalogue."""


def watch() -> None:
    """From now on in this process: refuse events that the catalogue does not have, note the others."""
    from audit import record

    make = record._row

    def checked(verb: str, entry: "Entry", actor: "Actor | None", result: str) -> tuple[Any, ...]:
        if not verb.startswith(OWN):
            if sentence := audit.codes.stray(verb, entry.object_kind):
                raise StrayCode(sentence)
            if verb not in _seen and not _by_chance() and not _by_a_test(sys._getframe(1)):
                _seen.add(verb)
        return make(verb, entry, actor, result)

    record._row = checked


def keep() -> None:
    """Leave what this process has seen in the folder of the run, if it has one."""
    if folder := os.environ.get(FOLDER):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{os.getpid()}.txt").write_text("\n".join(sorted(_seen)), encoding="utf-8")


def missing(folder: Path) -> list[str]:
    """The codes of the catalogue that nothing emitted."""
    seen = {code for file in folder.glob("*.txt") for code in file.read_text(encoding="utf-8").split()}
    return sorted(set(audit.codes.CODES) - seen)


def _by_chance() -> bool:
    """Whether the test at hand draws what it asks: another run may not come upon the same."""
    return DRAWN in os.environ.get("PYTEST_CURRENT_TEST", "")


def _by_a_test(frame: FrameType) -> bool:
    """Whether a test called record, record_many or record_failure itself."""
    caller = next(one for one in _outward(frame) if one.f_globals["__name__"] != _RECORD)
    return _HERE in Path(caller.f_code.co_filename).parents


def _outward(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


if __name__ == "__main__":
    found = missing(Path(sys.argv[1]))
    sys.stdout.writelines(f"No test emits {code}.\n" for code in found)
    sys.exit(1 if found else 0)
