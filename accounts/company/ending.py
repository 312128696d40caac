"""Company accounts that end with what they hung on: a membership, or their provider."""

from django.db.models import QuerySet

from accounts.models import ProviderIdentity
from audit.actors import Actor
from audit.record import Entry, record_many
from tenancy.scope import now


def unlink_all(found: QuerySet[ProviderIdentity], *, actor: Actor) -> None:
    """Unlink these, with an event for each: whoever comes back confirms anew whose account it is. Within an action."""
    linked = list(found.filter(status="linked").select_for_update(of=("self",)).order_by("pk"))
    keys = [one.pk for one in linked]
    ProviderIdentity.objects.filter(pk__in=keys).update(status=ProviderIdentity.Status.UNLINKED, unlinked_at=now())
    label, before, after = ProviderIdentity._meta.label_lower, {"status": "linked"}, {"status": "unlinked"}
    entries = [Entry(label, one.pk, str(one), before, after) for one in linked]
    record_many("provider_identity.unlink", actor=actor, entries=entries)
