"""Background checks as a table: out, and in again without loss. What is brought is kept sealed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from audit.actors import Actor
from audit.record import Entry, record_many
from controls.catalogue.drafts import tidy
from controls.sheets import cells as columns
from controls.sheets.register import Cell, Draft, Line, Register
from inventory.models import Person
from policies.background.actions import locked, rewrite, told_of
from policies.background.rights import READ, WRITE, member_of
from policies.models import BackgroundCheck
from tenancy.models import current_organization
from tenancy.scope import now
from workflow.uniqueness import refusing_taken

Status, Outcome = BackgroundCheck.Status, BackgroundCheck.Outcome
CHANGED = "The background checks have changed since this preview was made. Look at the new one below, then import it."
SAMPLE = """Person,E-mail,Checked,Who checked,Outcome,Note
Ada Moreno,ada.moreno@company.example,2026-01-12,Clearwater Screening,Nothing found,
Ben Okafor,ben.okafor@company.example,2026-01-15,Clearwater Screening,"Something found, and accepted",Accepted by the people lead
"""
_SEALED = ("outcome", "note")


@dataclass(slots=True)
class Known:
    """Checks by whose, when, by whom and in which state."""

    there: dict[tuple[Any, ...], list[BackgroundCheck]]
    seen: dict[tuple[Any, ...], int]  # the row of the file that has it


def _outcome(text: str) -> str:
    """One of the outcomes; what a cell says is not repeated where it is none. Raises ValueError."""
    try:
        return str(columns.chosen(Outcome)(text))
    except ValueError:
        raise ValueError(f"is none of: {'; '.join(str(label) for label in Outcome.labels)}.") from None


class CheckRegister(Register):
    """Who was checked."""

    key = "background_checks"
    title = "Background checks"
    list_url, import_url, preview_url = "policies:background", "policies:background-import", "policies:background-preview"
    export_url, sample_url = "policies:background-export", "policies:background-sample"
    read, write = READ, WRITE
    sample, changed = SAMPLE, CHANGED
    sealed = True
    cells = (
        *columns.WHO,
        Cell(
            "checked_on", "Checked", lambda row: columns.written_day(row.checked_on), columns.day,
            ("date", "checked on", "completed", "completed on"), required=True,
        ),
        Cell(
            "provider", "Who checked", lambda row: row.provider, columns.needed, ("provider", "vendor", "agency"), required=True,
            longest=200,
        ),
        Cell("outcome", "Outcome", lambda row: row.outcome_badge.label, _outcome, ("result",), required=True),
        Cell("note", "Note", lambda row: row.note, tidy, ("notes", "comment")),
        *columns.endings(Status),
    )  # fmt: skip

    def rows(self) -> QuerySet[BackgroundCheck]:
        """By whose and when."""
        return BackgroundCheck.objects.select_related("person").order_by("person__name", "person", "checked_on", "pk")

    def known(self) -> Known:
        """One query."""
        there: dict[tuple[Any, ...], list[BackgroundCheck]] = defaultdict(list)
        for one in BackgroundCheck.objects.select_related("person").order_by("pk"):
            there[_key(one.person_id, one.checked_on, one.provider, one.status)].append(one)
        return Known(there, {})

    def draft(self, line: Line, person: Person, known: Known) -> Draft | None:
        """With the check of the same person, day, provider and state, if there is one."""
        said = line.said
        status = said.get("status") or Status.CURRENT
        if said["checked_on"] > current_organization().today():
            line.errors.append("Checked: not after today.")
        if status == Status.WITHDRAWN and not said.get("withdrawn_reason"):
            line.errors.append("Why it was withdrawn: is missing.")
        if line.errors:
            return None
        key = _key(person.pk, said["checked_on"], said["provider"], status)
        facts = {name: said[name] for name in _SEALED if name in said}
        if there := known.there.get(key):
            known.seen[key] = line.number
            return self._of(line, person, facts, there.pop(0))
        if status == Status.CURRENT and key in known.seen:
            line.errors.append(f"The same check stands in row {known.seen[key]} already.")
            return None
        known.seen[key] = line.number
        reason = said["withdrawn_reason"] if status == Status.WITHDRAWN else ""
        new = {"checked_on": said["checked_on"], "provider": said["provider"], "status": status, "withdrawn_reason": reason}
        return Draft(line, person, {**new, **facts})

    def _of(self, line: Line, person: Person, facts: dict[str, Any], record: BackgroundCheck) -> Draft:
        """What differs from one that is there: only what is sealed can, as the rest is its key."""
        words = [cell.heading for cell in self.cells if cell.name in facts and getattr(record, cell.name) != facts[cell.name]]
        if words and record.status == Status.WITHDRAWN:
            line.errors.append("It is withdrawn, and the file says otherwise.")
        return Draft(line, person, facts, record, words)

    def told(self, draft: Draft) -> str:
        """When, by whom, and how it came out."""
        facts = draft.facts
        words = f"{facts['checked_on']:%-d %B %Y}, {facts['provider']}: {Outcome(facts['outcome']).label}"
        return f"{words}, withdrawn" if facts["status"] == Status.WITHDRAWN else words

    def insert(self, drafts: Sequence[Draft], actor: Actor) -> None:
        """All of them by one statement, each sealed for its own row."""
        made = [_made(one, actor) for one in drafts]
        with refusing_taken(BackgroundCheck):
            BackgroundCheck.objects.bulk_create(made, batch_size=500)
        kind = BackgroundCheck._meta.label_lower
        entries = [Entry(kind, one.pk, str(one), after=told_of(one)) for one in made]
        record_many("background_check.add", actor=actor, entries=entries)

    def alter(self, draft: Draft, actor: Actor) -> None:
        """How it came out, and the note."""
        rewrite(locked(draft.record), actor, draft.facts)


def _key(person: Any, day: Any, provider: str, status: str) -> tuple[Any, ...]:
    return person, day, provider.casefold(), status


def _made(draft: Draft, actor: Actor) -> BackgroundCheck:
    facts = dict(draft.facts)
    outcome, note = facts.pop("outcome"), facts.pop("note", "")
    one = BackgroundCheck(person=draft.person, recorded_by=member_of(actor), recorded_at=now(), **facts)
    one.put(outcome, note)
    return one


REGISTER = CheckRegister()
