"""The list of removals."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from audit.exports import RecordsExports
from inventory.models import Removal
from inventory.models.removal import OPEN, late_on
from inventory.removals import actions, forms
from inventory.removals.rights import may_see_all, mine, visible_to
from inventory.systems.views import system_choices
from ui.refusals import ActionRefused
from ui.screens import Bulk, BulkResult, Column, Empty, Filter, ListScreen

CRUMBS = (("Removals", "inventory:removal-list"),)
# Whoever a removal is with may see and do it, whatever their role; what each may see is decided in rights.visible_to.
EVERYBODY = "home.read"


class RemovalList(RecordsExports, ListScreen):
    """Access that must go, and what became of it."""

    permission = EVERYBODY
    title = "Removals"
    noun = "removals"
    noun_one = "removal"
    columns = (
        Column("reference", "Removal", sort="reference", link=True, template="inventory/cells/reference.html"),
        Column("task", "What", value=lambda r: r.task[:1].upper() + r.task[1:]),
        Column("subject", "Of", sort="account__name", value=lambda r: r.whose),
        Column("system.name", "System", sort="system__name"),
        Column("assignee.name", "With", sort="assignee__name", hide_below=1000),
        Column("origin", "From", sort="origin", hide_below=1300),
        Column("due_on", "Due", sort="due_on", template="inventory/cells/due.html", text=lambda r: r.due_on),
        Column("status_badge", "State", sort="status", text=lambda r: r.get_status_display()),
    )
    default_order = ("-closed_at", "due_on")
    search_fields = ("reference", "account__name", "person__name", "role")
    search_hint = "Number, person, account or role"
    bulk_actions = (
        Bulk(
            "claim",
            "Claim done",
            EVERYBODY,
            form=forms.BulkClaimForm,
            explain="Say that these were done at the source. The next full export shows whether they are gone.",
        ),
        Bulk("reassign", "Reassign", EVERYBODY, form=forms.ReassignForm),
    )
    empty = Empty(
        "Nothing to remove",
        "Removals come from reviews, where somebody decided that access must go, and from people who have left.",
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Those who work on their own begin with those; "Everybody" shows the rest."""
        member = self.request.member
        theirs = visible_to(member).filter(mine(member))
        if not request.GET and not member.can("removals.accept") and theirs.exists():
            return redirect(f"{request.path}?whose=me")
        return super().get(request, *args, **kwargs)

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What is shown depends on the role."""
        if may_see_all(self.request.member):
            return "Access that must go. Each is followed until a later full export of the system shows it gone."
        return "The removals that are with you. Each is followed until a later full export shows the access gone."

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def get_filters(self) -> tuple[Filter, ...]:
        """Overdue depends on the organization's day."""
        today = self.request.organization.today()
        is_open = Q(status__in=OPEN)
        late = {"late": late_on(today), "soon": is_open & Q(due_on__gte=today)}
        states = {"open": is_open, "regranted": Q(regranted_at__isnull=False)}
        states |= {value: Q(status=value) for value in Removal.Status.values}
        return (
            Filter(
                "state",
                "State",
                choices=[("open", "All open"), ("regranted", "Granted again"), *Removal.Status.choices],
                where=states,
            ),
            Filter("due", "Due", choices=[("late", "Overdue"), ("soon", "Not yet due")], where=late),
            Filter("origin", "From", choices=Removal.Origin.choices),
            Filter(
                "whose", "With", choices=[("me", "Me"), ("nobody", "Nobody"), ("everybody", "Everybody")], where=self._whose()
            ),
            Filter("system", "System", choices=system_choices, lookup="system_id"),
        )

    def _whose(self) -> dict[str, Q]:
        return {"me": mine(self.request.member), "nobody": Q(assignee=None), "everybody": Q()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The day, for due dates."""
        return super().get_context_data(today=self.request.organization.today(), **kwargs)

    def bulk_claim(self, selection: QuerySet[Removal], form: Any) -> BulkResult:
        """Claim each; whatever cannot be claimed says why."""
        return _each(selection, lambda r: actions.claim(r, actor=self.request.member, note=form.cleaned_data["note"]))

    def bulk_reassign(self, selection: QuerySet[Removal], form: Any) -> BulkResult:
        """Hand each on."""
        return _each(selection, lambda r: actions.reassign(r, actor=self.request.member, **form.cleaned_data))


def _each(selection: QuerySet[Removal], act: Any) -> BulkResult:
    done, refused = [], {}
    for removal in selection:
        try:
            act(removal)
        except ActionRefused as refusal:
            refused[removal.pk] = refusal.sentence
        else:
            done.append(removal.pk)
    return BulkResult(done=done, refused=refused)
