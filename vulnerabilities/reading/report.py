"""What a file of a scanner comes to, whichever wrote it."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from vulnerabilities.models.vulnerability import Severity
from vulnerabilities.reading.resources import Judged

SHORT, LONG = 300, 10_000
MOST_REASONS = 100  # why a file cannot be evaluated: one is enough, and somebody may send a million rows
MOST_NAMES = 100  # of one weakness, put together from what was told of it


@dataclass(slots=True)
class Found:
    """One weakness as a scan tells it. `names` are all identifiers it goes by; the first is the one people know."""

    names: list[str]
    title: str
    severity: Severity
    told: str  # the severity in the tool's own words
    package: str = ""
    version: str = ""
    fixed_in: str = ""
    location: str = ""
    description: str = ""
    url: str = ""
    mark: str = ""  # what tells two of the same name at the same place apart, such as a hash of the line
    suppressed: bool = False  # a rule of the tool ignores it: it closes nothing, and opens nothing
    reason: str = ""  # why the rule ignores it, as far as the file says
    rule: str = ""  # where the rule is, such as .trivyignore

    def ignored(self, *, reason: str, rule: str) -> "Found":
        """The same, ignored by a rule of the tool."""
        self.suppressed, self.reason, self.rule = True, reason[:LONG], rule[:SHORT]
        return self

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it is: what stays the same when the advisory gets another name."""
        return (self.package, self.location, self.mark)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over its first name and its place. Neither version nor line is in it: they change while it stays."""
        return hashlib.sha256("\n".join((self.names[0], *self.place)).encode("utf-8", "replace")).hexdigest()


@dataclass(slots=True)
class Report:
    """A whole scan: `reasons` say why it cannot be evaluated. Nothing in it is clean because nothing was found."""

    tool_name: str = ""
    tool_version: str = ""
    ran_at: dt.datetime | None = None
    target: str = ""
    checked: int | None = None
    skipped: int = 0
    targets: list[str] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_narrower: bool = False  # it checked less than the one before: somebody may say that the rest is gone
    analyses: list[str] = field(default_factory=list)  # what SARIF calls the kind of a run, without the run
    is_elsewhere: bool = False  # it is a scan of something else than the scope: it says nothing of it
    is_moved: bool = False  # it would be, had nobody said why it counts
    says_what_was_checked: bool = True  # else an empty one needs somebody who says that something was
    things: str = "packages"  # what it counts as checked
    source: str = ""  # where a list comes from, which somebody made
    resources: list[Judged] = field(default_factory=list)  # what holds data, of a scan of storage settings

    @property
    def suppressed(self) -> int:
        """How many rules of the tool ignore."""
        return sum(one.suppressed for one in self.found)

    @property
    def unsuppressed(self) -> int:
        """How many it found: what rules of the tool ignore is told beside it."""
        return len(self.found) - self.suppressed

    @property
    def counting(self) -> list[Found]:
        """What it found of the scope."""
        return [] if self.is_elsewhere else self.found

    def refuse(self, reason: str) -> None:
        """It cannot be evaluated, for this reason too."""
        if len(self.reasons) < MOST_REASONS and reason not in self.reasons:
            self.reasons.append(reason)


def ordered(names: Sequence[str]) -> list[str]:
    """Identifiers, each once: a CVE first, then a GitHub advisory, then the rest as they came."""
    once = list(dict.fromkeys(name.strip()[:200] for name in names if name.strip()))
    return sorted(once, key=lambda name: (not name.startswith("CVE-"), not name.startswith("GHSA-")))


def merged(found: Sequence[Found]) -> list[Found]:
    """The same thing told twice is one: with all names, and the graver severity. One not suppressed outweighs one that is."""
    kept: dict[str, Found] = {}
    for one in found:
        there = kept.setdefault(one.fingerprint, one)
        if there is not one:
            there.names = ordered([*there.names, *one.names])[:MOST_NAMES]
            there.suppressed = there.suppressed and one.suppressed
            there.reason, there.rule = there.reason or one.reason, there.rule or one.rule
            if grave(one.severity) < grave(there.severity):
                there.severity, there.told = one.severity, one.told
    return list(kept.values())


_ORDER = list(Severity)


def grave(severity: str) -> int:
    """0 for critical, 3 for low."""
    return _ORDER.index(Severity(severity))


def listed(words: Sequence[str], most: int = 5) -> str:
    """A few of them, and how many more."""
    shown = ", ".join(word[:80] for word in words[:most])
    return f"{shown} and {len(words) - most:,} more" if len(words) > most else shown
