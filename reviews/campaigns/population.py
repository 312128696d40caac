"""From imported entitlements to the items of a review, set by set in the database.

`stage` works out the population into a temporary table, with reviewer, flags and the change since the last review of each
row; the preview reads that table and the start inserts from it, so that neither can differ from the other.

Flags (`reviews.models.Flag`), seen from the snapshot's as-of:

- unused_90: last used more than 90 days before, or never, says the source, and not granted within those 90 days.
- use_unknown_privileged: privileged, and the source gives neither a date nor "never".
- never_reviewed: no decision on the same account, entitlement and resource in an earlier review that was signed off, although
  there was one of that system. In the first review of a system nothing is flagged so: it would be everything.
- regranted: a removal of the same access was verified by an earlier snapshot, or the import noted that it came back.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import connection

from evidence.tables.text import email_key
from inventory.models import Entitlement, Person, PersonAlias
from inventory.people.deciding import routable_people
from reviews.models import Campaign, Item
from tenancy.measuring import plan_anew

UNUSED_DAYS = 90
CHUNK = 20_000

_STAGE = """
CREATE TEMPORARY TABLE review_population ON COMMIT DROP AS
WITH routable AS MATERIALIZED ({routable}),
owners AS (SELECT * FROM unnest(%(emails)s::text[], %(owners)s::uuid[]) AS o (email, person_id)),
earlier AS (
  SELECT id, signed_off_at FROM reviews_campaign WHERE status IN ('signed_off', 'closed') AND id <> %(campaign)s
),
scope AS (
  SELECT cs.system_id, cs.snapshot_id, cs.reviewer_order AS ways, sn.as_of, sy.name AS system_name,
         sy.owner_id, sy.backup_reviewer_id, so.id AS owner_ok, bk.id AS backup_ok, sr.id AS second_ok,
         EXISTS (SELECT 1 FROM reviews_campaignsystem o JOIN earlier c ON c.id = o.campaign_id
                 WHERE o.system_id = cs.system_id) AS covered
  FROM reviews_campaignsystem cs
  JOIN inventory_snapshot sn ON sn.id = cs.snapshot_id
  JOIN inventory_system sy ON sy.id = cs.system_id
  LEFT JOIN routable so ON so.id = sy.owner_id
  LEFT JOIN routable bk ON bk.id = sy.backup_reviewer_id
  LEFT JOIN routable sr ON sr.id = %(second)s
  WHERE cs.campaign_id = %(campaign)s
),
decided AS (
  SELECT DISTINCT ON (i.account_id, e.entitlement_key, e.resource)
         i.account_id, e.entitlement_key, e.resource, i.id, i.decision
  FROM reviews_item i JOIN earlier c ON c.id = i.campaign_id JOIN inventory_entitlement e ON e.id = i.entitlement_id
  WHERE i.decision IN ('retain', 'revoke', 'modify') AND i.system_id IN (SELECT system_id FROM scope)
  ORDER BY i.account_id, e.entitlement_key, e.resource, c.signed_off_at DESC
),
gone AS (
  SELECT r.account_id, r.entitlement_key, r.resource, min(r.regranted_at) AS back_at,
         min(k.as_of) FILTER (WHERE r.status = 'verified_removed') AS gone_at
  FROM inventory_removal r LEFT JOIN inventory_snapshot k ON k.id = r.checked_snapshot_id
  WHERE (r.regranted_at IS NOT NULL OR r.status = 'verified_removed') AND r.system_id IN (SELECT system_id FROM scope)
  GROUP BY 1, 2, 3
),
rows AS (
  SELECT e.id AS entitlement_id, e.account_id, a.account_id AS account_key, a.name AS account_name, a.kind AS account_kind,
         e.entitlement_key, e.resource, e.role, s.system_id, s.system_name, s.ways, a.person_id AS subject_id,
         COALESCE(p.name, NULLIF(a.display_name, ''), a.name) AS subject_name,
         COALESCE(ow.person_id, a.owner_id) AS entitlement_owner_id, p.manager_id, s.owner_id, s.backup_reviewer_id,
         eo.id AS eo, CASE WHEN s.owner_ok IS DISTINCT FROM a.person_id THEN s.owner_ok END AS so,
         lm.id AS lm, CASE WHEN s.backup_ok IS DISTINCT FROM a.person_id THEN s.backup_ok END AS bk,
         CASE WHEN s.second_ok IS DISTINCT FROM a.person_id THEN s.second_ok END AS sr,
         COALESCE(e.privileged, false) AS privileged, d.id AS previous_id, d.decision AS previous_decision, s.covered,
         p.status = 'left' OR LEAST(p.left_on, p.contract_ends_on) < %(today)s AS leaver,
         CASE e.last_used_state
           WHEN 'known' THEN e.last_used_at < s.as_of - %(unused)s * interval '1 day'
           WHEN 'never' THEN e.granted_at IS NULL OR e.granted_at < s.as_of - %(unused)s * interval '1 day'
           ELSE false END AS unused,
         e.privileged AND e.last_used_state NOT IN ('known', 'never') AS use_unknown,
         d.id IS NULL AND s.covered AS unreviewed,
         LEAST(g.back_at, w.back_at) <= s.as_of OR LEAST(g.gone_at, w.gone_at) < s.as_of AS regranted
  FROM scope s
  JOIN inventory_entitlement e ON e.snapshot_id = s.snapshot_id AND NOT e.no_access
  JOIN inventory_account a ON a.id = e.account_id
  LEFT JOIN inventory_person p ON p.id = a.person_id
  LEFT JOIN owners ow ON ow.email = e.owner_email
  LEFT JOIN routable eo ON eo.id = COALESCE(ow.person_id, a.owner_id) AND eo.id IS DISTINCT FROM a.person_id
  LEFT JOIN routable lm ON lm.id = p.manager_id AND lm.id IS DISTINCT FROM a.person_id
  LEFT JOIN decided d ON d.account_id = e.account_id AND d.entitlement_key = e.entitlement_key AND d.resource = e.resource
  LEFT JOIN gone g ON g.account_id = e.account_id AND g.entitlement_key = e.entitlement_key AND g.resource = e.resource
  LEFT JOIN gone w ON w.account_id = e.account_id AND w.entitlement_key = ''
),
asked AS (
  SELECT *, {asked} FROM rows
)
SELECT row_number() OVER (
         ORDER BY system_name, system_id, subject_name, account_name, role, resource, entitlement_id) AS position,
       entitlement_id, account_id, account_key, account_name, account_kind, entitlement_key, resource, role, system_id,
       subject_id, subject_name, ways, entitlement_owner_id, owner_id, manager_id, backup_reviewer_id, privileged, previous_id,
       COALESCE(c1, c2, c3, c4, sr) AS reviewer_id,
       CASE WHEN c1 IS NOT NULL THEN ways[1] WHEN c2 IS NOT NULL THEN ways[2] WHEN c3 IS NOT NULL THEN ways[3]
            WHEN c4 IS NOT NULL THEN ways[4] WHEN sr IS NOT NULL THEN 'second_reviewer' ELSE '' END AS routed_by,
       CASE WHEN regranted THEN 'regranted' WHEN previous_decision IN ('revoke', 'modify') THEN 'still_there'
            WHEN previous_id IS NOT NULL THEN 'same' WHEN covered THEN 'new' ELSE 'first' END AS change,
       array_remove(ARRAY[
         CASE WHEN leaver THEN 'leaver' END, CASE WHEN account_kind <> 'person' THEN account_kind END,
         CASE WHEN unused THEN 'unused_90' END, CASE WHEN use_unknown THEN 'use_unknown_privileged' END,
         CASE WHEN unreviewed THEN 'never_reviewed' END, CASE WHEN regranted THEN 'regranted' END
       ], NULL)::varchar(30)[] AS flags
FROM asked
"""

_WAY = (
    "CASE ways[{n}] WHEN 'entitlement_owner' THEN eo WHEN 'system_owner' THEN so"
    " WHEN 'line_manager' THEN lm WHEN 'backup' THEN bk END AS c{n}"
)
_ASKED = ", ".join(_WAY.format(n=n) for n in range(1, 5))

_INSERT = """
INSERT INTO reviews_item (
  id, tenant_id, campaign_id, position, entitlement_id, account_id, system_id, account_kind, subject_id, subject_name,
  reviewer_id, routed_by, privileged, flags, flagged, change, previous_id,
  decision, reason_code, reason, target_role, decided_in_bulk)
SELECT uuid_v7(), %(tenant)s, %(campaign)s, position, entitlement_id, account_id, system_id, account_kind, subject_id,
  subject_name, reviewer_id, routed_by, privileged, flags, cardinality(flags) > 0, change, previous_id, '', '', '', '', false
FROM review_population WHERE position > %(after)s AND position <= %(upto)s
ORDER BY position
"""

# What the population digest covers, one JSON array to a line, in the order of the positions.
_DIGEST = """
SELECT count(*), encode(sha256(convert_to(COALESCE(string_agg(
         json_build_array(position, system_id, account_key, entitlement_key, resource, role)::text, E'\\n' ORDER BY position
       ), ''), 'UTF8')), 'hex')
FROM """
_KEPT = """(
  SELECT i.position, i.system_id, a.account_id AS account_key, e.entitlement_key, e.resource, e.role
  FROM reviews_item i JOIN inventory_entitlement e ON e.id = i.entitlement_id JOIN inventory_account a ON a.id = i.account_id
  WHERE i.campaign_id = %s) kept"""

_COUNTS = """
UPDATE reviews_campaignsystem cs SET item_count = n.items, left_out_count = n.left_out
FROM (
  SELECT snapshot_id, count(*) FILTER (WHERE NOT no_access) AS items, count(*) FILTER (WHERE no_access) AS left_out
  FROM inventory_entitlement
  WHERE snapshot_id IN (SELECT snapshot_id FROM reviews_campaignsystem WHERE campaign_id = %(campaign)s)
  GROUP BY 1
) n
WHERE cs.campaign_id = %(campaign)s AND n.snapshot_id = cs.snapshot_id
"""


@dataclass(frozen=True, slots=True)
class Population:
    """How many rows there are, and the SHA-256 over them in order."""

    count: int
    digest: str


def stage(campaign: Campaign, today: dt.date) -> Population:
    """Work out the campaign's population into the temporary table review_population, which lives until the commit."""
    emails = _entitlement_owners(campaign)
    with connection.cursor() as cursor:
        sql, params = routable_people(today).order_by().values("id").query.sql_with_params()
        routable = cursor.mogrify(sql, params)
        cursor.execute("DROP TABLE IF EXISTS review_population")
        # A snapshot imported a moment ago is unknown to the planner's statistics: keep it from joining row by row.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(
            _STAGE.format(routable=str(routable).replace("%", "%%"), asked=_ASKED),
            {
                "campaign": campaign.pk,
                "second": campaign.second_reviewer_id,
                "today": today,
                "unused": UNUSED_DAYS,
                "emails": list(emails),
                "owners": list(emails.values()),
            },
        )
        cursor.execute("SET LOCAL enable_nestloop = on")
        cursor.execute(_DIGEST + "review_population")
        return Population(*cursor.fetchone())


def ranges(count: int) -> list[tuple[int, int]]:
    """The steps in which so many staged rows become items, for `insert_range`."""
    return [(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK)]


def insert_range(campaign: Campaign, after: int, upto: int) -> None:
    """Make items of the staged rows whose position is above `after` and at most `upto`."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, {"tenant": campaign.tenant_id, "campaign": campaign.pk, "after": after, "upto": upto})
    plan_anew(upto - after, Item)


def count_scope(campaign: Campaign) -> None:
    """Note for each system how many entitlements became items, and how many were left out as no access."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"campaign": campaign.pk})


def population_digest(campaign: Campaign) -> Population:
    """The same figures once more, from the items as they are stored: they equal those noted at the start."""
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST + _KEPT, [campaign.pk])
        return Population(*cursor.fetchone())


def _entitlement_owners(campaign: Campaign) -> dict[str, uuid.UUID]:
    """The entitlement owners' addresses as the exports spell them, with the person each belongs to."""
    written = (
        Entitlement.objects.filter(snapshot__in=campaign.scope.exclude(snapshot=None).values("snapshot"))
        .exclude(owner_email="")
        .order_by()
        .values_list("owner_email", flat=True)
        .distinct()
    )
    keys = {spelled: email_key(spelled) for spelled in written}
    wanted = set(keys.values())
    found = dict(PersonAlias.objects.filter(key__in=wanted).values_list("key", "person_id"))
    found |= dict(Person.objects.filter(email_key__in=wanted).values_list("email_key", "id"))
    return {spelled: found[key] for spelled, key in keys.items() if key in found}
