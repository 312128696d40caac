"""The audit trail: what happened, as the exact bytes that are hashed."""

import json
from functools import cached_property
from typing import Any, ClassVar

from django.db import models

from tenancy.ids import uuid7
from tenancy.models import TenantModel
from tenancy.spans import At


class AuditEvent(TenantModel):
    """One thing that happened. The record is `body`; the other columns are copies to search by.

    Partitioned by month in the database, whose primary key is (at, id). `leaf` = SHA-256 of 0x00 and the body's UTF-8
    bytes (the leaf hash of RFC 6962, section 2.1), set by a trigger. Rows are only ever added.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    body = models.TextField()
    leaf = models.BinaryField(editable=False)
    verb = models.CharField(max_length=60)
    result = models.CharField(max_length=10, choices=[("success", "Success"), ("failure", "Failure")])
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=254)
    object_kind = models.CharField(max_length=60)
    object_id = models.UUIDField(null=True)
    object_name = models.CharField(max_length=300)

    seen_within = At("at")

    class Meta(TenantModel.Meta):
        db_table = "audit_event"
        ordering: ClassVar = ["-at"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "object_id", "at"], name="audit_event_object"),
            models.Index(fields=["tenant", "-at"], name="audit_event_at"),
            models.Index(fields=["tenant", "actor_id", "-at"], name="audit_event_actor"),
            models.Index(fields=["tenant", "verb", "-at"], name="audit_event_verb"),
            models.Index(fields=["tenant", "-at"], name="audit_event_failure", condition=models.Q(result="failure")),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_name}"

    @cached_property
    def data(self) -> dict[str, Any]:
        """The body, parsed: once, as a body never changes."""
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed

    @property
    def pseudonyms(self) -> tuple[str, str]:
        """Those of who acted and of what it is about, where they were erased: fetched by audit.masking.with_masks."""
        return getattr(self, "actor_mask", None) or "", getattr(self, "object_mask", None) or ""


class AuditWord(TenantModel):
    """A word of the name that a record or a person has in the trail: made by audit/words.py, so that rare names are found."""

    record_id = models.UUIDField()  # of the object or the actor; of those without an id, all zeros
    word = models.CharField(max_length=64, db_collation="C")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "word", "record_id"], name="audit_word_unique")]

    def __str__(self) -> str:
        return self.word


class AuditPseudonym(TenantModel):
    """Somebody was erased: what is shown for the actor or the record with this id. Their events stay as they are."""

    record_id = models.UUIDField()
    pseudonym = models.CharField(max_length=60)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "record_id"], name="audit_pseudonym_unique")]

    def __str__(self) -> str:
        return self.pseudonym


class AuditLearned(TenantModel):
    """Until when the names in the trail have been learned."""

    until = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="audit_learned_unique")]

    def __str__(self) -> str:
        return f"{self.until:%Y-%m-%d %H:%M}"


class AuditLeaf(TenantModel):
    """An event's place in the tree of its organization: `id` is the event's, `position` counts from 0. Never changed.

    It stays when retention removes the event, so that the tree over the others can be checked.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    position = models.BigIntegerField()
    at = models.DateTimeField()
    leaf = models.BinaryField(editable=False)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "position"], name="audit_leaf_position")]

    def __str__(self) -> str:
        return f"{self.position}"


class AuditHead(TenantModel):
    """The tree of an organization's trail as it was at one moment, signed. `body` is the exact text that was signed.

    `peaks` is what appending goes on from (audit/seal/tree.py). All events whose transaction's id is below `horizon` are in it.
    """

    number = models.BigIntegerField()
    size = models.BigIntegerField()
    root = models.BinaryField(editable=False)
    peaks = models.BinaryField(editable=False)
    horizon = models.BigIntegerField()
    at = models.DateTimeField()
    body = models.TextField()
    signature = models.BinaryField(editable=False)
    public = models.BinaryField(editable=False)

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "number"], name="audit_head_number")]

    def __str__(self) -> str:
        return f"Head {self.number}"
