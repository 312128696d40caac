"""The digest of the decisions: what was signed."""

from django.db import connection

from reviews.models import Campaign

# One JSON array to a line, in the order of the positions. Times are UTC with microseconds; ids are lower-case UUIDs.
_DECISIONS = """
SELECT encode(sha256(convert_to(COALESCE(string_agg(
         json_build_array(
           i.position, i.system_id, a.account_id, e.entitlement_key, e.resource, i.decision, i.reason_code, i.reason,
           i.target_role, i.decider_id, i.decided_by_id,
           to_char(i.decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
         )::text, E'\\n' ORDER BY i.position), ''), 'UTF8')), 'hex')
FROM reviews_item i JOIN inventory_entitlement e ON e.id = i.entitlement_id JOIN inventory_account a ON a.id = i.account_id
WHERE i.campaign_id = %s
"""


def decision_digest(campaign: Campaign) -> str:
    """SHA-256, in hexadecimal, over all decisions of a campaign in order, as they are stored now."""
    with connection.cursor() as cursor:
        cursor.execute(_DECISIONS, [campaign.pk])
        digest: str = cursor.fetchone()[0]
    return digest
