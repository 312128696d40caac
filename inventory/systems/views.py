"""Screens of systems."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from audit.exports import RecordsExports
from inventory.models import Account, Removal, Snapshot, System
from inventory.models.removal import OPEN
from inventory.models.system import Route
from inventory.systems.actions import create_system, edit_system, restore_system, retire_system
from inventory.systems.forms import SystemForm, format_choices
from ui.forms import ReasonForm
from ui.screens import Column, DetailScreen, Empty, Filter, FormScreen, ListScreen
from workflow.screens import TransitionScreen

CRUMBS = (("Systems", "inventory:system-list"),)


def system_choices(_screen: Any) -> list[tuple[str, str]]:
    """Every system by its name, for a filter."""
    return [(str(key), name) for key, name in System.objects.values_list("pk", "name")]


def with_figures(systems: QuerySet[System]) -> QuerySet[System]:
    """Add `account_total` (of the latest population), `open_removals` and `last_as_of` to each."""
    removals = (
        Removal.objects.filter(system=OuterRef("pk"), status__in=OPEN)
        .order_by()
        .values("system")
        .annotate(n=Count("pk"))
        .values("n")
    )
    latest = Snapshot.objects.filter(system=OuterRef("pk"), status="imported").order_by("-as_of")
    return systems.annotate(
        account_total=Coalesce(Subquery(latest.values("account_count")[:1]), 0),
        open_removals=Coalesce(Subquery(removals), 0),
        last_as_of=Subquery(latest.values("as_of")[:1]),
    )


class SystemList(RecordsExports, ListScreen):
    """Every system whose access is reviewed."""

    permission = "systems.read"
    title = "Systems"
    lede = "Whose accounts are reviewed, and who answers for them."
    noun = "systems"
    noun_one = "system"
    columns = (
        Column("name", "System", sort="name", link=True),
        Column("kind", "Kind", sort="kind", hide_below=1000),
        Column("owner.name", "Owner", sort="owner__name"),
        Column("criticality", "Criticality", sort="criticality", hide_below=700),
        Column("account_total", "Accounts", sort="account_total", numeric=True),
        Column("open_removals", "Open removals", sort="open_removals", numeric=True, hide_below=1000),
        Column("last_as_of", "Last population", sort="last_as_of", hide_below=700),
        Column("status_badge", "State", sort="status"),
    )
    default_order = ("status", "name")
    filters = (
        Filter("status", "State", choices=System.Status.choices),
        Filter("criticality", "Criticality", choices=System.Criticality.choices),
        Filter("kind", "Kind", choices=System.Kind.choices),
    )
    search_fields = ("name", "owner__name")
    search_hint = "System or owner"
    empty = Empty(
        "No systems yet",
        "Add the systems whose access you review, such as the identity provider and the cloud account.",
        action=("Add a system", "inventory:system-create"),
    )
    primary_action = ("Add a system", "inventory:system-create", "systems.write")

    def get_queryset(self) -> QuerySet[Any]:
        """With figures, in one query."""
        return with_figures(System.objects.select_related("owner"))


class SystemDetail(DetailScreen):
    """One system: who answers for it, what its accounts may do, what was last imported."""

    permission = "systems.read"
    queryset = System.objects.select_related("owner", "backup_reviewer")
    template_name = "inventory/system_detail.html"
    breadcrumbs = CRUMBS

    def get_queryset(self) -> QuerySet[Any]:
        """With figures."""
        return with_figures(System.objects.select_related("owner", "backup_reviewer"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the latest populations and what the accounts are."""
        system: Any = self.object
        member = self.request.member
        snapshots = Snapshot.objects.filter(system=system).exclude(status="discarded")
        kinds = dict(Account.objects.filter(system=system).order_by().values_list("kind").annotate(Count("pk")))
        return super().get_context_data(
            facts=_facts(system),
            snapshots=snapshots.order_by("-as_of", "-created_at")[:5],
            kinds=[(label, value, kinds.get(value, 0)) for value, label in Account.Kind.choices],
            accounts_url=f"{reverse('inventory:account-list')}?system={system.pk}" if member.can("people.read") else "",
            removals_url=f"{reverse('inventory:removal-list')}?state=open&system={system.pk}",
            may_write=member.can("systems.write"),
            may_import=member.can("snapshots.write"),
            may_read_snapshots=member.can("snapshots.read"),
            **kwargs,
        )


def _facts(system: System) -> list[tuple[str, Any]]:
    labels = dict(Route.choices)
    return [
        ("State", system.status_badge),
        ("Kind", system.get_kind_display()),
        ("Criticality", system.get_criticality_display()),
        ("Owner", system.owner),
        ("Backup reviewer", system.backup_reviewer),
        ("What an account there can do", system.account_meaning),
        ("Export format", dict(format_choices()).get(system.source_format, system.source_format)),
        ("Account states that count as no access", system.no_access_states),
        ("Who reviews, in this order", [labels[route] for route in system.reviewer_order]),
    ]


class SystemCreate(FormScreen):
    """Add a system."""

    permission = "systems.write"
    form_class = SystemForm
    title = "Add a system"
    breadcrumbs = CRUMBS
    submit_label = "Add the system"
    success_message = "The system was added."

    def act(self, form: SystemForm) -> System:
        """Add it."""
        return create_system(actor=self.request.member, **form.facts())


class SystemEdit(FormScreen):
    """Change a system."""

    permission = "systems.write"
    model = System
    form_class = SystemForm
    breadcrumbs = CRUMBS
    success_message = "The system was changed."

    def get_title(self) -> str:
        """Its name."""
        return f"Change {self.object.name}"

    def act(self, form: SystemForm) -> System:
        """Change it."""
        return edit_system(self.object, actor=self.request.member, **form.facts())


class SystemRetire(TransitionScreen):
    """Take a system out of use."""

    permission = "systems.write"
    transition = System.RETIRE
    model = System
    object: System
    form_class = ReasonForm
    breadcrumbs = CRUMBS
    submit_label = "Retire the system"
    tone = "danger"
    explain = "It is left out of coming reviews, and leavers' accounts there open no removals. Its history stays."
    success_message = "The system was retired."

    def get_title(self) -> str:
        """Its name."""
        return f"Retire {self.object.name}"

    def act(self, form: ReasonForm) -> System:
        """Retire it."""
        retire_system(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return self.object


class SystemRestore(TransitionScreen):
    """Put a system back into use."""

    permission = "systems.write"
    transition = System.RESTORE
    model = System
    object: System
    form_class = ReasonForm
    breadcrumbs = CRUMBS
    submit_label = "Put it back into use"
    success_message = "The system is in use again."

    def get_title(self) -> str:
        """Its name."""
        return f"Put {self.object.name} back into use"

    def act(self, form: ReasonForm) -> System:
        """Restore it."""
        restore_system(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return self.object
