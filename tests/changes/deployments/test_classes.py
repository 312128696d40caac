"""The rules of reconciliation: exactly one class for everything that may come, and SQL says what Python says."""

import datetime as dt
import itertools

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from changes.deployments.classes import CLASS_OF, CLASS_SQL, REASON_SQL, Facts, classify
from changes.models import Change, Classification
from changes.models.deployment import Reason

AT = dt.datetime(2026, 10, 14, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
MOMENTS = (None, AT - 2 * HOUR, AT - HOUR, AT, AT + HOUR)
WHEN = st.none() | st.integers(-1000, 1000).map(lambda minutes: AT + dt.timedelta(minutes=minutes))
FACTS = st.builds(
    Facts,
    type=st.sampled_from(Change.Type.values),
    status=st.sampled_from(Change.Status.values),
    **{name: WHEN for name in Facts.__dataclass_fields__ if name.endswith(("_at", "_until"))},
)


@given(st.none() | FACTS, st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_everything_falls_into_exactly_one_class(facts, pushed, named_other, elsewhere, no_commit):
    verdict = classify(facts, AT, pushed=pushed, named_other=named_other, elsewhere=elsewhere, no_commit=no_commit)
    assert verdict.classification in Classification
    assert CLASS_OF[verdict.reason] == verdict.classification
    assert (verdict.classification == Classification.UNMATCHED) == (facts is None and not pushed)


def test_every_reason_has_its_class_and_every_class_a_reason():
    assert set(CLASS_OF) == set(Reason)
    assert set(CLASS_OF.values()) == set(Classification)


@given(FACTS)
def test_without_an_approval_nothing_is_approved(facts):
    """Only approvals, a template or an agreement by word clear a deployment."""
    if facts.approved_at is facts.written_at is facts.agreed_recorded_at is None:
        assert classify(facts, AT).classification == Classification.UNAPPROVED


@given(FACTS)
def test_what_came_later_never_counts_as_before(facts):
    found = classify(facts, AT).classification
    if found in {Classification.APPROVED_BEFORE, Classification.STANDARD}:
        approved_at = facts.approved_at or facts.written_at
        assert approved_at is not None
        assert approved_at <= AT
    if found == Classification.EMERGENCY:
        assert facts.agreed_recorded_at <= AT <= facts.agreed_until


def facts_of(type_: str = "normal", status: str = "implemented", **moments: int) -> Facts:
    """Moments are minutes from the deployment."""
    return Facts(type_, status, **{name: AT + dt.timedelta(minutes=minutes) for name, minutes in moments.items()})


@pytest.mark.parametrize(
    ("facts", "classification", "reason"),
    [
        (None, "unmatched", "no_change"),
        (facts_of(approved_at=-1), "approved_before", "approved"),
        (facts_of(approved_at=0), "approved_before", "approved"),
        (facts_of(approved_at=1), "approved_after", "approved_later"),
        (facts_of("standard", approved_at=-1), "standard", "template"),
        (facts_of("standard", approved_at=1), "approved_after", "approved_later"),
        (facts_of("emergency", agreed_recorded_at=-1, agreed_until=1), "emergency", "agreed"),
        (facts_of("emergency", "draft", agreed_recorded_at=-1, agreed_until=0), "emergency", "agreed"),
        (facts_of("emergency", agreed_recorded_at=1, agreed_until=9), "unapproved", "agreed_later"),
        (facts_of("emergency", agreed_recorded_at=-2, agreed_until=-1), "unapproved", "agreement_over"),
        (facts_of("emergency", agreed_recorded_at=-2), "unapproved", "agreement_over"),
        (facts_of("emergency", agreed_recorded_at=-9, agreed_until=-5, written_at=-6), "approved_before", "approved"),
        (facts_of("emergency", agreed_recorded_at=1, agreed_until=9, written_at=2), "approved_after", "approved_later"),
        (facts_of("emergency", "approved", approved_at=-1), "approved_before", "approved"),
        (facts_of(status="draft"), "unapproved", "not_approved"),
        (facts_of(status="submitted", approved_at=-1), "unapproved", "not_approved"),
        (facts_of(status="rejected", ended_at=-1), "unapproved", "rejected"),
        (facts_of(status="withdrawn", approved_at=-2, ended_at=-1), "unapproved", "withdrawn"),
        (facts_of(status="withdrawn", approved_at=-2, ended_at=1), "approved_before", "approved"),
        (facts_of(status="approved", approved_at=-9, approved_until=-1), "unapproved", "expired"),
        (facts_of(status="approved", approved_at=-9, approved_until=0), "approved_before", "approved"),
        (facts_of(approved_at=-9, approved_until=-1, implemented_at=-2), "approved_before", "approved"),
        (facts_of(approved_at=-9, approved_until=-3, implemented_at=-2), "unapproved", "expired"),
    ],
)
def test_the_rules(facts, classification, reason):
    verdict = classify(facts, AT)
    assert (verdict.classification, verdict.reason) == (classification, reason)


_MOMENTS = ("approved_at", "approved_until", "implemented_at", "agreed_recorded_at", "agreed_until", "written_at", "ended_at")
_EVERYTHING = f"""
WITH moment(at) AS (SELECT unnest(%(moments)s::timestamptz[])),
judged AS (
  SELECT c.*, d.pushed, d.named_other, x.elsewhere, x.no_commit, {REASON_SQL} AS reason
  FROM (
    SELECT 1 AS id, t.type, s.status, a.at AS approved_at, u.at AS approved_until, i.at AS implemented_at,
      g.at AS agreed_recorded_at, v.at AS agreed_until, w.at AS written_at, e.at AS ended_at
    FROM unnest(%(types)s::text[]) t(type), unnest(%(statuses)s::text[]) s(status),
      moment a, moment u, moment i, moment g, moment v, moment w, moment e
    UNION ALL SELECT NULL, '', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL
  ) c
  JOIN (SELECT %(at)s::timestamptz AS deployed_at, p AS pushed, n AS named_other FROM unnest(ARRAY[true, false]) p,
    unnest(ARRAY[true, false]) n) d ON c.id IS NULL OR NOT d.pushed AND NOT d.named_other
  JOIN (VALUES (false, false), (true, false), (false, true), (true, true)) x(elsewhere, no_commit)
    ON NOT (x.elsewhere OR x.no_commit) OR c.agreed_until IS NULL
)
SELECT id, type, status, {", ".join(_MOMENTS)}, pushed, named_other, elsewhere, no_commit, reason,
  {CLASS_SQL} FROM judged
"""


def test_sql_says_of_every_combination_what_python_says(db):
    """Three types, eleven states, each of seven moments not there, before or after the deployment."""
    moments = [None, AT - HOUR, AT + HOUR]
    with connection.cursor() as cursor:
        cursor.execute(_EVERYTHING, {"moments": moments, "types": Change.Type.values, "statuses": Change.Status.values, "at": AT})
        rows = cursor.fetchall()
    assert (
        len(rows) == len(list(itertools.product(Change.Type, Change.Status))) * (len(moments) ** 7 + len(moments) ** 6 * 3) + 16
    )
    for key, *values, pushed, named_other, elsewhere, no_commit, reason, classification in rows:
        said = {"pushed": pushed, "named_other": named_other, "elsewhere": elsewhere, "no_commit": no_commit}
        verdict = classify(Facts(*values) if key else None, AT, **said)
        assert (reason, classification) == (verdict.reason, verdict.classification)
