"""Screens of one request of a person."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.factors import has_recent_factor
from accounts.links import with_next
from audit.actions import action
from audit.record import record
from evidence.downloads import take_away
from privacy.models import RequestTask, SubjectRequest
from privacy.retention.holding import ERASURE, holds_on
from privacy.rights import SUBJECTS, SUBJECTS_READ
from privacy.screens import Button, RecordScreen, Table, owner_name
from privacy.subjects.actions import may_do
from privacy.subjects.due import WORDS
from privacy.subjects.holdings import archive, holdings, subject_of
from tenancy.scope import now
from ui.refusals import ActionRefused
from ui.screens import ScreenRequest, screen

LIST = ("Requests of people", "privacy:request-list")
Kind, Status = SubjectRequest.Kind, SubjectRequest.Status


class RequestDetail(RecordScreen):
    """One request: who asks for what, what was done, and what happens next."""

    permission = SUBJECTS_READ
    breadcrumbs = (LIST,)
    model = SubjectRequest
    object: SubjectRequest

    def get_queryset(self) -> QuerySet[Any]:
        """With everybody it names."""
        return SubjectRequest.objects.select_related(
            "owner", "person", "brought_by__user", "identity_by__user", "closed_by__user", "opened_by__user"
        )

    def get_title(self) -> str:
        """Number and what."""
        return f"{self.object.reference}: {self.object.get_kind_display().lower()}"

    def get_facts(self) -> list[tuple[str, Any]]:
        """Who, what, and the days."""
        one = self.object
        return [
            ("Who asks", one.name),
            ("E-mail", one.email),
            ("Who they are to us", one.relation),
            ("On the roster", one.person),
            ("How it came", one.channel),
            ("Received", one.received_on),
            ("Due", one.due_on),
            ("First due", one.first_due_on if one.extended_reason else None),
            ("Told that it takes longer", one.extended_told_on),
            ("With", owner_name(one)),
            ("Identity checked by", one.who("identity_by")),
            ("Identity checked", one.identity_at),
            ("Erased", one.erased_at),
            ("Closed by", one.who("closed_by")),
            ("Closed", one.closed_at),
        ]

    def get_texts(self) -> list[tuple[str, str]]:
        """What was said."""
        one = self.object
        return [
            ("What they said", one.details),
            ("How the identity was checked", one.identity_how),
            ("Why it takes longer", one.extended_reason),
            ("What was answered", one.answer),
        ]

    def get_tables(self) -> list[Table]:
        """The tasks."""
        tasks = list(self.object.tasks.select_related("owner").order_by("due_on", "pk"))
        rows = [[task.title, owner_name(task), task.due_on, task.outcome, task.status_badge] for task in tasks]
        urls = [reverse("privacy:task-detail", args=[task.pk]) for task in tasks]
        return [Table("Tasks", ("What", "With", "Due", "What came of it", "State"), rows, "There is none.", urls)]

    def get_next_step(self) -> str:
        """What is owed now."""
        one = self.object
        if not one.is_pending:
            return "" if one.letter_id or not one.is_owed_a_letter else "Its letter is being printed. Come back in a minute."
        if one.status == Status.RECEIVED:
            return f"Check that they are who they say. {WORDS}"
        if one.kind == Kind.ERASURE and (held := ", ".join(map(str, holds_on(ERASURE, one.email)))):
            return f"Held by {held}: nothing is erased while the hold is in force. Tell them, or refuse for now."
        if left := one.tasks.filter(status=RequestTask.Status.OPEN).count():
            return f"{left} {'task is' if left == 1 else 'tasks are'} open. Then answer: the letter is printed."
        return "Answer it: the letter is printed."

    def get_buttons(self) -> list[Button]:
        """What this member may do now."""
        one = self.object
        key = [one.pk]
        letter = (
            [Button("Letter", reverse("privacy:request-letter", args=key), primary=True, dialog=False)] if one.letter_id else []
        )
        if not one.is_pending or not self.can(SUBJECTS):
            return letter
        verified = one.status == Status.VERIFIED
        offered = [
            (not verified, Button("Check the identity", reverse("privacy:request-verify", args=key), primary=True)),
            (verified, Button("Answer", reverse("privacy:request-answer", args=key), primary=True, dialog=False)),
            (verified, Button("What we hold on them", reverse("privacy:request-export", args=key), dialog=False)),
            (
                verified and one.kind == Kind.CORRECTION and one.person_id,
                Button("Correct", reverse("privacy:request-correct", args=key)),
            ),
            (
                verified and one.kind == Kind.ERASURE and not one.erased_at,
                Button("Erase", reverse("privacy:request-erase", args=key)),
            ),
            (True, Button("Add a task", reverse("privacy:task-add", args=key))),
            (not one.extended_reason, Button("Take longer", reverse("privacy:request-extend", args=key))),
            (True, Button("Hand on", reverse("privacy:request-assign", args=key))),
            (True, Button("Refuse", reverse("privacy:request-refuse", args=key), dialog=False)),
            (True, Button("Withdrawn", reverse("privacy:request-withdraw", args=key))),
        ]
        return [button for shown, button in offered if shown]


def letter_of(request: SubjectRequest, actor: Any) -> HttpResponseBase:
    """The closing letter, noted in the trail. Raises Http404 until a worker has printed it."""
    if request.letter is None:
        raise Http404
    return take_away(request.letter, actor=actor, name=f"{request.reference}.pdf")


def export_of(request: SubjectRequest, actor: Any) -> HttpResponseBase:
    """A ZIP with what the product holds on who asks. Raises ActionRefused before their identity is checked."""
    if request.status != Status.VERIFIED:
        raise ActionRefused(
            "Check their identity first: data is handed to nobody else." if request.is_pending else f"{request} is over."
        )
    found = list(holdings(subject_of(request), reader=actor))
    about = {
        "format": "plumbline.subject-export/1",
        "request": request.reference,
        "at": now(),
        "organization": str(actor.organization),
    }
    file, digest = archive(found, about=about)
    _note(request, actor, digest, sum(len(one.rows) for one in found))
    response = FileResponse(file, as_attachment=True, filename=f"{request.reference}.zip", content_type="application/zip")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@action
def _note(request: SubjectRequest, actor: Any, digest: str, rows: int) -> None:
    record("subject_request.export", request, actor=actor, metadata={"sha256": digest, "rows": rows})


@screen(SUBJECTS_READ)
def request_letter(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The closing letter."""
    return letter_of(get_object_or_404(SubjectRequest.objects.select_related("letter"), pk=pk), request.member)


@screen(SUBJECTS)
def request_export(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """What the product holds on who asks, as a file; after a second factor shown a short while ago."""
    if not has_recent_factor(request):
        return redirect(with_next("accounts:confirm", request.get_full_path()))
    return export_of(get_object_or_404(SubjectRequest, pk=pk), request.member)


class TaskDetail(RecordScreen):
    """Something to do for a request; whoever has it sees it, and no more of the request than they need."""

    permission = "home.read"
    model = RequestTask
    object: RequestTask

    def get_queryset(self) -> QuerySet[Any]:
        """One's own; all of them for those who see requests."""
        rows = RequestTask.objects.select_related("request", "owner", "brought_by__user", "done_by__user")
        if self.can(SUBJECTS_READ):
            return rows
        return rows.filter(owner__member_id=self.request.member.pk)

    def get_facts(self) -> list[tuple[str, Any]]:
        """For which request, by when, and of whom it is."""
        one = self.object
        return [
            ("Request", f"{one.request.reference}: {one.request.get_kind_display().lower()}"),
            ("Of whom", f"{one.request.name} ({one.request.email})"),
            ("With", owner_name(one)),
            ("Due", one.due_on),
            ("Done by", one.who("done_by")),
            ("Done", one.done_at),
        ]

    def get_texts(self) -> list[tuple[str, str]]:
        """What came of it."""
        return [("What came of it", self.object.outcome)]

    def get_buttons(self) -> list[Button]:
        """To do it."""
        if self.object.status != RequestTask.Status.OPEN or not may_do(self.object, self.request.member):
            return []
        return [Button("It is done", reverse("privacy:task-do", args=[self.object.pk]), primary=True)]


def said(request: Any, words: list[str]) -> None:
    """Tell what was done, each sentence by itself."""
    for sentence in words:
        messages.info(request, sentence)
