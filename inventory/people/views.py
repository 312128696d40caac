"""Screens of people."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from audit.exports import RecordsExports
from inventory.models import Account, Entitlement, Person, PersonAlias
from inventory.people import actions, forms
from inventory.removals.leavers import has_ended, left_out
from inventory.removals.rights import visible_to
from ui.components import Badge
from ui.screens import Column, DetailScreen, Empty, Filter, FormScreen, ListScreen, ScreenRequest, screen

CRUMBS = (("People", "inventory:person-list"),)


def people_tabs() -> list[tuple[str, str, int | None]]:
    """The three places about people."""
    return [
        ("Roster", reverse("inventory:person-list"), None),
        ("Accounts", reverse("inventory:account-list"), None),
        ("Roster imports", reverse("inventory:roster-list"), None),
    ]


def _departments(view: Any) -> list[tuple[str, str]]:
    names = Person.objects.exclude(department="").order_by("department").values_list("department", flat=True).distinct()
    return [(name, name) for name in names[:200]]


class PersonList(RecordsExports, ListScreen):
    """Who works here, and who did."""

    permission = "people.read"
    title = "People"
    lede = "The roster: who works here, so that every account can be matched to somebody."
    noun = "people"
    noun_one = "person"
    columns = (
        Column("name", "Person", sort="name", link=True),
        Column("email", "E-mail", sort="email_key", hide_below=700),
        Column("department", "Department", sort="department", hide_below=1000),
        Column("title", "Title", sort="title", hide_below=1300),
        Column("manager.name", "Manager", sort="manager__name", hide_below=1000),
        Column("kind", "Kind", sort="kind", hide_below=1300),
        Column("account_total", "Accounts", sort="account_total", numeric=True),
        Column("left_on", "Last day", sort="left_on", hide_below=1000),
        Column("status_badge", "State", sort="status"),
    )
    default_order = ("name",)
    search_fields = ("name", "email", "employee_number")
    search_hint = "Name, e-mail or number"
    empty = Empty(
        "No people yet",
        "The roster tells who works here, so that accounts can be matched to people and leavers' access found.",
        action=("Import people", "inventory:roster-upload"),
        sample=("Sample file", "inventory:roster-sample"),
    )
    primary_action = ("Import people", "inventory:roster-upload", "people.write")
    template_name = "inventory/person_list.html"

    def get_queryset(self) -> QuerySet[Any]:
        """With the number of accounts."""
        accounts = Account.objects.filter(person=OuterRef("pk")).order_by().values("person").annotate(n=Count("pk")).values("n")
        return Person.objects.select_related("manager").annotate(account_total=Coalesce(Subquery(accounts), 0))

    def get_filters(self) -> tuple[Filter, ...]:
        """Flags depend on the organization's day."""
        today = self.request.organization.today()
        flags = {
            "ended": has_ended(today) & ~Q(status=Person.Status.LEFT),
            "no_manager": Q(manager=None) & ~Q(status=Person.Status.LEFT),
            "no_email": Q(email_key=""),
        }
        labels = [("ended", "Contract or last day passed"), ("no_manager", "No manager"), ("no_email", "No e-mail")]
        return (
            Filter("status", "State", choices=Person.Status.choices),
            Filter("kind", "Kind", choices=Person.Kind.choices),
            Filter("flag", "Check", choices=labels, where=flags, multiple=True),
            Filter("department", "Department", choices=_departments),
        )

    def get_tabs(self) -> list[tuple[str, str, int | None]]:
        """Beside accounts and imports."""
        return people_tabs()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tell the template who may add people."""
        return super().get_context_data(may_write=self.request.member.can("people.write"), **kwargs)


class PersonDetail(DetailScreen):
    """One person: employment, addresses, accounts and what they may do, removals."""

    permission = "people.read"
    queryset = Person.objects.select_related("manager", "member__user")
    template_name = "inventory/person_detail.html"
    breadcrumbs = CRUMBS
    object: Person

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add accounts, entitlements, removals and what this member may do."""
        person, member = self.object, self.request.member
        accounts = list(
            Account.objects.filter(person=person)
            .annotate(gone=left_out())
            .select_related("system", "last_snapshot")
            .order_by("system__name")
        )
        may_match = member.can("people.match")
        return super().get_context_data(
            facts=[*_facts(person), *_line(person)],
            aliases=PersonAlias.objects.filter(person=person).select_related("confirmed_by__user").order_by("key"),
            accounts=_with_entitlements(accounts),
            removals=visible_to(member).filter(person=person).order_by("-requested_at")[:20],
            may_match=may_match,
            may_write=member.can("people.write"),
            ended=Person.objects.filter(has_ended(self.request.organization.today()), pk=person.pk).exists(),
            **kwargs,
        )


def _facts(person: Person) -> list[tuple[str, Any]]:
    return [
        ("State", person.status_badge),
        ("E-mail", person.email),
        ("Employee number", person.employee_number),
        ("Kind", person.get_kind_display()),
        ("Department", person.department),
        ("Title", person.title),
        ("First day", person.started_on),
        ("Last working day", person.left_on),
        ("End of contract", person.contract_ends_on),
    ]


def _line(person: Person) -> list[tuple[str, Any]]:
    """The manager, and those who report to the person, as links."""
    link = '<a href="{}">{}</a>'
    manager = format_html(link, person.manager.get_absolute_url(), person.manager.name) if person.manager else None
    reports = Person.objects.filter(manager=person).exclude(status=Person.Status.LEFT)[:20]
    names = format_html_join(", ", link, ((report.get_absolute_url(), report.name) for report in reports))
    return [("Manager", manager), *([("Reports", names)] if names else [])]


def _with_entitlements(accounts: Sequence[Account]) -> list[dict[str, Any]]:
    """Each account with what its last population says it may do, in one query for all."""
    held: dict[UUID, list[Entitlement]] = {account.pk: [] for account in accounts}
    current = Entitlement.objects.filter(account__in=accounts, snapshot__in={account.last_snapshot_id for account in accounts})
    latest = {account.pk: account.last_snapshot_id for account in accounts}
    for entitlement in current.order_by("role", "resource"):
        if latest[entitlement.account_id] == entitlement.snapshot_id:
            held[entitlement.account_id].append(entitlement)
    return [
        {"account": account, "entitlements": held[account.pk], "state": _state(account, held[account.pk])} for account in accounts
    ]


def _state(account: Any, entitlements: list[Entitlement]) -> Badge:
    """What the account may do now; one that a later complete export leaves out may do nothing."""
    if account.gone:
        return Badge("No longer listed", "muted")
    if all(entitlement.no_access for entitlement in entitlements):
        return Badge("No access", "muted")
    if any(entitlement.privileged and not entitlement.no_access for entitlement in entitlements):
        return Badge("Privileged", "warn")
    return Badge("Access", "info")


class PersonCreate(FormScreen):
    """Add somebody by hand."""

    permission = "people.write"
    form_class = forms.PersonForm
    title = "Add a person"
    breadcrumbs = CRUMBS
    submit_label = "Add the person"
    success_message = "The person was added."

    def act(self, form: forms.PersonForm) -> Person:
        """Add them."""
        return actions.create_person(actor=self.request.member, **form.cleaned_data)


class _PersonForm(FormScreen, abstract=True):
    """A form about one person."""

    model = Person
    breadcrumbs = CRUMBS
    object: Person
    verb = "Change"

    def get_title(self) -> str:
        """What, and whom."""
        return f"{self.verb}: {self.object.name}"


class PersonEdit(_PersonForm):
    """Change somebody's facts."""

    permission = "people.write"
    form_class = forms.PersonForm
    success_message = "The person was changed."

    def act(self, form: forms.PersonForm) -> Person:
        """Change them."""
        return actions.edit_person(self.object, actor=self.request.member, **form.cleaned_data)


class PersonLeave(_PersonForm):
    """The last working day."""

    permission = "people.write"
    form_class = forms.LeaveForm
    verb = "Mark as left"
    submit_label = "Mark as left"
    tone = "danger"
    explain = (
        "From the last working day on, every account that is known for this person becomes a removal: due the same day "
        "where privileged, else one business day later."
    )

    def act(self, form: forms.LeaveForm) -> Person:
        """Record it."""
        opened = actions.mark_left(self.object, actor=self.request.member, **form.cleaned_data)
        messages.success(self.request, f"The last working day was recorded. Removals opened: {opened}.")
        return self.object


class PersonPause(_PersonForm):
    """On leave."""

    permission = "people.write"
    form_class = forms.NoteForm
    verb = "Mark as on leave"
    submit_label = "Mark as on leave"
    explain = "Open review items of somebody on leave can be reassigned."
    success_message = "Marked as on leave."

    def act(self, form: forms.NoteForm) -> Person:
        """Record it."""
        actions.mark_on_leave(self.object, actor=self.request.member, note=form.cleaned_data["note"])
        return self.object


class PersonReturn(_PersonForm):
    """Back from leave."""

    permission = "people.write"
    form_class = forms.NoteForm
    verb = "Mark as back"
    submit_label = "Mark as back"
    success_message = "Marked as back."

    def act(self, form: forms.NoteForm) -> Person:
        """Record it."""
        actions.mark_back(self.object, actor=self.request.member, note=form.cleaned_data["note"])
        return self.object


class PersonRehire(_PersonForm):
    """Here again."""

    permission = "people.write"
    form_class = forms.RehireForm
    verb = "Rehire"
    submit_label = "Mark as rehired"
    explain = "The row stays the same; the earlier dates stay in the trail. Open removals of the leaver are withdrawn."
    success_message = "Marked as rehired."

    def act(self, form: forms.RehireForm) -> Person:
        """Record it."""
        actions.rehire(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class PersonAliasAdd(_PersonForm):
    """Another address."""

    permission = "people.match"
    form_class = forms.AliasForm
    verb = "Add an address or user name"
    submit_label = "Confirm it"
    explain = "Accounts with this address or user name are matched to the person, now and in every later population."
    success_message = "The address was added."

    def act(self, form: forms.AliasForm) -> Person:
        """Confirm it."""
        actions.add_alias(self.object, actor=self.request.member, key=form.cleaned_data["key"])
        return self.object


class PersonLink(_PersonForm):
    """Which member a person is."""

    permission = "people.match"
    form_class = forms.MemberForm
    verb = "Link to a member"
    submit_label = "Save the link"
    explain = "The link keeps people from deciding on their own access, and routes work to them."
    success_message = "The link was saved."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Members of this organization."""
        return super().get_form_kwargs() | {"organization": self.request.organization}

    def get_initial(self) -> dict[str, Any]:
        """The present link."""
        return {"member": self.object.member_id}

    def act(self, form: forms.MemberForm) -> Person:
        """Save it."""
        actions.link_member(self.object, actor=self.request.member, member=form.cleaned_data["member"])
        return self.object


@screen("people.match", methods=["POST"])
def remove_alias(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Take an address back."""
    alias = get_object_or_404(PersonAlias.objects.select_related("person"), pk=pk)
    actions.remove_alias(alias, actor=request.member)
    messages.success(request, f"{alias.key} is no longer an address of {alias.person.name}.")
    return redirect(alias.person)
