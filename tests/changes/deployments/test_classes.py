"""The rules of reconciliation: exactly one class for everything that may come, and SQL says what Python says."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changes.deployments.classes import ALLOWED, CLASS_OF, Beside, Facts, carried_class, classify
from changes.deployments.judging import class_sql, reason_sql
from changes.models import Change, Classification
from changes.models.deployment import Reason

AT = dt.datetime(2026, 10, 14, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
MAY_GO = ("submitted", "approved", "scheduled", "implemented")
WHEN = st.none() | st.integers(-1000, 1000).map(lambda minutes: AT + dt.timedelta(minutes=minutes))
FACTS = st.builds(
    Facts,
    type=st.sampled_from(Change.Type.values),
    status=st.sampled_from(Change.Status.values),
    **{name: WHEN for name in Facts.__dataclass_fields__ if name.endswith(("_at", "_until", "_from"))},
)
BESIDE = st.builds(Beside, *[st.booleans()] * len(Beside.__dataclass_fields__))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.none() | FACTS, BESIDE, st.booleans(), st.booleans())
def test_everything_falls_into_exactly_one_class(facts, beside, pushed, named_other):
    verdict = classify(facts, AT, beside, pushed=pushed, named_other=named_other)
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


@given(FACTS, BESIDE)
def test_nothing_is_cleared_outside_of_what_was_approved(facts, beside):
    """Not before or after its window, in a freeze, with another commit, elsewhere, or once its change was over."""
    if classify(facts, AT, beside).classification in ALLOWED:
        assert beside == Beside()
        assert facts.window_from is None or facts.window_from <= AT
        assert facts.window_until is None or facts.window_until > AT
        assert facts.over_at is None or facts.over_at > AT or facts.status in {"draft", *MAY_GO}


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
        (facts_of(status="rejected", over_at=-1), "unapproved", "rejected"),
        (facts_of(status="withdrawn", approved_at=-2, over_at=-1), "unapproved", "withdrawn"),
        (facts_of(status="withdrawn", approved_at=-2, over_at=0), "unapproved", "withdrawn"),
        (facts_of(status="withdrawn", approved_at=-2, over_at=1), "approved_before", "approved"),
        (facts_of(status="closed", approved_at=-2, over_at=-1), "unapproved", "over"),
        (facts_of(status="closed", approved_at=-2, over_at=1), "approved_before", "approved"),
        (facts_of(status="failed", approved_at=-2), "unapproved", "over"),
        (facts_of("standard", "rolled_back", approved_at=-2, over_at=-1), "unapproved", "over"),
        (facts_of(status="approved", approved_at=-9, approved_until=-1), "unapproved", "expired"),
        (facts_of(status="approved", approved_at=-9, approved_until=0), "approved_before", "approved"),
        (facts_of(approved_at=-9, approved_until=-1), "unapproved", "expired"),
        (facts_of(approved_at=-9, window_from=1), "unapproved", "too_early"),
        (facts_of(approved_at=-9, window_from=0, window_until=1), "approved_before", "approved"),
        (facts_of(approved_at=-9, window_from=-1, window_until=0), "unapproved", "too_late"),
        (facts_of("standard", approved_at=-9, window_until=-1), "unapproved", "too_late"),
        (facts_of("emergency", agreed_recorded_at=-1, agreed_until=1, window_from=1), "unapproved", "too_early"),
        (facts_of("emergency", agreed_recorded_at=-9, agreed_until=9, written_due_at=-1), "unapproved", "unwritten"),
        (facts_of(approved_at=1, window_from=2), "approved_after", "approved_later"),
    ],
)
def test_the_rules(facts, classification, reason):
    verdict = classify(facts, AT)
    assert (verdict.classification, verdict.reason) == (classification, reason)


def test_of_what_was_carried_only_the_approval_counts():
    late = facts_of(status="closed", approved_at=-9, over_at=-5, window_until=-5)
    assert carried_class(late, AT, elsewhere=False).reason == Reason.APPROVED
    assert carried_class(late, AT, elsewhere=True).reason == Reason.ELSEWHERE
    assert carried_class(facts_of(status="withdrawn", over_at=-5), AT, elsewhere=False).reason == Reason.WITHDRAWN
    assert carried_class(facts_of(status="submitted"), AT, elsewhere=False).reason == Reason.NOT_APPROVED


_MOMENTS = (
    "approved_at", "approved_until", "agreed_recorded_at", "agreed_until", "written_at", "written_due_at", "over_at",
    "window_from", "window_until",
)  # fmt: skip
_BESIDE = ("elsewhere", "no_commit", "other_commit")
_EVERYTHING = f"""
WITH moment(at) AS (SELECT unnest(%(moments)s::timestamptz[])),
freezes AS (SELECT f.*, true AS is_of_all FROM changes_freezewindow f WHERE false),
judged AS (
  SELECT c.*, d.pushed, d.named_other, x.*, {{reason}} AS reason
  FROM (
    SELECT gen_random_uuid() AS id, t.type, s.status, a.at AS approved_at, u.at AS approved_until, g.at AS agreed_recorded_at,
      v.at AS agreed_until, w.at AS written_at, y.at AS written_due_at, o.at AS over_at, i.begins AS window_from,
      i.ends AS window_until, NULL::uuid AS tenant_id
    FROM unnest(%(types)s::text[]) t(type), unnest(%(statuses)s::text[]) s(status),
      moment a, moment u, moment g, moment v, moment w, moment y, moment o,
      (VALUES (NULL::timestamptz, NULL::timestamptz), (%(at)s, NULL), (%(at)s + interval '1 minute', NULL),
        (NULL, %(at)s), (NULL, %(at)s + interval '1 minute')) i(begins, ends)
    WHERE i.begins IS NULL AND i.ends IS NULL OR v.at IS NULL AND y.at IS NULL
    UNION ALL SELECT NULL, '', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  ) c
  JOIN (SELECT %(at)s::timestamptz AS at, p AS pushed, n AS named_other FROM unnest(ARRAY[true, false]) p,
    unnest(ARRAY[true, false]) n) d ON c.id IS NULL OR NOT d.pushed AND NOT d.named_other
  JOIN (SELECT e AS elsewhere, n AS no_commit, o AS other_commit FROM unnest(ARRAY[true, false]) e,
    unnest(ARRAY[true, false]) n, unnest(ARRAY[true, false]) o) x
    ON NOT (x.elsewhere OR x.no_commit OR x.other_commit) OR c.agreed_until IS NULL AND c.written_due_at IS NULL
      AND c.approved_until IS NULL
)
SELECT id IS NOT NULL, type, status, {", ".join(_MOMENTS)}, pushed, named_other, {", ".join(_BESIDE)}, reason, {class_sql()}
FROM judged
"""


def everything(*, carried: bool):
    """Three types, eleven states, each of seven moments not there, before or after the deployment; windows; what is beside."""
    given: dict[str, Any] = {
        "moments": [None, AT - HOUR, AT + HOUR],
        "types": Change.Type.values,
        "statuses": Change.Status.values,
        "at": AT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EVERYTHING.format(reason=reason_sql(carried=carried)), given)
        for known, type_, status, *rest in cursor.fetchall():
            moments, rest = dict(zip(_MOMENTS, rest, strict=False)), rest[len(_MOMENTS) :]
            yield (Facts(type_, status, **moments) if known else None), *rest


def test_sql_says_of_every_combination_what_python_says(db):
    seen = set()
    for facts, pushed, named_other, elsewhere, no_commit, other_commit, reason, classification in everything(carried=False):
        beside = Beside(elsewhere=elsewhere, no_commit=no_commit, other_commit=other_commit)
        verdict = classify(facts, AT, beside, pushed=pushed, named_other=named_other)
        assert (reason, classification) == (verdict.reason, verdict.classification)
        seen.add(reason)
    assert seen == set(Reason) - {Reason.FROZEN, Reason.CARRIES_NONE, Reason.CARRIES_LATER}


def test_sql_says_of_what_was_carried_what_python_says(db):
    for facts, _, _, elsewhere, no_commit, other_commit, reason, classification in everything(carried=True):
        if facts is not None and not no_commit and not other_commit:
            verdict = carried_class(facts, AT, elsewhere=elsewhere)
            assert (reason, classification) == (verdict.reason, verdict.classification)
