"""The page of one change."""

from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from accounts.models.role import names_of
from changes.approving.content import difference
from changes.approving.rules import Rule, name_of, rules_in_force
from changes.approving.telling import told
from changes.calendar.slots import slot
from changes.deployments.about import deployments_of
from changes.drafting.about import EVERYBODY, LIST
from changes.drafting.files import linked, may_attach
from changes.drafting.talk import conversation
from changes.lifecycle.describing import described
from changes.lifecycle.guidance import next_step
from changes.lifecycle.moves import moves_of
from changes.lifecycle.standing import Position
from changes.models import Approval, Change, ChangeFreezeOverride, ChangeSystem
from changes.outputs.views import outputs_of
from changes.rights import RAISE, may_edit, visible_to
from changes.sources.asking import MATCH, asker_of
from ui.screens import DetailScreen

RELATED = (
    "requester__member",
    "implementer__member",
    "verifier__member",
    "agreed_by__member",
    "objected_by",
    "raised_by__user",
    "reviewed_by__user",
    "template",
    "written_finding",
)


class ChangeDetail(DetailScreen):
    """One change: what is different, what could go wrong, how it is undone, who acts next."""

    permission = EVERYBODY
    template_name = "changes/change_detail.html"
    breadcrumbs = (LIST,)
    object: Change

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        systems = Prefetch("systems", queryset=ChangeSystem.objects.select_related("system"))
        overrides = Exists(ChangeFreezeOverride.objects.filter(change=OuterRef("pk")))
        seen = visible_to(self.request.member, self.in_force).annotate(has_overrides=overrides)
        return seen.select_related(*RELATED).prefetch_related(systems, "links")

    @cached_property
    def in_force(self) -> list[Rule]:
        """The approval rules."""
        return rules_in_force()

    def get_title(self) -> str:
        """Number and title."""
        return f"{self.object.reference}: {self.object.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All that the page says."""
        change, member = self.object, self.request.member
        position = Position(change, member, self.in_force)
        moves = moves_of(position)
        tone, sentence = next_step(position, self.request.organization.today(), moves)
        return super().get_context_data(
            **conversation(member, change, position.members),
            **deployments_of(change),
            **outputs_of(change),
            slot=slot(change, member),
            **described(change, member),
            **self._difference(position),
            position=position,
            moves=moves,
            next_tone=tone,
            next_step=sentence,
            may_edit=may_edit(member, change),
            asker=asker_of(change),
            may_match=member.can(MATCH),
            may_copy=member.can(RAISE),
            may_attach=may_attach(member, change),
            approvals=approvals_of(position),
            commits=list(change.commits.select_related("person")) if change.number else [],
            proofs=list(linked(change)),
            may_read_findings=member.can("findings.read"),
            may_read_evidence=member.can("evidence.read"),
            **kwargs,
        )

    def _difference(self, position: Position) -> dict[str, Any]:
        """What is different from what this member said something of last, or from the version before, while it waits."""
        version, earlier = [*position.versions, None, None][:2]
        before = (position.mine or earlier) if position.waits else None
        if version is None or before is None or before.pk == version.pk:
            return {"version": version, "before": None, "differences": []}
        return {
            "version": version,
            "before": before,
            "saw_before": before == position.mine,
            "differences": told(difference(before.content, version.content)),
        }


def approvals_of(position: Position) -> list[Approval]:
    """Everything that was said of it, with who and as what; the latest first."""
    for one in position.said:
        one.said_by = name_of(one)  # type: ignore[attr-defined]
        one.role_names = ", ".join(names_of(one.roles))  # type: ignore[attr-defined]
    return position.said
