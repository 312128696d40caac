"""What an organization has chosen about its changes."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tenancy.models import TenantModel


class ChangeSettings(TenantModel):
    """One row for an organization; without it the defaults hold."""

    separate_implementer = models.BooleanField("who approves does not implement", default=False)
    separate_verifier = models.BooleanField("who implements does not verify", default=False)
    approval_days = models.PositiveSmallIntegerField("days until an unused approval expires", default=30)
    review_days = models.PositiveSmallIntegerField("days to the review after implementation", default=5)
    # Deployments to these need a change; none named: all.
    counted_environments = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant"], name="change_settings_one"),
            models.CheckConstraint(condition=Q(approval_days__gte=1, approval_days__lte=365), name="change_settings_approval"),
            models.CheckConstraint(condition=Q(review_days__gte=1, review_days__lte=60), name="change_settings_review"),
        ]

    def __str__(self) -> str:
        return "Settings of changes"
