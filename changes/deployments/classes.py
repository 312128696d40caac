"""Into which class a deployment falls, and why: the rules, once in Python for what is said of one, once in SQL for all.

docs/deployments.md has them in words. A test compares the two over every combination of what they look at.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from changes.models import Change
from changes.models.deployment import Classification, Reason

# A change in these states has been approved; the database refuses them otherwise.
IN_FORCE = ("approved", "scheduled", "implemented", "failed", "rolled_back", "reviewed", "closed", "withdrawn")
ENDED_BADLY = ("rejected", "withdrawn")


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a change decides about a deployment of it."""

    type: str
    status: str
    approved_at: dt.datetime | None = None
    approved_until: dt.datetime | None = None
    implemented_at: dt.datetime | None = None
    agreed_recorded_at: dt.datetime | None = None
    agreed_until: dt.datetime | None = None
    written_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One class, and the one reason for it."""

    classification: Classification
    reason: Reason


def facts_of(change: Change) -> Facts:
    """Those of a change."""
    return Facts(**{name: getattr(change, name) for name in Facts.__dataclass_fields__})


def classify(
    facts: Facts | None,
    at: dt.datetime,
    *,
    pushed: bool = False,
    named_other: bool = False,
    elsewhere: bool = False,
    no_commit: bool = False,
) -> Verdict:
    """Class and reason of a deployment at `at`. Without facts no change was found: it may be a direct push, or name another.

    `elsewhere`: it went to an environment that its change does not name; `no_commit`: it names a commit, its change none.
    """
    if facts is None and pushed:
        return Verdict(Classification.UNAPPROVED, Reason.PUSHED)
    if facts is None:
        return Verdict(Classification.UNMATCHED, Reason.NAMED_OTHER if named_other else Reason.NO_CHANGE)
    if facts.status in ENDED_BADLY and (facts.ended_at is None or facts.ended_at <= at):
        return Verdict(Classification.UNAPPROVED, Reason(facts.status))
    if elsewhere or no_commit:
        return Verdict(Classification.UNAPPROVED, Reason.ELSEWHERE if elsewhere else Reason.NO_COMMIT)
    recorded = facts.agreed_recorded_at if facts.type == Change.Type.EMERGENCY else None
    if recorded is not None and facts.agreed_until is not None and recorded <= at <= facts.agreed_until:
        return Verdict(Classification.EMERGENCY, Reason.AGREED)
    approved_at = facts.approved_at or (facts.written_at if facts.type == Change.Type.EMERGENCY else None)
    if facts.status in IN_FORCE and approved_at is not None:
        return _approved(facts, approved_at, at)
    if recorded is None:
        return Verdict(Classification.UNAPPROVED, Reason.NOT_APPROVED)
    return Verdict(Classification.UNAPPROVED, Reason.AGREED_LATER if recorded > at else Reason.AGREEMENT_OVER)


def _approved(facts: Facts, approved_at: dt.datetime, at: dt.datetime) -> Verdict:
    """Of a change that has been approved: when, and whether that lasted. An approval that was used in time does not expire."""
    if approved_at > at:
        return Verdict(Classification.APPROVED_AFTER, Reason.APPROVED_LATER)
    until, used = facts.approved_until, facts.implemented_at
    if until is not None and until < at and (used is None or used > until):
        return Verdict(Classification.UNAPPROVED, Reason.EXPIRED)
    if facts.type == Change.Type.STANDARD:
        return Verdict(Classification.STANDARD, Reason.TEMPLATE)
    return Verdict(Classification.APPROVED_BEFORE, Reason.APPROVED)


def carrying(own: Verdict, others: Iterable[Verdict]) -> Verdict:
    """The verdict of a deployment that carried other merges too: no better than the worst of them."""
    found = {one.classification for one in others}
    if own.classification in (Classification.UNAPPROVED, Classification.UNMATCHED):
        return own
    if Classification.UNAPPROVED in found:
        return Verdict(Classification.UNAPPROVED, Reason.CARRIES_NONE)
    if Classification.APPROVED_AFTER in found and own.classification != Classification.APPROVED_AFTER:
        return Verdict(Classification.APPROVED_AFTER, Reason.CARRIES_LATER)
    return own


# The reason over `c`, the change that was found (its id null without one), `d`, the deployment, with `pushed` (directly)
# and `named_other` (it names a change), and `x`, the two together, with `elsewhere` and `no_commit` as in `classify`.
REASON_SQL = """
CASE
  WHEN c.id IS NULL THEN CASE WHEN d.pushed THEN 'pushed' WHEN d.named_other THEN 'named_other' ELSE 'no_change' END
  WHEN c.status IN ('rejected', 'withdrawn') AND (c.ended_at IS NULL OR c.ended_at <= d.deployed_at) THEN c.status
  WHEN x.elsewhere THEN 'elsewhere'
  WHEN x.no_commit THEN 'no_commit'
  WHEN c.type = 'emergency' AND d.deployed_at BETWEEN c.agreed_recorded_at AND c.agreed_until THEN 'agreed'
  WHEN c.status IN ('draft', 'submitted', 'rejected')
    OR COALESCE(c.approved_at, CASE WHEN c.type = 'emergency' THEN c.written_at END) IS NULL
    THEN CASE WHEN c.type <> 'emergency' OR c.agreed_recorded_at IS NULL THEN 'not_approved'
      WHEN c.agreed_recorded_at > d.deployed_at THEN 'agreed_later' ELSE 'agreement_over' END
  WHEN COALESCE(c.approved_at, c.written_at) > d.deployed_at THEN 'approved_later'
  WHEN c.approved_until < d.deployed_at AND (c.implemented_at IS NULL OR c.implemented_at > c.approved_until) THEN 'expired'
  WHEN c.type = 'standard' THEN 'template'
  ELSE 'approved'
END
"""
CLASS_OF: dict[str, str] = {
    Reason.NO_CHANGE: Classification.UNMATCHED,
    Reason.NAMED_OTHER: Classification.UNMATCHED,
    Reason.PUSHED: Classification.UNAPPROVED,
    Reason.WITHDRAWN: Classification.UNAPPROVED,
    Reason.REJECTED: Classification.UNAPPROVED,
    Reason.AGREED: Classification.EMERGENCY,
    Reason.AGREED_LATER: Classification.UNAPPROVED,
    Reason.AGREEMENT_OVER: Classification.UNAPPROVED,
    Reason.ELSEWHERE: Classification.UNAPPROVED,
    Reason.NO_COMMIT: Classification.UNAPPROVED,
    Reason.NOT_APPROVED: Classification.UNAPPROVED,
    Reason.APPROVED_LATER: Classification.APPROVED_AFTER,
    Reason.EXPIRED: Classification.UNAPPROVED,
    Reason.TEMPLATE: Classification.STANDARD,
    Reason.APPROVED: Classification.APPROVED_BEFORE,
    Reason.CARRIES_NONE: Classification.UNAPPROVED,
    Reason.CARRIES_LATER: Classification.APPROVED_AFTER,
}
# The class of a reason `reason`.
CLASS_SQL = "CASE reason {} END".format(
    " ".join(f"WHEN '{Reason(reason).value}' THEN '{Classification(found).value}'" for reason, found in CLASS_OF.items())
)
# The same as `carrying`: `own_class` and `reason` of the deployment itself, `k` with `none` and `later` of what it carried.
CARRYING_SQL = """
CASE
  WHEN own_class IN ('unapproved', 'unmatched') THEN reason
  WHEN k.none THEN 'carries_none'
  WHEN k.later AND own_class <> 'approved_after' THEN 'carries_later'
  ELSE reason
END
"""
