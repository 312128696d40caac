"""Guesses for accounts that no e-mail matches. A guess is only a guess: somebody confirms it."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from inventory.models import Account, Person

_SEPARATORS = re.compile(r"[^a-z0-9]+")
_TRAILING_DIGITS = re.compile(r"\d+$")
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A person, and why they are suggested."""

    person: Person
    why: str


class Suggester:
    """Suggests people for accounts; a key that two people share suggests nobody."""

    def __init__(self, people: Iterable[Person]) -> None:
        """Index the people by every form their name and address may take as a user name."""
        self._by_name: dict[str, set[Person]] = defaultdict(set)
        self._by_login: dict[str, dict[Person, str]] = defaultdict(dict)
        for person in people:
            self._by_name[_words(person.name)].add(person)
            for login, why in _logins(person):
                self._by_login[login].setdefault(person, why)

    def suggest(self, account: Account) -> Suggestion | None:
        """The only person that fits, by full name first, then by user name; None when nobody or several do."""
        named = self._by_name.get(_words(account.display_name), set()) if account.display_name else set()
        if len(named) == 1:
            return Suggestion(next(iter(named)), "Same full name")
        for login in _account_logins(account):
            found = self._by_login.get(login, {})
            if len(found) == 1:
                person, why = next(iter(found.items()))
                return Suggestion(person, why)
        return None


def _logins(person: Person) -> Iterable[tuple[str, str]]:
    """Compact user names that this person might have, the surest first, and how they come about."""
    if person.email:
        yield _compact(person.email.partition("@")[0]), "Same as the e-mail's first part"
    words = _words(person.name).split()
    if len(words) > 1:
        first, last = words[0], words[-1]
        yield first + last, "First and last name"
        yield last + first, "Last and first name"
        yield first[0] + last, "Initial and last name"
        yield first + last[0], "First name and initial"
        yield last + first[0], "Last name and initial"
        if len(words) > 2:
            yield "".join(word[0] for word in words), "Initials"


def _account_logins(account: Account) -> Iterable[str]:
    for text in (account.name, account.email):
        login = _compact(text.partition("@")[0])
        for form in (login, _TRAILING_DIGITS.sub("", login)):
            if len(form) >= _SHORTEST:
                yield form


def _words(text: str) -> str:
    """Lower case, without accents and punctuation: "Jürgen O'Neil" is "jurgen o neil"."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return _SEPARATORS.sub(" ", plain).strip()


def _compact(text: str) -> str:
    return _words(text).replace(" ", "")
