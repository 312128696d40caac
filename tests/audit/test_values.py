"""Stored values in the words of the screens."""

import datetime as dt
import json
from typing import Any

import pytest

from audit.models import AuditEvent
from audit.values import readable

KEY = "01a2002b-0246-7b7d-b22c-c20b355bc957"


def event(kind: str, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None, **metadata: Any) -> AuditEvent:
    """An event as the trail gives it back."""
    return AuditEvent(tenant_id=None, object_kind=kind, body=json.dumps({"before": before, "after": after, "metadata": metadata}))


@pytest.mark.parametrize(
    ("kind", "name", "stored", "shown"),
    [
        ("reviews.item", "decision", "retain", "Keep"),
        ("reviews.item", "reason_code", "not_used", "Not used"),
        ("inventory.removal", "status", "verified_removed", "Verified removed"),
        ("inventory.account", "kind", "shared", "Shared"),
        ("inventory.system", "source_format", "aws_iam", "AWS IAM"),
        ("inventory.snapshot", "format", "okta", "Okta"),
        ("inventory.system", "reviewer_order", ["line_manager", "system_owner"], "Line manager, System owner"),
        ("reviews.campaign", "reviewer_order", ["backup"], "Backup reviewer"),
        ("accounts.member", "roles", ["compliance_manager", "auditor"], "Compliance manager, Auditor"),
        ("inventory.person", "department", "retain", "retain"),
        ("gone.model", "status", "somewhere", "somewhere"),
        ("", "status", "somewhere", "somewhere"),
        ("inventory.person", "left_on", "2026-11-02", dt.date(2026, 11, 2)),
        ("inventory.person", "title", "2026-02-31", "2026-02-31"),
        ("workflow.job", "count", 0, 0),
        ("workflow.job", "complete", False, False),
    ],
)
def test_values_have_the_words_of_the_screens(kind, name, stored, shown):
    assert list(readable(event(kind, after={name: stored})).after.values()) == [shown]


def test_a_moment_is_one():
    (at,) = readable(event("x.y", after={"at": "2026-11-21T22:12:55.384Z"})).after.values()
    assert at == dt.datetime(2026, 11, 21, 22, 12, 55, 384000, tzinfo=dt.UTC)


def test_fields_are_called_as_on_the_screens():
    shown = readable(event("inventory.snapshot", after={"stated_count": 3, "status": "draft", "files": ["a.csv"]})).after
    assert list(shown) == ["count that the source itself shows", "state", "files"]


def test_of_which_model_a_key_is_says_nothing_to_people():
    told = event("inventory.removal", source_kind="reviews.item", source_id=KEY, origin="review", about="Okta")
    assert readable(told).details == {"origin": "Access review", "about": "Okta"}
    assert readable(event("evidence.evidence", after={"kind": "inventory.system"})).after == {}
    assert readable(event("inventory.account", after={"kind": "shared"})).after == {"kind": "Shared"}
    assert readable(event("x.y", subject_kind="gone.model")).details == {"subject kind": "gone.model"}


def test_keys_of_other_rows_and_what_is_empty_are_left_out_on_both_sides():
    before: dict[str, Any] = {"closed_by_id": None, "note": "", "systems": [], "mapping": {}, "open": 2}
    shown = readable(event("reviews.campaign", before, {"closed_by_id": KEY, "open": 0, "note": "Done."}, note="Why", person=KEY))
    assert (shown.before, shown.after) == ({"open": 2}, {"open": 0, "note": "Done."})
    assert (shown.details, shown.note) == ({}, "Why")


def test_sentences_of_a_list_stand_on_lines_of_their_own():
    (reasons,) = readable(event("x.y", after={"reasons": ["1 row was rejected.", "The source shows <3>."]})).after.values()
    assert reasons == "1 row was rejected.<br>The source shows &lt;3&gt;."


def test_a_structure_is_read_line_by_line():
    mapping = {"columns": {"account_id": "User ID"}, "constants": {}, "privileged_values": ["yes", "ja"], "date_order": ""}
    (shown,) = readable(event("inventory.snapshot", after={"mapping": mapping})).after.values()
    assert shown == "Columns, Account id: User ID<br>Privileged values: yes, ja"


def test_files_keep_their_names_and_begin_their_hash():
    (shown,) = readable(event("inventory.snapshot", after={"files": {"User_Download.csv": "ab" * 32}})).after.values()
    assert shown == f'User_Download.csv: <code title="{"ab" * 32}">abababababab…</code>'


def test_what_else_was_noted_is_told_too():
    assert readable(event("x.y", rows_read=3, sha256="short")).details == {"rows read": 3, "SHA-256": "short"}
