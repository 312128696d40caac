"""The page of one person."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.html import format_html, format_html_join

from inventory.models import Account, Entitlement, Person, PersonAlias
from inventory.people.views.people import CRUMBS
from inventory.removals.leavers import has_ended_for, left_out
from inventory.removals.rights import visible_to
from ui.components import Badge
from ui.screens import DetailScreen


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
            ended=person.status != Person.Status.LEFT and has_ended_for(person),
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
