"""Training as a table: out, and in again without loss."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from audit.actors import Actor
from audit.record import Entry, record_many
from controls.catalogue.drafts import one_line, tidy
from controls.sheets import cells as columns
from controls.sheets.register import Cell, Draft, Line, Register
from inventory.models import Person
from policies.models import Course, TrainingRecord
from policies.training.actions import expiry, locked, told_of
from policies.training.courses import add_course
from policies.training.rights import READ, WRITE, member_of
from tenancy.models import current_organization
from tenancy.scope import now
from workflow.changes import change
from workflow.uniqueness import refusing_taken

Status = TrainingRecord.Status
NEVER = "Never"
CHANGED = "The trainings have changed since this preview was made. Look at the new one below, then import it."
SAMPLE = """Person,E-mail,Course,Completed,Expires,Note
Ada Moreno,ada.moreno@company.example,Security awareness,2026-02-10,,Passed with 92 of 100
Ben Okafor,ben.okafor@company.example,Security awareness,2026-02-12,2027-02-12,
Ben Okafor,ben.okafor@company.example,Secure development,2026-03-04,Never,
"""


@dataclass(slots=True)
class Known:
    """Courses by name, and trainings by whose, which, when and in which state."""

    courses: dict[str, Course]
    there: dict[tuple[Any, ...], list[TrainingRecord]]
    seen: dict[tuple[Any, ...], int]  # the row of the file that has it


def _expires(text: str) -> Any:
    """A day, NEVER, or None for an empty cell: as long as the course says."""
    if not text.strip():
        return None
    return NEVER if text.strip().casefold() == NEVER.casefold() else columns.day(text)


class TrainingRegister(Register):
    """Who took which course."""

    key = "training_records"
    title = "Training"
    list_url, import_url, preview_url = "policies:training", "policies:training-import", "policies:training-preview"
    export_url, sample_url = "policies:training-export", "policies:training-sample"
    read, write = READ, WRITE
    sample, changed = SAMPLE, CHANGED
    cells = (
        *columns.WHO,
        Cell(
            "course", "Course", lambda row: row.course.name, columns.needed, ("training", "course name"), required=True,
            longest=200,
        ),
        Cell(
            "completed_on", "Completed", lambda row: columns.written_day(row.completed_on), columns.day,
            ("date", "completed on", "completion date"), required=True,
        ),
        Cell(
            "expires_on", "Expires", lambda row: columns.written_day(row.expires_on) or NEVER, _expires,
            ("expires on", "expiry", "expiry date", "valid until"),
        ),
        Cell("note", "Note", lambda row: row.note, tidy, ("notes", "comment")),
        Cell(
            "certificate", "SHA-256 of the certificate", lambda row: row.certificate.file.sha256 if row.certificate else "",
            one_line, longest=64,
        ),
        *columns.endings(Status),
    )  # fmt: skip

    def rows(self) -> QuerySet[TrainingRecord]:
        """By whose, which and when."""
        found = TrainingRecord.objects.select_related("person", "course", "certificate__file")
        return found.order_by("person__name", "person", "course__name", "completed_on", "pk")

    def known(self) -> Known:
        """Two queries."""
        there: dict[tuple[Any, ...], list[TrainingRecord]] = defaultdict(list)
        for one in TrainingRecord.objects.select_related("person", "course", "certificate__file").order_by("pk"):
            there[one.person_id, one.course_id, one.completed_on, one.status].append(one)
        return Known({one_line(one.name).casefold(): one for one in Course.objects.all()}, there, {})

    def draft(self, line: Line, person: Person, known: Known) -> Draft | None:
        """With the training of the same person, course, day and state, if there is one."""
        said = line.said
        course = known.courses.get(said["course"].casefold())
        status = said.get("status") or Status.CURRENT
        if not self._possible(line, status):
            return None
        key = (person.pk, course.pk if course else said["course"].casefold(), said["completed_on"], status)
        there = known.there.get(key, [])
        if there:
            record = there.pop(0)
            facts = self._facts(said, record.course, record)
            words = [cell.heading for cell in self.cells if cell.name in facts and getattr(record, cell.name) != facts[cell.name]]
            self._notice(line, record)
            if words and status == Status.WITHDRAWN:
                line.errors.append("It is withdrawn, and the file says otherwise.")
            known.seen[key] = line.number
            return Draft(line, person, facts, record, words)
        if status == Status.CURRENT and key in known.seen:
            line.errors.append(f"The same training stands in row {known.seen[key]} already.")
            return None
        known.seen[key] = line.number
        if course is None:
            line.notices.append("There is no such course yet: it is added, and nobody has to take it.")
        self._notice(line, None)
        return Draft(line, person, {**self._facts(said, course, None), "course": course or said["course"]})

    def _possible(self, line: Line, status: str) -> bool:
        completed, until = line.said["completed_on"], line.said.get("expires_on")
        if completed > current_organization().today():
            line.errors.append("Completed: not after today.")
        if isinstance(until, dt.date) and until < completed:
            line.errors.append("Expires: before it was taken.")
        if status == Status.WITHDRAWN and not line.said.get("withdrawn_reason"):
            line.errors.append("Why it was withdrawn: is missing.")
        return not line.errors

    def _facts(self, said: dict[str, Any], course: Course | None, there: TrainingRecord | None) -> dict[str, Any]:
        """What a row says of days and notes; what it does not say of one that is there stays."""
        facts: dict[str, Any] = {"note": said["note"]} if "note" in said else {}
        until = said.get("expires_on")
        if until is not None:
            facts["expires_on"] = None if until == NEVER else until
        elif there is None:
            facts["expires_on"] = expiry(course or Course(), said["completed_on"])
        if there is None:
            status = said.get("status") or Status.CURRENT
            reason = said["withdrawn_reason"] if status == Status.WITHDRAWN else ""
            facts |= {"completed_on": said["completed_on"], "status": status, "withdrawn_reason": reason}
        return facts

    def _notice(self, line: Line, there: TrainingRecord | None) -> None:
        """A table holds no files."""
        named = line.said.get("certificate")
        if named and (there is None or there.certificate is None or there.certificate.file.sha256 != named):
            line.notices.append("The file of the certificate is not in a table: add it on the page of the training.")

    def told(self, draft: Draft) -> str:
        """The course, the day and its end."""
        until = draft.facts["expires_on"]
        words = f"{draft.facts['course']}, completed {draft.facts['completed_on']:%-d %B %Y}"
        words += f", until {until:%-d %B %Y}" if until else ", for good"
        return f"{words}, withdrawn" if draft.facts["status"] == Status.WITHDRAWN else words

    def insert(self, drafts: Sequence[Draft], actor: Actor) -> None:
        """Courses that are not there yet, and all trainings by one statement."""
        courses: dict[str, Course] = {}
        made = []
        for one in drafts:
            facts = dict(one.facts)
            if isinstance(facts["course"], str):
                name = facts["course"]
                if name.casefold() not in courses:
                    courses[name.casefold()] = add_course(actor, name, required=False)
                facts["course"] = courses[name.casefold()]
            made.append(TrainingRecord(person=one.person, recorded_by=member_of(actor), recorded_at=now(), **facts))
        with refusing_taken(TrainingRecord):
            TrainingRecord.objects.bulk_create(made, batch_size=500)
        kind = TrainingRecord._meta.label_lower
        record_many(
            "training_record.add", actor=actor, entries=[Entry(kind, one.pk, str(one), after=told_of(one)) for one in made]
        )

    def alter(self, draft: Draft, actor: Actor) -> None:
        """Its days and its note."""
        change(locked(draft.record), "training_record.edit", actor=actor, fields=draft.facts)


REGISTER = TrainingRegister()
