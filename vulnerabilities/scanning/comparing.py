"""What a scan means for what is known of its scope. Pure: no row is read or written here.

The rules, for a vulnerability `v` and a scan that ran at `t` (docs/vulnerabilities.md):

* A scan that has `v` has seen it: it is there at `t`. That holds of scans that cannot be evaluated too.
* A scan closes `v` when it can be evaluated, does not have it, and `v` was last seen before `t`.
* A scan that has a fixed `v` opens it again when it ran after the scan that closed it, unless one that can be evaluated ran
  later still, and is here already: then `v` is gone since that one.
* What is ignored by a rule of the tool is seen where it is known, and neither opened nor closed by that.
* What was withdrawn, as only a withdrawn scan had it, is not known: a scan that has it finds it anew, under its number.

They hold in whatever order the scans are imported.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vulnerabilities.models.vulnerability import Vulnerability
from vulnerabilities.reading.report import Found

CLOSABLE = frozenset({"open", "accepted"})
WITHDRAWN = "withdrawn"


@dataclass(slots=True)
class Compared:
    """What follows from a scan."""

    new: list[Found] = field(default_factory=list)
    again: list[tuple[Vulnerability, Found]] = field(default_factory=list)  # new too: what was withdrawn is there in earnest
    seen: list[tuple[Vulnerability, Found]] = field(default_factory=list)
    back: list[tuple[Vulnerability, Found]] = field(default_factory=list)  # among those seen
    later: list[tuple[Vulnerability, Found]] = field(default_factory=list)  # among those seen: gone since a later scan
    gone: list[Vulnerability] = field(default_factory=list)
    ignored: list[Found] = field(default_factory=list)  # by rules of the tool, and not known here

    @property
    def fresh(self) -> int:
        """How many are new."""
        return len(self.new) + len(self.again)


def compare(
    known: Sequence[Vulnerability], found: Iterable[Found], *, at: dt.datetime, evaluable: bool, later: dt.datetime | None
) -> Compared:
    """Compare what a scan found with all that is known of its scope, fixed ones too.

    `later` is when the first evaluable scan after it ran, where one is here already.
    """
    compared, matched = Compared(), _Known(known)
    for one in found:
        there = matched.take(one)
        if there is None or there.status == WITHDRAWN:
            _not_known(compared, there, one)
            continue
        compared.seen.append((there, one))
        if there.fixed_at is not None and there.fixed_at < at and not one.suppressed:
            (compared.later if later else compared.back).append((there, one))
    if evaluable:
        seen = {there.pk for there, _ in compared.seen}
        left = (one for one in known if one.pk not in seen)
        compared.gone = [one for one in left if one.status in CLOSABLE and one.last_seen_at < at]
    return compared


def _not_known(compared: Compared, there: Vulnerability | None, found: Found) -> None:
    if found.suppressed:
        compared.ignored.append(found)
    elif there is None:
        compared.new.append(found)
    else:
        compared.again.append((there, found))


class _Known:
    """Those of a scope, by fingerprint and by place: an advisory that has got another name is still the same."""

    def __init__(self, known: Sequence[Vulnerability]) -> None:
        self._by_fingerprint = {one.fingerprint: one for one in known}
        self._by_place: dict[tuple[str, str], list[Vulnerability]] = defaultdict(list)
        for one in sorted(known, key=lambda one: one.status == WITHDRAWN):
            self._by_place[one.package, one.location].append(one)
        self._taken: set[object] = set()

    def take(self, found: Found) -> Vulnerability | None:
        """The one that this is, unless another of the same scan was that one already."""
        one = self._by_fingerprint.get(found.fingerprint) or self._renamed(found)
        if one is None or one.pk in self._taken:
            return None if one is None or one.fingerprint != found.fingerprint else one
        self._taken.add(one.pk)
        return one

    def _renamed(self, found: Found) -> Vulnerability | None:
        if not found.package:  # of rules the name is all there is
            return None
        names = set(found.names)
        same = (one for one in self._by_place.get((found.package, found.location), ()) if names & set(one.names))
        return next(same, None)
