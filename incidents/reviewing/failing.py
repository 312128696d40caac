"""A control that failed is worked on: what an approved review says is a finding, a new one or the one that is open already."""

from controls.findings.actions import raise_finding
from controls.models import Control, Finding
from controls.models.finding import PENDING
from incidents.lifecycle.moving import ITSELF
from incidents.links.actions import FINDING, hang_finding
from incidents.models import Incident, IncidentReview

_TO_DO = "See to it that it works again, and that it would be noticed if it did not. The review says what was learned."
_EVIDENCE = "What shows that it works again."


def follow_up(review: IncidentReview, incident: Incident) -> None:
    """Raise or link a finding for each control that failed, once for an incident however often it is reviewed.

    Of a confidential one nothing: findings are read by more people. Part of the action that approves the review.
    """
    if incident.confidential or review.control_failed != IncidentReview.Answer.YES:
        return
    targets = incident.links.filter(kind=FINDING, status="linked").values_list("target", flat=True)
    known = set(Finding.objects.filter(pk__in=list(targets)).values_list("control", flat=True))
    failed: list[Control | None] = [row.control for row in review.controls.select_related("control__owner__member__user")]
    for control in failed or [None]:
        if (control.pk if control else None) not in known:
            finding = _open_one(control) or _raised(review, incident, control)
            hang_finding(incident, finding, note="A control failed, the review says", actor=ITSELF)


def _open_one(control: Control | None) -> Finding | None:
    """What somebody works on already."""
    if control is None:
        return None
    return Finding.objects.filter(control=control, status__in=PENDING).order_by("opened_at", "pk").first()


def _raised(review: IncidentReview, incident: Incident, control: Control | None) -> Finding:
    return raise_finding(
        actor=ITSELF,
        title=f"{control.code if control else 'A control'} failed in {incident.reference}",
        severity=incident.severity,
        source=Finding.Source.OTHER,
        link=review.get_absolute_url(),
        control=control,
        risk=review.control_note or f"Seen in {incident.reference}: {incident.title}",
        remediation=_TO_DO,
        evidence_required=_EVIDENCE,
    )
