"""Who wrote the commits of a change, as the roster knows them at this moment."""

import uuid
from collections.abc import Collection

from django.db.models.functions import Lower

from changes.approving.identity import who, wrote_some
from changes.models import Approval, Change, ChangeCommit
from evidence.tables.text import email_key
from inventory.models import Account, Person, PersonAlias, System

MATCH = "match the login with a person under People, or its account with a person or as a service under Systems"


def commits_of(change: Change) -> list[ChangeCommit]:
    """Its commits, each with the person who is known as its author by now; nothing is saved. One query where all are known."""
    rows = list(change.commits.all())
    unknown = [one for one in rows if one.person_id is None and not one.is_bot]
    if unknown:
        found = _people({key for one in unknown for key in _keys(one)})
        for one in unknown:
            one.person_id = next((found[key] for key in _keys(one) if found.get(key)), None)
    return rows


def unknown_authors(change: Change) -> list[str]:
    """The authors of its commits whom nobody on the roster is known as, by the name that the commit has for them.

    An application is nobody, nor is an account that the roster keeps as something else than a person's.
    """
    nobody = [one for one in commits_of(change) if one.person_id is None and not one.is_bot and _keys(one)]
    machines = _machines({key for one in nobody for key in _keys(one)}) if nobody else set()
    return sorted({one.author or one.email for one in nobody if machines.isdisjoint(_keys(one))})


def why_unknown(change: Change) -> str:
    """Why nobody may approve it yet: who wrote some of it is not known. Empty when it is."""
    if not (unknown := unknown_authors(change)):
        return ""
    return f"Nobody on the roster is known as {', '.join(unknown)}, who wrote some of it: {MATCH}."


def only_by_authors(change: Change, given: Collection[Approval]) -> bool:
    """Whether all who approved it wrote some of it, as its commits are known now."""
    commits = commits_of(change)
    return bool(given) and all(
        one.is_author or wrote_some(who(member=one.approver, person=one.approver_person), commits) for one in given
    )


def _keys(commit: ChangeCommit) -> list[str]:
    return [key for text in (commit.author, commit.email) if (key := email_key(text))]


def _people(keys: Collection[str]) -> dict[str, uuid.UUID | None]:
    """Who is known under these addresses, user names and accounts; of an account that several could have, nobody."""
    found: dict[str, uuid.UUID | None] = {}
    code = Account.objects.filter(kind=Account.Kind.PERSON, system__kind=System.Kind.CODE, person__isnull=False)
    for name, key in code.annotate(key=Lower("name")).filter(key__in=keys).values_list("key", "person_id"):
        found[name] = key if found.get(name, key) == key else None
    found |= dict(PersonAlias.objects.filter(key__in=keys).values_list("key", "person_id"))
    return found | dict(Person.objects.filter(email_key__in=keys).values_list("email_key", "pk"))


def _machines(keys: Collection[str]) -> set[str]:
    rows = Account.objects.filter(kind=Account.Kind.SERVICE).annotate(key=Lower("name"))
    return set(rows.filter(key__in=keys).values_list("key", flat=True))
