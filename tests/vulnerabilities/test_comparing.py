"""The rules of what scans mean, against any order of any scans, and against a model that is simpler than the product."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from vulnerabilities.models import Severity, Vulnerability
from vulnerabilities.reading.report import Found
from vulnerabilities.scanning.comparing import compare

TENANT = uuid.UUID(int=1)
NAMES = ("CVE-2026-1", "CVE-2026-2", "CVE-2026-3")
FIRST = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Ran:
    """A scan: when it ran, what it has, and whether it can be evaluated."""

    week: int
    has: frozenset[str]
    evaluable: bool
    suppresses: frozenset[str] = frozenset()

    @property
    def at(self) -> dt.datetime:
        return FIRST + dt.timedelta(weeks=self.week)


@dataclass
class Scope:
    """What is known of a scope, kept by what `compare` says, as the database keeps it."""

    known: dict[str, Vulnerability] = field(default_factory=dict)
    evaluated: list[dt.datetime] = field(default_factory=list)

    def keep(self, ran: Ran) -> None:
        found = [self._found(name, ran) for name in sorted(ran.has | ran.suppresses)]
        open_before = {name for name, one in self.known.items() if one.status == "open"}
        later = min((at for at in self.evaluated if at > ran.at), default=None)
        compared = compare(list(self.known.values()), found, at=ran.at, evaluable=ran.evaluable, later=later)
        if not ran.evaluable:
            assert compared.gone == []
        for one in compared.gone:
            one.status, one.fixed_at = "fixed", ran.at
        for one, _ in compared.back:
            one.status, one.fixed_at = "open", None
        for one, _ in compared.later:
            one.fixed_at = later
        for one, _ in compared.seen:
            one.first_seen_at, one.last_seen_at = min(one.first_seen_at, ran.at), max(one.last_seen_at, ran.at)
        for told in compared.new:
            self.known[told.names[0]] = self._new(told, ran, later)
        if ran.evaluable:
            self.evaluated.append(ran.at)
        else:
            assert open_before <= {name for name, one in self.known.items() if one.status == "open"}

    def _found(self, name: str, ran: Ran) -> Found:
        return Found(
            [name],
            name,
            Severity.HIGH,
            "high",
            package="p",
            suppressed=name not in ran.has,
        )

    def _new(self, told: Found, ran: Ran, later: dt.datetime | None) -> Vulnerability:
        return Vulnerability(
            tenant_id=TENANT,
            pk=uuid.uuid4(),
            fingerprint=told.fingerprint,
            names=told.names,
            package="p",
            status="fixed" if later else "open",
            fixed_at=later,
            first_seen_at=ran.at,
            last_seen_at=ran.at,
        )

    def states(self) -> dict[str, tuple[str, dt.datetime]]:
        return {name: (one.status, one.first_seen_at) for name, one in self.known.items()}


some = st.frozensets(st.sampled_from(NAMES))
scans = st.lists(
    st.builds(Ran, week=st.integers(0, 8), has=some, evaluable=st.booleans()), max_size=7, unique_by=lambda one: one.week
)


def kept(ran: list[Ran]) -> Scope:
    scope = Scope()
    for one in ran:
        scope.keep(one)
    return scope


def expected(ran: list[Ran]) -> dict[str, tuple[str, dt.datetime]]:
    """By hand: open, unless an evaluable scan ran after the last that had it; first seen with the first that had it."""
    found = {}
    for name in NAMES:
        seen = [one.at for one in ran if name in one.has]
        if seen:
            gone = any(one.evaluable and one.at > max(seen) for one in ran)
            found[name] = ("fixed" if gone else "open", min(seen))
    return found


@settings(max_examples=300, deadline=None)
@given(scans)
def test_only_an_evaluable_scan_closes_and_what_is_back_is_open_with_its_first_day(ran):
    in_order = sorted(ran, key=lambda one: one.at)
    assert kept(in_order).states() == expected(ran)


@settings(max_examples=300, deadline=None)
@given(scans, st.randoms(use_true_random=False))
def test_the_order_of_importing_changes_nothing(ran, random):
    shuffled = list(ran)
    random.shuffle(shuffled)
    assert kept(shuffled).states() == expected(ran)


@settings(max_examples=100, deadline=None)
@given(scans.map(lambda ran: [Ran(one.week, one.has, evaluable=False) for one in ran]))
def test_scans_that_cannot_be_evaluated_close_nothing_however_many(ran):
    assert {status for status, _ in kept(ran).states().values()} <= {"open"}


def test_what_a_rule_of_the_tool_ignores_is_neither_opened_nor_closed():
    scope = kept([Ran(0, frozenset(NAMES[:1]), evaluable=True), Ran(1, frozenset(), True, frozenset(NAMES[:2]))])
    assert {name: status for name, (status, _) in scope.states().items()} == {NAMES[0]: "open"}


def test_an_advisory_that_gets_another_name_is_the_same_vulnerability():
    at = FIRST
    known = Vulnerability(
        tenant_id=TENANT,
        pk=uuid.uuid4(),
        fingerprint=Found(["GHSA-aaaa"], "x", Severity.HIGH, "high", package="p").fingerprint,
        names=["GHSA-aaaa"],
        package="p",
        status="fixed",
        fixed_at=at,
        first_seen_at=at,
        last_seen_at=at,
    )
    again = Found(["CVE-2026-9", "GHSA-aaaa"], "x", Severity.HIGH, "high", package="p")
    other = Found(["CVE-2026-8"], "x", Severity.HIGH, "high", package="p")
    compared = compare([known], [again, other], at=at + dt.timedelta(days=1), evaluable=True, later=None)
    assert [one for one, _ in compared.back] == [known]
    assert compared.new == [other]
