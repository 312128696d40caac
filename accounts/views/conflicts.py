"""Conflicts of duty: those there are, who answers for them, and what was accepted before."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.actions import accept_conflict
from accounts.conflicts import OWN, standing, standing_of
from accounts.duties import CONFLICT, CONFLICTS
from accounts.giving import APPOINT, Answer
from accounts.models import DutyAcceptance, Member
from accounts.role_forms import AcceptForm
from accounts.views.members import CRUMBS, MemberForm
from accounts.views.roles import READ
from audit.exports import RecordsExports
from ui.components import Badge
from ui.screens import Column, Empty, ListScreen


def _name(row: DutyAcceptance) -> str:
    return CONFLICT[row.duty].name if row.duty in CONFLICT else row.duty


def _state(row: DutyAcceptance) -> Badge:
    if row.is_over:
        return Badge("Ended", "muted")
    return Badge(OWN, "bad") if row.is_own else Badge("In force", "warn")


class ConflictList(RecordsExports, ListScreen):
    """Who combines duties that should be apart, and what was accepted of that, when and by whom."""

    permission = READ
    template_name = "accounts/conflict_list.html"
    title = "Conflicts of duty"
    noun = "acceptances"
    noun_one = "acceptance"
    breadcrumbs = CRUMBS
    lede = "What one person should not do alone, because they would check their own work."
    columns = (
        Column("whose", "Of"),
        Column("duty", "Conflict", value=_name, sort="duty", wide=True),
        Column("reason", "Why it was accepted", wide=True, hide_below=700),
        Column("accepted_by.name", "By", sort="accepted_by__user__name"),
        Column("accepted_at", "Accepted", sort="accepted_at", hide_below=700),
        Column("ends_on", "Until", sort="ends_on"),
        Column("state", "State", value=_state, text=lambda row: str(_state(row))),
    )
    default_order = ("-accepted_at",)
    search_fields = ("member__user__name", "role__name", "reason")
    search_hint = "Name or reason"
    empty = Empty("Nothing was accepted yet", "Acceptances stand here for good, also when they have ended.")

    def get_queryset(self) -> QuerySet[Any]:
        """With whose they are."""
        return DutyAcceptance.objects.select_related("member__user", "role", "accepted_by__user")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add those that there are now."""
        found = standing(self.request.organization)
        may_accept = self.request.member.can(APPOINT)
        return super().get_context_data(found=found, rules=CONFLICTS, may_accept=may_accept, **kwargs)


class ConflictAccept(MemberForm):
    """Answer for conflicts of duty that come together in one person."""

    permission = APPOINT
    form_class = AcceptForm
    breadcrumbs = (*CRUMBS, ("Conflicts of duty", "members:conflicts"))
    submit_label = "Accept them"
    explain = (
        "Until the day you choose, with your name. Then they wait for somebody again. Better is to take one of the roles away."
    )
    success_message = "It is accepted until the day you chose."

    def get_title(self) -> str:
        """Of whom."""
        return f"Accept the conflicts of {self.object.name}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Those there are."""
        return {**super().get_form_kwargs(), "conflicts": [one.conflict for one in standing_of(self.object)]}

    def act(self, form: AcceptForm) -> str:
        """Accept them."""
        said = form.cleaned_data
        member: Member = self.object
        answer = Answer(said["reason"], said["ends_on"])
        accept_conflict(member, duties=said["duties"], answer=answer, actor=self.request.member)
        return reverse("members:conflicts")
