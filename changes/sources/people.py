"""Who a source's users are on the roster."""

from accounts.models import Member
from changes.sources.facts import Who
from evidence.tables.text import email_key
from inventory.models import Account, Person, PersonAlias, System

PERSON = Account.Kind.PERSON


class People:
    """Finds people by login or address, each looked up once.

    A login is that of an account in `directory` (without one, in any system of the kind source code), or a confirmed alias.
    Whoever several people could be is nobody.
    """

    def __init__(self, directory: System | None) -> None:
        self._directory = directory
        self._known: dict[tuple[str, str], Person | None] = {}

    def reviewer(self, who: Who) -> Person | None:
        """A user of the source itself. Applications are nobody."""
        return None if who.is_bot else self._by_login(who.login) or self._by_email(who.email)

    def author(self, who: Who | None) -> Person | None:
        """Somebody who wrote a commit or opened a request: what git says of them is enough to count against them."""
        if who is None or who.is_bot:
            return None
        return self._by_login(who.login) or self._by_email(who.email)

    def _by_login(self, login: str) -> Person | None:
        key = ("login", email_key(login))
        if key not in self._known:
            self._known[key] = self._account(login) or self._alias(login) if login else None
        return self._known[key]

    def _by_email(self, email: str) -> Person | None:
        key = ("email", email_key(email))
        if key not in self._known:
            found = Person.objects.filter(email_key=key[1]).select_related("member__user").first() if email else None
            self._known[key] = found or (self._alias(email) if email else None)
        return self._known[key]

    def _account(self, login: str) -> Person | None:
        accounts = Account.objects.filter(name__iexact=login, kind=PERSON)
        if self._directory is not None:
            accounts = accounts.filter(system=self._directory)
        else:
            accounts = accounts.filter(system__kind=System.Kind.CODE)
        found = {row.person for row in accounts.select_related("person__member__user")[:5]}
        return found.pop() if len(found) == 1 else None

    def _alias(self, text: str) -> Person | None:
        alias = PersonAlias.objects.filter(key=email_key(text)).select_related("person__member__user").first()
        return alias.person if alias else None


def person_of(member: Member | None) -> Person | None:
    """Who a member is on the roster."""
    return Person.objects.filter(member=member).first() if member else None
