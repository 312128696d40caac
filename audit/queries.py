"""What the trail holds, found by hopping along its indexes instead of reading it whole."""

import uuid

from django.db import connection
from django.db.models import QuerySet

from audit.masking import with_masks
from audit.models import AuditEvent
from tenancy.scope import current_tenant_id

_VERBS = """
WITH RECURSIVE hop AS (
  (SELECT verb FROM audit_event WHERE tenant_id = %(tenant)s ORDER BY verb LIMIT 1)
  UNION ALL
  SELECT (SELECT verb FROM audit_event WHERE tenant_id = %(tenant)s AND verb > hop.verb ORDER BY verb LIMIT 1)
  FROM hop WHERE hop.verb IS NOT NULL
)
SELECT verb FROM hop WHERE verb IS NOT NULL
"""
_ACTORS = """
WITH RECURSIVE hop AS (
  (SELECT actor_id FROM audit_event WHERE tenant_id = %(tenant)s AND actor_id IS NOT NULL ORDER BY actor_id LIMIT 1)
  UNION ALL
  SELECT (SELECT actor_id FROM audit_event WHERE tenant_id = %(tenant)s AND actor_id > hop.actor_id ORDER BY actor_id LIMIT 1)
  FROM hop WHERE hop.actor_id IS NOT NULL
)
SELECT actor_id, COALESCE(
  (SELECT pseudonym FROM audit_auditpseudonym p WHERE p.tenant_id = %(tenant)s AND p.record_id = hop.actor_id),
  (SELECT actor_name FROM audit_event e WHERE e.tenant_id = %(tenant)s AND e.actor_id = hop.actor_id ORDER BY at DESC LIMIT 1)
) AS actor_name FROM hop WHERE actor_id IS NOT NULL
"""


_BOTH = f"""
SELECT verb, NULL::uuid, NULL FROM ({_VERBS}) AS verbs
UNION ALL SELECT NULL, actor_id, actor_name FROM ({_ACTORS}) AS actors
"""  # noqa: S608 - constants


def verbs_and_actors(part: QuerySet[AuditEvent] | None = None) -> tuple[list[str], list[tuple[uuid.UUID, str]]]:
    """Every verb in the active organization's trail, in order, and everybody who has acted, by their latest name; one query.

    Of a part of the trail, where only that is shown.
    """
    if part is not None:
        return _in_part(part.order_by())
    with connection.cursor() as cursor:
        cursor.execute(_BOTH, {"tenant": str(current_tenant_id())})
        rows = cursor.fetchall()
    actors = [(key, name) for verb, key, name in rows if verb is None]
    return sorted(verb for verb, _, _ in rows if verb is not None), sorted(actors, key=lambda row: row[1].lower())


def _in_part(events: QuerySet[AuditEvent]) -> tuple[list[str], list[tuple[uuid.UUID, str]]]:
    acted = events.filter(actor_id__isnull=False).order_by("actor_id", "-at").distinct("actor_id")
    actors = [(one.actor_id, one.pseudonyms[0] or one.actor_name) for one in acted if one.actor_id]
    return sorted(events.values_list("verb", flat=True).distinct()), sorted(actors, key=lambda row: row[1].lower())


def activity_of(object_id: uuid.UUID, limit: int) -> list[AuditEvent]:
    """The latest events of one record, the newest first."""
    return list(with_masks(AuditEvent.objects.filter(object_id=object_id)).order_by("-at")[:limit])
