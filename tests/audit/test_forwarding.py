"""Events of the trail in the log, for whatever collects it."""

import json
import logging
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Member
from audit.models import AuditEvent
from audit.record import Entry, record, record_failure, record_many
from tenancy.models import Organization
from tenancy.scope import tenant


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture, settings: Any) -> Any:
    settings.PLUMBLINE_LOG_EVENTS = True
    caplog.set_level(logging.INFO, logger="plumbline.trail")
    return lambda: [json.loads(one.getMessage()) for one in caplog.records if one.name == "plumbline.trail"]


def test_an_event_is_a_line_by_ids_once_it_is_committed(
    lines: Any, acme: Organization, manager: Member, django_capture_on_commit_callbacks: Any
):
    with django_capture_on_commit_callbacks(execute=True), tenant(acme):
        event = record("test.paint", acme, actor=manager, before={"colour": "red"}, after={"colour": "blue"}, note="secretly")
        assert lines() == []
    assert lines() == [
        {
            "id": str(event.pk),
            "organization": str(acme.pk),
            "at": event.at.isoformat(),
            "verb": "test.paint",
            "result": "success",
            "actor": str(manager.pk),
            "ip": "",
            "kind": "tenancy.organization",
            "object": str(acme.pk),
        }
    ]


def test_refusals_and_many_events_at_once_are_lines_too(
    lines: Any, acme: Organization, manager: Member, django_capture_on_commit_callbacks: Any
):
    with django_capture_on_commit_callbacks(execute=True):
        record_failure("access.deny", organization=acme, actor=manager, metadata={"path": "/o/acme/"})
        with tenant(acme):
            record_many("test.paint", actor=manager, entries=[Entry("test.wall", None, str(number)) for number in range(3)])
            kept = {str(key) for key in AuditEvent.objects.filter(verb="test.paint").values_list("pk", flat=True)}
    assert [one["verb"] for one in lines()] == ["access.deny", *["test.paint"] * 3]
    assert {one["id"] for one in lines()[1:]} == kept


def test_what_was_rolled_back_is_no_line(
    lines: Any, acme: Organization, manager: Member, django_capture_on_commit_callbacks: Any
):
    with django_capture_on_commit_callbacks(execute=True), tenant(acme):
        record("test.paint", acme, actor=manager)
        transaction.set_rollback(True)
    assert lines() == []


def test_nothing_is_written_unless_the_operator_wants_it(
    lines: Any, acme: Organization, manager: Member, settings: Any, django_capture_on_commit_callbacks: Any
):
    settings.PLUMBLINE_LOG_EVENTS = False
    with django_capture_on_commit_callbacks(execute=True), tenant(acme):
        record("test.paint", acme, actor=manager)
    assert lines() == []
