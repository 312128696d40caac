"""What the product itself holds on a person: read from the registry of what is about people, and from every foreign key."""

import csv
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q, QuerySet

from accounts.models import Member, User
from accounts.sealed import BlindIndexField, indexes_of, opened, saying, sealed_in
from audit.hiding import events_seen_by, hidden_from
from audit.models import AuditEvent
from audit.words import having
from evidence.tables.text import email_key
from inventory.models import Person, PersonAlias
from privacy.models import SubjectRequest
from tenancy.models import TenantModel, current_organization
from ui.screens.export import quoted
from workflow.personal import About, Subject, about_people

_SECRET = ("password", "secret", "digest", "hash", "sealed", "token", "session_data", "session_key", "key_hash")
_PEOPLE: dict[type[models.Model], str] = {Person: "people", Member: "members", User: "users"}
IN_MEMORY = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Holding:
    """Rows of one kind: whole where they are about the person, else where the person is named, and as what."""

    name: str
    title: str
    rows: list[dict[str, Any]]


def subject_of(request: SubjectRequest) -> Subject:
    """Everything by which the product knows who asks."""
    emails = {email_key(request.email)}
    people = set(Person.objects.filter(email_key__in=emails).values_list("pk", flat=True))
    if request.person_id:
        people.add(request.person_id)
    members: set[UUID] = set()
    for email, member in Person.objects.filter(pk__in=people).values_list("email_key", "member_id"):
        emails |= {email} - {""}
        members |= {member} - {None}
    emails |= {key for key in PersonAlias.objects.filter(person__in=people).values_list("key", flat=True) if "@" in key}
    own = Member.objects.filter(Q(pk__in=members) | Q(user__email__in=emails), organization=current_organization())
    others = set(Person.objects.exclude(pk__in=people).filter(member__in=own).values_list("member_id", flat=True)) - members
    emails -= {one.email.lower() for one in own.filter(pk__in=others)} - {email_key(request.email)}
    found = [one for one in own.select_related("user") if one.pk not in others]
    return Subject(
        frozenset(emails | {one.email.lower() for one in found}),
        frozenset(people),
        frozenset(one.pk for one in found),
        frozenset(one.user_id for one in found),
    )


def holdings(subject: Subject, *, reader: Any = None) -> Iterator[Holding]:
    """All that is held, kind by kind. What `reader` must not know of, such as a confidential incident, is left out."""
    about, hidden = about_people(), hidden_from(reader) if reader is not None else []
    for model in apps.get_models():
        registered = about.get(model._meta.label)
        rows = _whole(registered, subject, hidden) if registered else _mentions(model, subject, hidden)
        if rows:
            title = registered.title if registered else str(model._meta.verbose_name_plural).capitalize()
            yield Holding(model._meta.label_lower, title, rows)
    if trail := _trail(subject, reader):
        yield Holding("audit.auditevent", "What they did here", trail)


def named_in_trail(subject: Subject) -> set[UUID]:
    """The ids of records under which the trail names the person: all that are about them, and what bore one of their addresses.

    Requests about their data are none of these: their events name nobody.
    """
    keys: set[UUID] = set()
    for about in about_people().values():
        if about.model is not SubjectRequest and isinstance(about.model._meta.pk, models.UUIDField):
            keys |= set(
                _rows_of(about.model).filter(_matching(about.model, list(about.by), subject)).values_list("pk", flat=True)
            )
    found: set[UUID | None] = set(AuditEvent.objects.filter(object_id__in=keys).values_list("object_id", flat=True).distinct())
    for email in subject.emails:  # such as invitations that were deleted since
        events = having(AuditEvent.objects.all(), email).filter(object_name__iexact=email)
        found |= set(events.values_list("object_id", flat=True).distinct())
    return {key for key in found if key} | subject.people | subject.members | subject.users


def _matching(model: type[models.Model], names: list[str], subject: Subject) -> Q:
    """Rows whose fields of these names are the person."""
    found = Q(pk__in=[])
    for name in names:
        target = _target(model, name)
        if target in _PEOPLE:
            found |= Q(**{f"{name}__in": getattr(subject, _PEOPLE[target])})
        elif name == "id":
            found |= Q(pk__in=getattr(subject, _PEOPLE[model]))
        elif name in indexes_of(model):
            found |= saying(model, name, subject.emails)
        else:
            found |= Q(**{f"{name}__in": subject.emails}) | Q(
                *[(f"{name}__iexact", one) for one in sorted(subject.emails)], _connector=Q.OR
            )
    return found


def _target(model: type[models.Model], path: str) -> Any:
    """What a path such as account__person leads to; None for what is no foreign key."""
    here: Any = model
    for name in path.split("__"):
        field = here._meta.get_field(name)
        here = field.related_model if isinstance(field, models.ForeignKey) else None
    return here


def _rows_of(model: type[models.Model]) -> QuerySet[Any]:
    manager: Any = model._meta.default_manager
    return manager.all()  # type: ignore[no-any-return]


def _whole(about: About, subject: Subject, hidden: list[UUID]) -> list[dict[str, Any]]:
    fields = [
        field.attname
        for field in about.model._meta.concrete_fields
        if field.name not in about.without and not field.name.startswith(_SECRET) and not field.name.endswith(_SECRET)
        and not isinstance(field, models.BinaryField | BlindIndexField)
    ]  # fmt: skip
    rows = _rows_of(about.model).filter(_matching(about.model, list(about.by), subject))
    if hidden and about.model._meta.pk.name == "id":
        rows = rows.exclude(pk__in=hidden)
    if about.model is Member:
        rows = rows.filter(organization=current_organization())
    found = list(rows.order_by("pk").values("pk", *fields))
    return [_opened(about.model, row, row.pop("pk")) for row in found]


def _opened(model: type[models.Model], row: dict[str, Any], key: Any) -> dict[str, Any]:
    """A row with what is sealed in it opened."""
    for name in row.keys() & sealed_in(model):
        row[name] = opened(model, name, row[name], key)
    return row


def named_in(model: type[models.Model]) -> list[str]:
    """The fields of a tenant model that name a person: foreign keys to people, members and users, and e-mail addresses."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.EmailField) or (isinstance(field, models.ForeignKey) and field.related_model in _PEOPLE)
    ]


def _mentions(model: type[models.Model], subject: Subject, hidden: list[UUID]) -> list[dict[str, Any]]:
    """Where the person is named, as what, and when: no more of a record that is about others."""
    names = named_in(model)
    if not names or not issubclass(model, TenantModel) or model is AuditEvent:
        return []
    shown = [name for name in ("reference", "number", "code") if _has(model, name)]
    moment = next((field.name for field in model._meta.concrete_fields if isinstance(field, models.DateTimeField)), "")
    columns = ["pk", *shown, *([moment] if moment else [])]
    found: dict[Any, dict[str, Any]] = {}
    for name in names:
        rows = _rows_of(model).filter(_matching(model, [name], subject)).exclude(pk__in=hidden)
        field: Any = model._meta.get_field(name)
        label = str(field.verbose_name)
        for row in rows.order_by("pk").values(*columns):
            one = found.setdefault(row["pk"], {"id": row["pk"], **{key: row[key] for key in shown}, "as": ""})
            one["as"] = ", ".join(filter(None, [one["as"], label]))
            if moment:
                one["at"] = row[moment]
    return list(found.values())


def _has(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.concrete_fields)


def _trail(subject: Subject, reader: Any) -> list[dict[str, Any]]:
    """What the person did, from where, by the trail as far as `reader` sees it."""
    actors = [*subject.members, *subject.users]
    if not actors:
        return []
    seen = events_seen_by(reader) if reader is not None else AuditEvent.objects.all()
    events = seen.filter(actor_id__in=actors).order_by("at")
    rows = []
    for key, at, verb, result, kind, body in events.values_list("pk", "at", "verb", "result", "object_kind", "body").iterator():
        actor = json.loads(body)["actor"]
        rows.append(
            {
                "id": key,
                "at": at,
                "verb": verb,
                "result": result,
                "kind": kind,
                "ip": actor["ip"],
                "user_agent": actor["user_agent"],
            }
        )
    return rows


def archive(found: list[Holding], *, about: dict[str, Any]) -> tuple[IO[bytes], str]:
    """A ZIP with all of it as JSON and as a CSV for each kind, at its start, and its SHA-256."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        whole = {**about, "holdings": {one.name: {"title": one.title, "rows": one.rows} for one in found}}
        made.writestr("data.json", json.dumps(whole, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        for one in found:
            made.writestr(f"{one.name}.csv", _csv(one.rows))
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type] # it is a file
    file.seek(0)
    return file, digest


def _csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    headers = list(dict.fromkeys(name for row in rows for name in row))
    writer.writerow(headers)
    for row in rows:
        writer.writerow([quoted(_cell(row.get(name))) for name in headers])
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).strip('"')
