"""What there is already, to compare a file of controls with: controls by code, people and systems by the file's names."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from controls.catalogue.reading import Sheet
from controls.models import CadenceChange, Control, ControlCriterion, ControlSystem
from evidence.tables.text import email_key
from inventory.models import Person, System


@dataclass(slots=True)
class Known:
    """What there is, by code, and what the file's names mean."""

    today: dt.date
    controls: dict[str, Control]
    answers: dict[uuid.UUID, dict[str, str]]
    systems_of: dict[uuid.UUID, list[str]]
    cadences: dict[uuid.UUID, list[CadenceChange]]
    people: dict[str, list[Person]]
    systems: dict[str, System]


class WrongError(Exception):
    """A row that cannot be taken, with sentences."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = list(sentences)


def owner_of(words: str, known: Known) -> Person | None:
    if not words:
        return None
    found = known.people.get(email_key(words)) or known.people.get(words) or []
    if not found:
        raise WrongError(f"Owner: nobody on the roster is called {words[:80]}.")
    if len(found) > 1:
        raise WrongError(f"Owner: {len(found)} people are called {words[:80]}. Give the e-mail address.")
    return found[0]


def systems_of(names: Iterable[str], known: Known) -> list[System]:
    if missing := [name for name in names if name not in known.systems]:
        raise WrongError(f"Systems: there is no system called {missing[0][:80]}.")
    return [known.systems[name] for name in names]


def unknown_names(said: Mapping[str, Any], known: Known) -> list[str]:
    """A sentence for each name in a row that means nobody or nothing here."""
    found = []
    for look, name in ((owner_of, "owner"), (systems_of, "systems")):
        try:
            look(said.get(name) or "", known)
        except WrongError as error:
            found += error.sentences
    return found


def known_for(sheet: Sheet, today: dt.date) -> Known:
    """Read what is needed to compare, in six queries."""
    codes = {line.code for line in sheet.lines if line.code}
    controls = {one.code: one for one in Control.objects.filter(code__in=codes).select_related("owner")}
    keys = [one.pk for one in controls.values()]
    answers: dict[uuid.UUID, dict[str, str]] = defaultdict(dict)
    for answer in ControlCriterion.objects.filter(control__in=keys):
        answers[answer.control_id][answer.criterion] = answer.note
    covered: dict[uuid.UUID, list[str]] = defaultdict(list)
    for key, name in ControlSystem.objects.filter(control__in=keys).values_list("control", "system__name"):
        covered[key].append(name)
    cadences: dict[uuid.UUID, list[CadenceChange]] = defaultdict(list)
    for row in CadenceChange.objects.filter(control__in=keys).order_by("from_date"):
        cadences[row.control_id].append(row)
    names = {name for line in sheet.lines for name in line.said.get("systems", ())}
    systems = {one.name: one for one in System.objects.filter(name__in=names)}
    return Known(today, controls, answers, covered, cadences, _people(sheet), systems)


def _people(sheet: Sheet) -> dict[str, list[Person]]:
    """By e-mail, and by name."""
    words = {line.said["owner"] for line in sheet.lines if line.said.get("owner")}
    found: dict[str, list[Person]] = defaultdict(list)
    for person in Person.objects.filter(Q(name__in=words) | Q(email_key__in={email_key(one) for one in words})):
        found[person.name].append(person)
        if person.email_key and person.email_key != person.name:
            found[person.email_key].append(person)
    return found
