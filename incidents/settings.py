"""What the organization has chosen about its incidents, and who its security team is."""

from django.db.models import QuerySet

from accounts.models import Member
from incidents.models import IncidentSettings, SecurityTeamMember
from tenancy.models import current_organization


def settings_of_incidents() -> IncidentSettings:
    """The active organization's row, or the defaults."""
    return IncidentSettings.objects.first() or IncidentSettings()


def named_team() -> list[Member]:
    """Those named as its security team who may still enter, by name."""
    rows = SecurityTeamMember.objects.order_by().values("member")
    members = Member.objects.active().filter(pk__in=rows, organization=current_organization())
    return list(members.select_related("user", "organization").order_by("user__name", "pk"))


def security_team() -> list[Member]:
    """Whom every incident is told: those named, or else whoever may run incidents; by name."""
    return named_team() or list(runners().order_by("user__name", "pk"))


def runners() -> QuerySet[Member]:
    """Members whose roles let them run incidents."""
    members = Member.objects.active().able("incidents.write").filter(organization=current_organization())
    return members.select_related("user", "organization")
