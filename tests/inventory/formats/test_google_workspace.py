"""Google Workspace's user download."""

import datetime as dt

import pytest

from evidence.tables.errors import FormatError
from inventory.formats.registry import FORMATS, read
from tests.inventory.formats.samples import GOOGLE_HEADERS, csv_file, google_row, taken


def run(*rows, headers=GOOGLE_HEADERS):
    result = read("google_workspace", {"users": csv_file(headers, *rows)}, zone="America/New_York")
    return *taken(result), result


def test_a_user_is_read():
    (row,), _, result = run(google_row("Ada", "Lovelace", "Ada@Larkfield.example"))
    assert (row.account_id, row.account_name, row.display_name) == (
        "ada@larkfield.example",
        "Ada@Larkfield.example",
        "Ada Lovelace",
    )
    assert (row.role, row.account_state, row.privileged) == ("Workspace account", "active", None)
    assert row.last_used_at == dt.datetime(2026, 10, 4, 4, 24, 13, tzinfo=dt.UTC)
    assert row.meaning.endswith("Organizational unit /Staff. 2-step verification is set up.")
    assert (result.identified_by, result.accounts) == ("email", 1)
    assert "no administrator roles" in result.notices[0]


def test_never_logged_in_is_never_because_the_source_says_so():
    (row,), _, _ = run(google_row("A", "B", "a@x.example", used="Never logged in"))
    assert (row.last_used_at, row.last_used_state) == (None, "never")


def test_suspended_and_archived_are_no_access():
    rows, _, _ = run(google_row("A", "B", "a@x.example", "Suspended"), google_row("C", "D", "c@x.example", "Archived"))
    assert {row.account_state for row in rows} <= set(FORMATS["google_workspace"].no_access_states)


def test_an_administrator_role_is_an_entitlement_of_its_own():
    headers = [*GOOGLE_HEADERS, "Admin roles"]
    rows, _, _ = run(
        [*google_row("A", "B", "a@x.example", second="False"), "Super Admin; Groups Admin"],
        [*google_row("C", "D", "c@x.example"), "None"],
        headers=headers,
    )
    assert [(r.account_id[0], r.entitlement_key, r.privileged) for r in rows] == [
        ("a", "account", False),
        ("a", "admin:super admin", True),
        ("a", "admin:groups admin", True),
        ("c", "account", False),
    ]
    assert rows[1].meaning == "Administers Google Workspace as Super Admin. No 2-step verification."


def test_a_yes_under_super_admin_is_the_role():
    rows, _, _ = run([*google_row("A", "B", "a@x.example"), "TRUE"], headers=[*GOOGLE_HEADERS, "Is Super Admin"])
    assert rows[1].role == "Super Admin"


def test_a_row_without_an_address_is_an_error():
    _, errors, _ = run(google_row("A", "B", ""))
    assert (errors[0].row_number, errors[0].part, errors[0].reasons) == (2, "users", ["The row names no e-mail address."])


def test_missing_columns_are_named():
    with pytest.raises(FormatError, match="no column for: status"):
        run(["a@x.example"], headers=["Email Address [Required]"])
