"""Screens of long work, and of the mail that leaves."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from audit.exports import RecordsExports
from ui.components import Badge, Tone
from ui.screens import Bulk, BulkResult, Column, DetailScreen, Empty, Filter, ListScreen, ScreenRequest, screen
from workflow.jobs import progress_of
from workflow.models import Job, OutboxMessage
from workflow.outbox import send_again

_JOB_TONES: dict[str, Tone] = {"queued": "muted", "running": "info", "done": "ok", "failed": "bad"}
_MAIL_TONES: dict[str, Tone] = {"queued": "info", "sent": "ok", "kept": "warn", "failed": "bad"}


def job_badge(job: Job) -> Badge:
    """The state of a job."""
    return Badge(job.get_status_display(), _JOB_TONES[job.status])


def mail_badge(message: OutboxMessage) -> Badge:
    """The state of a message, in few words; the page says the rest."""
    return Badge(message.get_status_display().partition(":")[0], _MAIL_TONES[message.status])


class JobList(RecordsExports, ListScreen):
    """What I have set going lately."""

    permission = "home.read"
    title = "My jobs"
    lede = "Imports, reports and other long work that you started. Leaving a page does not stop it."
    noun = "jobs"
    noun_one = "job"
    columns = (
        Column("title", "Job", sort="title", link=True),
        Column("status", "State", sort="status", value=job_badge),
        Column("created_at", "Started", sort="created_at"),
        Column("message", "Result", hide_below=700),
    )
    default_order = ("-created_at",)
    filters = (Filter("status", "State", choices=Job.Status.choices),)
    empty = Empty("No jobs yet", "Imports, reports and starts of reviews show here while they run and afterwards.")

    def get_queryset(self) -> QuerySet[Job]:
        """The member's own."""
        return Job.objects.filter(actor_id=self.request.member.pk)

    def row_url(self, row: Job) -> str:
        """Its page."""
        return reverse("workflow:job", args=[row.pk])


class JobDetail(DetailScreen):
    """How far a job is; asks again every second until it is over."""

    permission = "home.read"
    template_name = "workflow/job.html"
    breadcrumbs = (("My jobs", "workflow:jobs"),)
    object: Job

    def get_queryset(self) -> QuerySet[Job]:
        """One's own; every job for those who may read the trail."""
        member = self.request.member
        return Job.objects.all() if member.can("audit.read") else Job.objects.filter(actor_id=member.pk)

    def get_template_names(self) -> list[str]:
        """The part that moves, alone, when the page asks for it."""
        polls = self.request.headers.get("HX-Request") and not self.request.headers.get("HX-History-Restore-Request")
        return ["workflow/job.html#progress"] if polls else ["workflow/job.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With its progress."""
        done, total = progress_of(self.object)
        badge = job_badge(self.object)
        return super().get_context_data(job=self.object, badge=badge, done=done, total=total or None, **kwargs)


class MailList(RecordsExports, ListScreen):
    """All mail of the organization; without a mail server the place where it is read."""

    permission = "mail.read"
    title = "Mail"
    template_name = "workflow/mail_list.html"
    noun = "messages"
    noun_one = "message"
    queryset = OutboxMessage.objects.all()
    columns = (
        Column("subject", "Subject", sort="subject", link=True),
        Column("to", "To", sort="to"),
        Column("status", "State", sort="status", value=mail_badge),
        Column("created_at", "Written", sort="created_at"),
        Column("sent_at", "Sent", sort="sent_at", hide_below=1000),
        Column("attempts", "Attempts", numeric=True, hide_below=1300),
    )
    default_order = ("-created_at",)
    filters = (Filter("status", "State", choices=OutboxMessage.Status.choices),)
    search_fields = ("to", "subject")
    search_hint = "Address or subject"
    bulk_actions = (Bulk("send", "Send again", permission="mail.write", explain="What failed or was kept waits once more."),)
    empty = Empty("No mail yet", "Invitations, reminders and notices that this organization sends are listed here.")

    def row_url(self, row: OutboxMessage) -> str:
        """Its page."""
        return reverse("workflow:mail-detail", args=[row.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether there is a mail server."""
        return super().get_context_data(sends_mail=settings.PLUMBLINE_SENDS_MAIL, **kwargs)

    def bulk_send(self, selection: QuerySet[OutboxMessage], form: None) -> BulkResult:
        """Send the chosen ones again; those that are on their way or sent are refused."""
        done, refused = [], {}
        for message in selection:
            if message.may_go_again:
                send_again(message, actor=self.request.member)
                done.append(message.pk)
            else:
                refused[message.pk] = f"{message.get_status_display()} already."
        return BulkResult(done, refused)


class MailDetail(DetailScreen):
    """A message as its reader gets it."""

    permission = "mail.read"
    queryset = OutboxMessage.objects.all()
    template_name = "workflow/mail_detail.html"
    breadcrumbs = (("Mail", "workflow:mail"),)
    object: OutboxMessage

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its state, and whether it may be sent again."""
        mail, sends = self.object, settings.PLUMBLINE_SENDS_MAIL
        again = sends and mail.may_go_again and self.request.member.can("mail.write")
        return super().get_context_data(mail=mail, badge=mail_badge(mail), sends_mail=sends, may_send=again, **kwargs)


@screen("mail.write", methods=["POST"])
def send(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Send a message again that failed or was kept."""
    message = get_object_or_404(OutboxMessage, pk=pk)
    send_again(message, actor=request.member)
    messages.success(request, "The message is on its way.")
    return redirect("workflow:mail-detail", pk=pk)
