"""The page of a finding, raising one, and the files of its evidence."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from controls.criteria import CRITERIA
from controls.findings import actions, forms
from controls.findings.guidance import next_step
from controls.findings.listing import EVERYBODY, LIST
from controls.findings.rights import may_work, visible_to, why_not_independent
from controls.findings.sources import seen_in
from controls.models import Finding, FindingEvidence
from evidence import downloads
from ui.screens import DetailScreen, ScreenRequest, screen
from workflow.once import OnceScreen


class FindingDetail(DetailScreen):
    """One finding: what is wrong, who puts it right, by when, and what happens next."""

    permission = EVERYBODY
    template_name = "controls/finding_detail.html"
    breadcrumbs = (LIST,)
    object: Finding

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        people = ("opened_by", "remediated_by", "retested_by", "accepted_by")
        related = ("owner", "control", "run", "test__control", "occurrence__control", *(f"{name}__user" for name in people))
        return visible_to(self.request.member).select_related(*related)

    def get_title(self) -> str:
        """Number and title."""
        return f"{self.object.reference}: {self.object.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts, the next step and what this member may do."""
        finding, member = self.object, self.request.member
        tone, sentence = next_step(finding, self.request.organization.today())
        works = may_work(member, finding)
        return super().get_context_data(
            next_tone=tone,
            next_step=sentence,
            criterion=CRITERIA.get(finding.criterion),
            proofs=proofs_of(finding),
            may_read_controls=member.can("controls.read"),
            may_read_evidence=member.can("evidence.read"),
            may_edit=member.can("findings.write") and finding.is_pending,
            may_start=works and finding.status in Finding.START.sources,
            may_hand_in=works and finding.status in Finding.READY.sources,
            may_supply=works and finding.is_pending,
            may_hand_on=works and finding.status in {Finding.Status.OPEN, Finding.Status.IN_REMEDIATION},
            may_retest=Finding.CLOSE.allows(finding, member) and not why_not_independent(member, finding, remediated=True),
            may_accept=Finding.ACCEPT.allows(finding, member) and not why_not_independent(member, finding, remediated=False),
            may_lapse=Finding.LAPSE.allows(finding, member),
            may_reopen=Finding.REOPEN.allows(finding, member),
            **kwargs,
        )


def proofs_of(finding: Finding) -> list[FindingEvidence]:
    """What is linked to it, with file and who linked it."""
    linked = FindingEvidence.objects.filter(finding=finding, status=FindingEvidence.Status.LINKED)
    return list(linked.select_related("evidence__file", "linked_by__user"))


class FindingCreate(OnceScreen):
    """Raise one; a link from a test, an occurrence, a control or a gap fills it."""

    permission = "findings.write"
    form_class = forms.NewFindingForm
    title = "Raise a finding"
    breadcrumbs = (LIST,)
    submit_label = "Raise the finding"
    success_message = "The finding was raised."

    def get_initial(self) -> dict[str, Any]:
        """What the record that was followed says."""
        return seen_in(self.request.GET.dict())

    def act(self, form: forms.NewFindingForm) -> Finding:
        """Raise it, with the record it comes from."""
        seen = seen_in(self.request.GET.dict())
        records = {name: seen[name] for name in ("test", "occurrence", "run") if name in seen}
        return actions.raise_finding(actor=self.request.member, **records, **form.facts())


@screen(EVERYBODY)
def file(request: ScreenRequest, pk: UUID, proof: UUID) -> HttpResponseBase:
    """A file of its evidence, for who works on it, retests it, or reads evidence."""
    return serve(request.member, get_object_or_404(visible_to(request.member), pk=pk), proof)


def serve(member: Any, finding: Finding, proof: UUID) -> HttpResponseBase:
    """The file of one link. Raises PermissionDenied, Http404."""
    if not (may_work(member, finding) or member.can(Finding.CLOSE.permission) or member.can("evidence.read")):
        raise PermissionDenied
    linked = finding.proofs.filter(status=FindingEvidence.Status.LINKED).select_related("evidence__file")
    evidence = get_object_or_404(linked, pk=proof).evidence
    return downloads.take_away(evidence.file, actor=member, evidence=evidence)
