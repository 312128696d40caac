"""Who sees a confidential incident, by name."""

from dataclasses import dataclass

from accounts.models import Member
from incidents.models import Incident
from incidents.rights import CONFIDE
from tenancy.scope import current_tenant_id


@dataclass(frozen=True, slots=True)
class Seers:
    """Those named in it, and those who see every confidential one; each by name."""

    named: list[str]
    all_seeing: list[str]

    @property
    def sentences(self) -> list[str]:
        """Who, in words."""
        named = ", ".join(self.named) or "nobody yet"
        every = ", ".join(self.all_seeing) or "nobody"
        return [f"Named in it: {named}.", f"May see all confidential incidents: {every}."]


def who_sees(incident: Incident, *also: Member) -> Seers:
    """Whoever has a part in it (with those of `also`) and whoever may see all of them; those who have left are left out."""
    team = [row.member for row in incident.team.select_related("member__user", "member__organization")]
    people = [incident.assigned_to, incident.commander, incident.scribe, *team, *also]
    named = {member.pk: member.name for member in people if member is not None and member.is_active}
    every = Member.objects.active().able(CONFIDE).filter(organization_id=current_tenant_id()).select_related("user")
    rest = {member.pk: member.name for member in every if member.pk not in named}
    return Seers(sorted(named.values()), sorted(rest.values()))
