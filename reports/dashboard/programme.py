"""Policies, vendors, risks and privacy in short: each number with the rows it counts, asked for in the query of what waits."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Exists, Max, OuterRef, Q, QuerySet, Value
from django.urls import reverse

from accounts.models import Member
from evidence.printing.words import plural
from policies.acknowledging.listing import OPEN as TO_CONFIRM
from policies.models import Acknowledgement, Policy, PolicyVersion
from privacy.models import PENDING, EndedCustomer, SubjectRequest
from reports.dashboard.risks import Numbers, counted
from reports.dashboard.waiting import Waiting, gathered
from risks.assessing.due import YEAR
from risks.models import Risk, RiskAssessment
from vendors.assurance.assuring import expiring
from vendors.models import AT_WORK, Vendor

POLICIES, ASKED, VENDORS, PAPERS, REQUESTS, LEFT = "policies", "asked", "vendors", "papers", "requests", "left"
REGISTER, TREATMENT, ASSESSMENT = "register", "treatment", "assessment"
SOON = dt.timedelta(days=30)
_NONE = Q(pk=None)


@dataclass(frozen=True, slots=True)
class Counted:
    """A number, what it counts, the list of exactly these rows, and whether it is bad that there are any."""

    number: int
    words: str
    url: str
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """An area with its numbers; `said` is what is wrong beside them. One that is not `told` has nothing to say on a page."""

    key: str
    label: str
    url: str
    counts: Sequence[Counted]
    numbers: Numbers
    said: str = ""
    told: bool = True

    @property
    def standing(self) -> list[Counted]:
        """How it stands: what is wrong apart."""
        return [one for one in self.counts if not one.wrong]

    @property
    def alarms(self) -> list[Counted]:
        """What is wrong."""
        return [one for one in self.counts if one.wrong and one.number]


def programme_rows(reader: Member | None, today: dt.date) -> list[QuerySet[Any]]:
    """Rows for reports.dashboard.waiting, of what the reader may see."""
    if reader is None:
        return []
    return [row for permission, rows in _ROWS if reader.can(permission) for row in rows(today)]


def areas_of(found: Mapping[str, Waiting], reader: Member | None, today: dt.date) -> list[Area]:
    """An area for each that the reader may see some of."""
    if reader is None:
        return []
    return [area(found, reader, today) for permissions, area in _AREAS.values() if any(map(reader.can, permissions))]


def areas_alone(reader: Member | None, today: dt.date) -> list[Area]:
    """The same in a query of its own, where there is no period whose work would be asked for beside it."""
    return areas_of(gathered(programme_rows(reader, today)), reader, today)


def area_numbers(areas: Iterable[Area]) -> dict[str, Numbers | None]:
    """By area, for programs; null where the reader may not see it."""
    return {**dict.fromkeys(_AREAS), **{one.key: one.numbers for one in areas}}


def assessment_late(one: Waiting, today: dt.date) -> int:
    """By how many days the annual assessment is overdue; none while one is being approved, or where none was ever made."""
    due = one.oldest + YEAR if one.oldest and not one.number else today
    return max((today - due).days, 0)


def _policy_rows(today: dt.date) -> Iterator[QuerySet[Any]]:
    published = PolicyVersion.objects.filter(policy=OuterRef("pk"), status=PolicyVersion.Status.PUBLISHED)
    in_force = Policy.objects.filter(Exists(published), status=Policy.Status.ACTIVE)
    yield counted(in_force, POLICIES, late=Q(next_review_on__lt=today), critical=_NONE)
    asked = Acknowledgement.objects.filter(campaign__status="open")
    yield counted(asked, ASKED, late=TO_CONFIRM & Q(due_on__lt=today), critical=Q(status="confirmed"))


def _vendor_rows(today: dt.date) -> Iterator[QuerySet[Any]]:
    soon = today + SOON
    used = Vendor.objects.filter(status__in=AT_WORK)
    yield counted(used, VENDORS, late=Q(next_review_on__lt=today), critical=Q(next_review_on__range=(today, soon)))
    papers = expiring(Q(expires_on__lte=soon), today)
    yield counted(papers, PAPERS, late=Q(expires_on__lt=today), critical=Q(expires_on__gte=today))


def _risk_rows(today: dt.date) -> Iterator[QuerySet[Any]]:
    register = Risk.objects.exclude(status=Risk.Status.CLOSED)
    yield counted(
        register, REGISTER, late=Q(next_review_on__lt=today), critical=Q(residual_level__in=["high", "critical"])
    )  # fmt: skip
    untreated = Q(status=Risk.Status.OPEN, residual_score__gt=0, treatment="")
    ending = Q(status=Risk.Status.ACCEPTED, accepted_until__lte=today + SOON)
    yield counted(register, TREATMENT, late=untreated, critical=ending)
    yield _assessment()


def _request_rows(today: dt.date) -> Iterator[QuerySet[Any]]:
    pending = SubjectRequest.objects.filter(status__in=PENDING)
    yield counted(pending, REQUESTS, late=Q(due_on__lt=today), critical=_NONE)


def _left_rows(today: dt.date) -> Iterator[QuerySet[Any]]:
    cases = EndedCustomer.objects.filter(status=EndedCustomer.Status.OPEN)
    yield counted(cases, LEFT, late=Q(due_on__lt=today), critical=Q(due_on__range=(today, today + SOON)))


_ROWS: tuple[tuple[str, Callable[[dt.date], Iterator[QuerySet[Any]]]], ...] = (
    ("policies.read", _policy_rows),
    ("vendors.read", _vendor_rows),
    ("risks.read", _risk_rows),
    ("subjects.read", _request_rows),
    ("privacy.read", _left_rows),
)


def _assessment() -> QuerySet[Any]:
    """A row of the annual assessments: how many wait for approval, and as of when the latest approved one is (`oldest`)."""
    approved, submitted = Q(status=RiskAssessment.Status.APPROVED), Q(status=RiskAssessment.Status.SUBMITTED)
    rows: Any = RiskAssessment.objects.order_by().values(what=Value(ASSESSMENT, output_field=CharField()))
    found: QuerySet[Any] = rows.annotate(
        number=Count("pk", filter=submitted), late=Count("pk", filter=_NONE), oldest=Max("as_of", filter=approved),
        critical=Count("pk", filter=_NONE),
    )  # fmt: skip
    return found


def _policies(found: Mapping[str, Waiting], _reader: Member, _today: dt.date) -> Area:
    held, asked, url = found[POLICIES], found[ASKED], reverse("policies:list")
    confirmed = reverse("policies:acknowledgements")
    counts = [
        Counted(held.number, "in force", f"{url}?state=in_force"),
        Counted(held.late, "overdue for review", f"{url}?state=overdue", wrong=True),
    ]
    if asked.number:
        counts += [
            Counted(
                asked.critical,
                _word(asked.critical, "acknowledgement confirmed", "acknowledgements confirmed"),
                f"{confirmed}?state=confirmed&asked=now",
            ),
            Counted(asked.number, "asked for now", f"{confirmed}?asked=now"),
            Counted(
                asked.late,
                _word(asked.late, "acknowledgement overdue", "acknowledgements overdue"),
                f"{confirmed}?state=overdue",
                wrong=True,
            ),
        ]
    numbers: Numbers = {
        "inForce": held.number, "overdue": held.late, "acknowledgementsAsked": asked.number,
        "acknowledgementsConfirmed": asked.critical, "acknowledgementsOverdue": asked.late,
    }  # fmt: skip
    return Area(POLICIES, "Policies", url, counts, numbers, told=bool(held.number or asked.number))


def _vendors(found: Mapping[str, Waiting], _reader: Member, _today: dt.date) -> Area:
    used, papers, url, shown = found[VENDORS], found[PAPERS], reverse("vendors:list"), reverse("vendors:document-list")
    counts = [
        Counted(used.number, "in use", f"{url}?state=in_use&state=offboarding"),
        Counted(used.late, "not reviewed in time", f"{url}?view=overdue", wrong=True),
        Counted(used.critical, "to review within 30 days", f"{url}?view=soon"),
        Counted(papers.late, _word(papers.late, "document expired", "documents expired"), f"{shown}?expiry=lapsed", wrong=True),
        Counted(
            papers.critical, _word(papers.critical, "document expires soon", "documents expire soon"), f"{shown}?expiry=ending"
        ),
    ]
    numbers: Numbers = {
        "inUse": used.number, "overdue": used.late, "dueSoon": used.critical, "documentsExpired": papers.late,
        "documentsExpiring": papers.critical,
    }  # fmt: skip
    return Area(VENDORS, "Vendors", url, counts, numbers, told=bool(used.number))


def _register(found: Mapping[str, Waiting], _reader: Member, today: dt.date) -> Area:
    one, treatment, url = found[REGISTER], found[TREATMENT], reverse("risks:list")
    counts = [
        Counted(one.number, "in the register", f"{url}?state=pending"),
        Counted(one.critical, "high or critical with their controls", f"{url}?view=grave"),
        Counted(treatment.late, "without treatment", f"{url}?view=untreated", wrong=True),
        Counted(one.late, "not reviewed in time", f"{url}?view=overdue", wrong=True),
        Counted(
            treatment.critical, _word(treatment.critical, "acceptance ends soon", "acceptances end soon"), f"{url}?view=ending"
        ),
    ]
    late = assessment_late(found[ASSESSMENT], today)
    said = f"The annual assessment is {plural(late, 'day', 'days')} overdue" if late else ""
    numbers: Numbers = {
        "open": one.number, "grave": one.critical, "overdue": one.late, "untreated": treatment.late,
        "acceptancesEnding": treatment.critical,
    }  # fmt: skip
    return Area(REGISTER, "Risks", url, counts, numbers, said, told=bool(one.number))


def _privacy(found: Mapping[str, Waiting], reader: Member, _today: dt.date) -> Area:
    asked, left = found[REQUESTS], found[LEFT]
    counts: list[Counted] = []
    numbers: Numbers = dict.fromkeys(("requestsOpen", "requestsOverdue", "customersOpen", "customersOverdue"))
    if reader.can("subjects.read"):
        url = reverse("privacy:request-list")
        counts += [
            Counted(
                asked.number, _word(asked.number, "open request of a person", "open requests of people"), f"{url}?state=pending"
            ),
            Counted(asked.late, _word(asked.late, "request overdue", "requests overdue"), f"{url}?due=late", wrong=True),
        ]
        numbers |= {"requestsOpen": asked.number, "requestsOverdue": asked.late}
    if reader.can("privacy.read"):
        url = reverse("privacy:customer-list")
        counts += [
            Counted(left.number, _word(left.number, "customer who left", "customers who left"), f"{url}?state=open"),
            Counted(left.late, _word(left.late, "deletion overdue", "deletions overdue"), f"{url}?due=late", wrong=True),
            Counted(left.critical, _word(left.critical, "deletion due soon", "deletions due soon"), f"{url}?due=soon"),
        ]
        numbers |= {"customersOpen": left.number, "customersOverdue": left.late}
    return Area("privacy", "Privacy", counts[0].url.split("?")[0], counts, numbers, told=bool(asked.number or left.number))


def _word(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


_AREAS: dict[str, tuple[tuple[str, ...], Callable[[Mapping[str, Waiting], Member, dt.date], Area]]] = {
    POLICIES: (("policies.read",), _policies),
    VENDORS: (("vendors.read",), _vendors),
    REGISTER: (("risks.read",), _register),
    "privacy": (("subjects.read", "privacy.read"), _privacy),
}
