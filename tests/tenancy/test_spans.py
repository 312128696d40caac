"""Who is limited to a span of days is shown what belongs to it: how, by every rule, and what the limit leaves alone."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actions import action
from audit.models import AuditEvent
from audit.record import record
from changes.drafting.actions import create_change
from changes.models import Change, ChangeSystem
from controls.requests.actions import raise_request
from controls.requests.giving import Given, supply
from evidence.models import Evidence, EvidenceRevision
from tenancy.models import TenantModel
from tenancy.spans import Span, current_span, seeing, whole
from tests.changes.making import a_system
from tests.controls.periods_made import a_period
from tests.evidence.helpers import kept
from tests.tenancy.everything import TENANT_MODELS

UTC = dt.UTC


def span(first: str, last: str, record_id: uuid.UUID | None = None) -> Span:
    begins, ends = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    over = dt.datetime.combine(ends + dt.timedelta(days=1), dt.time(), UTC)
    return Span(record_id or uuid.uuid4(), begins, ends, dt.datetime.combine(begins, dt.time(), UTC), over)


YEAR = span("2024-01-01", "2024-12-31")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=UTC)


def seen(row: TenantModel, limit: Span = YEAR) -> bool:
    with seeing(limit):
        return type(row).objects.filter(pk=row.pk).exists()


@pytest.fixture
def change(in_acme, manager) -> Change:
    return create_change(actor=manager, title="A change", systems=[a_system(manager)])


def dated(row: TenantModel, **fields: object) -> TenantModel:
    """The row with other dates: as the database keeps it, since no action goes back in time."""
    type(row).objects.filter(pk=row.pk).update(**fields)
    return row


@pytest.mark.parametrize(
    ("raised", "ended", "is_seen"),
    [
        ("2023-06-01", None, True),
        ("2023-06-01", "2023-12-31T23:59:59", False),
        ("2023-06-01", "2024-01-01T00:00", True),
        ("2024-12-31T23:59:59", "2025-02-01", True),
        ("2025-01-01T00:00", None, False),
    ],
)
def test_what_lasted_into_the_span_is_shown(change, raised, ended, is_seen):
    assert seen(dated(change, raised_at=at(raised), ended_at=at(ended) if ended else None)) is is_seen


@pytest.mark.parametrize(("collected", "is_seen"), [("2023-12-31T23:59", False), ("2024-05-01", True), ("2025-01-01", False)])
def test_evidence_is_shown_that_was_collected_in_the_span(in_acme, manager, collected, is_seen):
    assert seen(dated(kept(manager), collected_at=at(collected))) is is_seen


def test_evidence_is_shown_that_covers_days_of_the_span(in_acme, manager):
    days = {"period_from": dt.date(2023, 10, 1), "period_to": dt.date(2024, 1, 1)}
    item = dated(kept(manager), collected_at=at("2026-01-01"), **days)
    assert seen(item)
    assert not seen(item, span("2024-01-02", "2024-12-31"))


def test_evidence_is_shown_that_was_given_to_a_request_of_the_period_whenever_it_was_collected(in_acme, manager):
    period = a_period(manager, 2024)
    item, other = kept(manager, "Given"), kept(manager, "Not given")
    request = raise_request(actor=manager, title="Rules", period=period)
    supply(request, given=Given(evidence=[item]), actor=manager)
    limit = span("2024-01-01", "2024-12-31", period.pk)
    assert seen(item, limit)
    assert not seen(other, limit)
    assert not seen(item, span("2024-01-01", "2024-12-31"))


def test_what_hangs_on_a_record_is_shown_with_it(change):
    with seeing(YEAR):
        assert not EvidenceRevision.objects.exists()
    dated(change, raised_at=at("2024-02-01"))
    assert seen(change.systems.get())
    dated(change, raised_at=at("2026-02-01"))
    assert not seen(change.systems.get())


def test_what_a_shown_row_hangs_on_is_named(change):
    row = ChangeSystem.objects.whole().get(change=change)
    dated(change, raised_at=at("2026-02-01"))
    with seeing(YEAR):
        assert ChangeSystem.objects.whole().get(pk=row.pk).change.title == "A change"
        prefetched = ChangeSystem.objects.whole().prefetch_related("change").get(pk=row.pk)
        assert prefetched.change.title == "A change"


def test_an_action_decides_on_everything(change, manager, acme):
    @action
    def count() -> int:
        record("test.count", acme, actor=manager)
        return Change.objects.count()

    dated(change, raised_at=at("2026-02-01"))
    with seeing(YEAR):
        assert Change.objects.count() == 0
        assert count() == 1
        assert current_span() == YEAR
        with whole():
            assert Change.objects.count() == 1


def test_a_query_made_before_is_held_to_the_limit_when_it_runs(change):
    dated(change, raised_at=at("2026-02-01"))
    rows = Change.objects.order_by("pk")
    with seeing(YEAR):
        assert list(rows.all()) == []
        with pytest.raises(ObjectDoesNotExist):
            change.refresh_from_db()
    assert list(rows.all()) == [change]


@pytest.mark.parametrize("model", [Change, Evidence, AuditEvent])
def test_without_a_limit_the_sql_is_the_same(in_acme, model):
    with CaptureQueriesContext(
        connection,
    ) as plain:
        list(model.objects.whole()[:1])
    with CaptureQueriesContext(connection) as held:
        list(model.objects.all()[:1])
    assert [one["sql"] for one in held] == [one["sql"] for one in plain]


def test_every_rule_makes_sql_that_runs(in_acme):
    ruled = [model for model in TENANT_MODELS if model.seen_within is not None]
    assert len(ruled) > 70
    with seeing(YEAR):
        for model in ruled:
            assert model.objects.filter(pk__isnull=False).count() == 0, model
            assert not model.objects.exclude(pk=uuid.uuid4()).exists(), model
