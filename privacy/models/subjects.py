"""What people ask about their own data, and what is done about it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from evidence.models import StoredFile
from inventory.models import Person
from privacy.models.classes import LONGEST
from tenancy.models import TenantForeignKey, TenantModel
from ui.components import Badge, Tone
from workflow.transitions import Transition

_TONES: dict[str, Tone] = {
    "received": "warn",
    "verified": "info",
    "answered": "ok",
    "refused": "muted",
    "withdrawn": "muted",
    "open": "warn",
    "done": "ok",
}
PENDING = ("received", "verified")


class SubjectRequest(TenantModel):
    """Somebody asks about their own data. Their name stands in no event of the trail: only the number does."""

    class Kind(models.TextChoices):
        ACCESS = "access", "A copy of their data"
        CORRECTION = "correction", "A correction"
        ERASURE = "erasure", "Erasure"
        RESTRICTION = "restriction", "Restriction"
        PORTABILITY = "portability", "Their data, to take along"
        OBJECTION = "objection", "An objection"

    class Status(models.TextChoices):
        RECEIVED = "received", "Received"
        VERIFIED = "verified", "Identity checked"
        ANSWERED = "answered", "Answered"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    reference = models.CharField("number", max_length=20)
    kind = models.CharField("what is asked for", max_length=11, choices=Kind)
    name = models.CharField("who asks", max_length=200)
    email = models.EmailField("e-mail", max_length=320)
    person = TenantForeignKey(
        Person, verbose_name="on the roster", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    relation = models.CharField("who they are to us", max_length=200, blank=True)
    channel = models.CharField("how it came", max_length=200)
    details = models.TextField("what they said", blank=True, max_length=LONGEST)
    received_on = models.DateField("received")
    first_due_on = models.DateField("first due", editable=False)
    due_on = models.DateField("due", editable=False)
    extended_reason = models.TextField("why longer", blank=True, max_length=LONGEST)
    extended_told_on = models.DateField("told that it takes longer", null=True)
    identity_how = models.TextField("how the identity was checked", blank=True, max_length=LONGEST)
    identity_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    identity_at = models.DateTimeField("identity checked", null=True)
    owner = TenantForeignKey(Person, verbose_name="with", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField("what was answered", blank=True, max_length=LONGEST)
    closed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("closed", null=True)
    letter = TenantForeignKey(StoredFile, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    erased_at = models.DateTimeField("erased", null=True)
    opened_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    status = models.CharField("state", max_length=9, choices=Status, default=Status.RECEIVED)

    VERIFY = Transition("subject_request.verify", {"received"}, "verified", "subjects.write", "verified")
    ANSWER = Transition("subject_request.answer", {"verified"}, "answered", "subjects.write", "answered")
    REFUSE = Transition("subject_request.refuse", {"received", "verified"}, "refused", "subjects.write", "refused")
    WITHDRAW = Transition("subject_request.withdraw", {"received", "verified"}, "withdrawn", "subjects.write", "withdrawn")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["due_on", "reference"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="subject_request_reference"),
            models.CheckConstraint(
                condition=Q(status__in=["received", "verified", "answered", "refused", "withdrawn"]),
                name="subject_request_status",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["verified", "answered"]) | Q(identity_at__isnull=False), name="subject_request_identity"
            ),
            models.CheckConstraint(
                condition=Q(due_on=F("first_due_on")) | ~Q(extended_reason="") & Q(due_on__gt=F("first_due_on")),
                name="subject_request_extended",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("privacy:request-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])

    @property
    def is_pending(self) -> bool:
        """Whether an answer is owed."""
        return self.status in PENDING


class RequestTask(TenantModel):
    """Something that somebody has to do for a request, such as to search a system."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"

    request = TenantForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="tasks")
    title = models.CharField("what has to be done", max_length=200)
    owner = TenantForeignKey(Person, verbose_name="with", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField("due")
    outcome = models.TextField("what came of it", blank=True, max_length=LONGEST)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField("state", max_length=4, choices=Status, default=Status.OPEN)

    # Whoever a task is with does it, whatever their role: the action looks whose it is.
    DO = Transition("request_task.do", {"open"}, "done", "home.read", "done")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=["open", "done"]), name="request_task_status"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("privacy:task-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])
