"""Requests of people as a table, one row for each task of one: out, and in again without loss. Files are sealed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Prefetch, QuerySet

from audit.actors import Actor
from audit.record import record, record_many
from controls.catalogue.drafts import one_line
from controls.sheets import cells as columns
from controls.sheets.history import NUMBER, HistoryRegister, Known, kept
from controls.sheets.register import Cell, Draft, Line
from evidence.tables.text import email_key
from privacy.models import PENDING, RequestTask, SubjectRequest
from privacy.models.classes import LONGEST
from privacy.rights import SUBJECTS
from privacy.subjects.due import longest_after
from tenancy.models import current_organization
from tenancy.scope import now
from ui.values import spelled
from workflow.brought import telling
from workflow.changes import shown

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


@dataclass(frozen=True, slots=True)
class Asked:
    """A row: a request, and one task of it unless there is none."""

    request: SubjectRequest
    task: RequestTask | None

    def __str__(self) -> str:
        return str(self.request)

    def get_absolute_url(self) -> str:
        """The page of the request."""
        return self.request.get_absolute_url()


def _address(text: str) -> str:
    """An e-mail address. Raises ValueError."""
    found = one_line(text).lower()
    try:
        validate_email(found)
    except ValidationError:
        raise ValueError("is no e-mail address." if found else "is missing.") from None
    return found


def _of_request(cell: Cell) -> Cell:
    write = cell.write
    return replace(cell, write=lambda row: write(row.request))


def _of_task(cell: Cell, name: str = "") -> Cell:
    """A column of the task, under a name of its own where the request has the same."""
    write: Callable[[Any], str] = cell.write
    return replace(cell, name=name or cell.name, write=lambda row: write(row.task) if row.task else "")


class RequestRegister(HistoryRegister):
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
    cells = (
        *map(
            _of_request,
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
        _of_task(columns.line("title", "Task", 200), "task"),
        _of_task(columns.on("due_on", "Task due"), "task_due_on"),
        *(_of_task(cell) for cell in columns.whom("task_owner", "Task with", lambda task: task.owner)),
        _of_task(columns.words("outcome", "What came of it", LONGEST)),
        _of_task(columns.doer("done_by", "Task done by")),
        _of_task(columns.at("done_at", "Task done")),
    )

    def rows(self) -> QuerySet[SubjectRequest]:
        """By number, with their tasks."""
        tasks = RequestTask.objects.select_related("owner", "done_by__user").order_by("due_on", "pk")
        rows = SubjectRequest.objects.select_related("owner", "person", "opened_by__user", "identity_by__user", "closed_by__user")
        return rows.prefetch_related(Prefetch("tasks", tasks)).order_by("reference")

    def each(self) -> Iterable[Asked]:
        """A row for each task, or one for a request without any."""
        for request in self.rows().iterator(chunk_size=500):
            for task in request.tasks.all() or [None]:
                yield Asked(request, task)

    def number_of(self, one: Asked) -> str:
        """That of the request."""
        return one.request.reference

    def more(self) -> dict[str, Any]:
        """Requests by what tells them apart, and what the file says of each."""
        there = {tuple(getattr(one, name) for name in _CASE): one for one in SubjectRequest.objects.all()}
        return {"there": there, "said": {}}

    def facts(self, line: Line, known: Known) -> dict[str, Any]:
        """The request, and under `task` the task."""
        said = line.said
        case = tuple(said.get(name) for name in _CASE)
        if (here := known.more["there"].get(case)) is not None:
            line.errors.append(f"{here} is here without this task. Add it on its page.")
        about = {name: said.get(name) for name in (*_FIELDS, *self.unsaid, *self.done, *_PEOPLE)}
        if known.more["said"].setdefault(case, about) != about:
            line.errors.append("An earlier row says otherwise of this request.")
        facts = {name: said[name] for name in (*_CASE, *_FIELDS) if name in said}
        facts["first_due_on"] = said.get("first_due_on") or said.get("due_on")
        facts["opened_at"] = said.get("opened_at") or said.get("identity_at") or said.get("closed_at") or now()
        facts["owner"] = known.people.said(line, "owner", "With")
        facts["person"] = known.people.said(line, "person", "On the roster")
        if not any(name in said for name in _PEOPLE if name.startswith("person")):
            facts["person"] = known.people.by_email.get(email_key(said.get("email", "")))
        if not line.errors:
            self._check_days(line, facts)
            self._check_state(line, facts)
        return {**facts, "task": self._task(line, known)}

    def _check_days(self, line: Line, facts: dict[str, Any]) -> None:
        received, first, due = (facts[name] for name in ("received_on", "first_due_on", "due_on"))
        if received > current_organization().today():
            line.errors.append("Received: not after today.")
        if not received <= first <= due <= longest_after(received):
            line.errors.append(f"Due: not before it was received or first due, and at most {spelled(longest_after(received))}.")
        elif len({due > first, bool(facts.get("extended_reason")), bool(facts.get("extended_told_on"))}) > 1:
            line.errors.append("Due: one that takes longer says when it was first due, why, and when they were told; only that.")

    def _check_state(self, line: Line, facts: dict[str, Any]) -> None:
        status, checked, closed = facts["status"], facts.get("identity_at"), facts.get("closed_at")
        times = [facts["opened_at"], checked, closed, now()]
        told = [one for one in times if one]
        if told != sorted(told) or (facts.get("erased_at") or now()) > now():
            line.errors.append("Taken in, then checked, then closed, and none of it or of the erasure after now.")
        if status in PENDING and facts.get("erased_at"):
            line.errors.append("Erased: here nobody was. Answer it where that was done, then bring it.")
        if (status in PENDING) == bool(closed):
            line.errors.append("State: one that is over says when it was closed, and only that.")
        if checked is None and (status in {Status.VERIFIED, Status.ANSWERED} or facts.get("identity_how")):
            line.errors.append("Identity checked: is missing.")
        if checked and status == Status.RECEIVED:
            line.errors.append("State: one whose identity is checked is not only received.")

    def _task(self, line: Line, known: Known) -> dict[str, Any] | None:
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
        facts, task = draft.facts, draft.facts["task"]
        state = f"{Kind(facts['kind']).label}: {Status(facts['status']).label.lower()}"
        return f"{state}; {task['title']}" if task else state

    def insert(self, drafts: Sequence[Draft], actor: Actor) -> None:
        """Each request with its tasks; their events say that they are history."""
        brought: dict[tuple[Any, ...], SubjectRequest] = {}
        for draft in drafts:
            case, task = tuple(draft.facts[name] for name in _CASE), draft.facts.pop("task")
            if case not in brought:
                brought[case] = self.bring(draft, actor)
                record_many(self.verb, actor=actor, entries=[self._event(draft, brought[case])])
            if task:
                self._bring_task(draft, task, brought[case], actor)

    def _bring_task(self, draft: Draft, task: dict[str, Any], request: SubjectRequest, actor: Actor) -> None:
        told = telling({"done_by": draft.line.said.get("done_by", "")})
        one = kept(RequestTask(request=request, **task, **{**self.origin(draft, actor), "told": told}))
        after = {name: shown(task[name]) for name in ("due_on", "done_at", "status") if task[name]}
        record("request_task.bring", one, actor=actor, after=after, metadata={"request": request.reference})


REGISTER = RequestRegister()
