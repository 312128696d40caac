"""What controls, their evidence and tests show of six of the seven kinds of documentation."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode

from controls.binder.documents import Document, Presence, of_all
from controls.models import AuditPeriod, Control, ControlEvidence, ControlState, Occurrence, SubserviceOrganization
from controls.models.control import Leg
from controls.models.state import Reason
from evidence.models import Evidence
from tenancy.models import Organization, current_organization

YEAR = dt.timedelta(days=365)
ASSESSMENT, FRAUD, VENDOR = "risk assessment", "fraud risk", "vendor risk"  # tags of the items that hold such a risk
REPORT = "incident report"  # tag


def policies(period: AuditPeriod, day: dt.date) -> Iterator[Document]:
    """Policies in force, and controls that one documents."""
    yield _counted("Policies in force", Q(category=Evidence.Category.POLICY), day, _evidence(category="policy"))
    states = ControlState.objects.filter(period=period, in_scope=True, control__legs__contains=[Leg.POLICY])
    counted = states.aggregate(whole=Count("pk"), without=Count("pk", filter=Q(reasons__contains=[Reason.NO_POLICY])))
    whole, documented = counted["whole"], counted["whole"] - counted["without"]
    yield Document("Controls that a policy documents", of_all(documented, whole), _of(documented, whole), _controls(period))


def risk(_period: AuditPeriod, day: dt.date) -> Iterator[Document]:
    """The assessment of the last twelve months, and one risk each of fraud and of a vendor."""
    assessed = Q(
        controls__status=ControlEvidence.Status.LINKED, controls__leg=Leg.OPERATION, controls__control__library_key="RSK-001"
    )
    yield _recent("Risk assessment", assessed | Q(tags__contains=[ASSESSMENT]), day, _evidence(tag=ASSESSMENT))
    for tag, name in ((FRAUD, "At least one fraud risk"), (VENDOR, "At least one vendor risk")):
        found = _recent(name, Q(tags__contains=[tag]), day, _evidence(tag=tag))
        missing = found.presence == Presence.MISSING
        yield replace(found, note=f"Give the item that holds it the tag “{tag}”.") if missing else found


def controls(period: AuditPeriod, _day: dt.date) -> Iterator[Document]:
    """Controls in scope that are written out and owned."""
    rows = Control.objects.filter(states__period=period, states__in_scope=True)
    written = ~Q(objective="") & ~Q(operation="") & ~Q(evidence_expected="") & ~Q(test_procedure="")
    counted = rows.aggregate(
        whole=Count("pk"), written=Count("pk", filter=written), owned=Count("pk", filter=Q(owner__isnull=False))
    )
    whole = counted["whole"]
    for name, key in (
        ("Objective, operation, evidence and test written out", "written"),
        ("Controls with an owner", "owned"),
    ):
        yield Document(
            name, of_all(counted[key], whole) if whole else Presence.MISSING, _of(counted[key], whole), _controls(period)
        )


def testing(period: AuditPeriod, _day: dt.date) -> Iterator[Document]:
    """Controls in scope that were tested in the period, and those whose operation evidence shows."""
    states = ControlState.objects.filter(period=period, in_scope=True)
    counted = states.aggregate(
        whole=Count("pk"),
        inside=Count("pk", filter=Q(last_tested_on__gte=period.starts_on)),
        ever=Count("pk", filter=Q(last_tested_on__isnull=False)),
        shown=Count("pk", filter=Q(evidence_count__gt=0)),
    )
    whole, inside = counted["whole"], counted["inside"]
    tests = reverse("controls:test-list")
    presence = of_all(inside, whole) if inside or not counted["ever"] else Presence.STALE
    yield Document("Controls tested in the period", presence, _of(inside, whole), tests)
    yield Document("Controls with evidence", of_all(counted["shown"], whole), _of(counted["shown"], whole), _controls(period))


def incidents(period: AuditPeriod, day: dt.date) -> Iterator[Document]:
    """The plan, and the reports of the period or the owners' statements that nothing occurred."""
    plan = Q(controls__status=ControlEvidence.Status.LINKED, controls__control__library_key="INC-001")
    yield _counted("Incident plan, exercised", plan, day, _evidence(category="incident_response"))
    begin = _organization().end_of(period.starts_on - dt.timedelta(days=1))
    reports = Evidence.objects.filter(tags__contains=[REPORT], status=Evidence.Status.CURRENT, collected_at__gte=begin).count()
    stated = Occurrence.objects.filter(
        control__population="incidents", kind=Occurrence.Kind.STATEMENT, ends_on__range=(period.starts_on, period.ends_on)
    )
    counted = stated.aggregate(
        over=Count("pk", filter=Q(ends_on__lt=day) & ~Q(status=Occurrence.Status.WITHDRAWN)),
        none=Count("pk", filter=Q(status=Occurrence.Status.DID_NOT_OCCUR)),
    )
    name, url = "Reports of the period's incidents", _evidence(tag=REPORT)
    if reports:
        yield Document(name, Presence.PRESENT, f"{reports} item{'s' if reports > 1 else ''} with the tag “{REPORT}”.", url)
    elif counted["none"]:
        note = f"Stated that there was none: {_of(counted['none'], max(counted['over'], counted['none']))} quarters."
        yield Document(name, of_all(counted["none"], counted["over"]), note, url)
    else:
        yield Document(name, Presence.MISSING, "Neither a report nor a statement that there was none.", url)


def vendors(_period: AuditPeriod, day: dt.date) -> Iterator[Document]:
    """What vendors gave, and the report of each subservice organization."""
    yield _counted("Reviews and documents of vendors", Q(category=Evidence.Category.VENDOR), day, _evidence(category="vendor"))
    active = SubserviceOrganization.objects.filter(status=SubserviceOrganization.Status.ACTIVE)
    for one in active:
        until = one.report_until
        if not one.report:
            yield Document(f"Report of {one}", Presence.MISSING, "None is noted.", one.get_absolute_url())
        elif until is not None and until < day - YEAR:
            yield Document(f"Report of {one}", Presence.STALE, f"{one.report}, to {until:%-d %b %Y}.", one.get_absolute_url())
        else:
            reach = f", to {until:%-d %b %Y}" if until else ""
            yield Document(f"Report of {one}", Presence.PRESENT, f"{one.report}{reach}.", one.get_absolute_url())


def _counted(name: str, which: Q, day: dt.date, url: str) -> Document:
    """Items that count as of a day; stale when some of them are out of date."""
    whole, fresh = _numbers(which, day)
    if whole and fresh < whole:
        note = f"{_items(fresh)}; {whole - fresh} out of date." if fresh else f"{_items(whole)} out of date."
        return Document(name, Presence.STALE, note, url)
    return _there(name, fresh, url)


def _recent(name: str, which: Q, day: dt.date, url: str) -> Document:
    """The latest counts: stale when nothing tells of a day of the last twelve months, or was collected in them."""
    collected = Q(period_to__isnull=True, collected_at__gt=_organization().end_of(day - YEAR))
    whole, fresh = _numbers(which, day, Q(period_to__gt=day - YEAR) | collected)
    if whole and not fresh:
        return Document(name, Presence.STALE, "Nothing of the last twelve months.", url)
    return _there(name, fresh, url)


def _numbers(which: Q, day: dt.date, recent: Q | None = None) -> tuple[int, int]:
    """How many items, and how many of them count as of the day."""
    fresh = (Q(expires_on__isnull=True) | Q(expires_on__gte=day)) & (recent or Q())
    found = Evidence.objects.filter(which, status=Evidence.Status.CURRENT).order_by()
    counted = found.aggregate(whole=Count("pk", distinct=True), fresh=Count("pk", distinct=True, filter=fresh))
    return counted["whole"], counted["fresh"]


def _there(name: str, count: int, url: str) -> Document:
    return Document(name, Presence.PRESENT if count else Presence.MISSING, f"{_items(count)}." if count else "", url)


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count:,} items"


def _of(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,}" if whole else "None is in scope"


def _evidence(**chosen: str) -> str:
    return f"{reverse('evidence:list')}?{urlencode(chosen)}"


def _controls(period: AuditPeriod) -> str:
    return f"{reverse('controls:list')}?{urlencode({'period': str(period.pk), 'scope': 'yes'})}"


def _organization() -> Organization:
    return current_organization()
