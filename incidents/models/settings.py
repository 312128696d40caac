"""What an organization has chosen about its incidents."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Member
from tenancy.models import TenantModel


class IncidentSettings(TenantModel):
    """One row for an organization; without it the defaults of CRITERIA's audit practice hold."""

    acknowledge_critical = models.PositiveIntegerField("minutes to acknowledge a critical one", default=15)
    acknowledge_high = models.PositiveIntegerField("minutes to acknowledge a high one", default=60)
    acknowledge_medium = models.PositiveIntegerField("minutes to acknowledge a medium one", default=24 * 60)
    acknowledge_low = models.PositiveIntegerField("minutes to acknowledge a low one", default=3 * 24 * 60)
    review_days = models.PositiveSmallIntegerField("business days to the review of critical and high ones", default=5)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant"], name="incident_settings_one"),
            models.CheckConstraint(condition=Q(review_days__gte=1, review_days__lte=60), name="incident_settings_review"),
        ]

    def __str__(self) -> str:
        return "Incident settings"

    def minutes_for(self, severity: str) -> int:
        """Within how many minutes one of this severity is to be acknowledged."""
        minutes: int = getattr(self, f"acknowledge_{severity}")
        return minutes


class SecurityTeamMember(TenantModel):
    """Somebody of the security team: told of every incident. Where nobody is named, it is whoever may run incidents."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "member"], name="security_team_member_unique")]

    def __str__(self) -> str:
        return f"{self.member} of the security team"
