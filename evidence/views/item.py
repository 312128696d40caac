"""The page of one item."""

from typing import Any, cast

from django.db.models import QuerySet

from evidence import freshness
from evidence.actions import WRITE, why_not_validate
from evidence.checks import result_badge
from evidence.hiding import evidence_seen_by
from evidence.links import label_of, linkable_by, proofs_of
from evidence.models import Evidence, EvidenceRevision, FileCheck
from evidence.recheck import ASKED, intact
from evidence.views.files import shown
from ui.screens import DetailScreen


class EvidenceDetail(DetailScreen):
    """One item: where it came from, what it proves, and whether its bytes are still the same."""

    permission = "evidence.read"
    template_name = "evidence/evidence_detail.html"
    breadcrumbs = (("Evidence", "evidence:list"),)

    def get_queryset(self) -> QuerySet[Any]:
        """With its people; of what hangs on something confidential only what the member may see."""
        rows = evidence_seen_by(self.request.member)
        return rows.select_related("file", "collected_by__user", "owner__user", "validated_by__user", "superseded_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Re-check the hash each time the page is shown, of a large file when asked to."""
        evidence, member = cast("Evidence", self.object), self.request.member
        check = FileCheck.objects.filter(file=evidence.file_id).first()
        return super().get_context_data(
            **kwargs,
            evidence=evidence,
            freshness=freshness.badge(evidence, self.request.organization.today()),
            intact=intact(evidence.file, self.request.GET),
            asked=ASKED,
            check=check,
            check_badge=result_badge(check.result if check else None),
            preview=shown(evidence.file),
            proofs=proofs_of(evidence.pk),
            links=[(label_of(link.kind), link) for link in evidence.links.order_by("kind", "name")],
            revisions=revisions_of(evidence),
            supersedes=evidence_seen_by(member).filter(superseded_by=evidence).order_by("reference"),
            may_write=member.can(WRITE),
            may_link=bool(linkable_by(member)),
            why_not_validate=why_not_validate(evidence, member),
        )


def revisions_of(evidence: Evidence) -> QuerySet[EvidenceRevision]:
    """The latest first, with what is shown of each."""
    return evidence.revisions.select_related("file", "collected_by__user")
