"""The rules of `classes` in SQL, for any number of deployments at once. A test compares the two."""

from changes.deployments.classes import ALLOWED, CLASS_OF, ENDED_BADLY
from changes.models import Classification
from changes.models.change import PAST
from changes.models.deployment import Reason


def _listed(words: object) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))  # type: ignore[call-overload] # words


_GIVEN = """CASE WHEN c.status NOT IN ('draft', 'submitted', 'rejected')
    THEN COALESCE(c.approved_at, CASE WHEN c.type = 'emergency' THEN c.written_at END) END"""
# As freezes.is_agreed; true, or not: null where a moment is not there.
AGREED = """(c.type = 'emergency' AND c.agreed_until IS NOT NULL
    AND {at} BETWEEN c.agreed_recorded_at AND LEAST(c.agreed_until, c.written_due_at))"""
_FROZEN = f"""EXISTS (SELECT FROM freezes f WHERE f.set_at <= {{at}} AND f.starts_at <= {{at}} AND f.ends_at > {{at}}
    AND (f.cancelled_at IS NULL OR f.cancelled_at > {{at}})
    AND (f.is_of_all OR EXISTS (SELECT FROM changes_freezesystem s JOIN changes_changesystem y
      ON y.tenant_id = s.tenant_id AND y.system_id = s.system_id AND y.change_id = c.id
      WHERE s.tenant_id = c.tenant_id AND s.freeze_id = f.id))
    AND NOT EXISTS (SELECT FROM changes_changefreezeoverride o WHERE o.tenant_id = c.tenant_id AND o.change_id = c.id
      AND o.freeze_id = f.id AND o.given_at <= {{at}} AND (o.withdrawn_at IS NULL OR o.withdrawn_at > {{at}})
      AND o.window_from IS NOT DISTINCT FROM c.window_from AND o.window_until IS NOT DISTINCT FROM c.window_until))
    AND {AGREED} IS NOT TRUE"""  # noqa: S608 - constants
# What a statement with `reason_sql` needs: the freezes of the organization, of which there are few.
FREEZES = """freezes AS MATERIALIZED (
  SELECT f.id, f.set_at, f.starts_at, f.ends_at, f.cancelled_at,
    NOT EXISTS (SELECT FROM changes_freezesystem s WHERE s.tenant_id = f.tenant_id AND s.freeze_id = f.id) AS is_of_all
  FROM changes_freezewindow f WHERE f.tenant_id = %(tenant)s
)"""
_OUTSIDE = f"""WHEN {{at}} < c.window_from THEN 'too_early'
      WHEN {{at}} >= c.window_until THEN 'too_late'
      WHEN {_FROZEN} THEN 'frozen'"""
_REASON = f"""
CASE
  WHEN c.id IS NULL THEN CASE WHEN d.pushed THEN 'pushed' WHEN d.named_other THEN 'named_other' ELSE 'no_change' END
  WHEN c.status IN ({{past}}) AND (c.over_at IS NULL OR c.over_at <= {{at}})
    THEN CASE WHEN c.status IN ({_listed(ENDED_BADLY)}) THEN c.status ELSE 'over' END
  WHEN x.elsewhere THEN 'elsewhere'
  WHEN x.no_commit THEN 'no_commit'
  WHEN x.other_commit THEN 'other_commit'
  WHEN {_GIVEN} <= {{at}} AND c.approved_until < {{at}} THEN 'expired'
  WHEN {_GIVEN} <= {{at}} OR {AGREED} THEN CASE
      {{outside}}
      WHEN {AGREED} THEN 'agreed'
      WHEN c.type = 'standard' THEN 'template'
      ELSE 'approved' END
  WHEN {_GIVEN} > {{at}} THEN 'approved_later'
  WHEN c.type <> 'emergency' OR c.agreed_recorded_at IS NULL THEN 'not_approved'
  WHEN c.agreed_recorded_at > {{at}} THEN 'agreed_later'
  WHEN c.written_due_at < {{at}} THEN 'unwritten'
  ELSE 'agreement_over'
END
"""


def reason_sql(at: str = "d.at", *, carried: bool = False) -> str:
    """The reason at the moment `at`, over `c`, the change that was found (its id null without one), `d`, the deployment, with
    `pushed` and `named_other`, and `x`, the two together, as in `Beside`. `carried`: as `carried_class`.
    """
    outside = "" if carried else _OUTSIDE.format(at=at)
    return _REASON.format(at=at, past=_listed(ENDED_BADLY if carried else PAST), outside=outside)


def class_sql(reason: str = "reason") -> str:
    """The class of a reason."""
    words = " ".join(f"WHEN '{Reason(one).value}' THEN '{Classification(found).value}'" for one, found in CLASS_OF.items())
    return f"CASE {reason} {words} END"


# The same as `carrying`: `own_class` and `reason` of the deployment itself, `k` with `none` and `later` of what it carried.
CARRYING_SQL = """
CASE
  WHEN own_class IN ('unapproved', 'unmatched') THEN reason
  WHEN k.none THEN 'carries_none'
  WHEN k.later AND own_class <> 'approved_after' THEN 'carries_later'
  ELSE reason
END
"""
IS_ALLOWED = f"IN ({_listed(one.value for one in ALLOWED)})"
