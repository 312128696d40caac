"""What the trail holds, found by hopping along its indexes instead of reading it whole."""

import uuid

from django.db import connection

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
SELECT actor_id, (
  SELECT actor_name FROM audit_event e WHERE e.tenant_id = %(tenant)s AND e.actor_id = hop.actor_id ORDER BY at DESC LIMIT 1
) FROM hop WHERE actor_id IS NOT NULL
"""


def verbs_used() -> list[str]:
    """Every verb in the active organization's trail, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_VERBS, {"tenant": str(current_tenant_id())})
        return [row[0] for row in cursor.fetchall()]


def actors_seen() -> list[tuple[uuid.UUID, str]]:
    """Everybody who has acted, with the latest name, by name."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTORS, {"tenant": str(current_tenant_id())})
        return sorted(cursor.fetchall(), key=lambda row: row[1].lower())


def activity_of(object_id: uuid.UUID, limit: int) -> list[AuditEvent]:
    """The latest events of one record, the newest first."""
    return list(AuditEvent.objects.filter(object_id=object_id).order_by("-at")[:limit])
