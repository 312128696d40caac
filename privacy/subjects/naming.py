"""Words of other records that name a person, such as a finding's title: whoever is erased bears the pseudonym there too.

Each app registers the texts in which the product calls people by name (workflow/personal.py). What only somebody of the same name
could be meant by stays, as the words do not say who it is.
"""

import datetime as dt
import json
import re
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Member, User
from accounts.sealed import DESTROYED
from audit.actions import action
from audit.actors import SCHEDULE, Actor
from audit.models import AuditEvent, AuditPseudonym
from audit.record import Entry, record, record_many
from inventory.models import Person
from privacy.models import SubjectRequest
from tenancy.models import Organization, current_organization
from tenancy.scope import now
from workflow.erasing import address_of
from workflow.personal import Naming, Subject, as_a_whole, texts_that_name
from workflow.retention import unheld

SHORTEST = 3  # letters of a name; anything shorter is part of too many words
_NAMING = ("accounts.invitation", "accounts.member", "accounts.user", "inventory.person", "inventory.personalias")
_AT_ONCE = 500


def names_of(request: SubjectRequest, subject: Subject) -> set[str]:
    """Names and addresses by which the product may have called them: as rows have them now, and as the trail had them."""
    roster = Person.objects.filter(pk__in=subject.people).values_list("name", flat=True)
    accounts = User.objects.filter(pk__in=subject.users).values_list("name", flat=True)
    said = {request.name, request.email, *subject.emails, *roster, *accounts}
    return {name.strip() for name in said} - {DESTROYED} | names_in_trail(subject.people | subject.members | subject.users)


def names_in_trail(keys: Collection[UUID]) -> set[str]:
    """Every name that the trail has for people with these ids, as who acted or as whom it was about."""
    about = AuditEvent.objects.filter(object_id__in=keys, object_kind__in=_NAMING).order_by()
    acted = AuditEvent.objects.filter(actor_id__in=keys).order_by()
    found = {*about.values_list("object_name", flat=True).distinct(), *acted.values_list("actor_name", flat=True).distinct()}
    return {name.strip() for name in found}


def take_names_out(names: Iterable[str], keys: Collection[UUID], pseudonym: str, *, actor: Actor) -> list[str]:
    """Put the pseudonym in the place of these names, of the person with these ids; says what was done, in sentences.

    Part of a caller's action, once their own rows bear the pseudonym.
    """
    known = {name for name in names if len(name) >= SHORTEST} - {pseudonym, address_of(pseudonym)}
    shared = known & _of_others(known, keys)
    spelled = {spelling for name in known - shared for spelling in (name, json.dumps(name)[1:-1])}  # also as JSON has it
    count = sum(_take_out_of(naming, spelled, pseudonym, actor) for naming in texts_that_name())
    done = ["1 text that named them has the pseudonym." if count == 1 else f"{count:,} texts that named them have the pseudonym."]
    return [*(done if count else []), *(["Somebody else here has the same name: texts with it stay."] if shared else [])]


def catch_up(_organization: Organization, _at: dt.datetime) -> None:
    """Take the names of those who were erased by an earlier version out of such texts. Idempotent."""
    for request in SubjectRequest.objects.filter(erased_at__isnull=False, names_out_at=None).order_by("pk"):
        _catch_up(request)


@action
def _catch_up(request: SubjectRequest) -> None:
    event = AuditEvent.objects.filter(object_id=request.pk, verb="subject_request.erase").order_by("-at").first()
    pseudonym = str(event.data["metadata"]["pseudonym"]) if event else ""
    keys = set(AuditPseudonym.objects.filter(pseudonym=pseudonym).values_list("record_id", flat=True))
    done = take_names_out(names_in_trail(keys), keys, pseudonym, actor=SCHEDULE) if pseudonym else []
    SubjectRequest.objects.filter(pk=request.pk).update(names_out_at=now())
    record("subject_request.take_names_out", request, actor=SCHEDULE, metadata={"done": done})


def _of_others(names: set[str], keys: Collection[UUID]) -> set[str]:
    """Those of the names that somebody else bears here."""
    people = Person.objects.exclude(pk__in=keys).filter(name__in=names).values_list("name", flat=True)
    members: QuerySet[Any] = Member.objects.exclude(pk__in=keys).filter(organization=current_organization())
    return {*people, *members.filter(user__name__in=names).values_list("user__name", flat=True)}


def _take_out_of(naming: Naming, names: set[str], pseudonym: str, actor: Actor) -> int:
    having = Q(*[(f"{field}__{_lookup(name)}", name) for field in naming.fields for name in names], _connector=Q.OR)
    rows: Any = naming.model._meta.default_manager
    found = _unheld(naming, rows.select_for_update(of=("self",)).filter(having)).order_by("pk") if names else []
    pattern = re.compile("|".join(as_a_whole(name) for name in sorted(names, key=len, reverse=True)))
    changed = [row for row in found if _has_changed(row, naming, pattern, pseudonym)]
    if changed:
        rows.bulk_update(changed, naming.fields, batch_size=_AT_ONCE)
        kind = naming.model._meta.label_lower
        record_many("text.erase_name", actor=actor, entries=[Entry(kind, row.pk, str(row)) for row in changed])
    return len(changed)


def _unheld(naming: Naming, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those that no legal hold covers: what is held stays as it is."""
    return unheld(naming.kind, rows) if naming.kind else rows


def _has_changed(row: Any, naming: Naming, pattern: re.Pattern[str], pseudonym: str) -> bool:
    """Whether a text of the row named them; it does not any more."""
    before = [getattr(row, field) for field in naming.fields]
    for field in naming.fields:
        longest = row._meta.get_field(field).max_length
        setattr(row, field, pattern.sub(pseudonym, getattr(row, field))[:longest])
    return before != [getattr(row, field) for field in naming.fields]


def _lookup(name: str) -> str:
    return "icontains" if "@" in name else "contains"
