"""Registers of cases: a file has one row for each part of a case, or one for a case without any."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from audit.actors import Actor
from audit.record import record, record_many
from controls.sheets.history import HistoryRegister, Known, kept
from controls.sheets.planning import Plan
from controls.sheets.register import Cell, Draft, Line
from workflow.brought import telling
from workflow.changes import shown


@dataclass(frozen=True, slots=True)
class Row:
    """A case, and one part of it unless it has none."""

    case: Any
    part: Any

    def __str__(self) -> str:
        return str(self.case)

    def get_absolute_url(self) -> str:
        """The page of the case."""
        return str(self.case.get_absolute_url())


class CaseRegister(HistoryRegister):
    """One of them. `parts`: the relation to the parts, which is prefetched; `belongs`: the field of a part with its case."""

    part_model: ClassVar[Any]
    part_verb: ClassVar[str]  # of the event of each part
    part_repeated: ClassVar[tuple[str, ...]]  # the fields that its event repeats
    parts: ClassVar[str]
    belongs: ClassVar[str]
    part_noun: ClassVar[str]
    told_apart: ClassVar[tuple[str, ...]]  # the fields that tell cases apart, whatever their number
    alike: ClassVar[tuple[str, ...]]  # what each row says alike of a case

    def case_facts(self, line: Line, known: Known) -> dict[str, Any]:
        """The fields of a new case, but for its number; adds to `line.errors`."""
        raise NotImplementedError

    def part_facts(self, line: Line, known: Known) -> dict[str, Any] | None:
        """The fields of the part, if the row has one; adds to `line.errors`."""
        raise NotImplementedError

    def each(self) -> Iterable[Row]:
        """A row for each part, or one for a case without any."""
        for case in self.rows().iterator(chunk_size=500):
            for part in getattr(case, self.parts).all() or [None]:
                yield Row(case, part)

    def number_of(self, one: Row) -> str:
        """That of the case."""
        return str(one.case.reference)

    def known(self) -> Known:
        """Also the cases by what tells them apart, which of them the cases of the file are, and what it says of each."""
        known = super().known()
        cases = defaultdict(list)
        for row in known.by_number.values():
            cases[tuple(getattr(row.case, name) for name in self.told_apart)].append(row.case)
        known.more |= {"cases": cases, "here": {}, "said": {}, "numbers": {}}
        return known

    def may_repeat(self, line: Line) -> bool:
        """Two parts of a case may say the same."""
        return bool(line.said.get("reference") and line.said.get(self.part_noun))

    def candidates(self, line: Line, key: tuple[Any, ...], known: Known) -> list[Any]:
        """Only parts of the case that the row's case is here."""
        here = self._here(line, known)
        return [one for one in super().candidates(line, key, known) if here is not None and one.case.pk == here.pk]

    def facts(self, line: Line, known: Known) -> dict[str, Any]:
        """Those of the case, under `case` which it is in the file, and under `part` those of the part."""
        case = self._case(line, known)
        if (here := self._here(line, known)) is not None:
            line.errors.append(f"{here} is here without this {self.part_noun}. Add it on its page.")
        about = {name: line.said.get(name) for name in self.alike}
        if known.more["said"].setdefault(case, about) != about:
            line.errors.append(f"An earlier row says otherwise of this {self.belongs}.")
        return {**self.case_facts(line, known), "case": case, "part": self.part_facts(line, known)}

    def settle(self, plan: Plan, known: Known) -> None:
        """A case comes with all of its rows, or not: without a part that is wrong it would look done."""
        wrong = [line for line in plan.wrong if line.number not in known.repeated]
        cases = {case: line.number for line in wrong if None not in (case := self._apart(line))}
        numbers = {given: line.number for line in wrong if (given := line.said.get("reference"))}
        for line in [draft.line for draft in plan.new]:
            row = cases.get(self._apart(line)) or numbers.get(line.said.get("reference", ""))
            if row is not None:
                line.errors.append(f"Row {row} of the same {self.belongs} is wrong: it comes with all of its rows.")
        plan.wrong = sorted([*plan.wrong, *(one.line for one in plan.new if one.line.errors)], key=lambda line: line.number)
        plan.new = [one for one in plan.new if not one.line.errors]

    def _apart(self, line: Line) -> tuple[Any, ...]:
        return tuple(line.said.get(name) for name in self.told_apart)

    def _case(self, line: Line, known: Known) -> tuple[Any, ...]:
        """Which case of the file: by what tells cases apart, and its number; a row without one goes on with the last."""
        apart, given = self._apart(line), line.said.get("reference")
        given = known.more["numbers"][apart] = given or known.more["numbers"].get(apart, "")
        return (*apart, given)

    def _here(self, line: Line, known: Known) -> Any:
        """What is here of the row's case, and of no other of the file; rather that of its number."""
        apart, given = self._apart(line), self._case(line, known)[-1]
        here = known.more["here"].setdefault(apart, {})
        if given not in here:
            there = [one for one in known.more["cases"].get(apart, ()) if one not in here.values()]
            here[given] = min(there, key=lambda one: one.reference != given, default=None)
        return here[given]

    def insert(self, drafts: Sequence[Draft], actor: Actor) -> None:
        """Each case with its parts; their events say that they are history."""
        brought: dict[tuple[Any, ...], Any] = {}
        for draft in drafts:
            case, part = draft.facts.pop("case"), draft.facts.pop("part")
            if case not in brought:
                brought[case] = self.bring(draft, actor)
                record_many(self.verb, actor=actor, entries=[self._event(draft, brought[case])])
            if part:
                self._bring_part(draft, part, brought[case], actor)

    def _bring_part(self, draft: Draft, part: dict[str, Any], case: Any, actor: Actor) -> None:
        told = telling({"done_by": draft.line.said.get("done_by", "")})
        one = kept(self.part_model(**{self.belongs: case}, **part, **{**self.origin(draft, actor), "told": told}))
        after = {name: shown(part[name]) for name in self.part_repeated if part.get(name) not in (None, "")}
        record(self.part_verb, one, actor=actor, after=after, metadata={self.belongs: case.reference})


def of_case(cell: Cell) -> Cell:
    """A column of the case."""
    write: Callable[[Any], str] = cell.write
    return replace(cell, write=lambda row: write(row.case))


def of_part(cell: Cell, name: str = "") -> Cell:
    """A column of the part, under a name of its own where the case has the same."""
    write: Callable[[Any], str] = cell.write
    return replace(cell, name=name or cell.name, write=lambda row: write(row.part) if row.part else "")
