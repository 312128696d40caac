"""Whether a scan can be evaluated: only then may what it no longer has count as fixed."""

import datetime as dt

from django.db.models import QuerySet

from vulnerabilities.models import Scan, ScanScope, Vulnerability
from vulnerabilities.reading.report import Report, listed
from vulnerabilities.scanning.comparing import CLOSABLE
from vulnerabilities.scanning.sameness import judge_place, scan_beside
from vulnerabilities.scanning.stated import Stated


def consider(report: Report, stated: Stated, scope: ScanScope) -> None:
    """Complete the reasons of a report of a scope, by what is kept of it."""
    if source := report.source or stated.source:
        report.source = source
        report.notes.append(f"It comes from {source}."[:500])
    if stated.is_ahead(report):
        report.notes.append("It says that it ran at a time that had not come yet, so that was not taken over.")
    judge_place(report, stated, scope, scan_beside(scope, report, stated))
    judge(report, stated, scan_before(scope, report, stated))
    if scope.is_storage:
        judge_left_out(report, stated, scope)


def judge_left_out(report: Report, stated: Stated, scope: ScanScope) -> None:
    """A list of settings that does not name what is open says nothing of it, also where no evaluable one has named it."""
    at, _ = stated.when(report)
    still = Vulnerability.objects.filter(scope=scope, status__in=CLOSABLE, last_seen_at__lt=at).exclude(
        location__in=report.targets
    )
    left = sorted(set(still.values_list("location", flat=True)))
    if not left or report.is_narrower:
        return
    if stated.narrower:
        said = f"Whoever imported it says that these are gone: {listed(left)}."[:500]
        report.notes += [said] if said not in report.notes else []
        return
    report.is_narrower = True
    report.refuse(f"Something is open of what is missing here: {listed(left)}."[:500])


def judge(report: Report, stated: Stated, before: Scan | None) -> None:
    """Complete the reasons of a report. `before` is the last evaluable scan of the scope that ran earlier."""
    if report.checked is None and stated.checked is not None:
        report.checked = stated.checked
    if not report.says_what_was_checked and not report.unsuppressed and not report.checked:
        report.refuse("It found nothing and does not say that it checked anything: say how many packages it checked.")
    if before is None:
        return
    gone = sorted(set(before.targets) - set(report.targets)) if before.targets else []
    if gone and not stated.narrower:
        report.is_narrower = True
        report.refuse(f"{before} checked more. Missing here: {listed(gone)}."[:500])
    elif gone:
        report.notes.append(f"Whoever imported it says that these are gone: {listed(gone)}."[:500])
    if before.checked and report.checked is not None and report.checked * 2 < before.checked:
        few = f"It checked {report.checked:,} {report.things}; {before} checked {before.checked:,}."
        if stated.narrower:
            report.notes.append(f"{few} Whoever imported it says that the others are gone.")
        else:
            report.is_narrower = True
            report.refuse(f"{few} Less than half were looked at.")


def scan_before(scope: ScanScope, report: Report, stated: Stated) -> Scan | None:
    """The last evaluable scan of a scope that ran before this one."""
    at, _ = stated.when(report)
    return evaluated(scope).filter(ran_at__lt=at).order_by("-ran_at").first()


def evaluated_after(scope: ScanScope, at: dt.datetime, report: Report) -> dt.datetime | None:
    """When the first evaluable scan ran of those of a scope that ran later and are here already.

    Of lists of settings one that names all that this one found something of: another does not say that it is gone.
    """
    later = evaluated(scope).filter(ran_at__gt=at).order_by("ran_at")
    if scope.is_storage:
        later = later.filter(targets__contains=sorted({one.location for one in report.found}))
    return later.values_list("ran_at", flat=True).first()


def evaluated(scope: ScanScope) -> QuerySet[Scan]:
    """The scans of a scope that say what is gone."""
    return Scan.objects.filter(scope=scope, evaluable=True, status=Scan.Status.KEPT)
