"""What holds data, as it is told, and with what it came to."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from ui.components import Badge, Tone

PRODUCTION = "production"
PRODUCTION_WORDS = frozenset({"prod", "prd", PRODUCTION, "live"})
_NOT = frozenset({"non", "not", "no", "pre"})
_WORD = re.compile(r"[^\W\d_]+")


class Kind(models.TextChoices):
    """What a resource is."""

    DATABASE = "database", "Database"
    OBJECTS = "object_storage", "Object storage"
    VOLUME = "volume", "Volume"
    BACKUP = "backup", "Backup"
    LOGS = "log_store", "Log store"
    QUEUE = "queue", "Queue"
    OTHER = "other", "Other"


class Key(models.TextChoices):
    """Who manages the key."""

    PROVIDER = "provider", "The provider"
    CUSTOMER = "customer", "The customer"
    NONE = "none", "Nobody"


class Verdict(models.TextChoices):
    """What a resource comes to. Never changed: it is of what was told then."""

    FAILS = "does_not_meet", "Does not meet"
    UNKNOWN = "not_evaluable", "Could not be evaluated"
    MEETS = "meets", "Meets"


_TONES: dict[str, Tone] = {"meets": "ok", "does_not_meet": "bad", "not_evaluable": "warn"}


@dataclass(slots=True, kw_only=True)
class Resource:
    """One of them as it is told. None and "" say that something is not told; `kept_forever` stands beside no days."""

    name: str
    kind: str = ""
    environment: str = ""
    region: str = ""
    encrypted: bool | None = None
    key: str = ""
    kept_days: int | None = None
    kept_forever: bool = False
    backup_days: int | None = None
    backed_up_forever: bool = False
    is_replica: bool = False  # of another database, which is backed up
    note: str = ""

    @property
    def label(self) -> str:
        """What it is known by over scans: `orders (database, production, eu)`, or `orders (database in eu)`.

        No two have the same: there are no commas and brackets in an environment or a region.
        """
        kind = Kind(self.kind).label.lower() if self.kind else ""
        if self.region and not self.environment:
            said = f"{kind} in {self.region}".strip()
        else:
            said = ", ".join(filter(None, (kind, self.environment, self.region)))
        return f"{self.name} ({said})" if said else self.name

    @property
    def counts_as_production(self) -> bool:
        """What does not say where it is may well be in production, and `prod-eu` is; `non-production` is not."""
        words = set(_WORD.findall(self.environment))
        return not self.environment or bool(words & PRODUCTION_WORDS and not words & _NOT)


@dataclass(slots=True, kw_only=True)
class Judged(Resource):
    """With what it comes to, as a scan keeps it: the rules that it breaks, and those that could not be judged."""

    verdict: str = Verdict.UNKNOWN.value
    broken: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)

    @property
    def badge(self) -> Badge:
        """The verdict as a word in a tone."""
        return Badge(self.verdict_label, _TONES[self.verdict])

    @property
    def verdict_label(self) -> str:
        """In words."""
        return str(Verdict(self.verdict).label)

    @property
    def kind_label(self) -> str:
        """In words."""
        return str(Kind(self.kind).label) if self.kind else "Not told"

    @property
    def encryption(self) -> str:
        """In words, with whose key it is."""
        if self.encrypted is None:
            return "Not told"
        whose = {"provider": "key of the provider", "customer": "own key", "none": "no key"}.get(self.key, "")
        return ("Yes" if self.encrypted else "No") + (f", {whose}" if whose and self.encrypted else "")

    @property
    def kept(self) -> str:
        """How long, in words."""
        return "Without end" if self.kept_forever else _told(self.kept_days, asked=self.kind == Kind.LOGS)

    @property
    def backups(self) -> str:
        """How long backups are kept, in words."""
        if self.backed_up_forever:
            return "Without end"
        return "Not kept" if self.backup_days == 0 else _told(self.backup_days, asked=self.kind == Kind.DATABASE)


def _told(days: int | None, *, asked: bool) -> str:
    if days is None:
        return "Not told" if asked else ""
    return in_days(days)


def in_days(days: int) -> str:
    """A number of days in words."""
    return "1 day" if days == 1 else f"{days:,} days"


def kept_resources(rows: Iterable[dict[str, Any]]) -> list[Judged]:
    """As a scan keeps them, what is wrong first."""
    return sorted_by_verdict([Judged(**row) for row in rows])


def sorted_by_verdict(resources: Iterable[Judged]) -> list[Judged]:
    """What is wrong first, then what could not be evaluated."""
    order = Verdict.values
    return sorted(resources, key=lambda one: (order.index(one.verdict), one.label))


def counts_of(resources: Sequence[Judged]) -> list[tuple[str, int]]:
    """How many there are of each verdict, in words; none where there are no resources."""
    if not resources:
        return []
    return [(str(one.label), sum(each.verdict == one for each in resources)) for one in Verdict]


def summary_of_resources(resources: Sequence[Judged]) -> str:
    """For the evidence: how many of them are as they should be; empty where none are listed."""
    said = ", ".join(f"{count:,} {word.lower()}" for word, count in counts_of(resources) if count)
    return f" {len(resources):,} resources that hold data: {said}." if said else ""


RESOURCES = (
    "Resource", "Kind", "Environment", "Region", "Encrypted at rest", "Kept", "Backups kept", "Result", "Why", "Note",
)  # fmt: skip


def resource_table(resources: Iterable[Judged]) -> Iterator[tuple[str, ...]]:
    """The rows of its file."""
    for one in resources:
        facts = (one.name, one.kind_label, one.environment or "Not told", one.region, one.encryption, one.kept, one.backups)
        yield *facts, one.verdict_label, " ".join(one.why), one.note
