"""What mail, jobs and invitations put into the registry of what may be deleted."""

from django.db.models import Q, QuerySet

from accounts.models import Invitation
from tenancy.scope import now
from workflow.models import Job
from workflow.outbox import KIND, over
from workflow.pruning import KEPT
from workflow.retention import Disposable, register_disposable


def ended_invitations() -> QuerySet[Invitation]:
    """Those that nobody can take any more. What became of an accepted one is the member, who stays."""
    return Invitation.objects.filter(~Q(status=Invitation.Status.OPEN) | Q(expires_at__lt=now()))


def ended_jobs() -> QuerySet[Job]:
    """Those that are over."""
    return Job.objects.filter(status__in=[Job.Status.DONE, Job.Status.FAILED])


def register() -> None:
    """Fill the registry."""
    register_disposable(
        Disposable(
            key=KIND,
            label="E-mails that were sent",
            words="The text of each e-mail, to whom it went and when. Those that still wait to be sent stay.",
            rows=over,
            moment="created_at",
            about="to",
            usual=KEPT.days,
        )
    )
    register_disposable(
        Disposable(
            key="invitations",
            label="Invitations that are over",
            words="To whom an invitation went that was taken, taken back or has expired. Who joined stays a member.",
            rows=ended_invitations,
            moment="created_at",
            about="email",
            traced=True,
        )
    )
    register_disposable(
        Disposable(
            key="jobs",
            label="Jobs that are over",
            words="Imports, prints and other long work: who asked, and what was said at the end. What they made stays.",
            rows=ended_jobs,
            moment="created_at",
        )
    )
