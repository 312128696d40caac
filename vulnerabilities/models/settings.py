"""What an organization has chosen about its vulnerabilities."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tenancy.models import TenantModel


class VulnerabilitySettings(TenantModel):
    """One row for an organization; without it the defaults hold: days until a vulnerability is due, by its severity."""

    days_critical = models.PositiveSmallIntegerField("days for a critical one", default=7)
    days_high = models.PositiveSmallIntegerField("days for a high one", default=30)
    days_medium = models.PositiveSmallIntegerField("days for a medium one", default=90)
    days_low = models.PositiveSmallIntegerField("days for a low one", default=180)
    certificate_days = models.PositiveSmallIntegerField("days that a certificate must still be valid", default=30)
    acceptance_days = models.PositiveSmallIntegerField("days that one may be accepted for at most", default=365)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant"], name="vulnerability_settings_one"),
            models.CheckConstraint(
                condition=Q(
                    days_critical__gte=1,
                    days_high__gte=models.F("days_critical"),
                    days_medium__gte=models.F("days_high"),
                    days_low__gte=models.F("days_medium"),
                    days_low__lte=1000,
                ),
                name="vulnerability_settings_days",
            ),
            models.CheckConstraint(
                condition=Q(certificate_days__gte=1, certificate_days__lte=365), name="vulnerability_settings_certificate"
            ),
            models.CheckConstraint(
                condition=Q(acceptance_days__gte=1, acceptance_days__lte=1100), name="vulnerability_settings_acceptance"
            ),
        ]

    def __str__(self) -> str:
        return "Vulnerability settings"

    def days_for(self, severity: str) -> int:
        """Within how many days one of this severity is to be fixed."""
        days: int = getattr(self, f"days_{severity}")
        return days
