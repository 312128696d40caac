"""Which tests `bin/test --fast` leaves out because they were measured to be slow: tests/slow.txt names them.

After a run with `--junitxml=FILE`, `python -m tests.measured FILE` writes the list anew.
"""

import statistics
import sys
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

LIST = Path(__file__).parent / "slow.txt"
SECONDS = 0.15  # on average of what a test is given; what is faster takes two cores less than two minutes


def slow_tests() -> frozenset[str]:
    """The names on the list, such as tests/home/test_work.py::test_it_shows_what_waits."""
    return frozenset(LIST.read_text(encoding="utf-8").split())


def found_slow(report: Path) -> list[str]:
    """Those that took longer than SECONDS in a JUnit report of pytest."""
    seconds = defaultdict(list)
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - a file of our own
        seconds[_name(case.get("classname", ""), case.get("name", ""))].append(float(case.get("time", "0")))
    return sorted(name for name, times in seconds.items() if statistics.fmean(times) > SECONDS)


def unknown() -> Iterator[str]:
    """Names on the list that no test has any more."""
    for name in slow_tests():
        path, _, function = name.partition("::")
        function = function.rpartition("::")[2]
        file = LIST.parent.parent / path
        if not file.exists() or f"def {function}(" not in file.read_text(encoding="utf-8"):
            yield name


def _name(place: str, test: str) -> str:
    """A report names module and class in one word: tests.home.test_work.TestOrder."""
    *module, last = place.split(".")
    path, within = ("/".join(module), f"{last}::") if last[:1].isupper() else ("/".join([*module, last]), "")
    return f"{path}.py::{within}{test.partition('[')[0]}"


if __name__ == "__main__":
    LIST.write_text("\n".join(found_slow(Path(sys.argv[1]))) + "\n", encoding="utf-8")
