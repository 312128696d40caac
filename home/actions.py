"""Changing the organization itself."""

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from tenancy.models import Organization
from ui.refusals import ActionRefused


@action
def edit_organization(organization: Organization, *, actor: Actor, name: str, zone: str) -> Organization:
    """Rename it or move its zone: days and due dates from now on follow the zone, stored periods stay as they are."""
    if not actor.can("organization.admin"):
        raise ActionRefused("Your role does not allow this.")
    locked = Organization.objects.select_for_update().get(pk=organization.pk)
    before = {"name": locked.name, "zone": locked.zone}
    locked.name, locked.zone = name.strip(), zone
    locked.full_clean()
    locked.save(update_fields=["name", "zone"])
    record("organization.edit", locked, actor=actor, before=before, after={"name": locked.name, "zone": locked.zone})
    return locked
