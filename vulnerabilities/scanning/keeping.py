"""Keeping a scan, with its evidence and all that follows from it, in one transaction."""

from dataclasses import asdict
from typing import Any

from django.db.models import Q

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from evidence.actions import add_evidence
from evidence.models import Evidence, StoredFile
from tenancy.scope import now
from ui.refusals import ActionRefused
from vulnerabilities.models import Scan, ScanScope, TlsResult, Tool, Vulnerability
from vulnerabilities.reading.report import Report
from vulnerabilities.scanning.comparing import Compared, compare
from vulnerabilities.scanning.following import follow
from vulnerabilities.scanning.ignoring import kept, summary
from vulnerabilities.scanning.judging import consider, evaluated_after
from vulnerabilities.scanning.sameness import bare
from vulnerabilities.scanning.stated import Stated
from vulnerabilities.scanning.writing import Writer
from vulnerabilities.scopes.actions import plan_next
from vulnerabilities.settings import local_day
from workflow.changes import change
from workflow.references import next_reference

COLLECTOR = "Plumbline's scans"
TAG = "vulnerability scan"
_TAGS: dict[str, str] = {Tool.STORAGE: "storage settings"}
_RAW: dict[str, str] = {Tool.STORAGE: "The settings of what holds data, as they came."}


def keep_scan(
    scope: ScanScope,
    report: Report,
    file: StoredFile,
    *,
    stated: Stated,
    actor: Actor,
    basis: str = "",
    tls: TlsResult | None = None,
) -> Scan:
    """Keep a scan and all that follows from it, in one transaction.

    The same file of the same time is kept once, or twice where somebody says more of one that could not be evaluated.

    `tls` is what a handshake showed, not saved yet. Raises ActionRefused for a scope that is retired.
    """
    scope = ScanScope.objects.select_for_update(of=("self",)).select_related("owner__member").get(pk=scope.pk)
    if scope.status == ScanScope.Status.RETIRED:
        raise ActionRefused(f"{scope} is retired: nothing is scanned there any more.")
    ran_at, told = stated.when(report)
    consider(report, stated, scope)
    same = Scan.objects.filter(scope=scope, sha256=file.sha256, ran_at=ran_at, status=Scan.Status.KEPT)
    if (there := same.filter(Q(evaluable=True) | Q(evaluable=not report.reasons)).first()) is not None:
        return there
    scan = _scan(scope, report, file, actor=actor, ran_at=ran_at, ran_basis=basis or told, stated=stated)
    return _keep(scan, report, actor, tls, stated.moved if report.is_moved else "")


@action
def _keep(scan: Scan, report: Report, actor: Actor, tls: TlsResult | None, moved: str) -> Scan:
    """The scope is locked."""
    scope, ran_at = scan.scope, scan.ran_at
    if moved and scope.target and (target := bare(report.target)):
        change(scope, "scan_scope.edit", actor=actor, fields={"target": target[:300]}, note=moved)
    known = list(Vulnerability.objects.filter(scope=scope))
    later = evaluated_after(scope, ran_at, report)
    compared = compare(known, report.counting, at=ran_at, evaluable=not report.reasons, later=later)
    _count(scan, report, compared)
    scan.save(force_insert=True)
    record("scan.keep", scan, actor=actor, after=_told(scan), metadata={"scope": str(scope), "sha256": scan.sha256})
    if tls is not None:
        tls.scan = scan
        tls.save(force_insert=True)
    opened = Writer(scan, actor, later).keep(compared)
    plan_next(scope)
    follow(scan, opened)
    return scan


def _scan(scope: ScanScope, report: Report, file: StoredFile, *, actor: Actor, stated: Stated, **when: Any) -> Scan:
    day = local_day(when["ran_at"])
    evidence = add_evidence(
        title=f"{scope.get_tool_display()}: {scope.name}"[:190],
        category=Evidence.Category.MONITORING,
        file=file,
        source=(report.source or report.tool_name or scope.get_tool_display())[:200],
        collector=COLLECTOR,
        subject=scope,
        actor=actor,
        period_from=day,
        period_to=day,
        query=report.target,
        description=f"{_RAW.get(scope.tool, 'What the scanner wrote, as it came.')}{summary(report)}",
        tags=[_TAGS.get(scope.tool, TAG)],
    )
    return Scan(
        reference=next_reference("SCN", f"{now():%Y}"),
        scope=scope,
        tool=scope.tool,
        tool_name=report.tool_name,
        tool_version=(report.tool_version or stated.tool_version)[:60],
        target=report.target or scope.target,
        imported_at=now(),
        imported_by=actor if isinstance(actor, Member) else None,
        evidence=evidence,
        file=file,
        sha256=file.sha256,
        **when,
    )


def _count(scan: Scan, report: Report, compared: Compared) -> None:
    scan.evaluable, scan.reasons, scan.notes = not report.reasons, report.reasons[:20], report.notes[:20]
    scan.elsewhere, scan.analyses = report.is_elsewhere, report.analyses
    scan.targets, scan.checked, scan.skipped = report.targets, report.checked, report.skipped
    scan.ignored, scan.resources = kept(report), [asdict(one) for one in report.resources]
    scan.found, scan.suppressed = report.unsuppressed, report.suppressed
    scan.new, scan.reopened, scan.fixed = compared.fresh, len(compared.back), len(compared.gone)


def _told(scan: Scan) -> dict[str, Any]:
    names = (
        "tool_name",
        "tool_version",
        "ran_at",
        "evaluable",
        "reasons",
        "checked",
        "skipped",
        "found",
        "new",
        "reopened",
        "fixed",
    )
    return {name: getattr(scan, name) for name in names}
