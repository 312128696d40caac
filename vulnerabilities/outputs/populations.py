"""Vulnerabilities, scans and penetration tests as populations for testing."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from evidence.populations.registry import Table, register_population
from tenancy.models import current_organization
from vulnerabilities.models import PenetrationTest, Scan, Vulnerability

_VULNERABILITIES = (
    "Every vulnerability that was open on at least one of these days, from imported scans and lists of storage settings, "
    "Plumbline's own TLS checks and penetration tests, from this installation's own database. What nothing scanned is not in it, "
    "nor what only a scan had that was withdrawn."
)
_SCANS = (
    "Every scan that ran on these days, also those that could not be evaluated and those that were withdrawn as imported "
    "wrongly, from this installation's own database. A scan that nobody imported is not in it."
)
_TESTS = "Every penetration test that took place on at least one of these days, from this installation's own database."


def register() -> None:
    """Offer them."""
    register_population("vulnerabilities", "Vulnerabilities", _VULNERABILITIES, vulnerabilities)
    register_population("vulnerability_scans", "Vulnerability scans", _SCANS, scans)
    register_population("penetration_tests", "Penetration tests", _TESTS, tests)


def vulnerabilities(first: dt.date, last: dt.date) -> Table:
    """Those first seen by the last day and not fixed before the first."""
    begin, end = _span(first, last)
    rows = Vulnerability.objects.filter(Q(fixed_at=None) | Q(fixed_at__gte=begin), first_seen_at__lt=end)
    rows = rows.exclude(status=Vulnerability.Status.WITHDRAWN)
    header = (
        "Number", "Known as", "Title", "Package", "Version", "Where", "Severity", "Severity as told", "Scope", "Penetration test",
        "With", "First seen (UTC)", "Last seen (UTC)", "Due", "State", "Fixed (UTC)", "Opened again", "Accepted by",
        "Accepted until",
    )  # fmt: skip
    people = ("scope", "engagement", "owner", "accepted_by__user")
    return Table(header, _of_vulnerabilities(rows.select_related(*people).order_by("reference")))


def _of_vulnerabilities(rows: QuerySet[Vulnerability]) -> Iterator[tuple[str, ...]]:
    for one in rows.iterator(chunk_size=2000):
        accepted = one.status == Vulnerability.Status.ACCEPTED
        yield (
            one.reference,
            one.identifier,
            one.title,
            one.package,
            one.version,
            one.location,
            one.get_severity_display(),
            one.severity_told,
            one.scope.name if one.scope else "",
            one.engagement.reference if one.engagement else "",
            one.owner.name if one.owner else "",
            _instant(one.first_seen_at),
            _instant(one.last_seen_at),
            one.due_on.isoformat(),
            one.get_status_display(),
            _instant(one.fixed_at),
            str(one.times_reopened),
            one.accepted_by.name if accepted and one.accepted_by else "",
            one.accepted_until.isoformat() if accepted and one.accepted_until else "",
        )


def scans(first: dt.date, last: dt.date) -> Table:
    """Those that ran on these days, in order."""
    begin, end = _span(first, last)
    rows = Scan.objects.filter(ran_at__gte=begin, ran_at__lt=end).select_related("scope", "imported_by__user", "evidence")
    header = (
        "Scan", "Scope", "Tool", "Version", "What it scanned", "Ran (UTC)", "When it ran is", "Evaluable", "Why not",
        "Checked", "Not checked", "Found", "New", "Back again", "Gone", "Imported (UTC)", "By", "Evidence",
        "SHA-256", "Withdrawn (UTC)", "Why withdrawn",
    )  # fmt: skip
    return Table(header, _of_scans(rows.order_by("ran_at", "pk")))


def _of_scans(rows: QuerySet[Scan]) -> Iterator[tuple[str, ...]]:
    for one in rows.iterator(chunk_size=2000):
        yield (
            one.reference,
            one.scope.name,
            one.tool_name or one.get_tool_display(),
            one.tool_version,
            one.target,
            _instant(one.ran_at),
            one.get_ran_basis_display(),
            "yes" if one.evaluable else "no",
            " ".join(one.reasons),
            "" if one.checked is None else str(one.checked),
            str(one.skipped),
            *(str(number) for number in (one.found, one.new, one.reopened, one.fixed)),
            _instant(one.imported_at),
            one.imported_by.name if one.imported_by else "Plumbline",
            one.evidence.reference,
            one.sha256,
            _instant(one.withdrawn_at),
            one.withdrawn_reason,
        )


def tests(first: dt.date, last: dt.date) -> Table:
    """Those whose days meet these."""
    found = PenetrationTest.objects.filter(starts_on__lte=last, ends_on__gte=first).exclude(status="cancelled")
    header = ("Number", "Title", "Firm", "What is tested", "From", "To", "Report dated", "Evidence", "Findings", "Open", "State")
    return Table(
        header, _of_tests(found.select_related("report").prefetch_related("vulnerabilities").order_by("starts_on", "reference"))
    )


def _of_tests(rows: QuerySet[PenetrationTest]) -> Iterator[tuple[str, ...]]:
    for one in rows:
        found = list(one.vulnerabilities.all())
        yield (
            one.reference,
            one.title,
            one.firm,
            one.scope,
            one.starts_on.isoformat(),
            one.ends_on.isoformat(),
            one.reported_on.isoformat() if one.reported_on else "",
            one.report.reference if one.report else "",
            str(len(found)),
            str(sum(each.is_pending for each in found)),
            one.get_status_display(),
        )


def _span(first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    organization = current_organization()
    return organization.end_of(first - dt.timedelta(days=1)), organization.end_of(last)


def _instant(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S") if at else ""
