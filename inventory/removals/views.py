"""Screens of removals."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from audit.exports import RecordsExports
from evidence.files import download, store
from inventory.models import Removal, System
from inventory.models.removal import OPEN
from inventory.removals import actions, forms
from inventory.removals.due import days_late
from inventory.removals.guidance import next_step
from inventory.removals.rights import may_see_all, may_work, mine, visible_to
from tenancy.models import Organization
from ui.components import Badge
from ui.refusals import ActionRefused
from ui.screens import Bulk, BulkResult, Column, DetailScreen, Empty, Filter, FormScreen, ListScreen, ScreenRequest, screen

CRUMBS = (("Removals", "inventory:removal-list"),)
# Whoever a removal is with may see and do it, whatever their role; what each may see is decided in rights.visible_to.
EVERYBODY = "home.read"


def _systems(view: Any) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in System.objects.values_list("pk", "name")]


class RemovalList(RecordsExports, ListScreen):
    """Access that must go, and what became of it."""

    permission = EVERYBODY
    title = "Removals"
    noun = "removals"
    noun_one = "removal"
    columns = (
        Column("reference", "Removal", sort="reference", link=True, template="inventory/cells/reference.html"),
        Column("task", "What", value=lambda r: r.task[:1].upper() + r.task[1:]),
        Column("subject", "Of", sort="account__name", value=lambda r: r.person.name if r.person else r.account.name),
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
        late = {"late": is_open & Q(due_on__lt=today) & ~Q(status="claimed"), "soon": is_open & Q(due_on__gte=today)}
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
            Filter("whose", "With", choices=[("me", "Me"), ("nobody", "Nobody")], where=self._whose()),
            Filter("system", "System", choices=_systems, lookup="system_id"),
        )

    def _whose(self) -> dict[str, Q]:
        return {"me": mine(self.request.member), "nobody": Q(assignee=None)}

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


class RemovalDetail(DetailScreen):
    """One removal: what, why, who, by when, and what happens next."""

    permission = EVERYBODY
    template_name = "inventory/removal_detail.html"
    breadcrumbs = CRUMBS
    object: Removal

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        related = (
            "base_snapshot",
            "checked_snapshot",
            "claim_file",
            "claimed_by__user",
            "accepted_by__user",
            "requested_by__user",
        )
        return visible_to(self.request.member).select_related(*related, "system", "account", "person", "assignee")

    def get_title(self) -> str:
        """Number and task."""
        return f"{self.object.reference}: {self.object.task}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts, the next step and what this member may do."""
        removal, member = self.object, self.request.member
        works, late = may_work(member, removal), lateness(removal, self.request.organization)
        return super().get_context_data(
            facts=_facts(removal),
            late=late,
            late_words="1 day late" if late == 1 else f"{late} days late",
            **_tones(removal),
            person_badge=_person_badge(removal, self.request.organization),
            may_read_people=member.can("people.read"),
            may_read_systems=member.can("systems.read"),
            next_step=next_step(removal),
            claimable=works and removal.status in Removal.CLAIM.sources,
            unclaimable=works and removal.status in Removal.UNCLAIM.sources,
            acceptable=Removal.ACCEPT.allows(removal, member),
            reassignable=works and removal.is_open,
            may_read_snapshots=member.can("snapshots.read"),
            may_import=member.can("snapshots.write"),
            **kwargs,
        )


def lateness(removal: Removal, organization: Organization) -> int:
    """Days late: until it was claimed done, or until today."""
    zone = organization.tzinfo
    claimed = removal.claimed_at if removal.status in {"claimed", "verified_removed", "verified_changed"} else None
    stopped: dt.datetime | None = claimed or removal.closed_at
    return days_late(removal.due_on, stopped.astimezone(zone).date() if stopped else organization.today())


def _tones(removal: Removal) -> dict[str, str]:
    """How good the news is: of the next step, and of the last finding."""
    if removal.regranted_at and not removal.is_open:
        return {"next_tone": "warn", "finding_tone": "bad"}
    trouble = removal.status in {"still_active", "cannot_be_verified"}
    return {"next_tone": "info" if removal.is_open else "ok", "finding_tone": "bad" if trouble else "ok"}


def _person_badge(removal: Removal, organization: Organization) -> Badge | None:
    """The person's state; an ended contract outweighs a roster that still says active."""
    person = removal.person
    if person is None:
        return None
    ended = person.has_left(organization.today()) and person.status != person.Status.LEFT
    return Badge("Contract or last day passed", "warn") if ended else person.status_badge


def _facts(removal: Removal) -> list[tuple[str, Any]]:
    times = "Once" if removal.times_reopened == 1 else f"{removal.times_reopened} times"
    rare = [("Came back", removal.regranted_at), ("Reopened", times if removal.times_reopened else None)]
    return [
        ("State", removal.status_badge),
        ("What", removal.task[:1].upper() + removal.task[1:]),
        ("Why", removal.reason),
        ("From", removal.get_origin_display()),
        ("Severity", removal.get_severity_display()),
        ("Asked for", removal.requested_at),
        ("By", removal.requested_by.name if removal.requested_by else "Plumbline"),
        *[(term, value) for term, value in rare if value],
    ]


class _RemovalForm(FormScreen, abstract=True):
    """A form about one removal that the member may see."""

    permission = EVERYBODY
    model = Removal
    breadcrumbs = CRUMBS
    object: Removal
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def load(self) -> None:
        """Those without the right see no form either."""
        super().load()
        if not self.allowed():
            raise PermissionDenied

    def allowed(self) -> bool:
        """Whether this member may do it to this removal."""
        return may_work(self.request.member, self.object)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.reference}"


class RemovalClaim(_RemovalForm):
    """Claim it done."""

    form_class = forms.ClaimForm
    verb = "Claim done:"
    submit_label = "Claim it done"
    explain = "Say that it was done at the source. It counts as removed only when a later full export shows it."
    success_message = "It is claimed done. The next full export shows whether the access is gone."

    def act(self, form: forms.ClaimForm) -> Removal:
        """Claim it."""
        upload = form.cleaned_data["file"]
        file = store(upload, upload.name) if upload else None
        actions.claim(self.object, actor=self.request.member, note=form.cleaned_data["note"], file=file)
        return self.object


class RemovalUnclaim(_RemovalForm):
    """Take the claim back."""

    form_class = forms.ReasonForm
    verb = "Take back the claim of"
    submit_label = "Take it back"
    success_message = "The claim was taken back."

    def act(self, form: forms.ReasonForm) -> Removal:
        """Take it back."""
        actions.unclaim(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return self.object


class RemovalAccept(_RemovalForm):
    """Accept by name that access stays."""

    form_class = forms.AcceptForm
    verb = "Accept"
    submit_label = "Accept under my name"
    tone = "danger"
    explain = (
        "The access stays, under your name, for this reason and until this day. An auditor sees it as an accepted exception."
    )
    success_message = "It is accepted under your name."

    def allowed(self) -> bool:
        """By role only."""
        allowed: bool = self.request.member.can("removals.accept")
        return allowed

    def act(self, form: forms.AcceptForm) -> Removal:
        """Accept it."""
        actions.accept(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class RemovalReassign(_RemovalForm):
    """Hand it on."""

    form_class = forms.ReassignForm
    verb = "Reassign"
    submit_label = "Reassign"
    success_message = "It is with somebody else now."

    def act(self, form: forms.ReassignForm) -> str:
        """Hand it on; who gave their only right away goes back to the list."""
        actions.reassign(self.object, actor=self.request.member, **form.cleaned_data)
        seen = visible_to(self.request.member).filter(pk=self.object.pk).exists()
        return self.object.get_absolute_url() if seen else "inventory:removal-list"


@screen(EVERYBODY)
def claim_file(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The file of the claim."""
    removal = get_object_or_404(visible_to(request.member).select_related("claim_file"), pk=pk)
    if removal.claim_file is None:
        raise Http404
    return download(removal.claim_file)
