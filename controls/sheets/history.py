"""Registers of what happened: a file brings what is not here as history, and changes nothing that is.

A decision, a hold or a case of another place was not taken here. It is recorded with who brought it and when, and with the
names of the file in words; the number is kept where it is free.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from accounts.models import Member
from audit.actors import Actor
from audit.record import Entry, record_many
from controls.catalogue.drafts import one_line, tidy
from controls.sheets.planning import Roster
from controls.sheets.register import Cell, Draft, Line, Register
from tenancy.models import TenantModel
from tenancy.scope import now
from workflow.brought import telling
from workflow.changes import shown
from workflow.references import is_of_another, next_reference, reserve_reference
from workflow.uniqueness import refusing_taken

M = TypeVar("M", bound=TenantModel)
ELSEWHERE = dt.timedelta(days=1)  # by which a day can differ from that of a moment in another organization's zone
NUMBER = Cell("reference", "Number", lambda row: row.reference, one_line, ("reference", "id"), longest=20)


@dataclass
class Known:
    """What is here, by number and by what tells rows apart; people; the row of the file that has one; what else is looked up."""

    by_number: dict[str, Any]
    by_facts: dict[tuple[Any, ...], list[Any]]
    people: Roster
    seen: dict[tuple[Any, ...], dict[str, int]] = field(default_factory=lambda: defaultdict(dict))  # by number too
    taken: set[int] = field(default_factory=set)  # what is here that earlier rows of the file are, by `id`
    repeated: set[int] = field(default_factory=set)  # rows of the file that stand there already
    more: dict[str, Any] = field(default_factory=dict)


class HistoryRegister(Register):
    """One of them. `same`: the columns that tell rows apart, whatever their number. `done`: those that say who did something."""

    model: ClassVar[Any]
    prefix: ClassVar[str]  # of new numbers
    verb: ClassVar[str]  # of the event of each row
    same: ClassVar[tuple[str, ...]]
    done: ClassVar[tuple[str, ...]]
    repeated: ClassVar[tuple[str, ...]]  # the fields that its event repeats
    unsaid: ClassVar[tuple[str, ...]] = ()  # the columns whose empty cell says nothing, as if they were not there
    about_people = False

    def facts(self, line: Line, known: Known) -> dict[str, Any]:
        """The fields of a new row, but for its number; adds to `line.errors`."""
        raise NotImplementedError

    def known(self) -> Known:
        """All of it, read once."""
        there = list(self.each())
        cells = [cell for cell in self.cells if cell.name in self.same]
        by_facts = defaultdict(list)
        for one in there:
            by_facts[tuple(_read(cell, one) for cell in cells)].append(one)
        return Known({self.number_of(one): one for one in there}, by_facts, Roster(), more=self.more())

    def more(self) -> dict[str, Any]:
        """What else rows are looked up in, read once."""
        return {}

    def complete(self, line: Line) -> None:
        """Put in what a row means that does not say it."""

    def number_of(self, one: Any) -> str:
        """By what a row is known beside its facts."""
        return str(one.reference)

    def draft(self, line: Line, person: Any, known: Known) -> Draft | None:
        """With the record that is the same, if there is one: then it has to say the same."""
        for name in self.unsaid:
            if not line.said.get(name):
                line.said.pop(name, None)
        self.complete(line)
        key = tuple(
            line.said[cell.name] if cell.name in line.said else _empty(cell) for cell in self.cells if cell.name in self.same
        )
        if not self._is_another(line, key, known):
            return None
        if (record := self._record_of(line, key, known)) is not None:
            return self.same_as(line, record)
        facts = self.facts(line, known)
        if line.errors:
            return None
        if (given := line.said.get("reference")) in known.by_number:
            line.notices.append(f"{given} is another's number here: it gets a new one.")
        elif given and is_of_another(given, self.prefix):
            line.notices.append(f"{given} is no number of this register: it gets a new one.")
        return Draft(line, None, facts)

    def may_repeat(self, line: Line) -> bool:
        """Whether a row that says the same as an earlier one, under the same number, is another all the same."""
        return False

    def _is_another(self, line: Line, key: tuple[Any, ...], known: Known) -> bool:
        """Whether no earlier row is the same: of two that say the same each has to have a number of its own."""
        given, earlier = line.said.get("reference", ""), known.seen[key]
        if earlier and (not given or "" in earlier or given in earlier):
            row = earlier.get(given) or next(iter(earlier.values()))
            if not (given in earlier and self.may_repeat(line)):
                line.errors.append(f"The same stands in row {row} already.")
                known.repeated.add(line.number)
                return False
            line.notices.append(f"The same stands in row {row} already: this is taken as another.")
        earlier.setdefault(given, line.number)
        return True

    def _record_of(self, line: Line, key: tuple[Any, ...], known: Known) -> Any:
        """What is here of a row, and of no earlier one; rather that of its number, rather what says the same."""
        there = [one for one in self.candidates(line, key, known) if id(one) not in known.taken]
        if not there:
            return None
        given = line.said.get("reference", "")
        found = min(there, key=lambda one: (self.number_of(one) != given, bool(self._differing(line, one))))
        known.taken.add(id(found))
        return found

    def candidates(self, line: Line, key: tuple[Any, ...], known: Known) -> list[Any]:
        """What is here that a row could be."""
        return known.by_facts.get(key, [])

    def _differing(self, line: Line, record: Any) -> list[str]:
        said = line.said
        others = [cell for cell in self.cells if cell.name in said and cell.name != "reference"]
        return [cell.heading for cell in others if said[cell.name] != _read(cell, record)]

    def same_as(self, line: Line, record: Any) -> Draft | None:
        """No change, where the row says of the record what is here; else an error."""
        if words := self._differing(line, record):
            line.errors.append(f"{record} is here and says otherwise: {', '.join(words)}. A file changes nothing that is here.")
        return None if line.errors else Draft(line, None, {}, record)

    def insert(self, drafts: Sequence[Draft], actor: Actor) -> None:
        """Each as history, with one event."""
        record_many(self.verb, actor=actor, entries=[self._event(one, self.bring(one, actor)) for one in drafts])

    def bring(self, draft: Draft, actor: Actor) -> Any:
        """Write one. Raises ActionRefused."""
        one = self.model(reference=self.number_for(draft), **draft.facts, **self.origin(draft, actor))
        return kept(one)

    def number_for(self, draft: Draft) -> str:
        """Its own where it is free, else a new one."""
        return number_for(self.model, self.prefix, draft.line.said.get("reference", ""))

    def origin(self, draft: Draft, actor: Actor) -> dict[str, Any]:
        """Who brings it, and the names that the file has."""
        told = telling({name: draft.line.said.get(name, "") for name in self.done})
        return {"brought_by": actor if isinstance(actor, Member) else None, "brought_at": now(), "told": told}

    def _event(self, draft: Draft, one: Any) -> Entry:
        after = {name: said for name in self.repeated if (said := shown(getattr(one, name))) not in (None, "", [], False)}
        return Entry(one._meta.label_lower, one.pk, str(one), after=after, metadata={"row": draft.line.number})

    def alter(self, draft: Draft, actor: Actor) -> None:
        """Nothing: no plan has a change."""
        raise NotImplementedError


def number_for(model: Any, prefix: str, given: str) -> str:
    """A number that a file brings where it is free and no other register's, never to be drawn again; else the next one."""
    if given and not is_of_another(given, prefix) and not model.objects.filter(reference=given).exists():
        reserve_reference(given)
        return given
    return next_reference(prefix, f"{now():%Y}")


def kept(one: M) -> M:
    """A new row. Raises ActionRefused where the database has such a one."""
    with refusing_taken(type(one)):
        one.save(force_insert=True)
    return one


def _empty(cell: Cell) -> Any:
    """What the column says where a file does not have it."""
    try:
        return cell.read("")
    except ValueError:
        return None


def _read(cell: Cell, row: Any) -> Any:
    """What a row would say after it went out and in."""
    return cell.read(tidy(cell.write(row)))
