"""From what was sent to deployments that can be kept, or to what is wrong with each."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from changes.models import Deployment
from evidence.tables.text import email_key, storable
from inventory.models import Person, PersonAlias, System

SKEW = dt.timedelta(minutes=5)  # by which the clock of a sender may be ahead
EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,59}")
COMMIT = re.compile(r"[0-9a-f]{7,64}")
FULL = (40, 64)  # digits of a whole SHA-1 or SHA-256
_ID = re.compile(r"[!-~]{1,200}")
_REFERENCE = re.compile(r"[A-Z]{2,5}-\d{4}-\d{1,7}")
_BOT = re.compile(r"\[bot\]$|(^|[-_.])bot$|^(github-actions|gitlab-ci|dependabot|renovate)", re.IGNORECASE)
# The text fields and how long each may be; those without a default must be there.
TEXTS: dict[str, int] = {
    "environment": 40, "service": 120, "system": 120, "repository": 200, "deployed_by": 200, "url": 500,
}  # fmt: skip
FIELDS = ("id", *TEXTS, "commit", "deployed_at", "outcome", "bot", "change")
Errors = list[tuple[str, str]]  # a field and a sentence


@dataclass(frozen=True, slots=True)
class Fresh:
    """A deployment that can be kept."""

    external_id: str
    environment: str
    deployed_at: dt.datetime
    service: str = ""
    system: uuid.UUID | None = None
    repository: str = ""
    commit: str = ""
    deployed_by: str = ""
    person: uuid.UUID | None = None
    is_bot: bool = False
    outcome: str = "succeeded"
    change_named: str = ""
    url: str = ""

    @property
    def outcome_words(self) -> str:
        """Its outcome as people read it."""
        return str(Deployment.Outcome(self.outcome).label)

    def same(self, kept: Mapping[str, Any]) -> bool:
        """Whether what is kept under its id is the same deployment."""
        return all(getattr(self, name) == kept[name] for name in ("environment", "service", "repository", "commit"))


@dataclass(slots=True)
class Reading:
    """One deployment of a report as it was read: `fresh`, or `errors`."""

    external_id: str = ""
    fresh: Fresh | None = None
    errors: Errors = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """Systems by name and id, people by their addresses and aliases."""

    systems: dict[str, uuid.UUID]
    people: dict[str, uuid.UUID]


def read(items: Sequence[Any], at: dt.datetime) -> list[Reading]:
    """Each item checked; three queries at most for all of them."""
    known = _known(items)
    return [_read(item, known, at) for item in items]


def _read(item: Any, known: Known, at: dt.datetime) -> Reading:
    if not isinstance(item, dict):
        return Reading(errors=[("", "A deployment is a JSON object.")])
    external_id = item.get("id")
    reading = Reading(external_id[:200] if isinstance(external_id, str) and external_id.isprintable() else "")
    said = {name: value.strip() if isinstance(value, str) else value for name, value in item.items()}
    reading.errors = [*_misfits(said), *_wrong_texts(said)]
    if reading.errors:
        return reading
    moment = _moment(said.get("deployed_at"), at)
    system = known.systems.get(_text(said, "system").casefold())
    reading.errors = [*_untimely(said.get("deployed_at"), moment, at), *_unknown(said, system)]
    if not reading.errors and moment is not None:
        reading.fresh = _fresh(said, system or known.systems.get(_text(said, "service").casefold()), known, moment)
    return reading


def _fresh(said: Mapping[str, Any], system: uuid.UUID | None, known: Known, moment: dt.datetime) -> Fresh:
    by = _text(said, "deployed_by")
    return Fresh(
        external_id=said["id"],
        environment=said["environment"].lower(),
        deployed_at=moment,
        service=_text(said, "service"),
        system=system,
        repository=_text(said, "repository"),
        commit=_text(said, "commit").lower(),
        deployed_by=by,
        person=known.people.get(email_key(by)),
        is_bot=said["bot"] if isinstance(said.get("bot"), bool) else bool(_BOT.search(by)),
        outcome=_text(said, "outcome") or Deployment.Outcome.SUCCEEDED.value,
        change_named=_text(said, "change").upper(),
        url=_text(said, "url"),
    )


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _misfits(said: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """What is not there, and what is nothing that is known."""
    yield from ((str(name), "There is no such field.") for name in said if name not in FIELDS)
    if not isinstance(said.get("id"), str) or _ID.fullmatch(said["id"]) is None:
        yield "id", "Give each deployment an id of its own: printable ASCII without spaces, at most 200 characters."
    if not said.get("environment"):
        yield "environment", "Say where it went, such as production."
    if not (said.get("commit") or said.get("change")):
        yield "commit", "Say which commit was deployed, or which change it belongs to."
    if not isinstance(said.get("bot"), bool | type(None)):
        yield "bot", "Say true or false."


def _wrong_texts(said: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name in (*TEXTS, "commit", "outcome", "change"):
        value = said.get(name)
        if value is None or value == "":
            continue
        if not isinstance(value, str) or not storable(value) or not value.isprintable():
            yield name, "This is a text on one line."
        elif len(value) > TEXTS.get(name, 64):
            yield name, f"At most {TEXTS.get(name, 64)} characters."
        elif words := _wrong(name, value):
            yield name, words


def _wrong(name: str, value: str) -> str:
    """What is wrong with a text of a form of its own."""
    if name == "commit" and COMMIT.fullmatch(value.lower()) is None:
        return "A commit is 7 to 64 hexadecimal digits; only whole ones (40 or 64) can be matched."
    if name == "outcome" and value not in Deployment.Outcome.values:
        return "One of succeeded, failed, rolled_back."
    if name == "change" and _REFERENCE.fullmatch(value.upper()) is None:
        return "The number of a change, such as CHG-2026-0001."
    if name == "url" and not _is_web(value):
        return "An address that begins with https:// or http://."
    return ""


def _is_web(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _moment(value: Any, at: dt.datetime) -> dt.datetime | None:
    """The moment that is named, in UTC; now when none is; None when it is no moment with a zone."""
    if value in (None, ""):
        return at
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC)
    try:
        found = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
        return found.astimezone(dt.UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _untimely(value: Any, moment: dt.datetime | None, at: dt.datetime) -> Errors:
    if moment is None:
        return [("deployed_at", "Write it with its zone, such as 2026-10-14T09:30:00Z.")]
    if moment > at + SKEW:
        return [("deployed_at", "It is in the future.")]
    return [("deployed_at", "It is before the year 2000.")] if moment < EARLIEST else []


def _unknown(said: Mapping[str, Any], system: uuid.UUID | None) -> Errors:
    named = _text(said, "system")
    return [("system", f"There is no system {named[:60]}.")] if named and system is None else []


def _known(items: Iterable[Any]) -> Known:
    """What the items name, by three queries at most."""
    rows = [one for one in items if isinstance(one, dict)]
    people = {email_key(one["deployed_by"]) for one in rows if isinstance(one.get("deployed_by"), str)}
    people = {one for one in people if one and storable(one)}
    found = dict(PersonAlias.objects.filter(key__in=people).values_list("key", "person_id")) if people else {}
    found |= dict(Person.objects.filter(email_key__in=people).values_list("email_key", "pk")) if people else {}
    systems: dict[str, uuid.UUID] = {}
    if any(one.get("system") or one.get("service") for one in rows):
        for key, name in System.objects.values_list("pk", "name"):
            systems[name.casefold()] = systems[str(key)] = key
    return Known(systems, found)
