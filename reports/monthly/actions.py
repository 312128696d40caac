"""Asking for a report, taking its figures, keeping its PDF, and saying aloud when that does not succeed."""

import datetime as dt
import io
from collections.abc import Collection

from django.db import connection

from accounts.models import Member
from audit.actions import action
from audit.actors import WORKER, Actor
from audit.record import record
from controls.models import Control
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence
from reports.models import MonthlyReport, ReportSettings
from reports.monthly import mail
from reports.monthly.kept import COLLECTOR
from reports.monthly.span import is_month, key_of, month_end, name_of
from reports.monthly.taking import snapshot_of, take
from tenancy.models import current_organization
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused
from ui.screens.listing import FIRST_YEAR
from workflow.references import plain_reference

WRITE = "reports.write"
LONGEST = 366
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def ask_month(first: dt.date, *, actor: Actor, at: dt.datetime | None = None) -> MonthlyReport | None:
    """The report of a whole month, once: None when there is one, however many ask at the same moment."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [f"{current_tenant_id()}:report:{key_of(first)}"])
    if MonthlyReport.objects.filter(month=key_of(first)).exists():
        return None
    return ask_report(first, month_end(first), actor=actor, month=key_of(first), at=at)


@action
def ask_report(first: dt.date, last: dt.date, *, actor: Actor, month: str = "", at: dt.datetime | None = None) -> MonthlyReport:
    """Ask for the report of some days, both included. A worker makes it. Raises ActionRefused."""
    _authorise(actor)
    moment = at or now()
    organization = current_organization()
    _check(first, last, organization.day_of(moment))
    report = MonthlyReport(
        reference=plain_reference("R"),
        kind=MonthlyReport.Kind.MONTHLY if month else MonthlyReport.Kind.ASKED,
        month=month if is_month(first, last) else "",
        starts_on=first,
        ends_on=last,
        asked_by=actor if isinstance(actor, Member) else None,
        asked_at=moment,
    )
    report.save(force_insert=True)
    record("report.ask", report, actor=actor, after={"from": first, "to": last, "kind": report.kind})
    _queue(report)
    return report


def _check(first: dt.date, last: dt.date, today: dt.date) -> None:
    if last < first:
        raise ActionRefused("The last day lies before the first.", field="last")
    if first.year < FIRST_YEAR:
        raise ActionRefused(f"Choose days from {FIRST_YEAR} on.", field="first")
    if last > today:
        raise ActionRefused("These days are not over: choose a last day up to today.", field="last")
    if (last - first).days >= LONGEST:
        raise ActionRefused("Choose a year at most.", field="first")


@action
def take_figures(report: MonthlyReport, *, at: dt.datetime | None = None) -> MonthlyReport:
    """Freeze the figures of a report, once; they are of this moment. The controls are locked, so that they are of one moment."""
    organization, moment = current_organization(), at or now()
    locked = MonthlyReport.objects.select_for_update(of=("self",)).select_related("asked_by__user").get(pk=report.pk)
    if locked.snapshot_id:
        raise ActionRefused(f"The figures of {locked.reference} are taken already.")
    list(Control.objects.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    taken = take(locked, organization, moment)
    snapshot = taken.snapshot
    readiness = next(one for one in snapshot.figures if one.key == "readiness")
    locked.snapshot = store(io.BytesIO(snapshot.to_json()), f"{locked.reference}.json")
    locked.register = store(io.BytesIO(taken.register), snapshot.register["name"]) if taken.register else None
    locked.as_of = moment
    locked.implemented, locked.in_scope = (readiness.part, readiness.whole) if readiness.measured else (None, None)
    locked.matters = len(snapshot.matters) + snapshot.more_matters
    locked.save(update_fields=["snapshot", "register", "as_of", "implemented", "in_scope", "matters"])
    after = {"as_of": moment, "sha256": locked.snapshot.sha256, "sentence": snapshot.sentence}
    record("report.take", locked, actor=WORKER, after=after)
    return locked


@action
def keep_report(report: MonthlyReport, content: bytes) -> MonthlyReport:
    """Keep the PDF as evidence and tell the recipients: all of it or nothing. The report must not be ready yet."""
    snapshot = snapshot_of(report)
    name = name_of(report.starts_on, report.ends_on)
    evidence = add_evidence(
        title=f"{report.reference} report of {name} (PDF)",
        category=Evidence.Category.OTHER,
        file=store(io.BytesIO(content), f"{report.reference}.pdf"),
        source="Plumbline",
        collector=COLLECTOR,
        subject=report,
        actor=WORKER,
        collected_at=report.as_of,
        period_from=report.starts_on,
        period_to=report.ends_on,
        query=f"{report.reference}, data with SHA-256 {report.snapshot.sha256 if report.snapshot else ''}",
        description=f"The management report of {name}: {snapshot.sentence}",
    )
    MonthlyReport.FINISH.apply(report, actor=WORKER, evidence=evidence, ready_at=now(), problem="")
    mail.tell_recipients(report, snapshot)
    return report


@action
def fail_report(report: MonthlyReport, problem: str) -> MonthlyReport:
    """Say aloud that a report could not be made: to the administrators, in the trail and on its page. It is tried again."""
    MonthlyReport.FAIL.apply(report, actor=WORKER, problem=problem)
    mail.alarm(report)
    return report


@action
def try_again(report: MonthlyReport, *, actor: Actor) -> MonthlyReport:
    """Have a report that failed made now. Raises ActionRefused."""
    MonthlyReport.RETRY.apply(report, actor=actor)
    _queue(report)
    return report


@action
def choose_recipients(members: Collection[Member], *, actor: Actor) -> ReportSettings:
    """Say who is told of each monthly report; nobody chosen means everybody with the executive role."""
    _authorise(actor)
    settings, _ = ReportSettings.objects.select_for_update(of=("self",)).get_or_create()
    before = mail.names_of(settings.recipients)
    settings.recipients = sorted(member.pk for member in members)
    settings.save(update_fields=["recipients"])
    after = mail.names_of(settings.recipients)
    record("report_settings.change", settings, actor=actor, before={"recipients": before}, after={"recipients": after})
    return settings


def _queue(report: MonthlyReport) -> None:
    from reports.monthly.tasks import make_report  # noqa: PLC0415 - the task uses these actions

    make_report.delay_on_commit(str(report.pk))


def _authorise(actor: Actor) -> None:
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")
