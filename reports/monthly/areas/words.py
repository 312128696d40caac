"""Words that the areas share."""

import datetime as dt
import itertools
from collections.abc import Iterable

from accounts.models import Member
from tenancy.scope import current_tenant_id

SHOWN = 25  # rows of a table of exceptions; the rest are counted


def quoted(title: str) -> str:
    """A title within a sentence."""
    return f"“{title}”"


def sooner(by: str, day: dt.date | None) -> str:
    """The earlier of a day and one that may be missing."""
    return min(by, day.isoformat()) if day else by


def first(rows: Iterable[str], most: int = 3) -> str:
    """a, b, c and 4 more."""
    given = list(rows)
    named = ", ".join(itertools.islice(given, most))
    return f"{named} and {len(given) - most:,} more" if len(given) > most else named


def responsible() -> str:
    """Who answers for the programme where nobody owns a thing: the first who runs the controls, by name."""
    members = Member.objects.active().filter(organization_id=current_tenant_id()).select_related("user")
    names = sorted(member.name for member in members if member.can("controls.write"))
    return names[0] if names else "The management"
