"""Days without business: the organization's own list, which a country's public holidays can be brought into."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

import holidays as known
from holidays.registry import COUNTRIES

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from incidents.models import Holiday
from incidents.rights import RUN
from tenancy.models import current_organization
from ui.refusals import ActionRefused, stated
from workflow.uniqueness import refusing_taken

ENGLISH = "en_US"
_CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Country:
    """A country whose public holidays are known."""

    code: str
    name: str
    parts: tuple[str, ...]


@cache
def countries() -> dict[str, Country]:
    """Those that are known, by code, in order of their names."""
    parts = known.list_supported_countries()
    found = [
        Country(code, _CAPITALS.sub(" ", names[0]), tuple(parts.get(code, ())))
        for names in COUNTRIES.values()
        if (code := names[1])
    ]
    return {one.code: one for one in sorted(found, key=lambda one: one.name)}


def days_off() -> frozenset[dt.date]:
    """The organization's holidays."""
    return frozenset(Holiday.objects.values_list("day", flat=True))


def proposed(country: str, part: str, year: int) -> dict[dt.date, str]:
    """A country's public holidays of a year, and of its part where one is named. Raises ActionRefused."""
    chosen = countries().get(country)
    if chosen is None:
        raise ActionRefused("Choose a country.", field="country")
    if part and part not in chosen.parts:
        raise ActionRefused(
            f"{chosen.name} has no part called {part}. It has: {', '.join(chosen.parts) or 'none'}.", field="part"
        )
    days = known.country_holidays(country, subdiv=part or None, years=year, language=ENGLISH)
    return {day: str(name)[:120] for day, name in sorted(days.items()) if day.year == year}


@action
def bring_in(*, actor: Actor, country: str, year: int, part: str = "") -> int:
    """Add a country's holidays of a year that are not there yet; returns how many. Raises ActionRefused."""
    _authorise(actor)
    there = days_off()
    new = {day: name for day, name in proposed(country, part, year).items() if day not in there}
    if not new:
        raise ActionRefused("All of them are there already.")
    for day, name in new.items():
        _add(day, name, actor)
    return len(new)


@action
def add_holiday(*, actor: Actor, day: dt.date, name: str) -> Holiday:
    """Add a day of the organization's own. Raises ActionRefused."""
    _authorise(actor)
    with refusing_taken(Holiday):
        return _add(day, stated(name, "Say what day it is.", field="name"), actor)


@action
def remove_holiday(holiday: Holiday, *, actor: Actor) -> None:
    """Take a day out. Deadlines that were worked out stay until something about their incident is recorded."""
    _authorise(actor)
    record("holiday.remove", holiday, actor=actor, before={"day": holiday.day, "name": holiday.name})
    holiday.delete()


def this_year() -> int:
    """The year where the organization lives."""
    return current_organization().today().year


def _add(day: dt.date, name: str, actor: Actor) -> Holiday:
    made = Holiday.objects.create(day=day, name=name)
    record("holiday.add", made, actor=actor, after={"day": day, "name": name})
    return made


def _authorise(actor: Actor) -> None:
    if not actor.can(RUN):
        raise ActionRefused("This is for those who run incidents.")
