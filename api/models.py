"""Answers that were given to requests with an Idempotency-Key."""

from typing import ClassVar

from django.db import models

from tenancy.models import TenantModel


class KeptAnswer(TenantModel):
    """What was made by the first of several equal requests, for those that follow."""

    key = models.CharField(max_length=64, help_text="SHA-256 of the member, the address and the Idempotency-Key")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of what was sent")
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "created_at"], name="kept_answer_created")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "key"], name="kept_answer_once")]

    def __str__(self) -> str:
        return self.key
