"""Requests of people as a table, one row for each task of one: out, and in again without loss. Files are sealed."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Prefetch, QuerySet

from controls.catalogue.drafts import one_line
from controls.sheets import cells as columns
from controls.sheets.cases import CaseRegister, of_case, of_part
from controls.sheets.history import ELSEWHERE, NUMBER, Known
from controls.sheets.register import Cell, Draft, Line
from evidence.tables.text import email_key
from privacy.models import PENDING, RequestTask, SubjectRequest
from privacy.models.classes import LONGEST
from privacy.rights import SUBJECTS
from privacy.subjects.due import WORDS, due_after, longest_after
from tenancy.models import current_organization
from tenancy.scope import now
from ui.values import spelled

Kind, Status, Done = SubjectRequest.Kind, SubjectRequest.Status, RequestTask.Status
CHANGED = "The requests have changed since this preview was made. Look at the new one below, then import it."
SAMPLE = """Who asks,E-mail,What is asked for,How it came,Received,Due,State,Identity checked,How it was checked,Closed,Answer
Ada Moreno,ada@example.com,Restriction,E-mail,2026-01-12,2026-02-11,Received,,,,
Ben Okafor,ben@example.com,A copy of their data,A letter,2026-01-05,2026-02-04,Answered,2026-01-08,A call,2026-01-20,Sent.
"""
_CASE = ("name", "email", "kind", "received_on")
_FIELDS = (
    "relation", "channel", "details", "due_on", "extended_reason", "extended_told_on", "identity_how", "identity_at", "status",
    "answer", "closed_at", "erased_at",
)  # fmt: skip
_PEOPLE = tuple(f"{who}{part}" for who in ("owner", "person") for part in ("", "_email", "_number"))


def _address(text: str) -> str:
    """An e-mail address. Raises ValueError."""
    found = one_line(text).lower()
    try:
        validate_email(found)
    except ValidationError:
        raise ValueError("is no e-mail address." if found else "is missing.") from None
    return found


def _first_due(said: dict[str, Any]) -> dt.date | None:
    """When it was due at first, where the file does not say so: nobody takes longer without telling."""
    received, due = said.get("received_on"), said.get("due_on")
    return min(due, due_after(received)) if due and received else due


class RequestRegister(CaseRegister):
    """Who asked for what, and what became of it. One that is open is answered here from then on."""

    key, app, model, prefix, verb = "subject_requests", "privacy", SubjectRequest, "DSR", "subject_request.bring"
    title = "Requests of people"
    list_url, import_url, preview_url = "privacy:request-list", "privacy:request-import", "privacy:request-preview"
    export_url, sample_url = "privacy:request-register", "privacy:request-sample"
    read, write = SUBJECTS, SUBJECTS  # it says who asked, and what about
    sample, changed, sealed = SAMPLE, CHANGED, True
    careful = "It says who asked, and what about: keep it as you keep this page."
    noun, keys = "Who asks", ("name", "reference")
    keyless = "The file does not say who asks: it has no column Who asks or Number. Look at the sample file."
    same, done = (*_CASE, "task", "task_due_on", "done_at"), ("identity_by", "closed_by", "opened_by")
    unsaid = ("opened_at", "first_due_on")
    repeated = ("kind", "received_on", "due_on", "identity_at", "closed_at", "erased_at", "status")  # nothing of who asks
    part_model, part_verb, parts, belongs, part_noun = RequestTask, "request_task.bring", "tasks", "request", "task"
    part_repeated = ("due_on", "done_at", "status")
    told_apart = _CASE
    alike = (*_FIELDS, *unsaid, *done, *_PEOPLE)
    cells = (
        *map(
            of_case,
            (
                NUMBER,
                columns.line("name", "Who asks", 200, ("name",), required=True),
                Cell("email", "E-mail", lambda row: row.email, _address, ("email", "mail"), required=True, longest=320),
                columns.line("relation", "Who they are to us", 200),
                columns.choice("kind", "What is asked for", Kind, ("kind",)),
                columns.line("channel", "How it came", 200, ("channel",), required=True),
                columns.words("details", "What they said", LONGEST),
                columns.on("received_on", "Received", required=True),
                columns.on("first_due_on", "First due"),
                columns.on("due_on", "Due", required=True),
                columns.words("extended_reason", "Why it takes longer", LONGEST),
                columns.on("extended_told_on", "Told that it takes longer"),
                columns.choice("status", "State", Status, ("status",)),
                columns.doer("opened_by", "Taken in by"),
                columns.at("opened_at", "Taken in"),
                columns.doer("identity_by", "Identity checked by"),
                columns.at("identity_at", "Identity checked"),
                columns.words("identity_how", "How it was checked", LONGEST),
                columns.words("answer", "Answer", LONGEST),
                columns.doer("closed_by", "Closed by"),
                columns.at("closed_at", "Closed"),
                columns.at("erased_at", "Erased"),
                *columns.whom("owner", "With", lambda row: row.owner),
                *columns.whom("person", "On the roster", lambda row: row.person),
            ),
        ),
        of_part(columns.line("title", "Task", 200), "task"),
        of_part(columns.on("due_on", "Task due"), "task_due_on"),
        *(of_part(cell) for cell in columns.whom("task_owner", "Task with", lambda task: task.owner)),
        of_part(columns.words("outcome", "What came of it", LONGEST)),
        of_part(columns.doer("done_by", "Task done by")),
        of_part(columns.at("done_at", "Task done")),
    )

    def rows(self) -> QuerySet[SubjectRequest]:
        """By number, with their tasks."""
        tasks = RequestTask.objects.select_related("owner", "done_by__user").order_by("due_on", "pk")
        rows = SubjectRequest.objects.select_related("owner", "person", "opened_by__user", "identity_by__user", "closed_by__user")
        return rows.prefetch_related(Prefetch("tasks", tasks)).order_by("reference")

    def case_facts(self, line: Line, known: Known) -> dict[str, Any]:
        """Who asks for what, and how it stands."""
        said = line.said
        facts = {name: said[name] for name in (*_CASE, *_FIELDS) if name in said}
        facts["first_due_on"] = said.get("first_due_on") or _first_due(said)
        facts["opened_at"] = said.get("opened_at") or said.get("identity_at") or said.get("closed_at") or now()
        facts["owner"] = known.people.said(line, "owner", "With")
        facts["person"] = known.people.said(line, "person", "On the roster")
        if not any(name in said for name in _PEOPLE if name.startswith("person")):
            facts["person"] = known.people.by_email.get(email_key(said.get("email", "")))
        if not line.errors:
            self._check_days(line, facts)
            self._check_times(line, facts)
            self._check_state(line, facts)
        return facts

    def _check_days(self, line: Line, facts: dict[str, Any]) -> None:
        received, first, due = (facts[name] for name in ("received_on", "first_due_on", "due_on"))
        today, told = current_organization().today(), facts.get("extended_told_on")
        if received > today:
            line.errors.append("Received: not after today.")
        if first > due_after(received):
            line.errors.append(f"First due: at most {spelled(due_after(received))}. {WORDS}")
        if told and not received <= told <= min(first, today):
            line.errors.append("Told that it takes longer: after they asked, by the day it was first due, not after today.")
        if not received <= first <= due <= longest_after(received):
            line.errors.append(f"Due: not before it was received or first due, and at most {spelled(longest_after(received))}.")
        elif len({due > first, bool(facts.get("extended_reason")), bool(told)}) > 1:
            line.errors.append("Due: one that takes longer says when it was first due, why, and when they were told; only that.")

    def _check_times(self, line: Line, facts: dict[str, Any]) -> None:
        told = [one for one in (facts["opened_at"], facts.get("identity_at"), facts.get("closed_at"), now()) if one]
        if told != sorted(told) or (facts.get("erased_at") or now()) > now():
            line.errors.append("Taken in, then checked, then closed, and none of it or of the erasure after now.")
        if current_organization().day_of(told[0]) < facts["received_on"] - ELSEWHERE:
            line.errors.append("Taken in, checked and closed: not before it was received.")

    def _check_state(self, line: Line, facts: dict[str, Any]) -> None:
        status, checked, closed = facts["status"], facts.get("identity_at"), facts.get("closed_at")
        if status in PENDING and facts.get("erased_at"):
            line.errors.append("Erased: here nobody was. Answer it where that was done, then bring it.")
        if (status in PENDING) == bool(closed):
            line.errors.append("State: one that is over says when it was closed, and only that.")
        if checked is None and (status in {Status.VERIFIED, Status.ANSWERED} or facts.get("identity_how")):
            line.errors.append("Identity checked: is missing.")
        if checked and not facts.get("identity_how"):
            line.errors.append("How it was checked: is missing.")
        if status in {Status.ANSWERED, Status.REFUSED} and not facts.get("answer"):
            line.errors.append("Answer: is missing.")
        if checked and status == Status.RECEIVED:
            line.errors.append("State: one whose identity is checked is not only received.")

    def part_facts(self, line: Line, known: Known) -> dict[str, Any] | None:
        """The task, and what came of it."""
        said = line.said
        owner, done, due = known.people.said(line, "task_owner", "Task with"), said.get("done_at"), said.get("task_due_on")
        if not said.get("task"):
            if owner or done or due or said.get("outcome"):
                line.errors.append("Task: is missing.")
            return None
        if due is None:
            line.errors.append("Task due: is missing.")
        if done and done > now():
            line.errors.append("Task done: not after now.")
        if not done and (said.get("outcome") or said.get("status") == Status.ANSWERED):
            line.errors.append("Task done: is missing.")
        outcome, status = said.get("outcome", ""), Done.DONE if done else Done.OPEN
        return {"title": said["task"], "due_on": due, "owner": owner, "outcome": outcome, "done_at": done, "status": status}

    def told(self, draft: Draft) -> str:
        """What is asked for, how it stands, and the task."""
        facts, task = draft.facts, draft.facts["part"]
        state = f"{Kind(facts['kind']).label}: {Status(facts['status']).label.lower()}"
        return f"{state}; {task['title']}" if task else state


REGISTER = RequestRegister()
