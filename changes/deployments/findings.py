"""Deployments without approval become findings by themselves: one each, or one with a list when they are many at once."""

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse

from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import record
from changes.deployments.environments import counted
from changes.deployments.explaining import UNCOVERED
from changes.models import Classification, Deployment, DeploymentFinding
from controls.findings.actions import raise_finding
from controls.models import Control, Finding
from tenancy.models import Organization
from ui.values import exact

GRACE = dt.timedelta(hours=1)  # a webhook may come later than the pipeline's report
MANY = 20  # more at once are one finding
LISTED = 50  # of them named in it
AT_ONCE = 10_000
_UNACCOUNTED = (Classification.UNAPPROVED, Classification.UNMATCHED)
_CONTROLS = ("CHG-004", "CHG-001")  # starter controls that such a deployment speaks against
_TO_DO = (
    "Find out why it went without an approval. If there was a change, link it; if there was none, raise one and have it "
    "approved afterwards. Then close the way that it took: protect the branch, or let the pipeline ask the gate."
)
_EVIDENCE = "What shows that this cannot happen again in this way, such as the branch protection or the pipeline's new step."


def raise_findings(organization: Organization, at: dt.datetime) -> None:
    """Raise what is missing. Idempotent: a deployment raises one finding, ever, also if it is accounted for later."""
    rows = Deployment.objects.filter(counted(), classification__in=_UNACCOUNTED, batch__received_at__lte=at - GRACE)
    if rows.filter(findings=None).exists():
        _raise(organization, at)


@action
def _raise(organization: Organization, at: dt.datetime) -> None:
    """With the organization's row locked: of two at a time the second finds nothing to do."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    rows = Deployment.objects.filter(counted(), classification__in=_UNACCOUNTED, batch__received_at__lte=at - GRACE)
    found = list(rows.filter(findings=None).select_related("change__written_finding").order_by("deployed_at", "id")[:AT_ONCE])
    found = [one for one in found if not _joined(one)]
    control = _control()
    if len(found) > MANY:
        _keep(found, _finding_of_many(found, control))
        return
    for one in found:
        _keep([one], _finding_of(one, control))


def _joined(one: Deployment) -> bool:
    """Whether its change is a finding already, such as an emergency to which nobody had agreed: it belongs to that one."""
    finding = one.change.written_finding if one.change else None
    if finding is not None:
        _keep([one], finding)
        record("deployment.finding", one, actor=SCHEDULE, after={"finding": finding.reference})
    return finding is not None


def _control() -> Control | None:
    rows = Control.objects.filter(library_key__in=_CONTROLS, status=Control.Status.ACTIVE).select_related("owner")
    return min(rows, key=lambda one: _CONTROLS.index(one.library_key), default=None)


def _finding_of(one: Deployment, control: Control | None) -> Finding:
    what = "without an approved change" if one.change else "that belongs to no change"
    if one.reason in UNCOVERED:
        what = "outside of what was approved"
    return raise_finding(
        actor=SCHEDULE,
        title=f"Deployment of {one} {what}"[:200],
        severity="high",
        source=Finding.Source.OTHER,
        link=one.get_absolute_url(),
        control=control,
        risk=f"Deployed on {exact(one.deployed_at)} by {one.deployed_by or 'nobody named'}. {one.get_reason_display()}",
        remediation=_TO_DO,
        evidence_required=_EVIDENCE,
    )


def _finding_of_many(found: Sequence[Deployment], control: Control | None) -> Finding:
    lines = [f"{exact(one.deployed_at)}: {one}, {one.get_classification_display().lower()}" for one in found[:LISTED]]
    more = [f"And {len(found) - LISTED:,} more."] if len(found) > LISTED else []
    first, last = found[0].deployed_at, found[-1].deployed_at
    return raise_finding(
        actor=SCHEDULE,
        title=f"{len(found):,} deployments without an approved change",
        severity="high",
        source=Finding.Source.OTHER,
        link=f"{reverse('changes:deployment-list')}?class=unapproved&class=unmatched",
        control=control,
        risk="\n".join([f"Between {exact(first)} and {exact(last)}.", *lines, *more]),
        remediation=_TO_DO,
        evidence_required=_EVIDENCE,
    )


def _keep(found: Sequence[Deployment], finding: Finding) -> None:
    DeploymentFinding.objects.bulk_create([DeploymentFinding(deployment=one, finding=finding) for one in found], batch_size=1000)
