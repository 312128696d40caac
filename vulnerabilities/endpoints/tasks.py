"""Checking endpoints: by the schedule, or because somebody asks."""

import datetime as dt
import io
import ssl
from typing import Any

from celery import shared_task
from django.db.models import Q

from accounts.models import Member
from audit.actors import Actor
from evidence.files import store
from tenancy.models import Organization
from tenancy.scope import now
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from vulnerabilities.endpoints.handshake import Shaken, shake
from vulnerabilities.endpoints.judging import certificate_of, judged, report_of, written
from vulnerabilities.models import Scan, ScanScope, TlsResult, Tool
from vulnerabilities.rights import WRITE
from vulnerabilities.scanning.alerting import ITSELF
from vulnerabilities.scanning.keeping import keep_scan
from vulnerabilities.scanning.stated import Stated
from vulnerabilities.scanning.tasks import outcome_of
from vulnerabilities.settings import settings_of_vulnerabilities
from workflow.jobs import start_job, working
from workflow.models import Job
from workflow.outgoing.errors import OutgoingError
from workflow.outgoing.hosts import allowed_hosts

AGAIN = dt.timedelta(hours=6)  # an endpoint that could not be reached is tried again


def check_due(organization: Organization, at: dt.datetime) -> None:
    """Have every endpoint checked whose check is due, each by a task of its own. Idempotent: what was just tried waits."""
    due = ScanScope.objects.filter(
        Q(checked_at=None) | Q(checked_at__lte=at - AGAIN),
        tool=Tool.TLS,
        status=ScanScope.Status.ACTIVE,
        next_due_on__lte=organization.day_of(at),
    )
    keys = list(due.values_list("pk", flat=True))
    ScanScope.objects.filter(pk__in=keys).update(checked_at=at)
    for key in keys:
        check_endpoint.delay_on_commit(str(key))


def ask_check(scope: ScanScope, *, actor: Member) -> Job:
    """Have an endpoint checked at once. Raises ActionRefused."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")
    if not scope.is_endpoint or scope.status != ScanScope.Status.ACTIVE:
        raise ActionRefused(f"{scope} is no endpoint that is checked.")
    job = start_job("vulnerabilities.tls", title=f"TLS check of {scope.target}", actor=actor, subject=scope)
    check_now.delay_on_commit(str(job.pk), str(scope.pk))
    return job


@shared_task(base=TenantTask, bind=True)
def check_endpoint(self: TenantTask, scope_id: str) -> None:
    """As the schedule asks."""
    _check(self, scope_id, None)


@shared_task(base=TenantTask, bind=True)
def check_now(self: TenantTask, job_id: str, scope_id: str) -> None:
    """As somebody asks."""
    with working(self, job_id) as work:
        with self.scope():
            asker = Member.objects.select_related("user", "organization").get(pk=str(Job.objects.get(pk=job_id).actor_id))
        scan = _check(self, scope_id, asker)
        if scan is not None:
            with self.scope():
                work.url, work.message = scan.get_absolute_url(), outcome_of(scan)


def _check(task: TenantTask, scope_id: str, asker: Member | None) -> Scan | None:
    """Shake hands outside of any transaction, then keep what was seen."""
    with task.scope():
        scope = ScanScope.objects.filter(pk=scope_id, tool=Tool.TLS, status=ScanScope.Status.ACTIVE).first()
        allowed = allowed_hosts()
    if scope is None:
        return None
    at, shaken, error = now(), None, ""
    try:
        shaken = shake(scope.host, scope.port or 443, allowed)
    except OutgoingError as failure:
        error = failure.sentence
    with task.scope():
        return keep_check(scope, at, shaken, error, actor=asker or ITSELF)


def keep_check(scope: ScanScope, at: dt.datetime, shaken: Shaken | None, error: str, *, actor: Actor) -> Scan:
    """Keep a check as a scan of its endpoint; one that did not connect cannot be evaluated."""
    report, facts = report_of(scope.target, at, ssl.OPENSSL_VERSION), dict[str, Any]()
    if shaken is not None:
        try:
            facts = _facts(shaken)
            days = settings_of_vulnerabilities().certificate_days
            report.found = judged(scope.target, shaken, certificate_of(shaken.certificate), at=at, days=days)
        except ValueError:
            error = "Its certificate cannot be read."
    if error:
        report.refuse(f"The endpoint could not be checked. {error}")
    content = written(scope.target, at, shaken, facts, error)
    stored = store(io.BytesIO(content), f"tls-{scope.host}-{at:%Y-%m-%dT%H%M%SZ}.json")
    ScanScope.objects.filter(pk=scope.pk).update(checked_at=at)
    keep_tls = TlsResult(**facts) if facts and not error else None
    return keep_scan(scope, report, stored, stated=Stated(received_at=at), actor=actor, basis=Scan.Basis.OWN, tls=keep_tls)


def _facts(shaken: Shaken) -> dict[str, Any]:
    certificate = certificate_of(shaken.certificate)
    return {
        "address": shaken.address,
        "protocol": shaken.protocol,
        "cipher": shaken.cipher,
        "accepts_old": shaken.accepts_old,
        "trusted": not shaken.trust_error,
        "trust_error": shaken.trust_error,
        **{name: getattr(certificate, name) for name in _OF_CERTIFICATE},
    }


_OF_CERTIFICATE = ("subject", "names", "issuer", "not_before", "not_after", "serial", "key", "sha256")
