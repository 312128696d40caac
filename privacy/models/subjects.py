"""What people ask about their own data, and what is done about it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Member
from accounts.sealed import BlindIndexField, Indexed, SealedCharField, SealedEmailField, SealedTextField
from evidence.models import StoredFile
from inventory.models import Person
from privacy.models.classes import LONGEST
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import Lasting
from ui.components import Badge, Tone
from workflow.brought import Brought
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
OWED_A_LETTER = Q(status__in=["answered", "refused"]) & (Q(brought_at=None) | Q(closed_at__gt=F("brought_at")))


class SubjectRequest(Brought, Indexed, TenantModel):
    """Somebody asks about their own data. Who, and what was said, is sealed; the trail has the number alone."""

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
    name = SealedCharField("who asks", max_length=200, label="subject_request.name")
    name_index = BlindIndexField(of="name")
    email = SealedEmailField("e-mail", max_length=320, label="subject_request.email")
    email_index = BlindIndexField(of="email")
    person = TenantForeignKey(
        Person, verbose_name="on the roster", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    relation = SealedCharField("who they are to us", max_length=200, blank=True, label="subject_request.relation")
    channel = models.CharField("how it came", max_length=200)
    details = SealedTextField("what they said", blank=True, max_length=LONGEST, label="subject_request.details")
    received_on = models.DateField("received")
    first_due_on = models.DateField("first due", editable=False)
    due_on = models.DateField("due", editable=False)
    extended_reason = SealedTextField("why longer", blank=True, max_length=LONGEST, label="subject_request.extended_reason")
    extended_told_on = models.DateField("told that it takes longer", null=True)
    identity_how = SealedTextField(
        "how the identity was checked", blank=True, max_length=LONGEST, label="subject_request.identity_how"
    )
    identity_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    identity_at = models.DateTimeField("identity checked", null=True)
    owner = TenantForeignKey(Person, verbose_name="with", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer = SealedTextField("what was answered", blank=True, max_length=LONGEST, label="subject_request.answer")
    closed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("closed", null=True)
    letter = TenantForeignKey(StoredFile, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    erased_at = models.DateTimeField("erased", null=True)
    names_out_at = models.DateTimeField("named in no text any more since", null=True, editable=False)
    opened_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    status = models.CharField("state", max_length=9, choices=Status, default=Status.RECEIVED)

    VERIFY = Transition("subject_request.verify", {"received"}, "verified", "subjects.write", "verified")
    ANSWER = Transition("subject_request.answer", {"verified"}, "answered", "subjects.write", "answered")
    REFUSE = Transition("subject_request.refuse", {"received", "verified"}, "refused", "subjects.write", "refused")
    WITHDRAW = Transition("subject_request.withdraw", {"received", "verified"}, "withdrawn", "subjects.write", "withdrawn")

    seen_within = Lasting("opened_at", "closed_at")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["due_on", "reference"]
        indexes: ClassVar = [models.Index(fields=["tenant", "email_index"], name="subject_request_email")]
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

    @property
    def is_owed_a_letter(self) -> bool:
        """Whether it was answered or refused here: what was closed elsewhere has its letter there."""
        return SubjectRequest.objects.filter(OWED_A_LETTER, pk=self.pk).exists()


class RequestTask(Brought, TenantModel):
    """Something that somebody has to do for a request, such as to search a system."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"

    request = TenantForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="tasks")
    title = models.CharField("what has to be done", max_length=200)
    owner = TenantForeignKey(Person, verbose_name="with", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField("due")
    outcome = SealedTextField("what came of it", blank=True, max_length=LONGEST, label="request_task.outcome")
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

    @property
    def trail_name(self) -> str:
        """What the trail calls it: the title may name who asks."""
        return f"task of {self.request.reference}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("privacy:task-detail", args=[self.pk])

    @property
    def status_badge(self) -> Badge:
        """Its state as a word in a tone."""
        return Badge(self.get_status_display(), _TONES[self.status])
