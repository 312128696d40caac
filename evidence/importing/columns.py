"""Which column of the list means what, and what its cells say."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Member
from evidence import tags
from evidence.forms import keepers
from evidence.importing.linkers import check_links
from evidence.models import Evidence
from evidence.tables.moments import Moments
from evidence.tables.text import email_key, header_key
from tenancy.scope import now
from ui.refusals import ActionRefused

# Each field by the headers that mean it.
NAMES: dict[str, tuple[str, ...]] = {
    "file": ("file", "file name", "filename", "path", "document", "attachment"),
    "title": ("title", "name", "evidence", "evidence name"),
    "category": ("category", "type", "kind"),
    "description": ("description", "comment", "notes"),
    "source": ("source", "system", "from system"),
    "query": ("query", "query or report", "report"),
    "period_from": ("period from", "from", "start", "period start"),
    "period_to": ("period to", "to", "end", "period end"),
    "collected_at": ("collected at", "collected", "collected on", "date"),
    "expires_on": ("expires", "expires on", "expires at", "expiry", "valid until"),
    "owner": ("owner", "owner e mail", "owner email"),
    "tags": ("tags", "labels"),
    "controls": ("controls", "control", "control ids", "control id"),
}
LIMITS = {"title": 200, "source": 200, "file": 500}
_CATEGORIES = {
    **{value: value for value in Evidence.Category.values},
    **{label.lower(): value for value, label in Evidence.Category.choices},
}
_SEPARATORS = re.compile(r"[\s_-]+")


def columns_of(headers: list[str]) -> dict[str, int]:
    """Field -> position, for the columns that are understood; the first of two that mean the same counts."""
    by_name = {name: key for key, names in NAMES.items() for name in names}
    found: dict[str, int] = {}
    for position, header in enumerate(headers):
        key = by_name.get(header_key(header))
        if key:
            found.setdefault(key, position)
    return found


@dataclass(slots=True)
class Reader:
    """Reads the cells of a row; what is wrong with them goes to `reasons`."""

    columns: Mapping[str, int]
    moments: Moments
    source: str
    owners: Mapping[str, Member] = field(default_factory=lambda: {email_key(one.email): one for one in keepers()})

    def read(self, cells: list[str]) -> tuple[dict[str, Any], list[str]]:
        """The facts of a row as they are stored (JSON), and why they cannot be taken."""
        facts: dict[str, Any] = {}
        reasons: list[str] = []
        for name, convert in _CONVERTERS.items():
            try:
                facts[name] = convert(self, self._cell(cells, name))
            except ValueError as error:
                reasons.append(f"{name.replace('_', ' ').capitalize()}: {error}")
        reasons += self._together(facts)
        return facts, reasons

    def _cell(self, cells: list[str], name: str) -> str:
        text = cells[self.columns[name]].strip() if name in self.columns else ""
        if len(text) > LIMITS.get(name, 10_000):
            raise ValueError(f"has more than {LIMITS.get(name, 10_000)} characters.")
        return text

    @staticmethod
    def _together(facts: dict[str, Any]) -> list[str]:
        first, last = facts.get("period_from"), facts.get("period_to")
        return ["The period ends before it begins."] if first and last and last < first else []


def _file(_reader: Reader, text: str) -> str:
    if not text:
        raise ValueError("the row names none.")
    return text


def _text(_reader: Reader, text: str) -> str:
    return text


def _category(_reader: Reader, text: str) -> str:
    if not text:
        return Evidence.Category.OTHER.value
    found = _CATEGORIES.get(_SEPARATORS.sub(" ", text.lower())) or _CATEGORIES.get(_SEPARATORS.sub("_", text.lower()))
    if found is None:
        raise ValueError(f"“{text[:60]}” is none. Use one of {', '.join(Evidence.Category.labels)}.")
    return found


def _source(reader: Reader, text: str) -> str:
    return text or reader.source


def _day(reader: Reader, text: str) -> str | None:
    return reader.moments.day(text).isoformat() if text else None


def _collected(reader: Reader, text: str) -> str | None:
    if not text:
        return None
    found = reader.moments.moment(text)
    if found > now():
        raise ValueError("lies in the future.")
    return found.isoformat()


def _owner(reader: Reader, text: str) -> str | None:
    if not text:
        return None
    member = reader.owners.get(email_key(text))
    if member is None:
        raise ValueError(f"nobody with the e-mail {text[:100]} may keep evidence here.")
    return str(member.pk)


def _tags(_reader: Reader, text: str) -> list[str]:
    try:
        return tags.split(text)
    except ActionRefused as refusal:
        raise ValueError(refusal.sentence) from refusal


def _controls(_reader: Reader, text: str) -> str:
    if reasons := check_links(text):
        raise ValueError(" ".join(reasons))
    return text


_CONVERTERS: dict[str, Callable[[Reader, str], Any]] = {
    "file": _file,
    "title": _text,
    "category": _category,
    "description": _text,
    "source": _source,
    "query": _text,
    "period_from": _day,
    "period_to": _day,
    "collected_at": _collected,
    "expires_on": _day,
    "owner": _owner,
    "tags": _tags,
    "controls": _controls,
}


def from_stored(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as the action wants them: days as days, an owner as a member."""
    given = {name: facts[name] for name in ("title", "category", "description", "source", "query", "tags")}
    days = {
        name: dt.date.fromisoformat(facts[name]) if facts[name] else None for name in ("period_from", "period_to", "expires_on")
    }
    owner = keepers().filter(pk=facts["owner"]).first() if facts["owner"] else None
    collected = dt.datetime.fromisoformat(facts["collected_at"]) if facts["collected_at"] else None
    return {**given, **days, "owner": owner, "collected_at": collected}
