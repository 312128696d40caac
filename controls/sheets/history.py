"""Registers of what happened: a file brings what is not here as history, and changes nothing that is.

A decision, a hold or a case of another place was not taken here. It is recorded with who brought it and when, and with the
names of the file in words; the number is kept where it is free.
"""

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
NUMBER = Cell("reference", "Number", lambda row: row.reference, one_line, ("reference", "id"), longest=20)


@dataclass
class Known:
    """What is here, by number and by what tells rows apart; people; the row of the file that has one; what else is looked up."""

    by_number: dict[str, Any]
    by_facts: dict[tuple[Any, ...], Any]
    people: Roster
    seen: dict[tuple[Any, ...], int] = field(default_factory=dict)
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
        by_facts = {tuple(_read(cell, one) for cell in cells): one for one in there}
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
        if (row := known.seen.setdefault(key, line.number)) != line.number:
            line.errors.append(f"The same stands in row {row} already.")
            return None
        if (record := known.by_facts.get(key)) is not None:
            return self.same_as(line, record)
        facts = self.facts(line, known)
        if line.errors:
            return None
        if (given := line.said.get("reference")) in known.by_number:
            line.notices.append(f"{given} is another's number here: it gets a new one.")
        elif given and is_of_another(given, self.prefix):
            line.notices.append(f"{given} is no number of this register: it gets a new one.")
        return Draft(line, None, facts)

    def same_as(self, line: Line, record: Any) -> Draft | None:
        """No change, where the row says of the record what is here; else an error."""
        said = line.said
        others = [cell for cell in self.cells if cell.name in said and cell.name != "reference"]
        words = [cell.heading for cell in others if said[cell.name] != _read(cell, record)]
        if words:
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
