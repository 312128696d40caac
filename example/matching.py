"""Accounts that no e-mail matches: what is suggested is confirmed, the rest is named for what it is."""

from accounts.models import Member
from example.roster import EVERYBODY
from example.sources import aws, console, google_workspace, payments, postgresql
from example.sources.github import ROBOT, handle
from inventory.models import Account, Person
from inventory.people.matching import Confirmation, confirm
from inventory.people.suggestions import Suggester

_SHARED = {f"{name}@larkfield.example": "victor.lindqvist" for name in google_workspace.SHARED} | {
    postgresql.READ_ONLY_SHARED: "tomas.ferreira",
    console.KIOSK: "maria.santos",
}
_SERVICE = {
    **dict.fromkeys(aws.SERVICES, "tomas.ferreira"),
    aws.ROOT: "tomas.ferreira",
    ROBOT: "tomas.ferreira",
    "app": "tomas.ferreira",
    "backup": "tomas.ferreira",
    postgresql.WITHOUT_OWNER: "",
    payments.LEDGER: "victor.lindqvist",
}


def confirm_accounts(*, actor: Member) -> None:
    """Confirm every account whose owner is known; what stays unmatched nobody knows."""
    people = {person.email.partition("@")[0]: person for person in Person.objects.all()}
    suggester = Suggester(people.values())
    by_handle = {handle(key): key for key in EVERYBODY}
    found = []
    for account in Account.objects.filter(kind=Account.Kind.UNMATCHED).select_related("system").order_by("system__name", "name"):
        one = _named(account, people) or _suggested(account, suggester)
        if one is None and account.system.name == "GitHub" and account.name in by_handle:
            person = people.get(by_handle[account.name])
            one = Confirmation(account, Account.Kind.PERSON, person) if person else None
        if one is not None:
            found.append(one)
    if found:
        confirm(found, actor=actor)


def _named(account: Account, people: dict[str, Person]) -> Confirmation | None:
    if account.name in _SHARED:
        return Confirmation(account, Account.Kind.SHARED, owner=people[_SHARED[account.name]])
    if account.name in _SERVICE:
        return Confirmation(account, Account.Kind.SERVICE, owner=people.get(_SERVICE[account.name]))
    return None


def _suggested(account: Account, suggester: Suggester) -> Confirmation | None:
    """Only by the full name: a guess from a login would be somebody's mistake."""
    suggestion = suggester.suggest(account)
    if suggestion is None or suggestion.why != "Same full name":
        return None
    return Confirmation(account, Account.Kind.PERSON, suggestion.person)
