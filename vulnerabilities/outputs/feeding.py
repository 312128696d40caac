"""Scans and penetration tests perform the occurrences of the controls that ask for them.

A week (or whatever the control's interval is) is performed once everything that is scanned had a scan in it that could be
evaluated: one scope scanned is not all of them.
"""

import datetime as dt
from collections.abc import Collection

from audit.actors import WORKER
from audit.models import AuditEvent
from controls.models import ControlEvidence, Occurrence
from controls.occurrences.actions import reopen
from controls.occurrences.feeds import PENETRATION_TESTS, SCANS, Fed, controls_fed, feed
from evidence.models import Evidence
from evidence.printing.words import plural
from evidence.standing import withdraw_evidence
from tenancy.models import current_organization
from vulnerabilities.models import PenetrationTest, Scan, ScanScope, Tool
from vulnerabilities.settings import local_day


def feed_scan(scan: Scan) -> None:
    """Part of the action that keeps the scan; does nothing for one that cannot be evaluated, or where no control asks."""
    if not scan.evaluable:
        return
    controls = list(controls_fed(SCANS))
    if not controls:
        return
    day = local_day(scan.ran_at)
    kind = Occurrence.Kind.INTERVAL
    spans = Occurrence.objects.filter(control__in=controls, kind=kind, starts_on__lte=day, ends_on__gte=day)
    for first, last in set(spans.values_list("starts_on", "ends_on")):
        items = _complete(first, last)
        if items:
            words = (
                f"{plural(len(items), 'scan', 'scans')} covered everything that is scanned, {first:%-d %B} to {last:%-d %B %Y}."
            )
            feed(Fed(SCANS, items, day, day, scan.imported_by, words))


def _complete(first: dt.date, last: dt.date) -> Collection[Evidence]:
    """The evidence of the evaluable scans of these days, where every scope that was there by then has one; else nothing."""
    organization = current_organization()
    begin, end = organization.end_of(first - dt.timedelta(days=1)), organization.end_of(last)
    scans = Scan.objects.filter(evaluable=True, status=Scan.Status.KEPT, ran_at__gte=begin, ran_at__lt=end)
    rows = list(scans.exclude(tool=Tool.STORAGE).select_related("evidence").order_by("ran_at"))
    scopes = ScanScope.objects.filter(status=ScanScope.Status.ACTIVE, made_at__lt=end, every_days__lte=(last - first).days + 1)
    if set(scopes.exclude(tool=Tool.STORAGE).values_list("pk", flat=True)) - {one.scope_id for one in rows}:
        return []
    return list({one.evidence.pk: one.evidence for one in rows}.values())


def unfeed_scan(scan: Scan) -> None:
    """Part of the action that withdraws it: its evidence proves nothing, and what is not covered any more waits again."""
    linked = ControlEvidence.objects.filter(evidence=scan.evidence_id, status=ControlEvidence.Status.LINKED)
    proven = Occurrence.objects.filter(pk__in=linked.values("occurrence"), status=Occurrence.Status.PERFORMED)
    keys = list(proven.filter(kind=Occurrence.Kind.INTERVAL, control__in=controls_fed(SCANS)).values_list("pk", flat=True))
    evidence = Evidence.objects.get(pk=scan.evidence_id)
    if evidence.status != Evidence.Status.WITHDRAWN:  # what it alone proved is open again by that
        withdraw_evidence(evidence, actor=WORKER, reason=f"{scan} was withdrawn: {scan.withdrawn_reason}")
    left = Occurrence.objects.filter(pk__in=keys, status=Occurrence.Status.PERFORMED).order_by("pk")
    for row in left:
        if _by_itself(row) and not _complete(row.starts_on, row.ends_on):
            reopen(row, actor=WORKER, reason=f"{scan} was withdrawn: not everything that is scanned was scanned in these days.")


def _by_itself(row: Occurrence) -> bool:
    """Whether scans performed it, rather than somebody who said so by hand."""
    told = AuditEvent.objects.filter(object_id=row.pk, verb=Occurrence.PERFORM.verb).order_by("-at", "-id")
    return told.values_list("actor_id", flat=True).first() is None


def feed_test(test: PenetrationTest) -> None:
    """A report has come: part of the action that keeps it."""
    if test.report is None or test.reported_on is None:
        return
    words = f"{test.reference}: {test.firm} tested from {test.starts_on:%-d %B} to {test.ends_on:%-d %B %Y}."
    feed(Fed(PENETRATION_TESTS, [test.report], test.ends_on, test.reported_on, test.made_by, words))
