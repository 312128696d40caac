"""What is in whose care: the list, one delegation, handing over and ending it."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from accounts.permissions import HOME, PERMISSIONS
from accounts.roles import implied
from audit.exports import RecordsExports
from ui.refusals import ActionRefused
from ui.screens import Column, DetailScreen, Empty, Filter, ListScreen
from workflow.delegations import actions
from workflow.delegations.forms import HandOverForm
from workflow.delegations.kinds import kind_names, kind_of
from workflow.delegations.looking import state_badge, url_of, visible_to
from workflow.models import Delegation
from workflow.once import OnceReasonForm, OnceScreen

LIST = ("Handed over", "workflow:delegation-list")


class DelegationList(RecordsExports, ListScreen):
    """What somebody looks after for somebody else, and until when."""

    permission = HOME
    title = "Handed over"
    lede = "A guardian may do with one vendor, review or audit period what whoever handed it over may do, until a day."
    noun = "delegations"
    noun_one = "delegation"
    columns = (
        Column("subject", "What", sort="subject", link=True, wide=True),
        Column("guardian.name", "In the care of", sort="guardian__user__name"),
        Column("given_by.name", "Handed over by", sort="given_by__user__name", hide_below=1000),
        Column("until", "Until", sort="until"),
        Column("state", "State", value=state_badge),
        Column("reason", "Why", hide_below=1300),
    )
    default_order = ("-given_at",)
    search_fields = ("subject", "guardian__user__name", "given_by__user__name")
    search_hint = "What it is, or a name"
    empty = Empty("Nothing is handed over", "Whoever owns a vendor, a review or an audit period hands it over on its page.")

    def get_filters(self) -> Sequence[Filter]:
        """By state and kind."""
        return (
            Filter("state", "State", choices=Delegation.Status.choices, lookup="status"),
            Filter("kind", "Kind", choices=kind_names()),
        )

    def get_queryset(self) -> QuerySet[Delegation]:
        """What this member may see."""
        return visible_to(self.request.member)


class DelegationDetail(DetailScreen):
    """One delegation: what the guardian may do, and until when."""

    permission = HOME
    template_name = "workflow/delegation.html"
    breadcrumbs = (LIST,)
    object: Delegation

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What comes with it, and whether this member may end it."""
        one, rights = self.object, implied(self.object.grants)
        return super().get_context_data(
            badge=state_badge(one),
            rights=[words for name, words in PERMISSIONS.items() if name in rights],
            subject_url=url_of(one),
            may_end=one.status == Delegation.Status.GIVEN and actions.may_end(self.request.member, one),
            **kwargs,
        )


class DelegationEnd(OnceScreen):
    """Take something back before its day."""

    permission = HOME
    form_class = OnceReasonForm
    title = "End it early"
    submit_label = "End it"
    explain = "From the guardian's next request on they may do no more than their roles allow."
    success_message = "It is in nobody else's care any more."
    model = Delegation
    object: Delegation

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def load(self) -> None:
        """Nobody sees a form for what is over, or not theirs to end. Raises PermissionDenied, ActionRefused."""
        super().load()
        if not actions.may_end(self.request.member, self.object):
            raise PermissionDenied
        if self.request.method != "POST" and self.object.status != Delegation.Status.GIVEN:
            raise ActionRefused("It is over: it stays as it was.")

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        return (LIST, (self.object.subject, self.object.get_absolute_url()))

    def act(self, form: OnceReasonForm) -> Delegation:
        """End it."""
        return actions.end_delegation(self.object, actor=self.request.member, **form.cleaned_data)


class HandOver(OnceScreen, abstract=True):
    """Hand one record over; a subclass names its kind and whose records it is about."""

    permission = HOME
    kind: str
    form_class = HandOverForm
    submit_label = "Hand it over"
    explain = (
        "The guardian may do with this one what you may do by your roles, until that day. Deciding, approving and signing do not"
        " go with it: whoever looks after something never decides on it."
    )
    success_message = "It is handed over, and the guardian is told."

    def load(self) -> None:
        """Nobody sees a form for what is not theirs to give. Raises PermissionDenied."""
        super().load()
        if not kind_of(self.kind).may_give(self.request.member, self.object):
            raise PermissionDenied

    def get_title(self) -> str:
        """What is handed over."""
        return f"Hand over {self.object}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Nobody hands something to themselves."""
        return {**super().get_form_kwargs(), "giver": self.request.member}

    def act(self, form: HandOverForm) -> Any:
        """Hand it over; its page shows it."""
        actions.hand_over(self.object, kind=self.kind, actor=self.request.member, **form.cleaned_data)
        return self.object
