"""Screens of accounts: whose they are, with guesses for those that nobody matched."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from audit.exports import RecordsExports
from inventory.models import Account, Person
from inventory.people.forms import AssignForm, OwnerForm
from inventory.people.matching import Confirmation, confirm, forget
from inventory.people.suggestions import Suggester
from inventory.people.views.people import people_tabs
from inventory.systems.views import system_choices
from ui.components import Badge
from ui.screens import Bulk, BulkResult, Column, Empty, Filter, ListScreen

MATCH = "people.match"
TONES = {"person": "ok", "shared": "info", "service": "info", "unmatched": "warn"}


def _kind(account: Account) -> Badge:
    return Badge(account.get_kind_display(), TONES[account.kind])  # type: ignore[arg-type]


def _whose(account: Account) -> str:
    return str(account.person or account.owner or "")


class AccountList(RecordsExports, ListScreen):
    """Every known account, whose it is, and who it might be where nobody knows."""

    permission = "people.read"
    title = "Accounts"
    lede = (
        "Accounts are matched to people by e-mail and by confirmed addresses. Where that does not suffice, a compliance manager "
        "confirms whose they are; it is remembered for later populations."
    )
    noun = "accounts"
    noun_one = "account"
    columns = (
        Column("name", "Account", sort="name"),
        Column("system.name", "System", sort="system__name"),
        Column("display_name", "Name there", sort="display_name", hide_below=1000),
        Column("email", "E-mail there", sort="email_key", hide_below=1300),
        Column("kind", "Whose", sort="kind", value=_kind, text=lambda account: account.get_kind_display()),
        Column("person", "Person or owner", template="inventory/cells/account_person.html", text=_whose),
        Column("matched_by", "Matched by", sort="matched_by", hide_below=1000),
    )
    default_order = ("system__name", "name")
    filters = (
        Filter("kind", "Whose", choices=Account.Kind.choices),
        Filter("system", "System", choices=system_choices, lookup="system_id"),
        Filter("matched_by", "Matched by", choices=[("email", "E-mail"), ("alias", "Alias"), ("confirmed", "Confirmed")]),
    )
    search_fields = ("name", "display_name", "email_key", "person__name")
    search_hint = "Account, name or person"
    bulk_actions = (
        Bulk("suggested", "Confirm the suggestions", MATCH, explain="Each account goes to the person suggested in its row."),
        Bulk("assign", "Belongs to a person", MATCH, form=AssignForm),
        Bulk("shared", "Shared account", MATCH, form=OwnerForm, explain="Several people use it; the owner answers for it."),
        Bulk("service", "Service account", MATCH, form=OwnerForm, explain="No person uses it; the owner answers for it."),
        Bulk(
            "forget",
            "Undo the confirmation",
            MATCH,
            explain="What was confirmed by hand is forgotten; e-mail and alias hold again.",
        ),
    )
    empty = Empty(
        "No accounts yet",
        "Accounts appear when a population of a system is imported.",
        action=("Systems", "inventory:system-list"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """With person and owner."""
        return Account.objects.select_related("system", "person", "owner")

    def get_tabs(self) -> list[tuple[str, str, int | None]]:
        """Beside roster and imports."""
        return people_tabs()

    @property
    def suggester(self) -> Suggester:
        """Loaded once for each request, and only when an unmatched account is shown."""
        if not hasattr(self, "_suggester"):
            self._suggester = Suggester(Person.objects.exclude(name=""))
        return self._suggester

    def row(self, row: Account, result: BulkResult | None = None) -> Any:
        """Add the guess to an unmatched account."""
        if row.kind == Account.Kind.UNMATCHED:
            row.suggestion = self.suggester.suggest(row)  # type: ignore[attr-defined]
        return super().row(row, result)

    def bulk_suggested(self, selection: QuerySet[Account], form: None) -> BulkResult:
        """Confirm each row's suggestion."""
        confirmations, refused = [], {}
        for account in selection:
            guess = self.suggester.suggest(account) if account.kind == Account.Kind.UNMATCHED else None
            if guess is None:
                matched = account.kind != Account.Kind.UNMATCHED
                refused[account.pk] = "It is matched already." if matched else "Nobody is suggested."
            else:
                confirmations.append(Confirmation(account, Account.Kind.PERSON, person=guess.person))
        return self._confirm(confirmations, refused)

    def bulk_assign(self, selection: QuerySet[Account], form: Any) -> BulkResult:
        """All to one person."""
        person = form.cleaned_data["person"]
        return self._confirm([Confirmation(account, Account.Kind.PERSON, person=person) for account in selection], {})

    def bulk_shared(self, selection: QuerySet[Account], form: Any) -> BulkResult:
        """Shared, with an owner."""
        owner = form.cleaned_data["owner"]
        return self._confirm([Confirmation(account, Account.Kind.SHARED, owner=owner) for account in selection], {})

    def bulk_service(self, selection: QuerySet[Account], form: Any) -> BulkResult:
        """Service, with an owner."""
        owner = form.cleaned_data["owner"]
        return self._confirm([Confirmation(account, Account.Kind.SERVICE, owner=owner) for account in selection], {})

    def bulk_forget(self, selection: QuerySet[Account], form: None) -> BulkResult:
        """Undo what was confirmed by hand."""
        by_hand = [account for account in selection if account.matched_by == "confirmed"]
        refused = {a.pk: "It was not confirmed by hand." for a in selection if a.matched_by != "confirmed"}
        if by_hand:
            forget(by_hand, actor=self.request.member)
        return BulkResult(done=[account.pk for account in by_hand], refused=refused)

    def _confirm(self, confirmations: Iterable[Confirmation], refused: dict[Any, str]) -> BulkResult:
        wanted = list(confirmations)
        if wanted:
            confirm(wanted, actor=self.request.member)
        return BulkResult(done=[one.account.pk for one in wanted], refused=refused)
