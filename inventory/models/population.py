"""Population snapshots: what a full export said, unchanged, and what was checked about it."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import MD5
from django.urls import reverse

from accounts.models import Member
from evidence.models import StoredFile
from inventory.models.people import Person
from inventory.models.system import System
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.spans import At, Through
from ui.components import Badge, Tone
from ui.values import exact
from workflow.transitions import Transition

_TONES: dict[str, Tone] = {
    "draft": "muted",
    "reading": "info",
    "ready": "warn",
    "importing": "info",
    "imported": "ok",
    "discarded": "muted",
}


class Snapshot(TenantModel):
    """A system's population at one moment. Complete only as ARCHITECTURE.md defines; immutable once imported."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Being prepared"
        READING = "reading", "Being read"
        READY = "ready", "Ready to import"
        IMPORTING = "importing", "Being imported"
        IMPORTED = "imported", "Imported"
        DISCARDED = "discarded", "Discarded"

    class AsOfBasis(models.TextChoices):
        FILE = "file", "Stated by the file"
        ASSERTED = "asserted", "Asserted by the importer"

    system = TenantForeignKey(System, on_delete=models.PROTECT, related_name="snapshots")
    status = models.CharField("state", max_length=10, choices=Status, default=Status.DRAFT)
    source_format = models.CharField(max_length=30)
    mapping = models.JSONField(default=dict, blank=True)
    identified_by = models.CharField(max_length=255, blank=True, help_text="what account ids are made of in these files")
    as_of = models.DateTimeField("as of")
    as_of_basis = models.CharField(max_length=10, choices=AsOfBasis, default=AsOfBasis.ASSERTED)
    extracted_by = models.CharField("extracted by", max_length=200)
    query = models.TextField("report or query")
    filters = models.TextField("filters used", blank=True)
    stated_count = models.PositiveIntegerField("count that the source itself shows", null=True, blank=True)
    stated_count_unit = models.CharField(
        max_length=12,
        choices=[("accounts", "Accounts"), ("rows", "Rows of the file"), ("entitlements", "Entitlements")],
        default="accounts",
    )
    stated_count_file = TenantForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    count_changes = models.JSONField(default=list, blank=True, help_text="changes of the stated count after a comparison")
    full_export = models.BooleanField("this is a full export", default=False)
    rows_read = models.PositiveIntegerField(default=0)
    rows_accepted = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    rows_duplicate = models.PositiveIntegerField(default=0)
    account_count = models.PositiveIntegerField(default=0)
    notices = models.JSONField(default=list, blank=True)
    sample = models.JSONField(default=list, blank=True, help_text="the first rows as read, for the preview")
    complete = models.BooleanField(default=False)
    incomplete_reasons = models.JSONField(default=list, blank=True)
    shrink_confirmed_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    shrink_reason = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 over the ordered accepted rows")
    created_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    imported_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(null=True)

    READ = Transition("snapshot.read", {"draft", "ready"}, "reading", "snapshots.write", "read")
    PREVIEW = Transition("snapshot.preview", {"reading"}, "ready", "snapshots.write", "previewed")
    REOPEN = Transition("snapshot.reopen", {"draft", "reading", "ready"}, "draft", "snapshots.write", "changed")
    IMPORT = Transition("snapshot.import", {"ready"}, "importing", "snapshots.write", "imported")
    RETURN = Transition("snapshot.return", {"importing"}, "ready", "snapshots.write", "taken back")
    FINISH = Transition("snapshot.finish", {"importing"}, "imported", "snapshots.write", "finished")
    DISCARD = Transition("snapshot.discard", {"draft", "reading", "ready"}, "discarded", "snapshots.write", "discarded")

    seen_within = At("as_of")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["-as_of", "-created_at"]
        indexes: ClassVar = [models.Index(fields=["tenant", "system", "-as_of"], name="snapshot_system")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "reading", "ready", "importing", "imported", "discarded"]),
                name="snapshot_status",
            ),
            models.CheckConstraint(
                condition=~models.Q(complete=True)
                | models.Q(full_export=True, rows_rejected=0, rows_accepted__gt=0, stated_count__isnull=False),
                name="snapshot_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system.name} as of {exact(self.as_of)}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("inventory:snapshot-detail", args=[self.pk])

    @property
    def waived(self) -> bool:
        """Whether a compliance manager accepted how it differs from the previous one: it then verifies no removal."""
        return self.shrink_confirmed_by_id is not None

    @property
    def verifies(self) -> bool:
        """Whether removals may be verified by it."""
        return self.status == self.Status.IMPORTED and self.complete and not self.waived

    @property
    def status_badge(self) -> Badge:
        """The state as a badge."""
        return Badge(self.get_status_display(), _TONES[self.status])

    @property
    def check_badge(self) -> Badge | None:
        """In the words of an auditor: what an imported file was checked against."""
        if self.status != self.Status.IMPORTED:
            return None
        if not self.complete:
            return Badge("Not complete", "warn")
        if self.waived:
            return Badge("Difference accepted by name", "warn")
        if self.count_changes:
            return Badge("Checked against a count that was changed", "warn")
        return Badge("Checked against the source's own count", "ok")


class SnapshotFile(TenantModel):
    """One of the files a snapshot was read from."""

    snapshot = TenantForeignKey(Snapshot, on_delete=models.CASCADE, related_name="files")
    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    position = models.PositiveSmallIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)

    seen_within = Through("snapshot")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class RejectedRow(TenantModel):
    """A row that was not imported, and why."""

    snapshot = TenantForeignKey(Snapshot, on_delete=models.CASCADE, related_name="rejected")
    part = models.CharField(max_length=40, blank=True)
    row_number = models.PositiveIntegerField()
    raw = models.TextField()
    reasons = models.JSONField(default=list)

    seen_within = Through("snapshot")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["part", "row_number"]
        indexes: ClassVar = [models.Index(fields=["tenant", "snapshot", "part", "row_number"], name="rejected_row")]

    def __str__(self) -> str:
        return f"Row {self.row_number}"


class ImportMapping(TenantModel):
    """A column mapping, remembered for the next file with the same headers."""

    system = TenantForeignKey(System, null=True, on_delete=models.CASCADE, related_name="mappings")
    kind = models.CharField(max_length=12, choices=[("entitlements", "Entitlements"), ("roster", "Roster")])
    fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "system", "kind", "fingerprint"], nulls_distinct=False, name="import_mapping_unique"
            )
        ]

    def __str__(self) -> str:
        return self.fingerprint


class Account(TenantModel):
    """An account of a system under the source's own id, across snapshots, and whose it is."""

    class Kind(models.TextChoices):
        PERSON = "person", "A person's"
        SHARED = "shared", "Shared"
        SERVICE = "service", "Service"
        UNMATCHED = "unmatched", "Unmatched"

    system = TenantForeignKey(System, on_delete=models.PROTECT, related_name="accounts")
    account_id = models.CharField("id at the source", max_length=500)
    name = models.CharField("user name", max_length=500)
    display_name = models.CharField(max_length=500, blank=True)
    email = models.CharField(max_length=500, blank=True)
    email_key = models.CharField(max_length=500, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.UNMATCHED)
    person = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts")
    owner = TenantForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    matched_by = models.CharField(
        max_length=10, blank=True, choices=[("email", "E-mail"), ("alias", "Alias"), ("confirmed", "Confirmed")]
    )
    confirmed_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    first_snapshot = TenantForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    last_snapshot = TenantForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "person"], name="account_person"),
            models.Index(fields=["tenant", "email_key"], name="account_email"),
            models.Index(fields=["tenant", "system", "kind"], name="account_kind"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "system", "account_id"], name="account_unique"),
            models.CheckConstraint(
                condition=models.Q(kind="person", person__isnull=False) | (~models.Q(kind="person") & models.Q(person=None)),
                name="account_match",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["person", "shared", "service", "unmatched"]), name="account_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """Its name for people: as the source displays it, with its user name, and who owns it when it is a service's."""
        shown = self.display_name or self.email
        words = f"{shown} ({self.name})" if shown and shown != self.name else self.name
        return f"{words}, owned by {self.owner.name}" if self.kind == self.Kind.SERVICE and self.owner else words


class LastUsed(models.TextChoices):
    """What the source says of the last use. Only KNOWN has a date; only NEVER says never."""

    KNOWN = "known", "Known"
    NEVER = "never", "Never, says the source"
    NO_INFORMATION = "no_information", "No information at the source"
    NOT_APPLICABLE = "not_applicable", "Not applicable"
    NOT_SUPPORTED = "not_supported", "Not supported for this account"
    NOT_IN_FILE = "not_in_file", "Not in the file"


class Entitlement(TenantModel):
    """One thing an account may do, as one snapshot has it. Never changed: a trigger refuses."""

    # No index of their own: next to the composite ones it would be taken for a population that statistics do not know
    # yet, and read the whole of it for each account.
    snapshot = TenantForeignKey(Snapshot, on_delete=models.PROTECT, related_name="entitlements", db_index=False)
    account = TenantForeignKey(Account, on_delete=models.PROTECT, related_name="entitlements", db_index=False)
    position = models.PositiveIntegerField(default=0, help_text="place among the accepted rows, from 1: the digest's order")
    row_number = models.PositiveIntegerField()
    part = models.CharField(max_length=40, blank=True)
    entitlement_key = models.CharField(max_length=500)
    role = models.CharField(max_length=500)
    meaning = models.CharField(max_length=2000, blank=True)
    resource = models.CharField(max_length=500, blank=True)
    privileged = models.BooleanField(null=True)
    account_state = models.CharField(max_length=100, blank=True)
    no_access = models.BooleanField(default=False)
    last_used_at = models.DateTimeField(null=True)
    last_used_state = models.CharField(max_length=15, choices=LastUsed)
    granted_at = models.DateTimeField(null=True)
    granted_by = models.CharField(max_length=500, blank=True)
    owner_email = models.CharField(max_length=320, blank=True)

    seen_within = Through("snapshot")

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["row_number", "id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "account", "snapshot"], name="entitlement_account")]
        constraints: ClassVar = [
            models.UniqueConstraint(  # two texts of 500 wide characters do not fit an index row; their hashes do
                "tenant", "snapshot", "account", MD5("entitlement_key"), MD5("resource"), name="entitlement_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(last_used_state="known", last_used_at__isnull=False)
                | (~models.Q(last_used_state="known") & models.Q(last_used_at=None)),
                name="entitlement_last_used",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.resource}".strip()
